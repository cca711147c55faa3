"""Items – rows and writes in DynamoDB's format: items and expressions.

Expressions carry names and values apart. Everything here is pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from core.schema import SCHEMA, stamped, upgraded
from core.table import (
    MARK,
    NAME,
    OWNER,
    VERSION,
    AnyOf,
    Below,
    Change,
    Check,
    Condition,
    Create,
    Delete,
    Fields,
    Key,
    Row,
    Value,
    When,
    Write,
)

Item: TypeAlias = Mapping[str, Any]


def packed(value: Value) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case list():
            return {"L": [packed(inner) for inner in value]}
        case dict():
            return {"M": packed_all(value)}


def packed_all(fields: Fields) -> dict[str, Any]:
    return {name: packed(value) for name, value in fields.items()}


def packed_key(key: Key) -> dict[str, Any]:
    return {OWNER: {"S": key.owner}, NAME: {"S": key.name}}


def unpacked(value: Item) -> Value:
    [(kind, inner)] = value.items()
    match kind:
        case "N":
            return int(inner)
        case "L":
            return [unpacked(one) for one in inner]
        case "M":
            return {name: unpacked(one) for name, one in inner.items()}
        case _:
            text_or_truth: str | bool = inner
            return text_or_truth


def row_of(item: Item) -> Row:
    fields = {name: unpacked(value) for name, value in item.items() if name not in {OWNER, NAME}}
    return upgraded(Row(Key(item[OWNER]["S"], item[NAME]["S"]), fields))


class Words:
    """Names and values of one expression, each replaced by a short placeholder: DynamoDB reserves many words."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: list[dict[str, Any]] = []

    def name(self, field: str) -> str:
        return self._names.setdefault(field, f"#{len(self._names)}")

    def value(self, value: Value) -> str:
        self._values.append(packed(value))
        return f":{len(self._values) - 1}"

    def glossary(self) -> dict[str, Any]:
        names = {sign: field for field, sign in self._names.items()}
        values = {f":{place}": value for place, value in enumerate(self._values)}
        both = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
        return {kind: meant for kind, meant in both.items() if meant}  # an empty map is an error


def part(table: str, write: Write) -> dict[str, Any]:
    """Translate `write` into one part of a TransactWriteItems."""
    match write:
        case Create(key, fields):
            return {"Put": put(table, key, fields)}
        case Change() if write.set or write.add or write.unset or write.or_create:
            return {"Update": update(table, write)}
        case Change(key) | Check(key):
            words = Words()
            return {"ConditionCheck": guarded(table, key, words, conditions(words, write))}
        case Delete(key):
            words = Words()
            return {"Delete": guarded(table, key, words, conditions(words, write))}


def put(table: str, key: Key, fields: Fields) -> dict[str, Any]:
    words = Words()
    body = guarded(table, key, words, [f"attribute_not_exists({words.name(NAME)})"])
    return {**body, "Item": body.pop("Key") | packed_all(stamped(fields))}


def update(table: str, change: Change) -> dict[str, Any]:
    words = Words()
    body = {"UpdateExpression": " ".join(clauses(words, change))}
    return body | guarded(table, change.key, words, conditions(words, change))


def marked(table: str, change: Change, mark: str) -> dict[str, Any]:
    """UpdateItem for `change` that leaves `mark` in the row and is refused where the row already has this `mark`."""
    words = Words()
    name, value = words.name(MARK), words.value(mark)
    body = {"UpdateExpression": " ".join(clauses(words, change, f"{name} = {value}"))}
    anew = f"(attribute_not_exists({name}) OR {name} <> {value})"
    return body | guarded(table, change.key, words, [*conditions(words, change), anew])


def bears(item: Item, mark: str) -> bool:
    return item.get(MARK) == packed(mark)


def guarded(table: str, key: Key, words: Words, needed: list[str]) -> dict[str, Any]:
    """Common part of a write: the row, the `needed` conditions, and the request to return the row when refused."""
    body = {"TableName": table, "Key": packed_key(key), **words.glossary()}
    if not needed:
        return body
    shown = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    return body | {"ConditionExpression": " AND ".join(needed)} | shown


def clauses(words: Words, change: Change, *also: str) -> Iterator[str]:
    """Clauses of an UpdateExpression for `change`. A row that the update may begin gets the current schema's number."""
    sets = [*also, *(f"{words.name(field)} = {words.value(value)}" for field, value in change.set.items())]
    if change.or_create:
        version = words.name(VERSION)
        sets.append(f"{version} = if_not_exists({version}, {words.value(SCHEMA)})")
    adds = [f"{words.name(field)} {words.value(more)}" for field, more in change.add.items()]
    for verb, listed in (("SET", sets), ("ADD", adds), ("REMOVE", [words.name(field) for field in change.unset])):
        if listed:
            yield f"{verb} {', '.join(listed)}"


def conditions(words: Words, write: Change | Check | Delete) -> list[str]:
    """Conditions of `write` on the stored row. A missing row fulfils no equality and no comparison."""
    when: When = write.when or {}
    needed = [condition(words, field, wanted) for field, wanted in when.items()]
    if isinstance(write, Change):
        needed += [floor(words, field, least, write.add[field]) for field, least in write.floor.items()]
        return needed if write.or_create else [stands(words), *needed]
    free = isinstance(write, Delete) and write.when is None
    return [] if free else [stands(words), *needed]


def stands(words: Words) -> str:
    return f"attribute_exists({words.name(NAME)})"


def condition(words: Words, field: str, wanted: Condition) -> str:
    name = words.name(field)
    match wanted:
        case None:
            return f"attribute_not_exists({name})"
        case AnyOf(()):
            return f"(attribute_exists({name}) AND attribute_not_exists({name}))"  # never true: one of no values
        case AnyOf(values):
            return f"{name} IN ({', '.join(words.value(value) for value in values)})"
        case Below(limit):
            return f"{name} < {words.value(limit)}"
        case _:
            return f"{name} = {words.value(wanted)}"


def floor(words: Words, field: str, least: int, more: int) -> str:
    """Condition that the sum stays at or above `least`, where a missing number counts as 0."""
    enough = f"{words.name(field)} >= {words.value(least - more)}"
    return f"(attribute_not_exists({words.name(field)}) OR {enough})" if more >= least else enough
