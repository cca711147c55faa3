"""The courier: outbox -> reply -> the person's own channel. One process at a time carries for a channel.

A picture is marked `maybe` seen before it is sent. Then the channel's answer decides:

    sent         seen, delivered, told
    not sent     not seen by this try: put off, and once patience is over its credits are given back
    rejected     sent anew where an edit was rejected, else given back
    unsure       repeated where it is an edit; else sending again is offered, and then it counts as delivered
    gone         not seen by this try: another chat of the person, or parked until their next word

What an earlier try has left at `maybe` stays there: that one may have arrived, so its credits are not given back.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby
from typing import TypeAlias

from bot.channel import Channel, Gone, NotSent, Rejected, Unsure
from bot.replies import of_news, send_again
from bot.texts import Language
from core.clock import FURTHEST, MINUTE, SECOND
from core.closings import Closings
from core.gallery import Gallery, Image, Seen, image_key, looking
from core.jobs import Job, changing, job_key
from core.leases import Leases
from core.news import IMAGE_READY, News, Outbox, parking, putting_off, redirecting, telling
from core.people import People
from core.ports import Ports
from core.table import Change, Key, Refused, Write

LEASE = 30 * SECOND
LOOK = 0.5  # seconds between looks into the outbox
MOST_TRIES = 10
LONGEST_WAIT = 5 * MINUTE
CHATS_AT_ONCE = 16

Late: TypeAlias = NotSent | Unsure | Rejected


class Courier:
    def __init__(self, ports: Ports, people: People, closings: Closings, leases: Leases, channel: Channel) -> None:
        self._table, self._blobs, self._clock = ports.table, ports.blobs, ports.clock
        self._people, self._closings, self._leases, self._channel = people, closings, leases, channel
        self.channel = channel.name
        self._outbox, self._gallery = Outbox(ports.table), Gallery(ports.table)
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
            await (self._picture(news) if news.kind == IMAGE_READY else self._words(news))

    # -- words ------------------------------------------------------------------------------------------------------

    async def _words(self, news: News) -> None:
        """News without a picture: sending it twice does no harm, losing it does little."""
        job = await self._closings.job(news.job)
        try:
            await self._channel.send(news.chat, of_news(news, await self._language(news)), self._replaces(news, job))
        except (NotSent, Unsure) as late:
            await self._later(news, late, telling(news, "lost"))
        except Rejected:
            again = self._replaces(news, job)
            await (self._anew(news, job) if again else self._table.write(*telling(news, "rejected")))
        except Gone:
            await self._elsewhere(news)
        else:
            await self._table.write(*telling(news, "told"))

    async def _later(self, news: News, late: Late, over: list[Write], *also: Write) -> None:
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

    async def _picture(self, news: News) -> None:
        job, image = await self._closings.job(news.job), await self._image(news)
        if image is None or job.state == "returned":
            await self._table.write(*telling(news, "withdrawn"))
        elif image.seen != "no" and not self._repeatable(news, job):
            await self._twice(news, job, image)
        else:
            await self._send(news, job, image)

    async def _twice(self, news: News, job: Job, image: Image) -> None:
        """A picture of their own is not brought twice: they have looked at it, or they decide."""
        if image.seen == "yes":
            await self._table.write(*telling(news, "seen"))
        else:
            await self._offer_again(news, job)

    async def _send(self, news: News, job: Job, image: Image) -> None:
        """`maybe` stands before the channel is asked, so that no crash can make a sent picture look unseen."""
        picture = await self._blobs.get(image.blob)
        reply = of_news(news, await self._language(news), picture)
        if image.seen == "no":
            await self._table.write(looking(image.person, image.id, "maybe", was=("no",)))
        try:
            await self._channel.send(news.chat, reply, self._replaces(news, job))
        except NotSent as late:
            await self._not_seen(news, job, image, late)
        except Unsure as late:
            await self._unsure(news, job, late)
        except Rejected:
            await self._rejected(news, job, image)
        except Gone:
            await self._elsewhere(news, *self._unseen(image))
        else:
            await self._delivered(news, job, "yes", "delivered")

    async def _delivered(self, news: News, job: Job, seen: Seen, outcome: str) -> None:
        """Image seen, job delivered, told: together; a person who looked at it meanwhile has done the first two."""
        seeing = looking(job.person, job.id, seen, was=("no", "maybe"))  # what was looked at stays seen
        moves = [changing(job, job.delivered())] if job.state == "kept" else []
        try:
            await self._table.write(seeing, *moves, *telling(news, outcome))
        except Refused:
            if seen == "yes":  # also where another courier has moved the news: it was before somebody's eyes
                await self._gallery.view(job.person, job.id)
            await self._table.write(*telling(news, outcome))

    async def _not_seen(self, news: News, job: Job, image: Image, late: NotSent) -> None:
        if news.tries < MOST_TRIES:
            await self._later(news, late, [], *self._unseen(image))
        else:
            await self._return(news, job, image)

    async def _unsure(self, news: News, job: Job, late: Unsure) -> None:
        """An edit is repeated; anything else counts as delivered, and the person may ask for it again."""
        if self._repeatable(news, job) and news.tries < MOST_TRIES:
            await self._later(news, late, [])
        else:
            await self._offer_again(news, job)

    async def _rejected(self, news: News, job: Job, image: Image) -> None:
        if self._replaces(news, job):
            await self._anew(news, job, *self._unseen(image))
        else:
            await self._return(news, job, image)

    async def _return(self, news: News, job: Job, image: Image) -> None:
        """The fault is ours. If nobody can have seen it, the credits go back and the picture is withdrawn."""
        if image.seen == "no":
            await self._table.write(*self._unseen(image))
            await self._closings.give_back(news, *telling(news, "returned"))
        else:
            await self._offer_again(news, job)

    async def _offer_again(self, news: News, job: Job) -> None:
        """It may have arrived. Once the person knows that they can ask for it again, it counts as delivered."""
        try:
            await self._channel.send(news.chat, send_again(news, await self._language(news)))
        except (NotSent, Unsure, Rejected) as late:
            if news.tries < MOST_TRIES:
                await self._later(news, late, [])
                return
        except Gone:
            await self._elsewhere(news)
            return
        await self._delivered(news, job, "maybe", "unsure")

    async def _anew(self, news: News, job: Job, *also: Write) -> None:
        """The message to edit is gone: the next try is a message of its own."""
        forget = Change(job_key(job.id), set={"message": ""})
        await self._table.write(forget, *putting_off(news, self._clock.now()), *also)

    # -- what it looks up -------------------------------------------------------------------------------------------

    def _unseen(self, image: Image) -> list[Write]:
        """The try came to nothing, so the picture is as unseen as it was before."""
        return [looking(image.person, image.id, "no", was=("maybe",))] if image.seen == "no" else []

    def _replaces(self, news: News, job: Job) -> str:
        """The status message, in the chat it stands in."""
        return job.message if self._channel.can_edit and news.chat == job.chat else ""

    def _repeatable(self, news: News, job: Job) -> bool:
        return bool(self._replaces(news, job))

    async def _image(self, news: News) -> Image | None:
        row = await self._table.get(image_key(news.person, news.job))
        return Image.of(row) if row and row.text("state") == "kept" else None

    async def _language(self, news: News) -> Language:
        return (await self._people.person(news.person)).language
