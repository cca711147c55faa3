"""Play – marks a house that has had a played till: what was bought there can be voided."""

from core.table import Change, Delete, Key, Table

PLAY = Key("META#PLAY", "META")


async def mark_played(table: Table) -> None:
    await table.write(Change(PLAY, set={"played": True}, or_create=True))


async def was_played(table: Table) -> bool:
    row = await table.get(PLAY)
    return row is not None and row.flag("played")


async def forget_played(table: Table) -> None:
    """Remove the mark, once all played purchases have been voided."""
    await table.write(Delete(PLAY))
