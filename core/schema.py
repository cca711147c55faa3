"""Schema – the version of stored rows: old rows are read as if written today.

The version is a field of the stored row that only the two builders of the table see: `stamped` adds it when a row is
created, `upgraded` removes it when a row is read and adds the fields that rows of that age lack. A step only adds: no
field is ever changed, and the stored row stays as is until a write changes it. So a condition of a write meets the row
as stored: a condition on a field that a step adds must allow for its absence, and a number that a step adds must be 0,
as that is where adding begins.

Processes of neighbouring versions may share a table, and older ones refuse to start.

The row with the version is also the door of the house: no process opens a house on its way to another table, or one
that has not wholly arrived (core/moving.py). The version is then one that no code knows, so older code stays out too.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from core.errors import CannotStart
from core.table import MARK, VERSION, Change, Create, Fields, Key, Refused, Row, Table, Value, Write

SCHEMA = 1
FIRST = 1  # the version of a row without one
SCHEMA_KEY = Key("META#SCHEMA", "META")
NEVER = 10**9  # a version that no code knows

Step: TypeAlias = Callable[[Row], Fields]
UPGRADES: Mapping[int, Step] = {}  # from this version to the next: the fields that its rows lack


def stamped(fields: Fields) -> dict[str, Value]:
    """Fields to store for a row created now."""
    return {**fields, VERSION: SCHEMA}


def upgraded(stored: Row, upgrades: Mapping[int, Step] = UPGRADES) -> Row:
    """Row in today's schema, without the version, from the `stored` one."""
    row = Row(stored.key, {name: value for name, value in stored.fields.items() if name not in (VERSION, MARK)})
    for version in sorted(upgrades):
        if version >= stored.number(VERSION, FIRST):
            row = Row(row.key, {**upgrades[version](row), **row.fields})
    return row


async def open_schema(table: Table, ours: int = SCHEMA) -> None:
    """Write the schema's version into `table`. Raises CannotStart when the table needs a newer version."""
    row = await table.get(SCHEMA_KEY)
    if row and (reason := shut(row)):
        raise CannotStart(reason)
    if row and row.number("oldest") > ours:
        raise CannotStart(too_old(row.number("version"), ours))
    if row and row.number("version") >= ours:
        return
    try:
        await table.write(raising(row, {"version": ours, "oldest": ours - 1}))
    except Refused:  # another process was quicker: look at what it wrote
        await open_schema(table, ours)


def raising(row: Row | None, fields: Fields) -> Write:
    if row is None:
        return Create(SCHEMA_KEY, fields)
    return Change(SCHEMA_KEY, set=fields, when={"version": row.number("version")})


def shut(row: Row) -> str:
    """Reason why no process may open the house, or "" for a house that is wholly here."""
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
