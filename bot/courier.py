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
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from typing import TypeAlias

from bot.channel import Channel, Gone, NotSent, Rejected, Unsure
from bot.packing import Packing
from bot.parcel import Letter, Parcel, forgetting
from bot.receipts import handed_on, overtaken
from bot.telling import Teller, send_again
from core.clock import DAY, FURTHEST, MINUTE, SECOND, Lived
from core.closings import Closings
from core.errors import Unknown
from core.gallery import Gallery, Image, Seen, image_key, looking
from core.inbox import keeping, unanswered
from core.jobs import Job, changing, sheet_key
from core.leases import Leases
from core.news import (
    IMAGE_READY,
    OF_A_SHEET,
    OF_AN_ORDER,
    PAID,
    News,
    Outbox,
    parking,
    putting_off,
    redirecting,
    telling,
)
from core.people import People
from core.ports import Ports
from core.table import Key, Refused, Write
from payments.orders import Orders

LEASE = 30 * SECOND
LOOK = 0.5  # seconds between looks into the outbox
LONG = 20 * SECOND  # a wait in which somebody may have looked away
MOST_TRIES = 10
LONGEST_WAIT = 5 * MINUTE
LONGEST_FLOOD = DAY  # that costs no tries
CHATS_AT_ONCE = 16
WITH_ITS_SHEET = "with its sheet"  # what became of news that others of the sheet stand for

Late: TypeAlias = NotSent | Unsure | Rejected


class Courier:
    def __init__(
        self, ports: Ports, people: People, closings: Closings, leases: Leases, teller: Teller, channel: Channel
    ) -> None:
        self._table, self._clock, self._teller, self._lived = ports.table, ports.clock, teller, Lived(ports.clock)
        self._packing = Packing(ports.blobs, ports.darkroom, teller, channel)
        self._people, self._closings, self._leases, self._channel = people, closings, leases, channel
        self.channel = channel.name
        self._outbox, self._gallery, self._orders = Outbox(ports.table), Gallery(ports.table), Orders(ports.table)
        self._lanes = asyncio.Semaphore(CHATS_AT_ONCE)
        self._under_way: set[str] = set()  # chats
        self.carries = False  # whether it is this process that speaks for the channel

    async def run(self) -> None:
        """Carry for this channel, whenever no other process does."""
        try:
            async with asyncio.TaskGroup() as chats:
                while True:
                    lease = await self._leases.take(Key(f"COURIER#{self._channel.name}", "META"), LEASE)
                    while lease and await self._leases.renew(lease, LEASE):
                        self.carries = True
                        await self._looks(chats, self._clock.steady() + LEASE // 3)
                    self.carries = False
                    await self._clock.sleep(LEASE / SECOND / 3)
        finally:
            self.carries = False

    async def _looks(self, chats: asyncio.TaskGroup, until: int) -> None:
        """One after the other until the lease is to be renewed."""
        while self._clock.steady() < until:
            await self._look(chats)
            await self._clock.sleep(LOOK)

    async def round(self) -> None:
        """Everything that is due now, to its end."""
        async with asyncio.TaskGroup() as chats:
            await self._look(chats)

    async def _look(self, chats: asyncio.TaskGroup) -> None:
        """What is due, chat by chat: in order within one, side by side across them. A slow one holds up no other."""
        busy = frozenset(self._under_way)  # what is read of their news may be told by the time it is here
        due = sorted(await self._outbox.due(self._channel.name, self._clock.now()), key=lambda news: news.chat)
        for chat, news in groupby(due, key=lambda news: news.chat):
            if chat not in busy:
                self._under_way.add(chat)
                chats.create_task(self._chat(chat, list(news)))

    async def _chat(self, chat: str, due: Iterable[News]) -> None:
        try:
            async with self._lanes:
                for news in due:
                    await self.carry(news)
        finally:
            self._under_way.discard(chat)

    async def carry(self, news: News) -> None:
        """Tell it. Whoever has told it already, or looked at the picture meanwhile, wins."""
        with suppress(Refused):
            if news.kind in OF_AN_ORDER:
                await self._of_order(news)
                return
            if not news.job:
                await self._words(news, [])
                return
            job = await self._closings.job(news.job)
            if await self._too_early(news, job):
                await self._table.write(*putting_off(news, self._clock.now(), SECOND, tried=False))
            elif job.siblings and news.kind in OF_A_SHEET:
                await self._sheet(news, job)
            elif news.kind == IMAGE_READY:
                await self._picture(await self._parcel(news, [job]))
            else:
                await self._words(news, [job])

    async def _too_early(self, news: News, job: Job) -> bool:
        """The status that is to become this is on its way still, and would stand there for ever if overtaken."""
        if not self._channel.can_edit or job.message or self._lived.age(news.at) > LONGEST_WAIT:
            return False
        return news.chat == job.chat and await unanswered(self._table, f"{job.channel}:{job.chat}")

    # -- words ------------------------------------------------------------------------------------------------------

    async def _words(self, news: News, jobs: Sequence[Job]) -> None:
        replaces = self._replaces(news, jobs[0]) if jobs else ""
        asker = next((job.asker for job in jobs if job.chat == news.chat), "")
        reply = await self._teller.words(news, sum(job.price for job in jobs), asker)
        await self._letter(Letter(news, reply, replaces, tuple(jobs)))

    async def _of_order(self, news: News) -> None:
        """In the order's one message, where it can be edited. What the order has left behind is not told.

        An order that stands nowhere is of somebody who was erased.
        """
        order = await self._orders.find(news.order)
        place = await self._orders.place(order) if order else None
        if order is None or place is None or overtaken(news.kind, order) or handed_on(news.kind, order, place):
            await self._table.write(*telling(news, "overtaken" if place else "erased"))
            return
        here = (place.channel, place.chat) == (news.channel, news.chat)
        replaces = place.message if here and self._channel.can_edit else ""
        reply = await self._teller.of_order(news, order)
        bell = await self._teller.bell(news, order) if replaces else None
        also = await self._going_on(news)
        await self._letter(Letter(news, reply, replaces, order=order if here else None, also=also, bell=bell))

    async def _going_on(self, news: News) -> tuple[Write, ...]:
        """Whoever never wants to be asked has pressed, once, in the very write that says that they were told."""
        heard = await self._teller.goes_on(news) if news.kind == PAID else None
        return (keeping(heard.lane, heard.update, heard.row(), self._clock.now()),) if heard else ()

    async def _letter(self, letter: Letter) -> None:
        """News without a picture: sending it twice does no harm, losing it does little."""
        news = letter.news
        try:
            reply = replace(letter.reply, urgency="payment" if news.kind in OF_AN_ORDER else "result")
            message = await self._channel.send(news.chat, reply, letter.replaces, once=letter.name)
        except (NotSent, Unsure) as late:
            await self._later(news, late, letter.telling("lost"))
        except Rejected:
            anew = [*letter.forgetting(), *putting_off(news, self._clock.now(), 0)]
            await self._table.write(*(anew if letter.replaces else letter.telling("rejected")))
        except Gone:
            await self._elsewhere(news)
        else:
            await self._ring(letter)
            await self._table.write(*letter.told(message))

    async def _ring(self, letter: Letter) -> None:
        if letter.bell:
            with suppress(NotSent, Rejected, Unsure, Gone):
                await self._channel.send(letter.news.chat, letter.bell, once=f"{letter.name}:bell")

    async def _later(self, news: News, late: Late, over: list[Write], *also: Write) -> None:
        """Put it off, further with every try; or what is written when patience is over."""
        if (soon := self._appointment(news, late)) is not None:
            await self._table.write(*putting_off(news, self._clock.now(), soon, tried=False), *also)
            return
        if news.tries >= MOST_TRIES:
            await self._table.write(*over, *also)
            return
        asked = int(late.retry_after * SECOND) if isinstance(late, NotSent) else 0
        wait = min(FURTHEST, max(asked, min(LONGEST_WAIT, SECOND << news.tries)))
        await self._table.write(*putting_off(news, self._clock.now(), wait), *also)

    def _appointment(self, news: News, late: Late) -> int | None:
        """Whoever is told when to come again has not tried in vain; not for ever, though. None: nobody said when."""
        if not isinstance(late, NotSent) or late.tried or self._lived.age(news.at) > LONGEST_FLOOD:
            return None
        return min(FURTHEST, round(late.retry_after * SECOND))

    async def _elsewhere(self, news: News, *also: Write) -> None:
        """The person is not there: another chat of theirs hears it, or it waits for their next word."""
        if not news.person:  # an alarm is for one chat, and each has its own
            await self._table.write(*telling(news, "lost"), *also)
            return
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
        """Several ordered together are told together, once, as soon as all of them are closed."""
        jobs = [await self._closings.job(one) for one in sorted((job.id, *job.siblings))]
        done = sum(one.closed for one in jobs)
        if await self._told(job.sheet):
            await self._table.write(*telling(news, WITH_ITS_SHEET))
        elif done < len(jobs):
            await self._so_far(news, job, done, len(jobs))
        elif any(one.state in ("kept", "delivered") for one in jobs):
            await self._picture(await self._parcel(news, jobs))
        else:
            await self._words(news, jobs)

    async def _told(self, sheet: str) -> bool:
        row = await self._table.get(sheet_key(sheet))
        return row is not None and row.flag("told")

    async def _so_far(self, news: News, job: Job, done: int, count: int) -> None:
        await self._table.write(*telling(news, WITH_ITS_SHEET))
        if message := self._replaces(news, job):
            part = self._teller.part(done, count, await self._teller.language(news.person))
            with suppress(NotSent, Rejected, Unsure, Gone):
                await self._channel.send(news.chat, replace(part, urgency="progress"), message)

    async def _parcel(self, news: News, jobs: Sequence[Job]) -> Parcel:
        """What there is to deliver, as it stands now."""
        rows = [await self._table.get(image_key(job.person, job.id)) for job in jobs]
        images = tuple(Image.of(row) for row in rows if row and row.text("state") == "kept")
        return Parcel(news, tuple(jobs), images)

    async def _picture(self, parcel: Parcel) -> None:
        """A picture is not brought twice where that would be a second message: they have seen it, or they decide."""
        again = not self._repeatable(parcel)
        if not parcel.images:
            await self._table.write(*parcel.telling("withdrawn"))
        elif again and all(image.seen == "yes" for image in parcel.images):
            await self._table.write(*parcel.telling("seen"))
        elif again and parcel.doubtful:
            await self._offer_again(parcel)
        elif not await self._lost(parcel, contents := await self._packing.contents(parcel)):
            await self._send(parcel, contents)

    async def _send(self, parcel: Parcel, contents: Sequence[bytes | None]) -> None:
        """`maybe` stands before the channel is asked, so that no crash can make a sent picture look unseen."""
        news, first, reply = parcel.news, parcel.jobs[0], await self._packing.reply(parcel, contents)
        reply = replace(reply, urgency="result", answers=first.reply_to)
        if news.chat != first.chat:  # elsewhere there is nothing to answer, and it is their own chat
            reply = replace(reply, answers="", owner="")
        if trying := parcel.trying():
            await self._table.write(*trying)
        try:
            message = await self._channel.send(news.chat, reply, self._replaces(news, first), once=parcel.name)
        except NotSent as late:
            await self._not_seen(parcel, late)
        except Unsure as late:
            await self._unsure(parcel, late)
        except Rejected:
            await self._rejected(parcel)
        except Gone:
            await self._elsewhere(news, *parcel.in_vain())
        else:
            await self._delivered(parcel, "yes", "delivered")
            await self._ring_for(parcel, message)

    async def _ring_for(self, parcel: Parcel, message: str) -> None:
        """An edit makes no sound; whoever has waited long may not be looking any more."""
        waited = self._clock.now() - parcel.jobs[0].created
        if not (self._channel.silent_edits and self._repeatable(parcel) and waited > LONG):
            return
        bell = await self._teller.done_above(parcel.news.person, message)
        with suppress(NotSent, Rejected, Unsure, Gone):
            await self._channel.send(parcel.news.chat, replace(bell, urgency="result"), once=f"{parcel.name}:bell")

    async def _lost(self, parcel: Parcel, contents: Sequence[bytes | None]) -> bool:
        """Give back what nobody has seen and nobody can be sent any more; what is left is told by the next look."""
        given = [await self._closings.give_back(parcel.news.about(one.id)) for one in parcel.lost(contents)]
        if any(given):
            await self._table.write(*putting_off(parcel.news, self._clock.now(), 0, tried=False))
        return any(given)

    async def _delivered(self, parcel: Parcel, seen: Seen, outcome: str) -> None:
        """Jobs delivered and told: together, or one by one where somebody looked at one meanwhile.

        Then images seen. A crash before that leaves them at `maybe`, and what is delivered is not given back anyway.
        """
        told = parcel.telling(outcome)
        try:
            await self._table.write(*parcel.delivering(), *told)
        except Refused:
            for job in parcel.waiting:
                await self._seen(job, seen)
            await self._table.write(*told)
        else:
            await self._mark(parcel.seeing(seen))

    async def _mark(self, marks: Sequence[Write]) -> None:
        with suppress(Refused):  # somebody looks at one this very moment, or has deleted it
            if marks:
                await self._table.write(*marks)

    async def _seen(self, job: Job, seen: Seen) -> None:
        """Also where another courier has moved the news: it was before somebody's eyes."""
        with suppress(Refused, Unknown):
            if seen == "yes":
                await self._gallery.view(job.person, job.id)
            else:
                about = looking(job.person, job.id, seen, was=("no", "maybe"))
                await self._table.write(about, changing(job, job.delivered()))

    async def _not_seen(self, parcel: Parcel, late: NotSent) -> None:
        if parcel.news.tries < MOST_TRIES or self._appointment(parcel.news, late):
            await self._later(parcel.news, late, [], *parcel.in_vain())
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
            await self._anew(parcel.news, parcel.jobs, *parcel.in_vain())
        else:
            await self._return(parcel)

    async def _return(self, parcel: Parcel) -> None:
        """The fault is ours. What nobody can have seen is withdrawn and its credits go back; the rest is offered."""
        if unseen := parcel.in_vain():
            await self._table.write(*unseen)
        for image in parcel.unseen:
            await self._closings.give_back(parcel.news.about(image.id))
        if parcel.doubtful:
            await self._offer_again(
                await self._parcel(parcel.news, [await self._closings.job(job.id) for job in parcel.jobs])
            )
        else:
            await self._table.write(*parcel.telling("returned"))

    async def _offer_again(self, parcel: Parcel) -> None:
        """It may have arrived. Once the person knows that they can ask for it again, it counts as delivered."""
        news = parcel.news
        unseen = [image for image in parcel.images if image.seen != "yes"]
        asker = parcel.jobs[0].asker if news.chat == parcel.jobs[0].chat else ""
        again = send_again(unseen, await self._teller.language(news.person))
        again = replace(again, owner=asker, urgency="result")
        try:
            await self._channel.send(news.chat, again, once=f"{parcel.name}:again")
        except (NotSent, Unsure, Rejected) as late:
            if news.tries < MOST_TRIES:
                await self._later(news, late, [])
                return
        except Gone:
            await self._elsewhere(news)
            return
        await self._delivered(parcel, "maybe", "unsure")

    async def _anew(self, news: News, jobs: Sequence[Job], *also: Write) -> None:
        """The message to edit is gone: the next try is a message of its own."""
        await self._table.write(*forgetting(jobs), *putting_off(news, self._clock.now(), 0), *also)

    def _replaces(self, news: News, job: Job) -> str:
        """The status message, in the chat it stands in."""
        return job.message if self._channel.can_edit and news.chat == job.chat else ""

    def _repeatable(self, parcel: Parcel) -> bool:
        return bool(self._replaces(parcel.news, parcel.jobs[0]))
