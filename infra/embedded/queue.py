"""Bell – the queue within one process, where the sweeps ring again for lost rings."""

import asyncio
from contextlib import suppress

from core.queue import Ticket

MOST_RINGS = 10_000


class Bell:
    """Queue of rings in order. A waiting job is not rung twice, and rings above the limit are dropped."""

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
        """Do nothing with `ticket`: once heard, no other worker can hear the same."""

    async def done(self, ticket: Ticket) -> None:
        """Do nothing with `ticket`, which left the bell when heard."""
