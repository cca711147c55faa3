"""The courier: outbox -> reply -> the person's own channel. One process at a time carries for a channel.

A picture is marked `maybe` seen before it is sent. Then the channel's answer decides:

    sent         seen, delivered, told
    not sent     surely not seen: put off, and once patience is over its credits are given back
    rejected     sent anew where an edit was rejected, else given back
    unsure       repeated where it is an edit; else it counts as delivered, and sending again is offered
    gone         surely not seen: another chat of the person, or parked until their next word
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

from bot.channel import Channel, Gone, NotSent, Rejected, Unsure
from bot.replies import Reply
from bot.telling import Teller, send_again
from core.clock import FURTHEST, MINUTE, SECOND
from core.closings import Closings
from core.gallery import Image, Seen, image_key, looking
from core.jobs import Job, changing, job_key
from core.leases import Leases
from core.news import (
    IMAGE_CANCELLED,
    IMAGE_FAILED,
    IMAGE_READY,
    News,
    Outbox,
    parking,
    putting_off,
    redirecting,
    telling,
)
from core.people import People
from core.ports import Ports
from core.table import Change, Key, Refused, Write

LEASE = 30 * SECOND
LOOK = 0.5  # seconds between looks into the outbox
MOST_TRIES = 10
LONGEST_WAIT = 5 * MINUTE
CHATS_AT_ONCE = 16
OF_A_SHEET = (IMAGE_READY, IMAGE_FAILED, IMAGE_CANCELLED)


@dataclass(frozen=True, slots=True)
class Parcel:
    """News of one picture or of a whole sheet, with what there is to show."""

    news: News
    jobs: tuple[Job, ...]
    images: tuple[Image, ...]

    @property
    def name(self) -> str:
        """A sheet is sent once, whichever of its news brings it."""
        return self.jobs[0].sheet if len(self.jobs) > 1 else self.news.id

    @property
    def waiting(self) -> list[Job]:
        """Those that have not been delivered."""
        return [job for job in self.jobs if job.state == "kept"]

    @property
    def settled(self) -> bool:
        return not self.waiting

    @property
    def doubtful(self) -> bool:
        """Sent before, and nobody knows whether it arrived."""
        return any(image.seen == "maybe" for image in self.images)

    def looking(self, seen: Seen, was: Seen | None) -> list[Write]:
        """Mark what has not surely been seen; `was` takes only those."""
        marked = [image for image in self.images if image.seen != "yes" and was in (None, image.seen)]
        before: tuple[Seen, ...] = (was,) if was else ("no", "maybe")
        return [looking(image.person, image.id, seen, was=before) for image in marked]

    def unseen(self) -> list[Write]:
        """What was about to be seen surely has not been."""
        marked = [image for image in self.images if image.seen != "yes"]
        return [looking(image.person, image.id, "no", was=("maybe",)) for image in marked]

    def delivering(self) -> list[Write]:
        return [changing(job, job.delivered()) for job in self.waiting]


class Courier:
    def __init__(
        self, ports: Ports, people: People, closings: Closings, leases: Leases, teller: Teller, channel: Channel
    ) -> None:
        self._table, self._blobs, self._clock, self._darkroom = ports.table, ports.blobs, ports.clock, ports.darkroom
        self._teller = teller
        self._people, self._closings, self._leases, self._channel = people, closings, leases, channel
        self.channel = channel.name
        self._outbox = Outbox(ports.table)
        self._lanes = asyncio.Semaphore(CHATS_AT_ONCE)

    async def run(self) -> None:
        """Carry for this channel, whenever no other process does."""
        while True:
            lease = await self._leases.take(Key(f"COURIER#{self._channel.name}", "META"), LEASE)
            while lease and await self._leases.renew(lease, LEASE):
                await self.round()
                await self._clock.sleep(LOOK)
            await self._clock.sleep(LEASE / SECOND / 3)

    async def round(self) -> None:
        """Everything that is due, chat by chat: in order within one, side by side across them."""
        due = sorted(await self._outbox.due(self._channel.name, self._clock.now()), key=lambda news: news.chat)
        async with asyncio.TaskGroup() as chats:
            for _, news in groupby(due, key=lambda news: news.chat):
                chats.create_task(self._chat(list(news)))

    async def _chat(self, due: Iterable[News]) -> None:
        async with self._lanes:
            for news in due:
                await self.carry(news)

    async def carry(self, news: News) -> None:
        """Tell it. Whoever has told it already, or looked at the picture meanwhile, wins."""
        with suppress(Refused):
            job = await self._closings.job(news.job)
            if job.siblings and news.kind in OF_A_SHEET:
                await self._sheet(news, job)
            elif news.kind == IMAGE_READY:
                await self._picture(await self._parcel(news, [job]))
            else:
                await self._words(news, job)

    # -- words ------------------------------------------------------------------------------------------------------

    async def _words(self, news: News, job: Job) -> None:
        """News without a picture: sending it twice does no harm, losing it does little."""
        try:
            await self._channel.send(news.chat, await self._teller.words(news), self._replaces(news, job), once=news.id)
        except (NotSent, Unsure) as late:
            await self._later(news, late, telling(news, "lost"))
        except Rejected:
            await self._anew(news, [job]) if job.message else await self._table.write(*telling(news, "rejected"))
        except Gone:
            await self._elsewhere(news)
        else:
            await self._table.write(*telling(news, "told"))

    async def _later(self, news: News, late: NotSent | Unsure, over: list[Write], *also: Write) -> None:
        """Put it off, further with every try; or what is written when patience is over."""
        if news.tries >= MOST_TRIES:
            await self._table.write(*over, *also)
            return
        asked = int(late.retry_after * SECOND) if isinstance(late, NotSent) else 0
        wait = min(FURTHEST, max(asked, min(LONGEST_WAIT, SECOND << news.tries)))
        await self._table.write(*putting_off(news, self._clock.now() + wait), *also)

    async def _elsewhere(self, news: News, *also: Write) -> None:
        """The person is not there: another chat of theirs hears it, or it waits for their next word."""
        person = await self._people.person(news.person)
        if person.status == "erased":
            await self._table.write(*telling(news, "erased"), *also)
            return
        tried = [*news.tried, f"{news.channel}:{news.chat}"]
        others = [one for one in person.addresses if f"{one.channel}:{one.chat}" not in tried]
        now = self._clock.now()
        move = redirecting(news, others[0].channel, others[0].chat, now) if others else parking(news, now)
        await self._table.write(*move, *also)

    # -- pictures ---------------------------------------------------------------------------------------------------

    async def _sheet(self, news: News, job: Job) -> None:
        """Several ordered together are told together, by whichever of them closes last."""
        jobs = [await self._closings.job(one) for one in (job.id, *job.siblings)]
        done = sum(one.closed for one in jobs)
        if done < len(jobs):
            await self._so_far(news, job, done, len(jobs))
        elif any(one.state in ("kept", "delivered") for one in jobs):
            await self._picture(await self._parcel(news, sorted(jobs, key=lambda one: one.id)))
        else:
            await self._words(news, job)

    async def _so_far(self, news: News, job: Job, done: int, count: int) -> None:
        await self._table.write(*telling(news, "with its sheet"))
        if message := self._replaces(news, job):
            part = self._teller.part(done, count, await self._teller.language(news.person))
            with suppress(NotSent, Rejected, Unsure, Gone):
                await self._channel.send(news.chat, part, message)

    async def _parcel(self, news: News, jobs: Sequence[Job]) -> Parcel:
        """What there is to deliver, as it stands now."""
        rows = [await self._table.get(image_key(job.person, job.id)) for job in jobs]
        images = tuple(Image.of(row) for row in rows if row and row.text("state") == "kept")
        return Parcel(news, tuple(jobs), images)

    async def _picture(self, parcel: Parcel) -> None:
        if not parcel.images or (parcel.settled and not self._repeatable(parcel)):
            await self._table.write(*telling(parcel.news, "settled"))
        elif parcel.doubtful and not self._repeatable(parcel):
            await self._offer_again(parcel)
        else:
            await self._send(parcel)

    async def _send(self, parcel: Parcel) -> None:
        """`maybe` stands before the channel is asked, so that no crash can make a sent picture look unseen."""
        news, reply = parcel.news, await self._reply(parcel)
        if about := parcel.looking("maybe", was="no"):
            await self._table.write(*about)
        try:
            await self._channel.send(news.chat, reply, self._replaces(news, parcel.jobs[0]), once=parcel.name)
        except NotSent as late:
            await self._not_seen(parcel, late)
        except Unsure as late:
            await self._unsure(parcel, late)
        except Rejected:
            await self._rejected(parcel)
        except Gone:
            await self._elsewhere(news, *parcel.unseen())
        else:
            await self._delivered(parcel, "yes", "delivered")

    async def _reply(self, parcel: Parcel) -> Reply:
        """With the bytes, where the channel cannot follow a link of ours."""
        blobs = [] if self._channel.takes_links else [await self._blobs.get(image.blob) for image in parcel.images]
        if len(parcel.jobs) == 1:
            return await self._teller.picture(parcel.images[0], parcel.jobs[0], blobs[0] if blobs else None)
        pictures = [data for data in blobs if data]
        sheet = await self._darkroom.contact_sheet(pictures) if pictures else None
        return await self._teller.sheet(parcel.images, parcel.jobs, sheet)

    async def _delivered(self, parcel: Parcel, seen: Seen, outcome: str) -> None:
        """Images seen, jobs delivered, told: together; what a person looked at meanwhile is looked up again."""
        while True:
            told = telling(parcel.news, outcome)
            try:
                await self._table.write(*parcel.looking(seen, was=None), *parcel.delivering(), *told)
            except Refused as refused:
                if not refused.rows.keys() - {len(parcel.looking(seen, was=None)) + len(parcel.delivering())}:
                    raise  # the news are gone: another has told them
                parcel = await self._again(parcel)
            else:
                return

    async def _again(self, parcel: Parcel) -> Parcel:
        return await self._parcel(parcel.news, [await self._closings.job(job.id) for job in parcel.jobs])

    async def _not_seen(self, parcel: Parcel, late: NotSent) -> None:
        if parcel.news.tries < MOST_TRIES:
            await self._later(parcel.news, late, [], *parcel.unseen())
        else:
            await self._return(parcel)

    async def _unsure(self, parcel: Parcel, late: Unsure) -> None:
        """An edit is repeated; anything else counts as delivered, and the person may ask for it again."""
        if self._repeatable(parcel) and parcel.news.tries < MOST_TRIES:
            await self._later(parcel.news, late, [])
        else:
            await self._offer_again(parcel)

    async def _rejected(self, parcel: Parcel) -> None:
        if self._repeatable(parcel):
            await self._anew(parcel.news, parcel.jobs, *parcel.unseen())
        else:
            await self._return(parcel)

    async def _return(self, parcel: Parcel) -> None:
        """The fault is ours: unseen for certain, so the credits go back and the pictures are withdrawn."""
        if unseen := parcel.unseen():
            await self._table.write(*unseen)
        for job in parcel.waiting:
            await self._closings.give_back(replace(parcel.news, facts={**parcel.news.facts, "job": job.id}))
        await self._table.write(*telling(parcel.news, "returned"))

    async def _offer_again(self, parcel: Parcel) -> None:
        await self._delivered(parcel, "maybe", "unsure")
        again = send_again(parcel.news, await self._teller.language(parcel.news.person))
        with suppress(NotSent, Rejected, Unsure, Gone):
            await self._channel.send(parcel.news.chat, again)

    async def _anew(self, news: News, jobs: Iterable[Job], *also: Write) -> None:
        """The message to edit is gone: the next try is a message of its own."""
        forget = [Change(job_key(job.id), set={"message": ""}) for job in jobs]
        await self._table.write(*forget, *putting_off(news, self._clock.now()), *also)

    def _replaces(self, news: News, job: Job) -> str:
        """The status message, in the chat it stands in."""
        return job.message if self._channel.can_edit and news.chat == job.chat else ""

    def _repeatable(self, parcel: Parcel) -> bool:
        return bool(self._replaces(parcel.news, parcel.jobs[0]))
