"""Chores – runs scheduled work in one process at a time.

The row of a chore keeps the next moment and a lease. Work on the machine itself, such as the spool, has no row:
every process does it.
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
    everywhere: bool = False  # True: in every process, not in one for all


class Chores:
    def __init__(self, table: Table, clock: Clock, leases: Leases, chores: Sequence[Chore]) -> None:
        self._table, self._clock, self._leases, self._chores = table, clock, leases, chores

    def works(self) -> Iterator[tuple[str, Work]]:
        """Separate works for the chores, so that a failing chore delays no other."""
        for chore in self._chores:
            yield f"chore {chore.name}", partial(self._keep_doing, chore)

    async def do(self, chore: Chore) -> bool:
        """Do `chore` once if due and free, and return True if it was done."""
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
        """True if `next_at` has come, or lies so far ahead that the clock must have gone back."""
        now = self._clock.now()
        return next_at <= now or next_at > now + chore.every * SECOND


def chore_key(name: str) -> Key:
    return Key(f"CHORE#{name}", "META")
