"""Many chats try out codes for hours, all at once and from several processes, while people have codes open.

Counted from outside, by the answers: no chat is answered more than five times in its hour, all of a kind no more than a
hundred times between two pauses, and whoever says a code elsewhere goes on linking throughout. From that follows how
probable it is that anybody ever guesses one, which is asserted, for a hit itself would take longer than there is time.
"""

import asyncio
import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.addresses import Address
from core.audit import every_row
from core.chance import CODE_LETTERS, CROCKFORD
from core.clock import SECOND
from core.errors import NotLinked, TooOften
from core.guesses import MOST_OF_A_KIND, MOST_TRIES, OF_A_CHAT, PAUSE, PAUSED
from core.news import ALARM, News
from core.people import CONSENT_VERSION, Person
from tests.storms.link_desk import Desk
from tests.storms.mortal import Plan
from tests.storms.played_till import PlayedTill
from tests.storms.simulation import Hands, World

FIGURES = sum(letter.isdecimal() for letter in CROCKFORD)
SPACE: int = len(CROCKFORD) ** CODE_LETTERS - (len(CROCKFORD) - FIGURES) ** CODE_LETTERS  # a code has a figure in it
PAUSES = (20.0, 200.0)  # seconds between two guesses of one chat
NEW_CODE = 120.0  # seconds after which somebody asks for another code
DAY = 24 * 3_600
KINDS = 3  # of chats, each with a count of its own
ACCEPTABLE = 1e-6  # that anybody guesses a code in a year of this


@dataclass(slots=True)
class Report:
    """What was said, and what was answered."""

    chats: int
    seconds: float
    open_codes: int
    said: int = 0
    refused: int = 0
    answered: list[float] = field(default_factory=list)  # when
    of_chat: Mapping[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    hits: int = 0
    linked: int = 0  # by people who had their codes from one another
    late: int = 0  # of them, who had to wait for a pause to be over
    alarms: int = 0

    @property
    def in_an_hour(self) -> int:
        return max((most_within(times, OF_A_CHAT / SECOND) for times in self.of_chat.values()), default=0)

    @property
    def a_year(self) -> float:
        """How probable a hit is in a year of the most that the house would ever answer, with so many codes open."""
        cycles = 365 * DAY / (PAUSE / SECOND)
        return cycles * KINDS * MOST_OF_A_KIND * self.open_codes / SPACE

    def wrong(self) -> list[str]:
        cycles = self.seconds / (PAUSE / SECOND) + 1
        rules = {
            f"{self.hits} codes were guessed": self.hits == 0,
            f"a chat was answered {self.in_an_hour} times in its hour": self.in_an_hour <= 2 * MOST_TRIES,
            f"{len(self.answered)} answers in {cycles:.0f} pauses": len(self.answered) <= cycles * MOST_OF_A_KIND,
            f"{self.alarms} alarms for {self.trips} pauses": self.alarms == self.trips > 0,
            f"a hit in a year is as probable as {self.a_year:.1e}": self.a_year < ACCEPTABLE,
            "nobody could link meanwhile": self.linked > 0,
            f"{self.late} had to wait although nobody guesses where they say their codes": not self.late,
        }
        return [wrong for wrong, holds in rules.items() if not holds]

    @property
    def trips(self) -> int:
        """How often the hundredth was answered."""
        return len(self.answered) // MOST_OF_A_KIND

    def lines(self) -> list[tuple[str, object]]:
        return [
            ("chats that guess", self.chats),
            ("virtual hours", f"{self.seconds / 3_600:.0f}"),
            ("codes open all the while", self.open_codes),
            ("guesses said", self.said),
            ("answered", len(self.answered)),
            ("told to wait", self.refused),
            ("the most answers to one chat in an hour", self.in_an_hour),
            ("times all guessing was paused, each with one alarm to the admins", self.alarms),
            ("codes guessed", self.hits),
            ("that one is guessed in a year of this, at most", f"{self.a_year:.1e}"),
            ("links made meanwhile by people who had their codes", self.linked),
            ("of them, had to wait for a pause to be over", self.late),
        ]


def most_within(times: Sequence[float], seconds: float) -> int:
    """The most that fell into one span of so many seconds."""
    ordered = sorted(times)
    return max((bisect_left(ordered, start + seconds) - number for number, start in enumerate(ordered)), default=0)


@dataclass(slots=True)
class Attack:
    world: World
    lot: random.Random
    report: Report
    desks: list[Desk] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)

    async def rage(self, world: World) -> Report:
        begun, over = asyncio.Event(), asyncio.Event()

        async def live(hands: Hands) -> None:
            self.desks.append(Desk.of(hands, PlayedTill()))
            begun.set()
            await over.wait()

        processes = [world.start(f"house-{number}", live, mortal=False) for number in range(2)]
        await begun.wait()
        await asyncio.sleep(1)
        victims = [self._victim(number) for number in range(self.report.open_codes)]
        guessers = [self._guesser(number) for number in range(self.report.chats)]
        await asyncio.gather(*victims, *guessers, self._couples())
        over.set()
        await asyncio.gather(*processes)
        told = [News.of(row) async for row in every_row(world.table) if row.key.owner.startswith("OUTBOX#telegram#")]
        self.report.alarms = sum(news.kind == ALARM and news.facts["what"] == PAUSED for news in told)
        return self.report

    def _desk(self) -> Desk:
        return self.lot.choice(self.desks)

    @property
    def _goes_on(self) -> bool:
        return self.world.loop.time() < self.report.seconds

    async def _met(self, at: Address) -> Person:
        people = self._desk().people
        return await people.agree(await people.greet(at.channel, at.id, "vi"), CONSENT_VERSION, at.channel)

    async def _victim(self, number: int) -> None:
        """Always has a code open."""
        at = Address("telegram", f"v{number:07}", f"v{number:07}")
        person = await self._met(at)
        while self._goes_on:
            self.codes.add(await self._desk().linking.ask_code(person, at))
            await asyncio.sleep(self.lot.uniform(NEW_CODE / 2, NEW_CODE))

    async def _guesser(self, number: int) -> None:
        at = Address("web", f"w{number:07}", f"w{number:07}")
        person = await self._met(at)
        while self._goes_on:
            await asyncio.sleep(self.lot.uniform(*PAUSES))
            together = self.lot.choice((1, 1, 4))  # now and then several at once
            await asyncio.gather(*(self._guess(person, at) for _ in range(together)))

    async def _guess(self, person: Person, at: Address) -> None:
        code = "".join(self.lot.choice(CROCKFORD) for _ in range(CODE_LETTERS))
        self.report.said += 1
        try:
            await self._desk().linking.look(code, person, at)
        except NotLinked as refusal:
            if refusal.why == "code":
                self.report.answered.append(self.world.loop.time())
                self.report.of_chat[at.id].append(self.world.loop.time())
        except TooOften:
            self.report.refused += 1
        else:
            self.report.hits += 1

    async def _couples(self) -> None:
        """Two chats of one person every few minutes; who comes in a pause comes again."""
        number = 0
        while self._goes_on:
            await asyncio.sleep(self.lot.uniform(100, 900))
            number += 1
            here, there = (
                Address(name, f"{name[0]}c{number:06}", f"{name[0]}c{number:06}") for name in ("web", "zalo")
            )
            stays, goes = await self._met(here), await self._met(there)
            while not await self._links(stays, here, goes, there):
                self.report.late += 1
                await asyncio.sleep(PAUSE / SECOND / 2)
            self.report.linked += 1

    async def _links(self, stays: Person, here: Address, goes: Person, there: Address) -> bool:
        desk = self._desk()
        code = await desk.linking.ask_code(stays, here)
        try:
            await desk.linking.accept(code, goes, there)
        except TooOften:
            return False
        await desk.linking.confirm(code, stays, here)  # whoever is half-way through is not stopped
        return True


def run(chats: int, hours: float, seed: int = 0, open_codes: int = 20) -> Report:
    world = World(seed, Plan(most=0), mouths={})
    attack = Attack(world, random.Random(f"guesses {seed}"), Report(chats, hours * 3_600, open_codes))
    return world.run(attack.rage, until=(hours + 4) * 3_600)
