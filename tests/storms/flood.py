"""The flood: very many chats watch their pictures being painted, and Telegram keeps telling them to wait.

A whole house on virtual time with Telegram played beside it, whose limits are on: one message a second in a chat,
twenty a minute in a group, thirty a second in all. Besides, every tenth call is told by lot that its chat is to wait
for up to a minute, edits and results alike. Everybody orders within a minute, so that all watch at once.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.house import House, Plan
from core.clock import Clock
from core.limits import Limits
from core.models import Catalogue, Route
from core.painter import Picture
from core.ports import Wing
from core.prompts import Prompt
from core.studio import Terms
from infra.sandbox.telegram import Message
from tests.bot.telegram.line import Phone
from tests.house import POCKET, Imagify, on_trial
from tests.speaker import Speaker
from tests.storms.loop import SimLoop
from tests.storms.played import PlayedPainter, painted
from tests.storms.simulation import unswept

PAINTS = (15.0, 120.0)  # seconds
FLOODS = 0.1  # the share of calls that are told to wait, whatever the limits say
COMING = 60.0  # seconds in which everybody orders
IN_A_GROUP = 10  # one of so many speaks in a group
CATALOGUE = """
[models.pocket]
title = "Pocket"
tier = "pocket"
abilities = ["paint"]
vendor = "pocket"
vendor_model = "pocket"
regions = ["here"]
usd_micros = 1_000
credits = 1
timeout = 300
in_flight = 10_000
per_minute = 600_000
"""
LIMITS = Limits(longest_wait=1_000_000, gift_credits_per_hour=1_000_000, gift_credits_per_day=1_000_000)


class Slow(PlayedPainter):
    def __init__(self, lot: random.Random, clock: Clock) -> None:
        super().__init__(lot)
        self._clock = clock

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        await super().paint(prompt, route, source)
        await self._clock.sleep(self._lot.uniform(*PAINTS))
        return Picture(painted(prompt.words, prompt.seed), "image/png", prompt.seed)


def planned(hands: int) -> Plan:
    """A house in which so many are painted at once, and nobody is refused."""
    plan = on_trial(POCKET, LIMITS)
    return replace(plan, terms=Terms(Catalogue.read(CATALOGUE), plan.terms.rates, LIMITS, POCKET), hands=hands)


@dataclass
class Report:
    """What a flood came to."""

    chats: int
    seconds: float = 0.0  # virtual
    edits: int = 0  # of progress, that Telegram took
    told_to_wait: int = 0
    ignored: int = 0  # calls that came while their chat had been told to wait
    results: int = 0
    lost: list[str] = field(default_factory=list)  # chats without their picture
    anew: list[str] = field(default_factory=list)  # chats with a message that should have been an edit
    bells: int = 0
    longest: float = 0.0  # seconds from a picture that is there to a picture that is seen
    usual: float = 0.0
    most_in_a_second: int = 0
    spans: list[tuple[float, float]] = field(default_factory=list)  # in which somebody watched
    violations: tuple[str, ...] = ()

    @property
    def at_once(self) -> int:
        """The most that watched together."""
        return max((sum(begin <= moment < end for begin, end in self.spans) for moment, _ in self.spans), default=0)

    @property
    def wrong(self) -> list[str]:
        said = [*(f"lost in {chat}" for chat in self.lost), *(f"a new message in {chat}" for chat in self.anew)]
        return [*said, *([f"{self.ignored} calls during a wait"] if self.ignored else []), *self.violations]

    def look(self, chat: str, messages: Sequence[Message]) -> None:
        """What the bot said in a chat. The status has become the picture; besides it there is a bell, or nothing."""
        pictures = [message for message in messages if message.photo]
        if pictures:
            self.results += 1
            self.spans.append((messages[0].at, pictures[0].edited or pictures[0].at))
        else:
            self.lost.append(chat)
        more = messages[1:]
        self.bells += len(more)
        if len(more) > 1 or any(one.photo or one.reply_to is not messages[0] for one in more):
            self.anew.append(chat)


@dataclass
class Flood:
    imagify: Imagify
    chats: int
    lot: random.Random
    people: list[Speaker] = field(default_factory=list)

    async def rage(self) -> Report:
        """Until every picture is where it belongs."""
        phone = self._phone = Phone(self.imagify, painter=Slow(self.lot, self.imagify.clock))
        house = self._house(phone)
        phone.telegram.rates.on = True
        await self._gather(phone)
        await self.imagify.opens(house)
        phone.line.floods = FLOODS
        await asyncio.gather(*(self._order(one) for one in self.people))
        await self.imagify.settles()
        await self.imagify.passes(90)  # whatever rings late
        report = await self._report(phone)
        await phone.channel.close()
        return report

    def _house(self, phone: Phone) -> House:
        wing = Wing(phone.ports, "", POCKET, alone=False)
        self.imagify.house = House(wing, planned(self.chats), (phone.channel,))
        return self.imagify.house

    async def _gather(self, phone: Phone) -> None:
        for number in range(1_000, 1_000 + self.chats):
            one = await self.imagify.meets(paid=9, chat=phone.meets(number))
            if not number % IN_A_GROUP:
                group = phone.telegram.group(f"Nhóm {number}", [phone.telegram.person(number)])
                one = replace(one, address=replace(one.address, chat=str(group.id)))
            self.people.append(one)

    async def _order(self, one: Speaker) -> None:
        await self.imagify.passes(self.lot.uniform(0, COMING))
        await one.says(f"mèo của {one.person.id}")

    async def _report(self, phone: Phone) -> Report:
        calls = phone.calls()
        report = Report(self.chats, seconds=self.imagify.loop.time(), ignored=len(phone.telegram.floods))
        report.edits = sum(call.method == "editMessageText" and call.status == 200 for call in calls)
        report.told_to_wait = sum(call.status == 429 for call in calls) - report.ignored
        report.most_in_a_second = max(Counter(int(call.at) for call in calls).values())
        for one in self.people:
            report.look(one.chat, [message for message in phone.messages(one.chat) if message.by_bot])
        waits = sorted([await self._waited(one, phone) for one in self.people])
        report.longest, report.usual = waits[-1], waits[len(waits) // 2]
        report.violations = tuple(map(str, (await self.imagify.proof()).violations))
        return report

    async def _waited(self, one: Speaker, phone: Phone) -> float:
        (job,) = await one.jobs()
        seen = (call for call in phone.calls("editMessageMedia") if str(call.chat) == one.chat and call.status == 200)
        return max(0.0, next((call.at for call in seen), 0.0) - job.ended / 1_000)


def run(chats: int, seed: int) -> Report:
    """On a loop of its own."""
    loop = SimLoop(seed)

    async def told() -> Report:
        imagify = Imagify()
        report = await Flood(imagify, chats, random.Random(f"flood {seed}")).rage()
        await imagify.closes()
        return report

    with unswept():
        try:
            return loop.run_until_complete(told())
        finally:
            loop.close()
