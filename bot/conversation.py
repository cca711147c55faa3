"""The conversation: what was heard -> replies. The only switchboard, and the only place where rights are found.

One of the three borders where anything at all may be caught: a fault becomes a number that a person can quote.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace

from bot.admin import appeals as _appeals
from bot.admin import house as _house
from bot.admin import orders as _orders
from bot.admin import paying as _paying
from bot.admin import people as _admins
from bot.admin import selling as _selling
from bot.asking import ACTIONS, COMMANDS, RANK, Ask, Command, Desk, Standing
from bot.channel import Channel, Forgetting, Gone, Heard, NotSent, Rejected, Unsure
from bot.commands import (
    appealing,
    changing,
    describing,
    images,
    linking,
    numbers,
    paying,
    people,
    talking,
    verifying,
    walls,
)
from bot.growing import grown
from bot.refusing import in_private, refused
from bot.replies import Attached, Reply
from bot.texts import greeting
from bot.texts import people as people_texts
from bot.texts import refusals as texts
from bot.when import time_of
from core import maintenance
from core.addresses import Address
from core.errors import BadPrompt, Refusal, Unavailable, UnderWay, Unknown
from core.flags import MOST_AT_ONCE
from core.inbox import Kept
from core.ledger import Purse
from core.letters import bare
from core.news import Outbox
from core.people import Person
from core.table import Refused, TableUnavailable
from core.talk import Talk

log = logging.getLogger(__name__)

SUBJECTS = (
    images,
    changing,
    describing,
    verifying,
    people,
    linking,
    numbers,
    paying,
    talking,
    appealing,
    _appeals,
    _admins,
    _house,
    _orders,
    _paying,
    _selling,
)  # imported so that their commands are declared
EVEN_BANNED = {
    "appeal",
    "mydata",
    "deleteme",
    "leave",
    "stay",
    "paysupport",
    "check",
    "privacy",
    "policy",
    "terms",
    "language",
}
BEFORE_CONSENT = {
    "appeal",
    "start",
    "help",
    "privacy",
    "language",
    "deleteme",
    "mydata",
    "agree",
    "policy",
    "decline",
    "leave",
    "stay",
    "pricing",
    "paysupport",
    "terms",
}
MONEY = {"stars_paid": paying.stars_paid, "stars_refunded": paying.stars_refunded}  # a channel's word, no button
DRAWS = {"prompt", "imagine"}
PROMPT = Command("prompt", images.imagine, usage=COMMANDS["imagine"].usage)


class Conversation:
    def __init__(self, desk: Desk, channels: Sequence[Channel]) -> None:
        self._desk = desk
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self._outbox = Outbox(desk.ports.table)
        self._carrying: set[asyncio.Task[None]] = set()

    async def handle(self, kept: Kept, key: str) -> None:
        """One row of the inbox: answered, and the answers sent."""
        heard = Heard.of(kept)
        replies = [self._given_up(heard)] if kept.laid_aside else await self.hear(heard, key)
        owner = heard.address.id if heard.group else ""
        for number, reply in enumerate(replies):
            await self._send(heard, replace(reply, owner=owner), f"{key}:{number}")

    def _given_up(self, heard: Heard) -> Reply:
        """Tried as often as it may be: nobody can say from here how far it came, but where to look."""
        number = self._desk.ports.chance.code()
        log.error("a word was laid aside", extra={"error": number, "channel": heard.address.channel})
        return Reply(texts.LAID_ASIDE[heard.language].format(number=number))

    async def hear(self, heard: Heard, key: str) -> list[Reply]:
        """The border: a refusal finds its words, a fault its number. What was parked for them comes after all."""
        try:
            ask = await self._asked(heard, key)
            return (await asyncio.gather(self._answered(ask), self._fetch(ask.person)))[0]
        except TableUnavailable:
            raise
        except Exception:
            number = self._desk.ports.chance.code()
            log.exception("an answer failed", extra={"error": number, "channel": heard.address.channel})
            return [sorry(heard, number)]

    # -- who asks ---------------------------------------------------------------------------------------------------

    async def _asked(self, heard: Heard, key: str) -> Ask:
        """Who asks, and what stands in their way, read side by side: whoever waits for an answer waits once for it."""
        desk, address = self._desk, heard.address
        own = "" if heard.group else address.chat  # whoever is met in a group is written to in private all the same
        person, row, closed, purse = await asyncio.gather(
            desk.people.greet(address.channel, address.id, heard.language, own),
            desk.addresses.find(address),
            maintenance.until(desk.ports.table, desk.ports.clock.now()),
            self._purse(heard),
        )
        theirs = purse if purse and purse.person == person.id else None
        rights, standing = desk.addresses.rights_at(address, row), Standing(row, closed, theirs)
        return Ask(desk, person, heard, key, rights, standing=standing)

    async def _purse(self, heard: Heard) -> Purse | None:
        """Of whoever is remembered to speak there, read ahead for a prompt; and the queue is looked at beside it."""
        one, _ = understood(heard)
        who = await self._desk.people.remembered(heard.address) if one and one.name in DRAWS else ""
        if not who:
            return None
        with suppress(Unknown):
            purse, _ = await asyncio.gather(self._desk.ledger.purse(who), self._desk.places.look())
            return purse
        return None

    async def _fetch(self, person: Person) -> None:
        now = self._desk.ports.clock.now()
        await asyncio.gather(*(self._outbox.fetch(one, now) for one in person.ids))

    async def _answered(self, ask: Ask) -> list[Reply]:
        try:
            return await self._answer(ask)
        except Refusal as refusal:
            return [await refused(ask, refusal)]

    async def _answer(self, ask: Ask) -> list[Reply]:
        """What stands in the way of everybody comes first, then the notice, then what was asked; money before all."""
        if money := MONEY.get(ask.heard.action.partition(":")[0]):
            return await money(ask)
        one, words = understood(ask.heard)
        if stop := self._stopped(ask, one):
            return [stop]
        if one is None:
            return [Reply(ask.say(texts.NO_COMMAND if ask.heard.text else texts.OLD_BUTTON, name=words[:40]))]
        if not ask.person.agreed and one.name not in BEFORE_CONSENT and not entitled(ask, one):
            return [await self._notice_first(ask, one, words)]
        if about_a_picture(ask.heard, one):
            return [await changing.came(ask, words)]
        return await one.answer(replace(ask, words=words))

    def _stopped(self, ask: Ask, one: Command | None) -> Reply | None:
        """A ban takes nobody's rights in their own data and money away, nor their word against it."""
        if ask.person.status == "erased":
            return Reply(ask.say(texts.LEAVING))
        row, until = ask.standing.address, ask.standing.closed_until
        if row and row.flag("banned") and not (one and one.name in EVEN_BANNED):
            return Reply(ask.say(texts.BANNED, reason=row.text("reason")))
        if until and ask.rights == "none":
            return Reply(ask.say(texts.MAINTENANCE, until=time_of(until)))
        return None

    async def _notice_first(self, ask: Ask, one: Command, words: str) -> Reply:
        """A prompt that came before consent is kept, and runs after it. What is agreed to is read in private."""
        kept = False
        if one.name in DRAWS and words and not about_a_picture(ask.heard, one):
            with suppress(BadPrompt):
                await images.keep_for_later(ask, images.asked(ask, words), 0)
                kept = True
        if ask.heard.group:
            told = [greeting.BEGIN_IN_PRIVATE, *([greeting.KEPT_FOR_LATER] if kept else [])]
            return in_private(ask, " ".join(ask.say(one) for one in told))
        return people.notice(ask, kept=kept)

    # -- what is sent -----------------------------------------------------------------------------------------------

    async def _send(self, heard: Heard, reply: Reply, once: str) -> None:
        """At once, and once where the channel can tell; a message that will become another is remembered."""
        try:
            if reply.forgets and isinstance(channel := self._channels[heard.address.channel], Forgetting):
                await channel.forget(heard.address.chat)
            message = await self._sent(heard.address, reply, once)
        except (NotSent, Rejected, Unsure, Gone):
            return  # the order stands all the same, and its news will be told
        if reply.files:
            carrying = asyncio.create_task(self._carry(heard, reply.files, once))
            self._carrying.add(carrying)
            carrying.add_done_callback(self._carrying.discard)
        if reply.watches:
            await self._desk.studio.told(reply.watches, message)
        if reply.order:
            await self._stands(reply.order, message, heard.address.chat)

    async def _carry(self, heard: Heard, files: AsyncGenerator[Attached, None], once: str) -> None:
        """Beside the lane, for it may take minutes. Where it breaks off that is said, and nothing of theirs is lost."""
        channel = self._channels[heard.address.channel]
        try:
            async with aclosing(files):
                async for file in files:
                    await channel.send(heard.address.chat, Reply(file.name, file=file), once=f"{once}:{file.name}")
        except (NotSent, Rejected, Unsure, Gone, UnderWay, TableUnavailable, Unavailable) as broken:
            log.warning("a person's data were not sent to their end", extra={"why": type(broken).__name__})
            with suppress(NotSent, Rejected, Unsure, Gone):
                told = people_texts.MYDATA_BROKE[heard.language]
                await channel.send(heard.address.chat, Reply(told), once=f"{once}:broke")

    async def _sent(self, to: Address, reply: Reply, once: str) -> str:
        """As an edit, where it is one and the message is still there."""
        channel = self._channels[to.channel]
        if reply.replaces and channel.can_edit:
            with suppress(Rejected):
                return await channel.send(to.chat, reply, reply.replaces, once=once)
        if reply.or_nothing:
            return reply.replaces
        return await grown(channel, self._desk.ports.clock, to.chat, reply, once)

    async def _stands(self, ref: str, message: str, chat: str) -> None:
        orders = self._desk.counter.cashier.orders
        with suppress(Refused):  # it was asked for in another chat meanwhile, and stands there
            await orders.stands_in(await orders.order(ref), message, chat)


def sorry(heard: Heard, number: str) -> Reply:
    return Reply(texts.OOPS[heard.language].format(number=number))


def entitled(ask: Ask, one: Command) -> bool:
    """Who looks after the house does so whatever they have agreed to as somebody who paints."""
    return one.rights != "none" and RANK[ask.rights] >= RANK[one.rights]


def about_a_picture(heard: Heard, one: Command) -> bool:
    """Words with a picture are to change it; so are those in reply to one, unless a command says what to draw."""
    return bool(heard.picture and one.name in {*DRAWS, "edit"}) or bool(heard.about and one.name in {"prompt", "edit"})


def understood(heard: Heard) -> tuple[Command | None, str]:
    """Which command it is and what stands behind it; words that are no command are a prompt."""
    if heard.action:
        name, _, argument = heard.action.partition(":")
        return ACTIONS.get(name), argument.replace(":", " ")
    text = heard.text.strip()
    if text.startswith("/"):
        name, _, rest = text[1:].partition(" ")
        one = COMMANDS.get(name.partition("@")[0].lower())
        return one, rest.strip() if one else text
    return said_of_a_picture(text) if heard.picture or heard.about else spoken(text)


def spoken(text: str) -> tuple[Command, str]:
    """Without a slash a word is a command only as the whole message, but for `ve …`, `nap 50k` and `link CODE`."""
    return exactly(text) or meant(text)


def exactly(text: str) -> tuple[Command, str] | None:
    """A command by its own name, or by a code or a sum that belongs to it."""
    if said := paying.spoken(text) or linking.spoken(text) or images.spoken(text) or walls.spoken(text):
        return said
    whole = COMMANDS.get(text.lower()) or WITHOUT_ACCENTS.get(bare(text.lower()))
    return (whole, "") if whole and whole.rights == "none" else None


def meant(text: str) -> tuple[Command, str]:
    """Talk is answered, what says how many orders so many, and all else is painted as it was said."""
    said = Talk.open().meant(text)
    if said.name != PROMPT.name:
        return talking.answering(said, text) or (COMMANDS[said.name], said.words)
    if said.count > MOST_AT_ONCE:
        return talking.TALK["crowd"], images.without_wish(said.words)
    return PROMPT, f"--n {said.count} {said.words}" if said.count else images.without_wish(said.words)


def said_of_a_picture(text: str) -> tuple[Command, str]:
    """Words with a picture, or in reply to one, are to change it; small talk changes nothing."""
    said = Talk.open().meant(text)
    return exactly(text) or (said.small and talking.answering(said, text)) or (PROMPT, images.without_wish(text))


WITHOUT_ACCENTS = {bare(name): one for name, one in COMMANDS.items()}
