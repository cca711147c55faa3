"""The bell within one process. What it forgets, the sweeps over the table ring again."""

import asyncio
from contextlib import suppress

from core.queue import Ticket

MOST_RINGS = 10_000


class Bell:
    """Rings wait in order; a job that waits already is not rung twice, and past the bound a ring is dropped."""

    def __init__(self, most: int = MOST_RINGS) -> None:
        self._rung: asyncio.Queue[str] = asyncio.Queue(most)
        self._waiting: set[str] = set()
        self.lost = 0

    async def ring(self, job: str) -> None:
        if job in self._waiting:
            return
        if self._rung.full():
            self.lost += 1
            return
        self._rung.put_nowait(job)
        self._waiting.add(job)

    async def listen(self, seconds: float) -> Ticket | None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                job = await self._rung.get()
                self._waiting.discard(job)
                return Ticket(job)
        return None

    async def hold(self, ticket: Ticket) -> None:
        """Nobody else can hear it: a ticket leaves the bell when it is heard."""

    async def done(self, ticket: Ticket) -> None:
        """So nothing is left to take away."""
