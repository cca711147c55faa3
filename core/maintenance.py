"""Maintenance – until when people are asked to wait. Earlier orders are finished all the same."""

from core.table import Change, Key, Table, Write

MAINTENANCE = Key("SETTING#maintenance", "META")


async def begin(table: Table, until: int, *also: Write) -> None:
    await table.write(Change(MAINTENANCE, set={"until": until}, or_create=True), *also)


async def end(table: Table, *also: Write) -> None:
    await table.write(Change(MAINTENANCE, set={"until": 0}, or_create=True), *also)


async def until(table: Table, now: int) -> int:
    """Expected end of the maintenance in milliseconds, or 0 when the house is open."""
    row = await table.get(MAINTENANCE)
    return row.number("until") if row and row.number("until") > now else 0
