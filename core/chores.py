"""Scheduled work: each chore has a row with its next moment and a lease, so one process at a time does it.

What is about the machine itself, such as its spool, has no row: every process does it.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from core.clock import MINUTE, SECOND, Clock
from core.leases import Leases
from core.supervise import Work
from core.table import Key, Table

LEASE = 2 * MINUTE  # longer than any chore takes in one go


@dataclass(frozen=True, slots=True)
class Chore:
    name: str
    every: float  # seconds
    work: Callable[[], Awaitable[object]]
    everywhere: bool = False  # in every process, not in one for all


class Chores:
    def __init__(self, table: Table, clock: Clock, leases: Leases, chores: Sequence[Chore]) -> None:
        self._table, self._clock, self._leases, self._chores = table, clock, leases, chores

    def works(self) -> Iterator[tuple[str, Work]]:
        """Each chore as a work of its own, so that one that fails holds up no other."""
        for chore in self._chores:
            yield f"chore {chore.name}", partial(self._keep_doing, chore)

    async def do(self, chore: Chore) -> bool:
        """The chore once, if it is due and nobody else is at it."""
        if chore.everywhere:
            await chore.work()
            return True
        row = await self._table.get(chore_key(chore.name))
        if row and not self._due(row.number("next_at"), chore):
            return False
        lease = await self._leases.take(chore_key(chore.name), LEASE)
        if lease is None:
            return False
        await chore.work()
        return await self._leases.release(lease, {"next_at": self._clock.now() + int(chore.every * SECOND)})

    async def _keep_doing(self, chore: Chore) -> None:
        while True:
            await self.do(chore)
            await self._clock.sleep(chore.every)

    def _due(self, next_at: int, chore: Chore) -> bool:
        """Its moment has come, or lies so far ahead that the clock was set back since."""
        now = self._clock.now()
        return next_at <= now or next_at > now + chore.every * SECOND


def chore_key(name: str) -> Key:
    return Key(f"CHORE#{name}", "META")
