"""Places – places in the queue as read from the table, and when the queue is too long."""

from bisect import bisect_left, insort

from core.clock import SECOND, Clock
from core.jobs import QUEUED
from core.limits import Limits
from core.table import SHELF_INDEX, Table

FRESH = 2 * SECOND  # how old the read queue may be
MOST_SEEN = 500  # beyond this a place is "more than 500"


class Places:
    def __init__(self, table: Table, clock: Clock, limits: Limits, *, seconds_each: float) -> None:
        """Take `seconds_each`: how long the whole house takes for one image."""
        self._table, self._clock, self._limits, self._seconds_each = table, clock, limits, seconds_each
        self._seen: list[int] = []
        self._at = -FRESH

    async def look(self) -> None:
        """Read the queue ahead of time, so that a question for a place soon after need not wait."""
        await self._queued()

    async def ahead(self, place: int) -> int:
        """Count of the jobs before `place`."""
        return bisect_left(await self._queued(), place)

    def seconds(self, ahead: int) -> int:
        return int((ahead + 1) * self._seconds_each)

    async def admit(self, place: int, jobs: int) -> None:
        """Check the wait before any credit is held. Raises QueueTooLong."""
        self._limits.check_wait(self.seconds(await self.ahead(place) + jobs - 1))

    def joined(self, place: int) -> None:
        """Add a `place` just taken by this process to the read queue, before the next read."""
        insort(self._seen, place)

    async def _queued(self) -> list[int]:
        now = self._clock.steady()
        if now >= self._at + FRESH:
            rows = await self._table.find(SHELF_INDEX, QUEUED, limit=MOST_SEEN)
            self._seen, self._at = [row.number("due") for row in rows], now
        return self._seen
