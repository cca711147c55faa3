"""Sweeps – repairs what a process leaves behind after a death between two steps."""

from contextlib import suppress

from core.clock import SECOND, Lived
from core.closings import Closings
from core.drafts import FRESH, UNAGREED
from core.errors import Fenced
from core.gallery import GONE, Image, image_key
from core.jobs import LEFTOVERS, PAINTING, QUEUED, SWEEP_AFTER, Job, changing, job_key
from core.news import IMAGE_READY, OF_A_SHEET, PARKED, PATIENCE, News, Outbox, unparking
from core.ports import Ports
from core.privacy import ERASE, GRACE
from core.table import SHELF_INDEX, Change, Key, Refused, Row
from core.uploads import KEPT_FOR, UPLOADS

LASTING = {
    UNAGREED: FRESH,
    LEFTOVERS: SWEEP_AFTER,
    GONE: 0,
    PARKED: PATIENCE,
    UPLOADS: KEPT_FOR,
    ERASE: GRACE,
}  # longest time on each shelf
UNHEARD = 5 * SECOND  # a job that waits longer than this may have lost its ticket


class Sweeps:
    def __init__(self, ports: Ports, closings: Closings, *, lease: int, patience: int) -> None:
        self._ports, self._table, self._clock, self._lived = ports, ports.table, ports.clock, Lived(ports.clock)
        self._closings, self._lease, self._patience = closings, lease, patience
        self._outbox = Outbox(ports.table)

    async def revive(self) -> int:
        """End the leases of jobs in painting, and ring: at the start of a house that is alone, all workers are dead."""
        jobs = await self._jobs(PAINTING)
        for job in jobs:
            await self._unless_raced(job, job.beaten(0, 0))
        return await self.ring()

    async def ring(self) -> int:
        """Ring for jobs whose ticket was lost with a process, and for jobs whose worker is gone."""
        now = self._clock.now()
        queued = [job for job in await self._jobs(QUEUED) if self._lived.age(job.created) >= UNHEARD and job.ready(now)]
        lapsed = [job for job in await self._jobs(PAINTING) if job.lapsed(now, self._lease)]
        for job in (*lapsed, *queued):
            await self._ports.queue.ring(job.id)
        return len(lapsed) + len(queued)

    async def give_up(self) -> int:
        """Fail queued jobs that no worker took for too long, and free the credits."""
        late = [job for job in await self._jobs(QUEUED) if self._lived.age(job.created) > self._patience]
        for job in late:
            await self._fail(job)
        return len(late)

    async def redate(self) -> int:
        """Date rows anew that are due later than a shelf allows, as a clock that was ahead wrote the `due`."""
        now, count = self._clock.now(), 0
        for shelf, span in LASTING.items():
            latest = Row(Key("", ""), {"shelf": shelf, "due": now + span + SECOND})
            for row in await self._table.find(SHELF_INDEX, shelf, after=latest):
                with suppress(Refused):
                    await self._table.write(Change(row.key, set={"due": now + span}, when={"due": row.number("due")}))
                    count += 1
        return count

    async def clear_leftovers(self) -> int:
        """Delete bytes that closed jobs without a picture may have left behind."""
        jobs = await self._jobs(LEFTOVERS, until=self._lived.now())
        for job in jobs:
            await self._ports.blobs.delete(job.blob)
            await self._ports.blobs.delete(job.thumb)
            await self._ports.spool.forget(job.id)
            await self._unless_raced(job, job.cleared())
        return len(jobs)

    async def clear_spool(self) -> int:
        """Delete bytes on this disk whose job is closed, or unknown since a restore."""
        closed = [name for name in await self._ports.spool.waiting() if await self._useless(name)]
        for name in closed:
            await self._ports.spool.forget(name)
        return len(closed)

    async def clear_gone(self) -> int:
        """Delete the bytes of images that people deleted."""
        rows = await self._table.find(SHELF_INDEX, GONE, until=self._lived.now())
        for image in map(Image.of, rows):
            await self._ports.blobs.delete(image.blob)
            await self._ports.blobs.delete(image.thumb)
            await self._table.write(Change(image_key(image.person, image.id), unset=("shelf", "due")))
        return len(rows)

    async def return_parked(self) -> int:
        """Return the credits for pictures parked too long, and withdraw the pictures."""
        parked = await self._outbox.overdue(self._lived.now())
        for news in parked:
            with suppress(Refused):  # refused: fetched or viewed this very moment
                await self._return(news)
        return len(parked)

    async def _return(self, news: News) -> None:
        """Withdraw the picture if surely unseen, else let it stand as paid for."""
        if news.kind in OF_A_SHEET:
            await self._return_siblings(news)
        if news.kind != IMAGE_READY:
            await self._table.write(*unparking(news, "unheard"))
        elif not await self._closings.give_back(news, *unparking(news, "returned")):
            await self._closings.let_stand(news, *unparking(news, "unsure"))

    async def _return_siblings(self, news: News) -> None:
        """Return or let stand the sheet's other pictures too, as one news waits for the whole sheet."""
        for sibling in (await self._closings.job(news.job)).siblings:
            of_sibling = news.about(sibling)
            if not await self._closings.give_back(of_sibling):
                await self._closings.let_stand(of_sibling)

    async def _useless(self, name: str) -> bool:
        row = await self._table.get(job_key(name))
        return row is None or Job.of(row).closed

    async def _fail(self, job: Job) -> None:
        try:
            await self._closings.fail(job, job.reason or "overdue")
        except Fenced:
            return  # a worker took it after all

    async def _jobs(self, shelf: str, until: int | None = None) -> list[Job]:
        return [Job.of(row) for row in await self._table.find(SHELF_INDEX, shelf, until=until)]

    async def _unless_raced(self, before: Job, after: Job) -> None:
        try:
            await self._table.write(changing(before, after))
        except Refused:
            return
