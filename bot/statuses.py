"""Statuses: while an order is under way, its message says how far it is, in channels that show it by edits.

What is looked at is the shelf of open jobs: all that are painted, and the head of the queue (whoever stands further
back is told again when they come nearer). For every message there is one edit on its way at most, and its words are
found only when its turn has come; so it says what is true then, and says nothing once the order is closed.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.channel import Following, Gone, NotSent, Rejected, Unsure
from bot.progress import Progress, Progresses
from bot.replies import Choice, Reply
from bot.texts import Language, length
from bot.texts import images as texts
from core.clock import HOUR, SECOND, Clock, Lived
from core.errors import Unknown
from core.jobs import PAINTING, QUEUED, Job
from core.people import People
from core.studio import Ordered, Studio
from core.table import SHELF_INDEX, Row, Rows, Table

LOOK = 1.5  # seconds between looks
PAGE = 100
MOST_PAINTED = 1_000  # jobs that are looked at
CELLS = 10  # of a bar
FIRST = 2 * SECOND  # nothing is said before that: many a picture is there sooner


@dataclass(slots=True)
class Told:
    """A message, and what it said last."""

    at: int = -HOUR  # by the steady clock
    text: str = ""
    lost: bool = False  # deleted, or in a chat that is closed to us


@dataclass(slots=True)
class Statuses:
    table: Table
    clock: Clock
    studio: Studio
    people: People
    progresses: Progresses
    channel: Following
    speaks: Callable[[], bool]  # whether it is this process that speaks for the channel
    give_up: int  # seconds
    told: dict[str, Told] = field(default_factory=dict)  # by sheet
    under_way: set[str] = field(default_factory=set)  # sheets
    lived: Lived = field(init=False)

    def __post_init__(self) -> None:
        self.lived = Lived(self.clock)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as edits:
            while True:
                if self.speaks():
                    await self.look(edits)
                await self.clock.sleep(LOOK)

    async def look(self, edits: asyncio.TaskGroup) -> None:
        """Begin an edit of every message whose turn it is."""
        jobs = {job.sheet: job for job in await self._open()}
        self.told = {sheet: one for sheet, one in self.told.items() if sheet in jobs}
        for job in jobs.values():
            if job.sheet not in self.under_way and self._due(job):
                self.under_way.add(job.sheet)
                edits.create_task(self._edit(job))

    def _due(self, job: Job) -> bool:
        now, told = self.clock.steady(), self.told.get(job.sheet, Told())
        beat = int(self.channel.beat(job.chat) * SECOND)
        return not told.lost and now >= told.at + beat and self.lived.age(job.created) >= FIRST

    async def _open(self) -> list[Job]:
        """A sheet is painted as soon as one of its jobs is, so those come last."""
        rows = [*await self.table.find(SHELF_INDEX, QUEUED, limit=PAGE), *await self._painted()]
        return [job for job in map(Job.of, rows) if job.channel == self.channel.name and job.message]

    async def _painted(self) -> Rows:
        rows: Rows = []
        last: Row | None = None
        while page := await self.table.find(SHELF_INDEX, PAINTING, after=last, limit=PAGE):
            rows, last = [*rows, *page], page[-1]
            if len(page) < PAGE or len(rows) >= MOST_PAINTED:
                break
        return rows

    async def _edit(self, job: Job) -> None:
        told = self.told.setdefault(job.sheet, Told())
        before = told.text

        async def words() -> Reply | None:
            reply = await self._words(job)
            told.at = self.clock.steady()
            if reply is None or reply.text == told.text:
                return None
            told.text = reply.text
            return reply

        try:
            await self.channel.progress(job.chat, job.message, words)
            if job.state == "painting":
                await self.channel.painting(job.chat)
        except (NotSent, Unsure):
            told.text = before
        except (Rejected, Gone):
            told.lost = True
        finally:
            self.under_way.discard(job.sheet)

    async def _words(self, job: Job) -> Reply | None:
        """What is true of the order now; nothing once it is closed, or stands in another message."""
        with suppress(Unknown):
            order = await self.studio.ordered(job.sheet)
            progress = await self.progresses.of(order.jobs)
            if progress and order.jobs[0].message == job.message:
                language = (await self.people.person(job.person)).language
                return status(order, progress, language, self.give_up)
        return None


def status(order: Ordered, progress: Progress, language: Language, give_up: int) -> Reply:
    """With the button that calls it off."""
    wait, price = length(progress.seconds, language), sum(job.price for job in order.jobs)
    if progress.place:
        text = texts.STILL_QUEUED[language].format(place=progress.place, wait=wait, price=price)
    else:
        text = texts.PAINTING[language].format(bar=bar(progress.share), share=progress.share, wait=wait)
    slow = [texts.SLOW[language].format(minutes=give_up // 60)] if progress.slow else []
    cancel = Choice(texts.CANCEL[language], action=f"cancel:{first_open(order.jobs).id}")
    return Reply("\n".join([text, *slow]), (cancel,), owner=order.jobs[0].asker, urgency="progress")


def first_open(jobs: Iterable[Job]) -> Job:
    return next(job for job in jobs if not job.closed)


def bar(share: int) -> str:
    full = share * CELLS // 100
    return "▰" * full + "▱" * (CELLS - full)
