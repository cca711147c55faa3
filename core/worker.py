"""A worker: takes the job that stands first in the table, paints it, keeps its lease alive, and drains when asked.

The queue is only the bell: whoever hears it looks at the table, so the order is fair whatever the queue does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from core.errors import Fenced
from core.jobs import QUEUED, Job, changing, claiming, job_key
from core.ports import Ports
from core.queue import Ticket
from core.studio import Studio
from core.supervise import supervise
from core.table import SHELF_INDEX, Refused, TableUnavailable

LISTEN = 5.0  # seconds a free hand waits for the bell before it looks by itself
LOOK_AT = 20  # queued jobs looked at in one go; more than the hands that reach for the first one
MOST_PAGES = 10  # so many times that a vendor's outage may have put off what stands first


class Worker:
    def __init__(self, ports: Ports, studio: Studio, *, lease: int, hands: int = 4) -> None:
        """`lease` in milliseconds; `hands`: jobs painted at once."""
        self._ports, self._studio, self._lease, self._hands = ports, studio, lease, hands
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until stopped; returns once every hand has put its brush down."""
        async with asyncio.TaskGroup() as hands:
            await self._studio.rescue()
            for number in range(self._hands):
                hands.create_task(supervise(f"hand {number}", self._hand, self._ports.clock, self._ports.chance))

    def stop(self) -> None:
        """Take no more jobs; what is being painted is finished."""
        self._stopping.set()

    async def _hand(self) -> None:
        """What stands in the table first, whether or not anybody rang for it; then whenever the bell goes."""
        ticket: Ticket | None = None
        while not self._stopping.is_set():
            async with self._holding(ticket):
                while not self._stopping.is_set() and (job := await self._next(ticket)):
                    await self._paint(job)
            ticket = await self._ticket()

    async def _ticket(self) -> Ticket | None:
        """What the bell says, unless we are asked to stop before it does."""
        bell = asyncio.create_task(self._ports.queue.listen(LISTEN))
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((bell, stop), return_when=asyncio.FIRST_COMPLETED)
            return bell.result() if bell.done() else None
        finally:
            stop.cancel()
            bell.cancel()

    @asynccontextmanager
    async def _holding(self, ticket: Ticket | None) -> AsyncIterator[None]:
        """The ticket is ours while we work, and done once nothing is left to do; if we die of it, it comes back."""
        holding = asyncio.create_task(self._hold(ticket)) if ticket else None
        try:
            yield
        finally:
            if holding:
                holding.cancel()
        if ticket:
            await self._ports.queue.done(ticket)

    async def _hold(self, ticket: Ticket) -> None:
        while True:
            await self._ports.clock.sleep(self._lease / 3000)
            await self._ports.queue.hold(ticket)

    async def _next(self, ticket: Ticket | None) -> Job | None:
        """The first job in the table that can be taken; else the ticket's own, if its worker has died."""
        async for job in self._queued():
            if job.ready(self._ports.clock.now()) and (mine := await self._claim(job)):
                return mine
        return await self._orphan(ticket.job) if ticket else None

    async def _queued(self) -> AsyncIterator[Job]:
        """By their places; beyond the first ones only where all of these were put off or taken."""
        rows = await self._ports.table.find(SHELF_INDEX, QUEUED, limit=LOOK_AT)
        for _ in range(MOST_PAGES):
            for row in rows:
                yield Job.of(row)
            if len(rows) < LOOK_AT:
                return
            rows = await self._ports.table.find(SHELF_INDEX, QUEUED, after=rows[-1], limit=LOOK_AT)

    async def _orphan(self, name: str) -> Job | None:
        row = await self._ports.table.get(job_key(name))
        job = Job.of(row) if row else None
        return await self._claim(job) if job and job.lapsed(self._ports.clock.now(), self._lease) else None

    async def _claim(self, job: Job) -> Job | None:
        mine = job.claimed(self._ports.clock.now(), self._lease)
        try:
            await self._ports.table.write(claiming(job, mine))
        except Refused:
            return None
        return mine

    async def _paint(self, job: Job) -> None:
        """Paint it, unless it is taken from us meanwhile. An unsure table leaves the job to whoever comes next."""
        with suppress(Fenced, TableUnavailable):
            async with self._beating(job):
                await self._studio.paint(job)

    @asynccontextmanager
    async def _beating(self, job: Job) -> AsyncIterator[None]:
        """Keep the lease alive beside the painting; where the lease is lost the painting is stopped."""
        painting = asyncio.timeout(None)
        heart = asyncio.create_task(self._beat(job, painting))
        try:
            async with painting:
                yield
        except TimeoutError:
            raise Fenced from None
        finally:
            heart.cancel()

    async def _beat(self, job: Job, painting: asyncio.Timeout) -> None:
        """Renew the lease every third of it."""
        while True:
            await self._ports.clock.sleep(self._lease / 3000)
            try:
                await self._ports.table.write(changing(job, job.beaten(self._ports.clock.now(), self._lease)))
            except Refused:
                painting.reschedule(0)
                return
            except TableUnavailable:
                continue  # the next beat may get through; the painting need not be lost for this one
