"""The version of what is kept: a row says which schema it was begun under, and is read as if it were begun today.

The version is a field of the stored row that only the two builders of the table see: `stamped` adds it when a row
is begun, `upgraded` takes it off when a row is read and puts in what rows of that age lack. A step only adds: a
field that stands is never touched, and the stored row stays as it is until something changes it. So a condition of
a write meets the row as it is stored: a condition on a field that a step adds must allow for its absence, and a
number that a step adds is 0, for that is where adding begins.

Processes of neighbouring versions may share a table; one that is older than that refuses to start.

The row that says so is also the door: nobody opens a house that is on its way to another table, nor one that has not
arrived there yet (core/moving.py). Its version is then one that nobody knows, so older versions stay out as well.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from core.errors import CannotStart
from core.table import MARK, VERSION, Change, Create, Fields, Key, Refused, Row, Table, Value, Write

SCHEMA = 1
FIRST = 1  # what a row without a version is taken for
SCHEMA_KEY = Key("META#SCHEMA", "META")
NEVER = 10**9  # a version that nobody knows

Step: TypeAlias = Callable[[Row], Fields]
UPGRADES: Mapping[int, Step] = {}  # from this version to the next: what a row of it lacks


def stamped(fields: Fields) -> dict[str, Value]:
    """The fields of a row that is begun now, as they are stored."""
    return {**fields, VERSION: SCHEMA}


def upgraded(stored: Row, upgrades: Mapping[int, Step] = UPGRADES) -> Row:
    """A stored row as the nouns see it: of today's schema, without its version."""
    row = Row(stored.key, {name: value for name, value in stored.fields.items() if name not in (VERSION, MARK)})
    for version in sorted(upgrades):
        if version >= stored.number(VERSION, FIRST):
            row = Row(row.key, {**upgrades[version](row), **row.fields})
    return row


async def open_schema(table: Table, ours: int = SCHEMA) -> None:
    """Write into the table which schema it is kept under. Raises CannotStart when that has left ours behind."""
    row = await table.get(SCHEMA_KEY)
    if row and (reason := shut(row)):
        raise CannotStart(reason)
    if row and row.number("oldest") > ours:
        raise CannotStart(too_old(row.number("version"), ours))
    if row and row.number("version") >= ours:
        return
    try:
        await table.write(raising(row, {"version": ours, "oldest": ours - 1}))
    except Refused:  # another process was quicker; look at what it wrote
        await open_schema(table, ours)


def raising(row: Row | None, fields: Fields) -> Write:
    if row is None:
        return Create(SCHEMA_KEY, fields)
    return Change(SCHEMA_KEY, set=fields, when={"version": row.number("version")})


def shut(row: Row) -> str:
    """Why nobody may come in, where the house is not all here."""
    to = row.text("gone_to")
    if row.flag("gone"):
        return f"This house has moved to {to}: open it there, or take the move back with `imagify migrate --undo`."
    if to:
        return f"This house is on its way to {to}: `imagify migrate` goes on with it, `imagify migrate --undo` stays."
    if row.text("arriving"):
        return "A house is moving in here and has not all arrived: go on with `imagify migrate` where it comes from."
    return ""


def too_old(theirs: int, ours: int) -> str:
    return (
        f"What is kept here was written by a newer Imagify (schema {theirs}, this one knows {ours}): "
        "start that version or a newer one."
    )
