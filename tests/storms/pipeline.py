"""A storm: people live their lives, vendors fail by lot, processes die where fate says, and then it grows calm.

A run has three parts. In the storm everything may happen. In the calm nothing fails any more and the house finishes
what is open. Then the house closes, and opens again the morning after, when all that the dead left behind is old
enough to be swept away. `reckoning` says what must hold then.

Every process is the real house of bot/app.py on the real SQLite table. One process alone has everything; scaled out
there are fronts (inbox, couriers, pages) and workers, which share only the table, the blobs and the bell.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial

from bot.house import House
from bot.house import Plan as Trial
from core.clock import DAY, MINUTE, SECOND
from core.errors import Unavailable
from core.inbox import HANDLED, WAITING, Kept
from core.jobs import LEFTOVERS, PAINTING, QUEUED
from core.limits import Limits
from core.models import Catalogue, Route
from core.news import SHARDS, TALLY, Outbox, shelf_of
from core.painter import Picture
from core.people import CONSENT_VERSION
from core.ports import Wing
from core.prices import Rates
from core.prompts import Prompt
from core.studio import Terms
from core.supervise import Crew
from core.table import SHELF_INDEX, Table, TableUnavailable
from tests.storms.loop import moment
from tests.storms.memory import MemorySpool
from tests.storms.mortal import PACES, Pace, Plan
from tests.storms.people import Conversation, Life, Post, Somebody, Witness, cast
from tests.storms.played import CALM, PlayedPainter, Trouble
from tests.storms.simulation import MOUTHS, Hands, Report, World

LEASE = 6 * SECOND
LONGEST = 900  # virtual seconds of one run
MORNING = 60  # virtual seconds in which everything must be swept
USD_MICROS = {"pocket": 1_000, "core": 40_000}
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
timeout = 9
in_flight = 2

[models.core]
title = "Core"
tier = "draft"
abilities = ["paint"]
vendor = "pocket"
vendor_model = "core"
regions = ["here"]
usd_micros = 40_000
credits = 3
languages = ["en"]
timeout = 9
in_flight = 2
"""
VENDORS = frozenset({"pocket"})
QUICK = {**PACES, "painter": Pace((0.05, 0.2), (1, 4)), "scribe": Pace((0.1, 0.4))}


@dataclass(frozen=True, slots=True)
class Shape:
    """Which processes there are; with no worker of its own a front is the whole house."""

    name: str
    fronts: int = 1
    workers: int = 0
    hands: int = 1

    @property
    def alone(self) -> bool:
        return not self.workers

    @property
    def processes(self) -> list[str]:
        fronts = [f"front-{number}" for number in range(self.fronts)]
        return fronts + [f"worker-{number}" for number in range(self.workers)]


EMBEDDED = Shape("embedded")
SCALED_OUT = Shape("scaled out", workers=2)
CROWDED = Shape("two fronts", fronts=2, workers=2)


IMMORTAL = Plan(most=0)


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad it gets."""

    plan: Plan = IMMORTAL
    trouble: Trouble = CALM
    people: int = 3
    prompts: int = 3
    nights: tuple[int, ...] = (20 * MINUTE,)  # how much later the house opens again, and again
    disks: float = 0.0  # share of deaths that take the machine's disk along
    clocks: int = 0  # how often a clock is set back
    leaps: int = 0  # how often one leaps as far as it likes; they are wrong from the beginning, too


class Brush(PlayedPainter):
    """No two pictures of it are alike, so that one kept in place of another shows."""

    def __init__(self, lot: random.Random, trouble: float) -> None:
        super().__init__(lot, trouble)
        self.spoiled: list[tuple[str, int]] = []  # billed, and no picture came of it

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        number = len(self.bill) + 1
        self.spoiled.append((prompt.words, prompt.seed))
        picture = await super().paint(prompt, route, source)
        if picture.data == b"no picture":
            return picture
        self.spoiled.remove((prompt.words, prompt.seed))
        return replace(picture, data=picture.data + f" stroke {number}".encode())


class WatchedSpool(MemorySpool):
    """The disk of one machine; what is on it need not be paid for again."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self._witness = witness

    async def keep(self, job: str, data: bytes) -> None:
        await super().keep(job, data)
        self._witness.spooled.setdefault(job, moment())


class Border(logging.Handler):
    """What the house caught at its border and began again after; a mistake of ours must not hide there."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self._witness = witness

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        for one in leaves(error) if error else ():
            self._witness.failures[f"{type(one).__name__}"] += 1
            if not isinstance(one, TableUnavailable | Unavailable):
                self._witness.odd.append(f"{record.getMessage()}: {one!r}")


def leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from leaves(one)
    else:
        yield error


@contextmanager
def overheard(witness: Witness) -> Iterator[None]:
    """Listen at the border for as long as a run lasts."""
    log, border = logging.getLogger("core.supervise"), Border(witness)
    log.propagate, before = False, log.propagate
    log.addHandler(border)
    try:
        yield
    finally:
        log.removeHandler(border)
        log.propagate = before


@dataclass(slots=True)
class Storm:
    """One run, from the first word to the morning after."""

    world: World
    shape: Shape
    weather: Weather
    witness: Witness = field(default_factory=Witness)
    stormy: int = 0  # points passed before it grew calm
    aside: set[str] = field(default_factory=set)  # updates laid aside after three lonely deaths
    quiet: bool = False  # everything was closed and told before the house closed
    swept: bool = False  # and nothing was left in the morning
    post: Post = field(init=False)
    dusk: asyncio.Event = field(init=False)
    _today: int = 0

    def __post_init__(self) -> None:
        self.post = Post(self.witness, random.Random(f"post {self.world.seed}"))

    @classmethod
    def brewing(cls, seed: int, shape: Shape, weather: Weather, table: Table | None = None) -> "Storm":
        world = World(seed, weather.plan, weather.trouble, alone=shape.alone, paces=QUICK, table=table)
        storm = cls(world, shape, weather)
        world.painter = Brush(random.Random(f"brush {seed}"), weather.trouble.painter)
        for name in shape.processes:
            world.spools[name] = WatchedSpool(storm.witness)
        return storm

    def rage(self) -> Report:
        with overheard(self.witness):
            self.world.run(self._tell, until=LONGEST)
        return self.world.report()

    # -- the story --------------------------------------------------------------------------------------------------

    async def _tell(self, world: World) -> None:
        people = cast(world.seed, self.weather.people, self.weather.prompts)
        self._brings(CALM)
        await self._acquaint(people)
        self._brings(self.weather.trouble)
        house = self._open()
        misfortunes = asyncio.create_task(self._strike())
        await asyncio.gather(*(Life(world, self.post, self.witness, who).live() for who in people))
        misfortunes.cancel()
        self.stormy = len(world.fate.path)
        world.fate.plan = replace(world.fate.plan, most=0)
        self._brings(CALM)
        self.quiet = await within(LONGEST / 2, self._settled)
        handled = await world.table.find(SHELF_INDEX, HANDLED, limit=1_000)
        self.aside = {row.key.name for row in handled if row.flag("laid_aside")}
        await self._close(house)
        for night in self.weather.nights:
            await self._sleep(night)

    async def _acquaint(self, people: list[Somebody]) -> None:
        """Whoever has two chats has linked them before the storm."""
        for who in people:
            if len(who.channels) > 1:
                await self.world.start(f"notary of {who.name}", partial(self._link, who), mortal=False)

    async def _link(self, who: Somebody, hands: Hands) -> None:
        house = self._house(hands)
        people, linking = house.people, house.linking
        known = [await people.greet(channel, who.name, "vi") for channel in who.channels]
        stays, goes = [await people.agree(one, CONSENT_VERSION, "telegram") for one in known]
        code = await linking.ask_code(stays)
        await linking.accept(code, goes)
        await linking.confirm(code, stays)

    def _brings(self, trouble: Trouble) -> None:
        """From here on the outside fails so often."""
        world = self.world
        world.painter._trouble, world.scribe._trouble = trouble.painter, trouble.scribe
        world.queue._trouble = trouble.bell
        for channel in world.channels.values():
            channel._trouble = trouble.channel
        if self.weather.trouble.table:
            world._line._trouble = trouble.table  # type: ignore[attr-defined]  # the doubtful line of this world

    async def _sleep(self, night: int) -> None:
        """All clocks are right in the morning; and the house opens again."""
        self._today += night
        for name in self.shape.processes:
            self.world.clock_of(name).offset = self._today
        house = self._open()
        self.swept = await within(MORNING * (2 if self.weather.leaps else 1), self._bare)
        await self._close(house)

    # -- processes --------------------------------------------------------------------------------------------------

    def _open(self) -> list["asyncio.Task[None]"]:
        self.dusk = asyncio.Event()
        return [self.world.start(name, self._live) for name in self.shape.processes]

    async def _close(self, processes: list["asyncio.Task[None]"]) -> None:
        self.dusk.set()
        await asyncio.gather(*processes)

    async def _live(self, hands: Hands) -> None:
        """One life of a process: it wakes, works until dusk, and is drained."""
        front = hands.process.name.startswith("front")
        house = self._house(hands, front=front)
        while not await woken(house, alone=self.shape.alone):
            await hands.clock.sleep(1)
        async with Crew(hands.clock, hands.chance) as crew:
            house.enlist(crew)
            if front:
                crew.add("mouth", partial(self.post.carry, house))
                crew.add("pages", partial(self.post.show_pages, house))
            await self.dusk.wait()

    def _house(self, hands: Hands, *, front: bool = False) -> House:
        async def hear(kept: Kept, key: str) -> None:
            await conversation.hear(kept, key)

        worker = self.shape.alone or not front
        wing = Wing(hands, "a storm", VENDORS, alone=self.shape.alone)
        channels = list(hands.channels.values()) if front else []
        house = House(wing, on_trial(self.shape.hands if worker else 0), channels, handle=hear if front else None)
        conversation = Conversation(house, hands.channels, self.witness)
        return house

    # -- misfortunes that are no deaths -----------------------------------------------------------------------------

    async def _strike(self) -> None:
        lot = random.Random(f"misfortunes {self.world.seed}")
        clocks = sorted(lot.uniform(5, 40) for _ in range(self.weather.clocks))
        leaps = [0.0, *sorted(lot.uniform(0, 20) for _ in range(self.weather.leaps))]
        known = 0
        while True:
            deaths = self.world.fate.deaths
            for death in deaths[known:]:
                if lot.random() < self.weather.disks:
                    self._lose_disk(death.point.process)
            known = len(deaths)
            if clocks and clocks[0] <= moment():
                clocks.pop(0)
                self._set_back(lot)
            if self.weather.leaps and leaps and leaps[0] <= moment():
                self._leap(lot, self.shape.processes if not leaps.pop(0) else [lot.choice(self.shape.processes)])
            await asyncio.sleep(0.25)

    def _lose_disk(self, name: str) -> None:
        """The machine is replaced by another before its process comes back."""
        self.world.lose_disk(name)
        self.world.spools[name] = WatchedSpool(self.witness)
        self.witness.disks_lost += 1

    def _set_back(self, lot: random.Random) -> None:
        """Alone it may be any jump; among others a clock is at most as wrong as the doctor lets pass."""
        jump = lot.choice((3 * SECOND, 90 * SECOND, DAY)) if self.shape.alone else lot.choice((1, 2)) * SECOND
        self.world.clock_of(lot.choice(self.shape.processes)).offset -= jump
        self.witness.clocks_moved += 1

    def _leap(self, lot: random.Random, processes: list[str]) -> None:
        """By a second or by 400 days, forth or back, and anything between."""
        for name in processes:
            self.world.clock_of(name).offset = lot.choice((-1, 1)) * round(
                SECOND * (400 * DAY / SECOND) ** lot.random()
            )
            self.witness.clocks_moved += 1

    # -- what is left to do -----------------------------------------------------------------------------------------

    async def _settled(self) -> bool:
        """Every word is handled, every job closed, all news told or parked."""
        table = self.world.table
        if not self.post.empty:
            return False
        for shelf in (WAITING, QUEUED, PAINTING):
            if await table.find(SHELF_INDEX, shelf, limit=1):
                return False
        return all([await Outbox(table).empty(mouth) for mouth in MOUTHS])

    async def _bare(self) -> bool:
        """Nothing is left to tell, to count or to clear away."""
        if await self._in_outbox(*MOUTHS, TALLY) or any(spool.kept for spool in self.world.spools.values()):
            return False
        return not await self.world.table.find(SHELF_INDEX, LEFTOVERS, limit=1) and await self._settled()

    async def _in_outbox(self, *channels: str) -> bool:
        shelves = [shelf_of(channel, shard) for channel in channels for shard in range(SHARDS)]
        return any([await self.world.table.list(shelf, limit=1) for shelf in shelves])


def on_trial(hands: int) -> Trial:
    """The house as its settings would have it, with a catalogue that costs something."""
    limits = Limits(open_sheets=3, gift_open_sheets=2, give_up=150)
    terms = Terms(Catalogue.read(CATALOGUE), Rates(Fraction(300)), limits, VENDORS)
    return Trial(terms, admins={}, secrets=(b"a storm",), lease=LEASE, hands=hands)


async def woken(house: House, *, alone: bool) -> bool:
    try:
        await house.wake(alone=alone)
    except TableUnavailable:
        return False  # as a process that exits and is started again
    return True


async def within(seconds: float, holds: Callable[[], Awaitable[bool]]) -> bool:
    """Whether it comes to hold in so much time."""
    end = moment() + seconds
    while not await holds():  # nothing rings when a row changes
        if moment() > end:
            return False
        await asyncio.sleep(0.5)
    return True
