"""The quota: how well the router spends what a vendor allows, and who waits for whom.

A front that takes orders and two workers, on virtual time, share a table and a cache and nothing else. The vendor
allows two calls a second and two at once, as a bucket of its own that nobody of ours can look into.

backlog   500 pictures wait when the workers start: hardly a call is refused, hardly a turn is lost
fair      one person has ordered 120 pictures; 40 others come within a minute and want one each
outage    the vendor is away for a minute in the midst of it, and nobody is there to mend anything
guess     the catalogue believes in twice the quota: it is learned from what is refused
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from bot.house import House
from bot.house import Plan as Trial
from core.audit import audit, every_row
from core.clock import SECOND
from core.errors import Unavailable
from core.jobs import PAINTING, QUEUED
from core.limits import Limits
from core.models import Catalogue, Route
from core.painter import Picture
from core.people import CONSENT_VERSION, Person
from core.ports import Wing
from core.prices import Rates
from core.prompts import Prompt, read
from core.proofs import Books
from core.studio import Spot, Terms
from core.supervise import Crew
from core.table import SHELF_INDEX
from tests.storms.loop import moment
from tests.storms.mortal import PACES, Pace, Plan
from tests.storms.played import PlayedPainter
from tests.storms.simulation import Hands, World

ALLOWED = 2.0  # calls a second
AT_ONCE = 2
WORKERS = 2
HANDS = 12  # of a worker
SHEET = 4
USED, REFUSED, WAITED = 0.97, 0.01, 3.0  # shares of the quota and of the calls, and seconds
LEARNING = 0.03  # share of the calls that may be refused where the catalogue is wrong
LONGEST = 7_200  # virtual seconds of one run
IMMORTAL = Plan(most=0)
CALLS = {**PACES, "painter": Pace((0.05, 0.2), (3, 5))}
VENDORS = frozenset({"pocket"})
CATALOGUE = """
[models.core]
title = "Core"
tier = "draft"
abilities = ["paint"]
vendor = "pocket"
vendor_model = "core"
regions = ["here"]
usd_micros = 40_000
credits = 1
languages = ["en"]
timeout = 30
in_flight = 8
per_minute = {per_minute}
"""
LIMITS = Limits(open_sheets=1_000, longest_wait=1_000_000, prompts_per_minute=100_000, prompts_at_once=100_000)

Outcome = Literal["taken", "too many", "away"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the vendor saw it."""

    at: float  # virtual seconds
    words: str
    outcome: Outcome


class Vendor(PlayedPainter):
    """Allows so many calls a second, and may be away for a while."""

    def __init__(self, lot: random.Random, away: tuple[float, float] = (0, 0)) -> None:
        super().__init__(lot)
        self.calls: list[Call] = []
        self._away = away
        self._level, self._since = float(AT_ONCE), 0.0

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        outcome = self._outcome()
        self.calls.append(Call(moment(), prompt.words, outcome))
        if outcome == "away":
            raise Unavailable("outage", "no")
        if outcome == "too many":
            raise Unavailable("throttled", "no")
        return await super().paint(prompt, route, source)

    def _outcome(self) -> Outcome:
        if self._away[0] <= moment() < self._away[1]:
            return "away"
        self._level = min(AT_ONCE, self._level + (moment() - self._since) * ALLOWED)
        self._since = moment()
        if self._level < 1:
            return "too many"
        self._level -= 1
        return "taken"


@dataclass(slots=True)
class Report:
    """What a run came to."""

    calls: Counter[Outcome] = field(default_factory=Counter)
    seconds: float = 0.0  # virtual, from the first call to the last that was taken
    used: float = 0.0  # of what was allowed in that time, from 0 to 1
    waits: list[float] = field(default_factory=list)  # of those who want one picture, in seconds, the shortest first
    jobs: Counter[str] = field(default_factory=Counter)  # by the state they ended in
    claims: float = 0.0  # a picture
    violations: tuple[str, ...] = ()

    @property
    def refused(self) -> float:
        """Share of the calls that were too many."""
        return self.calls["too many"] / max(1, self.calls.total())

    def wait(self, share: float) -> float:
        """As long as this share of them waited at most."""
        return self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))] if self.waits else 0.0

    def wrong(self, name: str) -> list[str]:
        """What was promised and did not come."""
        kept = self.jobs["kept"] == self.jobs.total()
        promises = {
            "not every picture was painted": kept,
            "more calls were refused than allowed": self.refused <= (LEARNING if name == "guess" else REFUSED),
            "turns were lost": name != "backlog" or self.used >= USED,
            "who wants one waited too long": name != "fair" or self.wait(0.95) <= WAITED,
        }
        return [*(said for said, holds in promises.items() if not holds), *self.violations]

    def lines(self) -> list[tuple[str, object]]:
        said: list[tuple[str, object]] = [
            ("seconds from the first call to the last", round(self.seconds)),
            ("of what was allowed in that time, used", f"{self.used:.1%}"),
            ("calls refused as too many", f"{self.refused:.1%}"),
            ("calls while the vendor was away", self.calls["away"]),
            ("claims a picture", f"{self.claims:.2f}"),
        ]
        waits = f"{self.wait(0.5):.1f} and {self.wait(0.95):.1f}"
        return [*said, *([("seconds from the order to the call, p50 and p95", waits)] if self.waits else [])]


@dataclass(slots=True)
class Shape:
    """One run: who orders what, and when."""

    backlog: int = 0  # pictures that wait when the workers start
    people: int = 1  # whose they are
    singles: int = 0  # people who come and want one each ...
    within: float = 60.0  # ... in so many seconds
    away: tuple[float, float] = (0, 0)  # seconds between which the vendor is away
    believed: float = ALLOWED  # what the catalogue says of the quota


class Run:
    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape, self.world = shape, World(seed, IMMORTAL, paces=CALLS)
        self.lot = random.Random(f"quota {seed}")
        self.vendor = self.world.painter = Vendor(self.lot, shape.away)
        self._ordered: dict[str, float] = {}  # when somebody wished for one, by the words
        self._over = asyncio.Event()

    def report(self) -> Report:
        return self.world.run(self._told, until=LONGEST)

    async def _told(self, world: World) -> Report:
        await world.start("orders", self._backlog, mortal=False)
        workers = [world.start(f"worker-{number}", self._work, mortal=False) for number in range(WORKERS)]
        await world.start("front", self._come, mortal=False)
        await world.until(self._quiet, every=1)
        self._over.set()
        await asyncio.gather(*workers)
        return await self._counted()

    # -- processes --------------------------------------------------------------------------------------------------

    async def _backlog(self, hands: Hands) -> None:
        house, shape = self._house(hands, 0), self.shape
        await house.wake(alone=False)
        people = [await customer(house, f"heavy {number}", shape.backlog) for number in range(shape.people)]
        for number, count in enumerate(portions(shape.backlog)):
            await self._order(house, people[number % len(people)], f"hình {number} --n {count}")

    async def _come(self, hands: Hands) -> None:
        house, shape = self._house(hands, 0), self.shape
        people = [await customer(house, f"light {number}", 1) for number in range(shape.singles)]
        moments = sorted(self.lot.uniform(0, shape.within) for _ in people)
        began = moment()
        for number, (person, when) in enumerate(zip(people, moments, strict=True)):
            await asyncio.sleep(max(0, began + when - moment()))
            words = f"một hình {number}"
            self._ordered[words] = moment()
            await self._order(house, person, words)

    async def _order(self, house: House, person: Person, said: str) -> None:
        spot = Spot("telegram", person.id)
        await house.studio.order(person, read(said), key=f"{person.id} {said}", spot=spot)

    async def _work(self, hands: Hands) -> None:
        house = self._house(hands, HANDS)
        async with Crew(hands.clock, hands.chance) as crew:
            house.enlist(crew)
            await self._over.wait()

    def _house(self, hands: Hands, many: int) -> House:
        wing = Wing(hands, "a quota", VENDORS, alone=False)
        catalogue = Catalogue.read(CATALOGUE.format(per_minute=round(self.shape.believed * 60)))
        terms = Terms(catalogue, Rates(Fraction(300)), LIMITS, VENDORS)
        return House(wing, Trial(terms, admins={}, secrets=(b"a quota",), lease=30 * SECOND, hands=many))

    # -- what it came to --------------------------------------------------------------------------------------------

    async def _books(self) -> Books:
        books = Books()
        async for row in every_row(self.world.table):
            books.take(row)
        return books

    async def _quiet(self) -> bool:
        return not any([await self.world.table.find(SHELF_INDEX, one, limit=1) for one in (QUEUED, PAINTING)])

    async def _counted(self) -> Report:
        books, calls = await self._books(), self.vendor.calls
        taken = [call for call in calls if call.outcome == "taken"]
        first = {call.words: call.at for call in reversed(calls)}
        waits = sorted(first[words] - when for words, when in self._ordered.items())
        seconds = taken[-1].at - taken[0].at
        proof = await audit(self.world.table, self.world.blobs)
        return Report(
            calls=Counter(call.outcome for call in calls),
            seconds=seconds,
            used=(len(taken) - 1) / (seconds * ALLOWED),
            waits=waits,
            jobs=Counter(job.state for job in books.jobs.values()),
            claims=sum(job.claims for job in books.jobs.values()) / len(books.jobs),
            violations=tuple(map(str, proof.violations)),
        )


async def customer(house: House, name: str, credits_: int) -> Person:
    person = await house.people.agree(await house.people.greet("telegram", name, "vi"), CONSENT_VERSION, "telegram")
    await house.ledger.deposit(person.id, credits_, key=f"order:{name}", kind="topup")
    return person


def portions(pictures: int) -> Iterator[int]:
    """Sheets as large as they may be."""
    while pictures > 0:
        yield min(SHEET, pictures)
        pictures -= SHEET


# -- the runs ---------------------------------------------------------------------------------------------------------

RUNS: Mapping[str, str] = {
    "backlog": "all of them wait when the workers start",
    "fair": "one person's, and 40 others want one each within a minute",
    "outage": "the vendor is away for a minute",
    "guess": "the catalogue believes in twice the quota",
}
HEAVY = 120  # pictures of one person


def run(name: str, pictures: int = 500, seed: int = 0) -> tuple[str, Report]:
    """One of them, with its name."""
    shapes = {
        "backlog": Shape(pictures, people=5),
        "fair": Shape(min(HEAVY, pictures), singles=40),
        "outage": Shape(pictures // 2, people=5, away=(20, 80)),
        "guess": Shape(pictures, people=5, believed=2 * ALLOWED),
    }
    return name, Run(shapes[name], seed).report()
