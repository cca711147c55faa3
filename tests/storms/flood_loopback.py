"""The flood once more, on a real disk and over real sockets, with time twenty times as fast as the wall's.

The bot listens by asking, everything goes through aiohttp, and Telegram is played at the same speed with its limits
on. While somebody watches, their chat is told by lot to wait for up to a minute, in the midst of progress or at the
picture itself. What a real machine can do in a second is twenty times less here, so fewer watch at once than on
virtual time; but nothing is simulated between the house and Telegram.
"""

import asyncio
import math
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr

from bot.house import House
from bot.telegram.mouth import TelegramMouth
from bot.vendors import Telegram
from core.audit import audit
from core.clock import SECOND
from core.news import Outbox
from core.people import CONSENT_VERSION
from core.ports import Wing
from core.supervise import Crew
from infra import embedded
from infra.embedded.cache import DictCache
from infra.sandbox.faults import Where
from infra.sandbox.telegram import Bot, Chat, Fault, Faults, Group, Person, Played, open_telegram
from infra.sandbox.telegram.faults import CODES, KINDS, TERMS
from payments.proofs import OrderBooks
from tests.bot.telegram.line import WAITS, Lab
from tests.house import POCKET
from tests.storms.flood import FLOODS, IN_A_GROUP, Report, Slow, planned
from tests.storms.played import LetThrough

SPEED = 20
BOT = Bot("123456:AAE-play")
EACH = 1.7  # seconds from one order to the next, on average: more would be too much for one machine at this speed
BELLS = 30.0  # seconds in which whatever rings has rung
LOOK = 5.0  # seconds
AT_MOST = 180.0  # seconds on the wall


class Quick:
    """Time that goes `SPEED` times as fast as the wall's, from one moment on."""

    def __init__(self) -> None:
        self._began = time.time_ns()

    def now(self) -> int:
        return self.at(time.time_ns() / 1e9)

    def steady(self) -> int:
        return self.now()

    def at(self, date: float) -> int:
        """What it was here at a moment on the wall, in seconds."""
        began = self._began / 1e9
        return round((began + (date - began) * SPEED) * SECOND)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


class Moods(Faults):
    """Telegram tells by lot, at any call in a chat, that the chat is to wait."""

    def __init__(self, lot: random.Random) -> None:
        super().__init__(KINDS, TERMS, CODES)
        self._lot = lot

    def meet(self, kind: str, method: str, chat: Where = 0) -> Fault | None:
        if kind == "flood" and chat and self._lot.random() < FLOODS:
            self.set(kind, method=method, chat=chat, times=1, seconds=self._lot.uniform(*WAITS))
        return super().meet(kind, method, chat)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who orders one picture and looks on."""

    known: Person
    ours: str  # the person as the house knows them
    group: Group | None

    @property
    def chat(self) -> Chat:
        return self.known.chat(self.group)

    @property
    def sees_it(self) -> bool:
        return any(message.photo for message in self.chat.messages)

    async def order(self) -> None:
        words = f"mèo của {self.known.id}"
        await self.known.says(f"@{BOT.username} {words}" if self.group else words, self.group)


@dataclass(frozen=True, slots=True)
class Flood:
    played: Played
    clock: Quick
    house: House
    lot: random.Random

    async def rage(self, chats: int) -> Report:
        """Until every picture is where it belongs, or patience is over."""
        people = await asyncio.gather(*(self._meet(number) for number in range(1_000, 1_000 + chats)))
        began = self.clock.now()
        with suppress(TimeoutError):
            async with asyncio.timeout(AT_MOST):
                await self._see_them_all(people)
        return await self._report(people, began)

    async def _see_them_all(self, people: Sequence[Watcher]) -> None:
        async with asyncio.TaskGroup() as watching:
            for one in people:
                watching.create_task(self._watch(one, self.lot.uniform(0, len(people) * EACH)))
        while await self._busy():
            await self.clock.sleep(LOOK)
        await self.clock.sleep(BELLS)

    async def _meet(self, number: int) -> Watcher:
        known = self.played.telegram.person(number)
        known.chat()
        person = await self.house.people.greet("telegram", str(number), "vi")
        person = await self.house.people.agree(person, CONSENT_VERSION, "telegram")
        await self.house.ledger.deposit(person.id, 9, key=f"order:{number}", kind="topup")
        group = None if number % IN_A_GROUP else self.played.telegram.group(f"Nhóm {number}", [known])
        return Watcher(known, person.id, group)

    async def _watch(self, one: Watcher, after: float) -> None:
        await self.clock.sleep(after)
        await one.order()
        while not one.sees_it:
            await self.clock.sleep(LOOK)

    async def _busy(self) -> bool:
        return not await Outbox(self.house.ports.table).empty("telegram")

    # -- what it came to ----------------------------------------------------------------------------------------------

    async def _report(self, people: Sequence[Watcher], began: int) -> Report:
        telegram = self.played.telegram
        calls = [call for call in telegram.calls if call.chat]
        report = Report(len(people), seconds=(self.clock.now() - began) / SECOND, ignored=len(telegram.floods))
        report.edits = sum(call.method == "editMessageText" and call.status == 200 for call in calls)
        report.told_to_wait = sum(call.status == 429 for call in calls) - report.ignored
        report.most_in_a_second = max(Counter(self.clock.at(call.at) // SECOND for call in calls).values())
        for one in people:
            report.look(str(one.chat.id), [message for message in one.chat.messages if message.by_bot])
        waits = sorted([await self._waited(one) for one in people])
        report.longest, report.usual = waits[-1], waits[len(waits) // 2]
        ports = self.house.ports
        report.violations = tuple(map(str, (await audit(ports.table, ports.blobs, OrderBooks())).violations))
        return report

    async def _waited(self, one: Watcher) -> float:
        """Seconds from a picture that is there to a picture that is seen."""
        called = self.played.telegram.called("editMessageMedia", one.chat.id)
        seen = next((self.clock.at(call.at) for call in called if call.status == 200), None)
        images = await self.house.studio.gallery.newest(one.ours)
        if not images or seen is None:
            return math.inf
        job = await self.house.studio.closings.job(images[0].id)
        return max(0.0, (seen - job.ended) / SECOND)


@asynccontextmanager
async def opened(home: Path, hands: int, lot: random.Random) -> AsyncIterator[Flood]:
    """Telegram, and a house that listens to it."""
    clock = Quick()
    async with AsyncExitStack() as closing:
        played = await closing.enter_async_context(open_telegram([BOT], scale=SPEED, limits=True))
        played.telegram.world.faults = Moods(lot)
        wing = await closing.enter_async_context(embedded.open(home))
        ports = replace(wing.ports, clock=clock, cache=DictCache(clock), painter=Slow(lot, clock))
        ports = replace(ports, judge=LetThrough(), darkroom=Lab())
        at = Telegram(token=SecretStr(BOT.token), api=played.api_url, files=played.files_url)
        mouth = TelegramMouth(at, ports, [b"a secret"])
        closing.push_async_callback(mouth.close)
        house = House(Wing(ports, "", POCKET, alone=True), planned(hands), [mouth.channel])
        mouth.join(house)
        await house.wake(alone=True)
        crew = await closing.enter_async_context(Crew(clock, ports.chance))
        house.enlist(crew)
        mouth.enlist(crew)
        yield Flood(played, clock, house, lot)


def run(chats: int, seed: int) -> Report:
    async def told(home: Path) -> Report:
        async with opened(home, chats, random.Random(f"flood {seed}")) as flood:
            return await flood.rage(chats)

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(told(Path(folder) / "home"))
