"""Processes that can die at any I/O, for good, and ports that know whose they are.

Every awaited call of a port travels a while, passes one point just before its effect and one just after it, when
the reply is on the table but not yet read. Whoever dies at a point is dead: no port answers it any more, its tasks
are thrown out, and whatever its `finally` and `except` blocks try has no effect outside.
"""

import asyncio
import inspect
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextvars import Context, ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

P = TypeVar("P")
Verb = Callable[..., Awaitable[Any]]

OWNER: ContextVar["Process"] = ContextVar("OWNER")  # a task born in a process belongs to it


class Killed(BaseException):
    """The process is gone. No Exception, so that no border of the house can catch it and go on."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a request is under way before its effect, and its answer after it: from, to, in seconds."""

    going: tuple[float, float] = (0.001, 0.02)
    coming: tuple[float, float] = (0.0, 0.0)


PACES: Mapping[str, Pace] = {
    "table": Pace((0.001, 0.02)),
    "blobs": Pace((0.05, 0.3)),
    "spool": Pace((0.001, 0.003)),
    "painter": Pace((0.05, 0.2), (5, 14)),  # it bills when the request arrives, and answers much later
    "channel": Pace((0.05, 0.4)),
    "scribe": Pace((0.3, 1.5)),
    "judge": Pace((0.1, 0.5)),
    "queue": Pace((0.001, 0.02)),
    "cache": Pace((0.0005, 0.002)),
    "journal": Pace((0.001, 0.003)),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """When processes die: at the k-th point of all, or by lot at every point, never more often than `most`."""

    kill_at: int = 0  # 0: not by count
    chance: float = 0.0
    most: int = 1
    stray: float = 0.25  # share of requests that arrive although their sender died or gave up while they travelled
    spared: frozenset[str] = frozenset()  # verbs without points, such as "queue.listen"


class Point(NamedTuple):
    """Somewhere a process could have died."""

    seconds: float
    process: str
    where: str  # "after table.write"


class Death(NamedTuple):
    """Where a process did die; `road` names the functions that waited for the call, the nearest first."""

    number: int
    point: Point
    road: tuple[str, ...]


class Fate:
    """Counts the points of all processes and says who dies where. One plan and one seed are one fate."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan = plan
        self.over = False
        self.path: list[Point] = []
        self.deaths: list[Death] = []
        self.strays: dict[asyncio.Task[None], None] = {}
        self._lot = random.Random(f"fate {seed}")
        self._pace = random.Random(f"pace {seed}")

    def strikes(self, process: str, where: str) -> bool:
        """Count one more point; whether somebody dies here."""
        self.path.append(Point(asyncio.get_running_loop().time(), process, where))
        plan = self.plan
        if len(self.deaths) >= plan.most:
            return False
        if len(self.path) != plan.kill_at and (not plan.chance or self._lot.random() >= plan.chance):
            return False
        self.deaths.append(Death(len(self.path), self.path[-1], tuple(road())))
        return True

    def between(self, span: tuple[float, float]) -> float:
        low, high = span
        return low + (high - low) * self._pace.random()

    def strand(self, effect: Callable[[], Awaitable[object]], seconds: float) -> None:
        """The sender of a request is gone while it travels; by lot it goes on alone, and belongs to nobody now."""
        if self.over or self._lot.random() >= self.plan.stray:
            return
        task = asyncio.get_running_loop().create_task(arrive(effect, seconds), context=Context())
        self.strays[task] = None
        task.add_done_callback(self._arrived)

    def _arrived(self, task: "asyncio.Task[None]") -> None:
        del self.strays[task]
        if not task.cancelled():
            task.exception()  # refused or not, nobody waits for the answer


async def arrive(effect: Callable[[], Awaitable[object]], seconds: float) -> None:
    await asyncio.sleep(seconds)
    await effect()


def road() -> Iterator[str]:
    """The functions that waited for the call, the nearest first, without the simulation's own."""
    frame = sys._getframe(1).f_back
    while frame is not None and frame.f_globals["__name__"] != "asyncio.events":
        module = frame.f_globals["__name__"]
        if module != __name__:
            yield f"{module}:{frame.f_code.co_qualname}"
        frame = frame.f_back


class Process:
    """One life of an operating-system process: its tasks, and whether it still lives."""

    def __init__(self, name: str, fate: Fate, *, mortal: bool = True) -> None:
        self.name, self.fate, self.mortal = name, fate, mortal
        self.dead = False
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: dict[asyncio.Task[Any], None] = {}

    def begin(self, main: Callable[[], Awaitable[object]]) -> "asyncio.Task[None]":
        """Run the main function as a task of this process; whatever it starts belongs to the process too."""

        async def run() -> None:
            await main()

        context = Context()
        context.run(OWNER.set, self)
        return asyncio.get_running_loop().create_task(run(), name=self.name, context=context)

    def adopt(self, task: "asyncio.Task[Any]") -> None:
        self._tasks[task] = None
        task.add_done_callback(self._bury)
        if self.dead:
            task.cancel()

    def _bury(self, task: "asyncio.Task[Any]") -> None:
        del self._tasks[task]
        if self.dead and not task.cancelled():
            task.exception()  # nobody asks a dead process how its tasks ended

    def breathe(self) -> None:
        if self.dead:
            raise Killed(self.name)

    def point(self, where: str) -> None:
        """Pass a point; raises Killed for whoever dies here or is dead already."""
        self.breathe()
        if self.mortal and self.fate.strikes(self.name, where):
            self.end()
            raise Killed(where)

    def end(self) -> None:
        """Pull the plug."""
        self.dead = True
        for task in list(self._tasks):
            task.cancel()
        if not self.gone.done():
            self.gone.set_result(None)


def mortal(port: P, process: Process, name: str, pace: Pace | None = None, *, counted: bool = True) -> P:
    """The port as one process has it. Without `counted` (clock, darkroom) it has no points and takes no time."""
    return cast("P", Mortal(port, process, name, pace or PACES.get(name, Pace()), counted=counted))


class Mortal:
    """Stands before a port; each verb is wrapped when it is first asked for."""

    def __init__(self, port: object, process: Process, name: str, pace: Pace, *, counted: bool) -> None:
        self._port, self._process, self._name, self._pace, self._counted = port, process, name, pace, counted

    def __getattr__(self, verb: str) -> Any:
        found = getattr(self._port, verb)
        if not callable(found):
            return found
        wrapped = self._wrapped(f"{self._name}.{verb}", found)
        self.__dict__[verb] = wrapped
        return wrapped

    def _wrapped(self, where: str, found: Callable[..., Any]) -> Callable[..., Any]:
        if not inspect.iscoroutinefunction(found):
            return self._asked(where, found)
        if self._counted and where not in self._process.fate.plan.spared:
            return self._awaited(where, found)
        return self._breathed(found)

    def _awaited(self, where: str, verb: Verb) -> Verb:
        process, before, after = self._process, f"before {where}", f"after {where}"

        async def call(*args: Any, **kwargs: Any) -> Any:
            process.breathe()
            await self._go(verb, args, kwargs)
            process.point(before)
            try:
                answer = await verb(*args, **kwargs)
                await self._come()
            finally:
                process.point(after)
            return answer

        return call

    async def _go(self, verb: Verb, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        fate = self._process.fate
        seconds = fate.between(self._pace.going)
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            fate.strand(partial(verb, *args, **kwargs), seconds)
            raise

    async def _come(self) -> None:
        if self._pace.coming[1]:
            await asyncio.sleep(self._process.fate.between(self._pace.coming))

    def _breathed(self, verb: Verb) -> Verb:
        async def call(*args: Any, **kwargs: Any) -> Any:
            self._process.breathe()
            answer = await verb(*args, **kwargs)
            self._process.breathe()
            return answer

        return call

    def _asked(self, where: str, verb: Callable[..., Any]) -> Callable[..., Any]:
        """A verb that is not awaited: answers at once, or hands over what can be followed."""

        def call(*args: Any, **kwargs: Any) -> Any:
            answer = verb(*args, **kwargs)
            return self._followed(where, answer) if isinstance(answer, AsyncIterator) else answer

        return call

    async def _followed(self, where: str, words: AsyncIterator[Any]) -> AsyncIterator[Any]:
        self._process.point(f"before {where}")
        async for word in words:
            self._process.point(f"after {where}")
            yield word
