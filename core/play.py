"""Play: whether a house has ever had a played till. What was bought there is marked, and can be voided."""

from core.table import Change, Delete, Key, Table

PLAY = Key("META#PLAY", "META")


async def mark_played(table: Table) -> None:
    await table.write(Change(PLAY, set={"played": True}, or_create=True))


async def was_played(table: Table) -> bool:
    row = await table.get(PLAY)
    return row is not None and row.flag("played")


async def forget_played(table: Table) -> None:
    """What was bought there has been voided."""
    await table.write(Delete(PLAY))
