"""Roll – the live processes of the house, each with a row it renews, to share work evenly."""

from core.clock import MINUTE, Clock
from core.table import Change, Delete, Key, Refused, Table

ROLL = "ROLL"  # owner of the rows
CALLED_EVERY = 20.0  # seconds
GONE_AFTER = MINUTE  # since the last call
FORGOTTEN_AFTER = 60 * MINUTE


class Roll:
    def __init__(self, table: Table, clock: Clock, me: str) -> None:
        """Take `me`: a token of this process alone."""
        self._table, self._clock, self._me = table, clock, me
        self._alive = 1

    def alive(self) -> int:
        """Count of live processes at the last call, with this one."""
        return self._alive

    async def others(self) -> int:
        """Count of the other live processes, without calling in."""
        since = self._clock.now() - GONE_AFTER
        rows = await self._table.list(ROLL)
        return sum(row.number("at") > since for row in rows if row.key.name != self._me)

    async def call(self) -> None:
        """Renew the row of this process, count the others and delete rows of processes long gone."""
        now = self._clock.now()
        await self._table.write(Change(Key(ROLL, self._me), set={"at": now}, or_create=True))
        rows = await self._table.list(ROLL)
        self._alive = max(1, sum(row.number("at") > now - GONE_AFTER for row in rows))
        for row in rows:
            if row.number("at") < now - FORGOTTEN_AFTER:
                await self._forget(row.key, row.number("at"))

    async def _forget(self, key: Key, at: int) -> None:
        try:
            await self._table.write(Delete(key, when={"at": at}))
        except Refused:
            return  # alive after all, or deleted by another process
