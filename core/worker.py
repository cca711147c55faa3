"""Worker – takes the table's first job, paints, keeps the lease alive, drains on demand.

The queue is only a bell: a hand that hears a ring looks at the table, so the order is fair whatever the queue does. A
job is claimed only when a route will soon have a turn (core/router.py). Until then the job waits in the table.
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

LISTEN = 5.0  # seconds a free hand waits for a ring before it looks by itself
LOOK_AT = 20  # queued jobs per read; more than the hands that reach for the first one
MOST_PAGES = 10  # reads of further jobs, if a vendor's outage has put off the first ones


@dataclass(frozen=True, slots=True)
class Found:
    """Claimed job with a `seat`, and the `ticket` that led to the job."""

    job: Job
    seat: Seat
    ticket: Ticket | None


class Worker:
    def __init__(self, ports: Ports, studio: Studio, *, lease: int, hands: int = 4) -> None:
        """Take `lease` in milliseconds, and `hands`: jobs painted at the same time."""
        self._ports, self._studio, self._router = ports, studio, studio.router
        self._lease, self._hands = lease, hands
        self._stopping, self._door = asyncio.Event(), asyncio.Lock()
        self._ear: asyncio.Task[Ticket | None] | None = None
        self._watched = Watched(ports.clock)
        self._mine: set[str] = set()  # jobs in hand, whatever the machine's clock makes of their leases
        self._crowded = False  # True: the last look found jobs for which no route had room

    async def run(self) -> None:
        """Run until stopped, and return once every hand has finished."""
        try:
            async with asyncio.TaskGroup() as hands:
                await self._studio.rescue()
                for number in range(self._hands):
                    hands.create_task(supervise(f"hand {number}", self._hand, self._ports.clock, self._ports.chance))
        finally:
            if self._ear:
                self._ear.cancel()

    def stop(self) -> None:
        """Take no more jobs, and finish the present ones."""
        self._stopping.set()

    async def _hand(self) -> None:
        """Find and paint jobs. Only one hand at a time looks for a job: the others paint or wait at the lock."""
        while not self._stopping.is_set():
            async with self._door:
                found = await self._found()
            if found:
                async with self._holding(found.ticket):
                    await self._paint(found)

    async def _found(self) -> Found | None:
        """First job of the table, rung for or not, else what a ring or new room in a lane brings."""
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
        """True if the hand must stop, or look again for a job that had no room before."""
        return self._stopping.is_set() or (self._crowded and self._router.freed.is_set())

    async def _ticket(self, seconds: float) -> Ticket | None:
        """Next ticket, unless something else comes first. A listening task goes on for the next call."""
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
        """Hold `ticket` during the work, and finish the ticket after. If the process dies, the queue rings again."""
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
        """First job of the table, else the ticket's own, if the index lags behind or the worker has died.

        In a crowd only the ticket's own job is looked at: there was no room for the others.
        """
        if not self._crowded and (found := await self._first(ticket)):
            return found
        row = await self._ports.table.get(job_key(ticket.job))
        if found := await self._taken(Job.of(row), ticket) if row else None:
            return found
        if not self._stopping.is_set():  # else the queue rings again, for another worker
            await self._ports.queue.done(ticket)
        return None

    async def _first(self, ticket: Ticket | None = None) -> Found | None:
        """First job by place that is ready and would soon have a turn on some route."""
        self._crowded = False
        async for job in self._queued():
            if found := await self._taken(job, ticket):
                return found
        return None

    async def _taken(self, job: Job, ticket: Ticket | None) -> Found | None:
        """Found job with a seat, if `job` can be claimed now."""
        now, seat = self._ports.clock.now(), None
        if self._stopping.is_set() or job.id in self._mine:
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
        """True if the worker of `job` is gone: the lease ran out just now, or ends far off and is not renewed."""
        if not job.lapsed(now, self._lease):
            return False
        just_now = job.lease_until == 0 or 0 < now - job.lease_until <= self._lease
        return just_now or self._watched.over(job.id, (job.fence, job.lease_until), self._lease // 2)

    async def _queued(self) -> AsyncIterator[Job]:
        """Queued jobs by place. Later pages are read only when all jobs of the first were put off or taken."""
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
        """Paint the found job, unless another worker takes it. If the table is unsure, the next worker goes on."""
        self._mine.add(found.job.id)
        try:
            with suppress(Fenced, TableUnavailable):
                async with self._beating(found.job):
                    await self._studio.paint(found.job, found.seat)
        finally:
            self._mine.discard(found.job.id)

    @asynccontextmanager
    async def _beating(self, job: Job) -> AsyncIterator[None]:
        """Renew the lease during the painting, and stop the painting when the lease is lost. Raises Fenced."""
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
        """Renew the lease after every third of the time."""
        while True:
            await self._ports.clock.sleep(self._lease / 3000)
            try:
                await self._ports.table.write(beating(job, job.beaten(self._ports.clock.now(), self._lease)))
            except Refused:
                painting.reschedule(0)
                return
            except TableUnavailable:
                continue  # the next beat may get through, so the painting goes on
