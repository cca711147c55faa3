"""Dynamo table – the port Table on DynamoDB: one table, two key fields, two indexes.

The plan of the indexes is in core/table.py.

A write is one TransactWriteItems, as a rule even a write of one part. A plain PutItem or UpdateItem costs half the
write units, but has no token: after a lost reply the caller cannot know if sending again would meet its own effect (a
Create refused by itself), add twice, or undo a later write by another process. The token of a transaction makes sending
again harmless for ten minutes, far longer than we try. Every write draws a new token. A token derived from the subject
of the write would fail as soon as the same key came with other contents.

The exception is a change that promises to be alone (core/table.py): an UpdateItem that leaves its own mark in the row
and is refused by a row with that mark. So the change is never made twice, and a refusal by a row with the mark means
that it was done and the answer got lost. docs/decisions/0005 and 0017 weigh the two.

The caller handles refusals, by position. Conflicts, throttling, outages and lost replies are tried again here.
"""

from typing import Any, TypeAlias
from uuid import uuid4

from core.chance import Chance
from core.clock import Clock
from core.table import (
    INDEXES,
    NAME,
    OWNER,
    Change,
    Fields,
    Index,
    Key,
    Refused,
    Row,
    Rows,
    TableUnavailable,
    Write,
    checked,
)
from infra.aws.call import AwsError, ErrorAnswer, NoAnswer, NotSent, Place, Road, json_of, json_request
from infra.aws.items import Words, bears, marked, packed, packed_key, part, row_of
from infra.aws.patience import Patience

TARGET = "DynamoDB_20120810"
Payload: TypeAlias = dict[str, Any]

CANCELLED = "TransactionCanceledException"
REFUSED = "ConditionalCheckFailed"
REFUSED_ALONE = "ConditionalCheckFailedException"
MARK_LETTERS = 13  # of a random UUID, 48 bits: enough to differ from the marks of a row's last writers
OURS = frozenset({"ValidationException", "ValidationError", "ItemCollectionSizeLimitExceeded"})  # a mistake in our code
PASSING = frozenset(
    {
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ReplicatedWriteConflictException",
    }
)


class DynamoTable:
    def __init__(
        self, road: Road, place: Place, name: str, clock: Clock, chance: Chance, *, deadline: float = 10.0
    ) -> None:
        self._road = road
        self.place = place
        self._name = name
        self._patience = Patience(clock, chance, deadline)

    async def get(self, key: Key) -> Row | None:
        found = await self._ask("GetItem", {"Key": packed_key(key), "ConsistentRead": True})
        return row_of(found["Item"]) if "Item" in found else None

    async def list(
        self, owner: str, prefix: str = "", *, after: str = "", limit: int = 100, newest_first: bool = False
    ) -> Rows:
        if beyond(prefix, after, newest_first=newest_first):
            return []
        query = {**named(owner, prefix), "ConsistentRead": True, "ScanIndexForward": not newest_first}
        begin = packed_key(Key(owner, after)) if after and after.startswith(prefix) else {}
        return await self._collected("Query", query, begin, limit)

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        query = {**shelved(index, value, until), "IndexName": index.name}
        return await self._collected("Query", query, place_on(index, after) if after else {}, limit)

    async def walk(self, after: Key | None = None, limit: int = 100) -> Rows:
        return await self._collected("Scan", {"ConsistentRead": True}, packed_key(after) if after else {}, limit)

    async def write(self, *writes: Write) -> None:
        token = str(uuid4())  # not from `chance`: a repeated seed would meet its own old tokens
        match checked(writes):
            case [Change(alone=True) as change]:
                await self._update(change, token[:MARK_LETTERS])
            case _:
                parts = [part(self._name, write) for write in writes]
                await self._ask("TransactWriteItems", {"TransactItems": parts, "ClientRequestToken": token})

    async def _update(self, change: Change, mark: str) -> None:
        try:
            await self._ask("UpdateItem", marked(self._name, change, mark))
        except Refused as refused:
            told = refused.__cause__
            if not (isinstance(told, ErrorAnswer) and bears(told.body.get("Item", {}), mark)):
                raise

    async def _collected(self, operation: str, query: Payload, begin: Payload, limit: int) -> Rows:
        """Read page after page until `limit` rows or the last page, because a page may end early when too large."""
        rows: Rows = []
        while len(rows) < limit:
            start = {"ExclusiveStartKey": begin} if begin else {}
            found = await self._ask(operation, {**query, **start, "Limit": limit - len(rows)})
            rows += map(row_of, found["Items"])
            begin = found.get("LastEvaluatedKey", {})
            if not begin:
                break
        return rows

    async def _ask(self, operation: str, payload: Payload) -> Payload:
        table = {} if operation == "TransactWriteItems" else {"TableName": self._name}
        request = json_request(self.place, TARGET, operation, {**table, **payload})
        try:
            return json_of(request, await self._patience.send(self._road, request, passes))
        except AwsError as error:
            raise meaning(error) from error


def beyond(prefix: str, after: str, *, newest_first: bool) -> bool:
    """True if no name with `prefix` can come behind `after`."""
    if not after or after.startswith(prefix):
        return False
    return after < prefix if newest_first else after > prefix


def named(owner: str, prefix: str) -> Payload:
    words = Words()
    wanted = f"{words.name(OWNER)} = {words.value(owner)}"
    if prefix:
        wanted += f" AND begins_with({words.name(NAME)}, {words.value(prefix)})"
    return {"KeyConditionExpression": wanted, **words.glossary()}


def shelved(index: Index, value: str, until: int | None) -> Payload:
    words = Words()
    wanted = f"{words.name(index.field)} = {words.value(value)}"
    if index.order and until is not None:
        wanted += f" AND {words.name(index.order)} <= {words.value(until)}"
    return {"KeyConditionExpression": wanted, **words.glossary()}


def place_on(index: Index, row: Row) -> Payload:
    """Position of `row` on `index` at the time of the find."""
    fields: Fields = row.fields
    spots = [index.field] + ([index.order] if index.order else [])
    return packed_key(row.key) | {spot: packed(fields[spot]) for spot in spots}


def passes(error: AwsError) -> bool:
    """True if the same request may succeed in a moment after `error`."""
    match error:
        case NotSent() | NoAnswer():
            return True
        case ErrorAnswer(code=code) if code == CANCELLED:
            return not {REFUSED, *OURS} & set(reasons(error))
        case ErrorAnswer(status=status, code=code):
            return status >= 500 or status == 429 or code in PASSING
        case _:
            return False


def meaning(error: AwsError) -> Exception:
    """Exception of our own for `error`, which does not pass or did not pass in time."""
    if isinstance(error, ErrorAnswer):
        if error.code == REFUSED_ALONE:
            return Refused({0: row_of(error.body["Item"]) if error.body.get("Item") else None})
        said = reasons(error) if error.code == CANCELLED else [error.code]
        if REFUSED in said:
            return Refused(refused_rows(error))
        if OURS & set(said):
            return ValueError("the table cannot keep such a row")
        if not passes(error):
            return TableUnavailable("the table does not take our calls")
    return TableUnavailable("the table gave no sure answer in time")


def reasons(error: ErrorAnswer) -> list[str]:
    return [str(reason.get("Code")) for reason in error.body.get("CancellationReasons", [])]


def refused_rows(error: ErrorAnswer) -> dict[int, Row | None]:
    told = error.body["CancellationReasons"]
    return {
        position: row_of(reason["Item"]) if reason.get("Item") else None
        for position, reason in enumerate(told)
        if reason.get("Code") == REFUSED
    }


async def create_table(road: Road, place: Place, name: str, patience: Patience) -> None:
    """Make the table `name` with the indexes unless one exists. For look-alikes: the deploy plan makes the real one."""
    request = json_request(place, TARGET, "CreateTable", plan(name))
    try:
        await patience.send(road, request, passes)
    except ErrorAnswer as error:
        if error.code != "ResourceInUseException":
            raise


def plan(name: str) -> Payload:
    kinds: dict[str, str] = {OWNER: "S", NAME: "S"}
    for index in INDEXES:
        kinds |= {index.field: "S"} | ({index.order: "N"} if index.order else {})
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": field, "AttributeType": kind} for field, kind in kinds.items()],
        "KeySchema": key_schema(OWNER, NAME),
        "GlobalSecondaryIndexes": [
            {
                "IndexName": index.name,
                "KeySchema": key_schema(index.field, index.order),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in INDEXES
        ],
    }


def key_schema(first: str, second: str | None) -> list[dict[str, str]]:
    schema = [{"AttributeName": first, "KeyType": "HASH"}]
    return [*schema, {"AttributeName": second, "KeyType": "RANGE"}] if second else schema
