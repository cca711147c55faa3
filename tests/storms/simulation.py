"""A world in which time is virtual, order is drawn from a seed, and processes die and come back.

    world = World(seed=7, plan=Plan(kill_at=41))
    world.run(story, until=400)

The story is told from above all processes: it starts them with `world.start(name, main)`, speaks, waits and looks.
What survives a death: the table, the blobs, the spool of that name, the painter's bill, the channels' messages.
"""

import asyncio
import gc
import hashlib
import itertools
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from bot.channel import Channel
from core.chance import Chance
from core.ports import Ports
from core.table import Table
from infra.embedded.table import SqliteTable
from tests.storms.loop import SimClock, SimLoop
from tests.storms.memory import ListJournal, MemoryBlobs, MemoryCache, MemoryQueue, MemorySpool
from tests.storms.mortal import PACES, Death, Fate, Pace, Plan, Point, Process, mortal
from tests.storms.played import (
    CALM,
    DoubtfulTable,
    LetThrough,
    PlayedChannel,
    PlayedDarkroom,
    PlayedPainter,
    PlayedScribe,
    Trouble,
)

T = TypeVar("T")

REBOOT = (1.0, 3.0)  # seconds
AFTERLIFE = 60.0  # virtual seconds for the tasks of the dead to leave


class Stuck(AssertionError):
    """The story did not come to its end in time."""


@dataclass(frozen=True, slots=True)
class Hands(Ports):
    """Everything one process holds: its ports, and the channels."""

    process: Process
    channels: Mapping[str, Channel]


Main = Callable[[Hands], Awaitable[object]]
MOUTHS: Mapping[str, bool] = {"telegram": True, "zalo": False}  # name: can edit


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to; two runs of one seed have equal reports."""

    seed: int
    seconds: float
    points: int
    trace: tuple[str, ...]  # where processes died: "after table.write"
    deaths: tuple[Death, ...]
    digest: str  # of every point passed, with its time
    charges: int
    blobs: int
    last: tuple[Point, ...]

    def __str__(self) -> str:
        deaths = [f"  {death.number}: {death.point} in {' < '.join(death.road)}" for death in self.deaths]
        last = [f"  {seconds:10.3f} {process:12} {where}" for seconds, process, where in self.last]
        head = f"seed {self.seed}: {self.points} points in {self.seconds:.3f} s, {self.charges} charges"
        return "\n".join([head, f"{len(deaths)} deaths", *deaths, "the last points", *last])


class World:
    """The stores, the vendors and the machines. With `alone` one process is the whole house: its bell dies with it."""

    def __init__(
        self,
        seed: int,
        plan: Plan | None = None,
        trouble: Trouble = CALM,
        *,
        alone: bool = False,
        mouths: Mapping[str, bool] = MOUTHS,
        paces: Mapping[str, Pace] = PACES,
        table: Table | None = None,
    ) -> None:
        self.seed, self.alone, self.paces, self._trouble = seed, alone, paces, trouble
        self.loop = SimLoop(seed)
        self.fate = Fate(plan or Plan(), seed)
        self.clock = SimClock(self.loop)
        self.table: Table = table or SqliteTable.inline(":memory:")
        self.processes: dict[str, Process] = {}
        self.clocks: dict[str, SimClock] = {}
        self.spools: dict[str, MemorySpool] = {}
        self._lives = itertools.count()
        self._pauses = random.Random(f"reboot {seed}")
        self._furnish(random.Random(f"trouble {seed}"), mouths)

    def _furnish(self, lot: random.Random, mouths: Mapping[str, bool]) -> None:
        trouble = self._trouble
        self._line = DoubtfulTable.over(self.table, lot, trouble.table) if trouble.table else self.table
        self.blobs, self.journal = MemoryBlobs(), ListJournal()
        self._lot = lot
        self.queue, self.cache = self._bell()
        self.painter, self.scribe = PlayedPainter(lot, trouble.painter), PlayedScribe(lot, trouble.scribe)
        self.judge, self.darkroom = LetThrough(), PlayedDarkroom()
        self.channels = {name: PlayedChannel(name, lot, trouble.channel, can_edit=can) for name, can in mouths.items()}

    def _bell(self) -> tuple[MemoryQueue, MemoryCache]:
        return MemoryQueue(self._lot, self._trouble.bell), MemoryCache()

    def clock_of(self, name: str) -> SimClock:
        """The clock of a machine; set its offset to put it wrong."""
        return self.clocks.setdefault(name, SimClock(self.loop))

    def ports(self, process: Process) -> Hands:
        """The ports as this life of a process has them."""
        queue, cache = self._bell() if self.alone else (self.queue, self.cache)
        clock = self.clock_of(process.name)
        spool = self.spools.setdefault(process.name, MemorySpool())

        def own(port: T, name: str, *, counted: bool = True) -> T:
            return mortal(port, process, name, self.paces.get(name), counted=counted)

        return Hands(
            table=own(self._line, "table"),
            blobs=own(self.blobs, "blobs"),
            queue=own(queue, "queue"),
            cache=own(cache, "cache"),
            painter=own(self.painter, "painter"),
            scribe=own(self.scribe, "scribe"),
            judge=own(self.judge, "judge"),
            journal=own(self.journal, "journal"),
            spool=own(spool, "spool"),
            darkroom=own(self.darkroom, "darkroom", counted=False),
            clock=own(clock, "clock", counted=False),
            chance=Chance(random.Random(f"{self.seed} {process.name} {next(self._lives)}")),
            process=process,
            channels={name: own(channel, "channel") for name, channel in self.channels.items()},
        )

    def start(self, name: str, main: Main, *, mortal: bool = True) -> "asyncio.Task[None]":
        """Start a process that is started again whenever it dies, until its main function returns."""
        supervisor = self.loop.create_task(self._supervise(name, main, mortal=mortal), context=Context())
        supervisor.add_done_callback(self._ended)
        return supervisor

    async def _supervise(self, name: str, main: Main, *, mortal: bool) -> None:
        while True:
            process = self.processes[name] = Process(name, self.fate, mortal=mortal)
            life = process.begin(partial(main, self.ports(process)))
            ends: set[asyncio.Future[None]] = {life, process.gone}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if not process.dead:
                process.end()  # an exit takes along what it left running
                return life.result()
            await asyncio.sleep(self._pauses.uniform(*REBOOT))

    def kill(self, name: str) -> None:
        """Let a process die here and now, whatever it is doing."""
        point = Point(self.loop.time(), name, "by hand")
        self.fate.deaths.append(Death(len(self.fate.path), point, ()))
        self.processes[name].end()

    def lose_disk(self, name: str) -> None:
        """The machine is replaced by one with an empty spool."""
        self.spools.pop(name, None)

    async def until(self, holds: Callable[[], Awaitable[bool]], every: float = 0.5) -> None:
        """Let time pass until it holds; the run's own limit ends the wait."""
        while not await holds():  # noqa: ASYNC110  # nothing rings when a row changes
            await asyncio.sleep(every)

    def run(self, story: Callable[["World"], Coroutine[Any, Any, T]], until: float = 3_600) -> T:
        """Tell the story to its end and return what it returns. A world runs once."""
        with unswept():
            try:
                told = self.loop.run_until_complete(self._told(story, until))
            finally:
                self.loop.run_until_complete(self._lights_out())
                self.loop.close()
        if self.loop.complaints:
            raise AssertionError("\n".join(self.loop.complaints))
        return told

    async def _told(self, story: Callable[["World"], Coroutine[Any, Any, T]], until: float) -> T:
        self._trouble_came: asyncio.Future[None] = self.loop.create_future()
        telling = self.loop.create_task(story(self))
        ends: set[asyncio.Future[Any]] = {telling, self._trouble_came}
        await asyncio.wait(ends, timeout=until, return_when=asyncio.FIRST_COMPLETED)
        if self._trouble_came.done():
            self._trouble_came.result()
        if not telling.done():
            raise Stuck(f"after {until} virtual seconds\n{self.report()}")
        return telling.result()

    def _ended(self, supervisor: "asyncio.Task[None]") -> None:
        if supervisor.cancelled() or (error := supervisor.exception()) is None:
            return
        if not self._trouble_came.done():
            self._trouble_came.set_exception(error)

    async def _lights_out(self) -> None:
        self.fate.over = True
        for process in self.processes.values():
            process.end()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        if rest:
            await asyncio.wait(rest, timeout=AFTERLIFE)

    def report(self) -> Report:
        path = self.fate.path
        return Report(
            seed=self.seed,
            seconds=self.loop.time(),
            points=len(path),
            trace=tuple(death.point.where for death in self.fate.deaths),
            deaths=tuple(self.fate.deaths),
            digest=hashlib.sha256(repr(path).encode()).hexdigest(),
            charges=len(self.painter.bill),
            blobs=len(self.blobs.kept),
            last=tuple(path[-20:]),
        )


@contextmanager
def unswept() -> Iterator[None]:
    """No sweep of the memory during a run: it would end generators at a moment no seed knows."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
