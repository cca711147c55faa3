"""A worker: takes the job that stands first in the table, paints it, keeps its lease alive, and drains when asked.

The queue is only the bell: whoever hears it looks at the table, so the order is fair whatever the queue does. A job is
claimed only when a route will soon have a turn for it (core/router.py): until then it waits in the table, at its place.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from core.clock import Watched
from core.errors import Fenced
from core.jobs import QUEUED, Job, beating, claiming, job_key
from core.lanes import Seat
from core.ports import Ports
from core.queue import Ticket
from core.studio import Studio
from core.supervise import supervise
from core.table import SHELF_INDEX, Refused, TableUnavailable

LISTEN = 5.0  # seconds a free hand waits at the door before it looks by itself
LOOK_AT = 20  # queued jobs looked at in one go; more than the hands that reach for the first one
MOST_PAGES = 10  # so many times that a vendor's outage may have put off what stands first


@dataclass(frozen=True, slots=True)
class Found:
    """A claimed job, its seat, and the ticket by which it was found."""

    job: Job
    seat: Seat
    ticket: Ticket | None


class Worker:
    def __init__(self, ports: Ports, studio: Studio, *, lease: int, hands: int = 4) -> None:
        """`lease` in milliseconds; `hands`: jobs painted at once."""
        self._ports, self._studio, self._router = ports, studio, studio.router
        self._lease, self._hands = lease, hands
        self._stopping, self._door = asyncio.Event(), asyncio.Lock()
        self._ear: asyncio.Task[Ticket | None] | None = None
        self._watched = Watched(ports.clock)
        self._mine: set[str] = set()  # jobs in hand, whatever the wall's clock makes of their leases
        self._crowded = False  # at the last look there were jobs for which no route had room

    async def run(self) -> None:
        """Until stopped; returns once every hand has put its brush down."""
        try:
            async with asyncio.TaskGroup() as hands:
                await self._studio.rescue()
                for number in range(self._hands):
                    hands.create_task(supervise(f"hand {number}", self._hand, self._ports.clock, self._ports.chance))
        finally:
            if self._ear:
                self._ear.cancel()

    def stop(self) -> None:
        """Take no more jobs; what is being painted is finished."""
        self._stopping.set()

    async def _hand(self) -> None:
        """One hand at a time stands at the door for all of them; the others paint, or queue up behind it."""
        while not self._stopping.is_set():
            async with self._door:
                found = await self._found()
            if found:
                async with self._holding(found.ticket):
                    await self._paint(found)

    async def _found(self) -> Found | None:
        """What stands first in the table, rung for or not; else what the bell or room in a lane brings."""
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            await self._router.look()
            if found := await self._first():
                return found
            until = loop.time() + LISTEN
            while not self._called_away() and (left := until - loop.time()) > 0:
                ticket = await self._ticket(left)
                if ticket and (found := await self._rung(ticket)):
                    return found
        return None

    def _called_away(self) -> bool:
        """From the door: to stop, or to look at the table for a job for which there was no room before."""
        return self._stopping.is_set() or (self._crowded and self._router.freed.is_set())

    async def _ticket(self, seconds: float) -> Ticket | None:
        """What the bell says, unless something else comes before it. An ear that was lent once is not taken back."""
        ear = self._ear = self._ear or asyncio.create_task(self._ports.queue.listen(LISTEN))
        calls = (self._stopping, self._router.freed) if self._crowded else (self._stopping,)
        others = [asyncio.create_task(one.wait()) for one in calls]
        try:
            await asyncio.wait((ear, *others), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in others:
                one.cancel()
        if not ear.done():
            return None
        self._ear = None
        return ear.result()

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

    async def _rung(self, ticket: Ticket) -> Found | None:
        """The first job in the table; else the ticket's own, if the index does not know it yet or its worker has died.

        In a crowd only the ticket's own is looked at: all the others have been, and there was no room for them.
        """
        if not self._crowded and (found := await self._first(ticket)):
            return found
        row = await self._ports.table.get(job_key(ticket.job))
        if found := await self._taken(Job.of(row), ticket) if row else None:
            return found
        await self._ports.queue.done(ticket)
        return None

    async def _first(self, ticket: Ticket | None = None) -> Found | None:
        """By their places, the first that is ready and would soon have its turn on some route."""
        self._crowded = False
        async for job in self._queued():
            if found := await self._taken(job, ticket):
                return found
        return None

    async def _taken(self, job: Job, ticket: Ticket | None) -> Found | None:
        """The job with a seat, if it can be taken now."""
        now, seat = self._ports.clock.now(), None
        if job.id in self._mine:
            return None
        if self._lost(job, now):
            seat = self._router.seat(job)
        elif job.state == "queued" and job.ready(now):
            seat = self._router.admit(job)
            self._crowded = self._crowded or seat is None
        if seat is None:
            return None
        mine = None
        try:
            mine = await self._claim(job)
        finally:
            if mine is None:
                seat.give_back()
        return Found(mine, seat, ticket) if mine else None

    def _lost(self, job: Job, now: int) -> bool:
        """Its worker is gone: the lease ran out just now; or lies far off by our clock, and is not renewed any more."""
        if not job.lapsed(now, self._lease):
            return False
        just_now = job.lease_until == 0 or 0 < now - job.lease_until <= self._lease
        return just_now or self._watched.over(job.id, (job.fence, job.lease_until), self._lease // 2)

    async def _queued(self) -> AsyncIterator[Job]:
        """By their places; beyond the first ones only where all of these were put off or taken."""
        rows = await self._ports.table.find(SHELF_INDEX, QUEUED, limit=LOOK_AT)
        for _ in range(MOST_PAGES):
            for row in rows:
                yield Job.of(row)
            if len(rows) < LOOK_AT:
                return
            rows = await self._ports.table.find(SHELF_INDEX, QUEUED, after=rows[-1], limit=LOOK_AT)

    async def _claim(self, job: Job) -> Job | None:
        mine = job.claimed(self._ports.clock.now(), self._lease)
        try:
            await self._ports.table.write(claiming(job, mine))
        except Refused:
            return None
        return mine

    async def _paint(self, found: Found) -> None:
        """Paint it, unless it is taken from us meanwhile. An unsure table leaves the job to whoever comes next."""
        self._mine.add(found.job.id)
        try:
            with suppress(Fenced, TableUnavailable):
                async with self._beating(found.job):
                    await self._studio.paint(found.job, found.seat)
        finally:
            self._mine.discard(found.job.id)

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
                await self._ports.table.write(beating(job, job.beaten(self._ports.clock.now(), self._lease)))
            except Refused:
                painting.reschedule(0)
                return
            except TableUnavailable:
                continue  # the next beat may get through; the painting need not be lost for this one
