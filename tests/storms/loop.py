"""Virtual time: an event loop without sockets, threads and waiting, whose order is drawn from a seed."""

import asyncio
import heapq
import itertools
import random
import sys
from asyncio.events import _get_running_loop, _set_running_loop
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator
from concurrent.futures import Executor
from contextvars import Context, copy_context
from typing import Any, NoReturn, TypeVar, TypeVarTuple, Unpack, cast

from tests.storms.mortal import OWNER, Killed

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

START = 1_798_761_600_000  # 2027-01-01, UTC
MOST_AT_ONCE = 100_000  # steps in one instant of virtual time; more is a loop that never sleeps


def moment() -> float:
    """Virtual seconds since the world began."""
    return asyncio.get_running_loop().time()


class Deadlock(RuntimeError):
    """Somebody waits, and nothing is scheduled that could ever end it."""


class Livelock(RuntimeError):
    """Steps without end, and no time passes."""


class SimTask(asyncio.Task[T]):
    """A task whose place in a set is its birth, not its address: asyncio walks sets of tasks."""

    def __init__(self, coro: Any, loop: "SimLoop", name: object, context: Context | None) -> None:
        self._birth = next(loop.births)
        super().__init__(coro, loop=loop, name=str(name or self._birth), context=context)

    def __hash__(self) -> int:
        return self._birth


class SimLoop(asyncio.BaseEventLoop):
    """An event loop without sockets, threads and waiting; who of the ready goes next is drawn by lot."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.births = itertools.count()
        self.complaints: list[str] = []
        self.set_exception_handler(self._complain)
        self._lot = random.Random(f"order {seed}").random
        self._instant = 0.0
        self._steps = 0
        self._awake: list[asyncio.Handle] = []
        self._asleep: list[tuple[float, int, asyncio.TimerHandle]] = []

    def time(self) -> float:
        return self._instant

    def call_soon(
        self, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._awake.append(handle)
        return handle

    def call_at(
        self, when: float, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._asleep, (when, next(self.births), handle))
        return handle

    def create_task(
        self,
        coro: Generator[Any, None, T] | Coroutine[Any, Any, T],
        *,
        name: object = None,
        context: Context | None = None,
    ) -> asyncio.Task[T]:
        task = SimTask[T](coro, self, name, context)
        within = copy_context() if context is None else context
        if process := within.get(OWNER):
            process.adopt(task)
        return task

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> "asyncio.Future[T]":
        """On the spot: a thread would bring its own time and its own order."""
        del executor
        answer: asyncio.Future[T] = self.create_future()
        answer.set_result(func(*args))
        return answer

    def call_soon_threadsafe(self, *_: object, **__: object) -> NoReturn:
        raise RuntimeError("no threads in a simulation")

    def run_forever(self) -> NoReturn:
        raise RuntimeError("a simulation runs until something is complete")

    def run_until_complete(self, future: Generator[Any, None, T] | Awaitable[T]) -> T:
        if _get_running_loop():
            raise RuntimeError("a simulation runs within no other loop")
        hooks = sys.get_asyncgen_hooks()
        _set_running_loop(self)
        sys.set_asyncgen_hooks(finalizer=self._finish)
        try:
            task = asyncio.ensure_future(cast("Awaitable[T]", future))
            while not task.done():
                self._step()
        finally:
            _set_running_loop(None)
            sys.set_asyncgen_hooks(*hooks)
        return task.result()

    def _step(self) -> None:
        awake = self._awake
        if not awake:
            self._advance()
        if len(awake) > 1:
            place = int(self._lot() * len(awake))
            awake[place], awake[-1] = awake[-1], awake[place]
        handle = awake.pop()
        if not handle.cancelled():
            handle._run()
        self._steps += 1
        if self._steps > MOST_AT_ONCE:
            self._steps = 0
            raise Livelock(f"{handle} at {self._instant} s")

    def _advance(self) -> None:
        """Let time pass to the next timer, and wake all that are due with it."""
        asleep = self._asleep
        while asleep and not self._awake:
            when, _, handle = heapq.heappop(asleep)
            if handle.cancelled():
                continue
            self._awake.append(handle)
            self._instant, self._steps = max(self._instant, when), 0
            while asleep and asleep[0][0] <= self._instant:
                self._awake.append(heapq.heappop(asleep)[2])
        if not self._awake:
            raise Deadlock(", ".join(sorted(str(task.get_coro()) for task in asyncio.all_tasks(self))))

    def _finish(self, generator: AsyncGenerator[Any, Any]) -> None:
        if not self.is_closed():
            self.create_task(generator.aclose())

    def _complain(self, _: asyncio.AbstractEventLoop, facts: dict[str, Any]) -> None:
        """What asyncio would have logged, but for the dead."""
        if not isinstance(facts.get("exception"), Killed | asyncio.CancelledError):
            self.complaints.append(f"{facts['message']}: {facts.get('exception')!r}")


class SimClock:
    """The clocks of one machine: virtual time, and how far the wall's clock is off."""

    def __init__(self, loop: asyncio.AbstractEventLoop, start: int = START, offset: int = 0) -> None:
        self._loop, self._start, self.offset = loop, start, offset
        self._skipped = 0

    def now(self) -> int:
        return self._start + self.offset + self.steady()

    def steady(self) -> int:
        return round(self._loop.time() * 1_000) + self._skipped

    def skip(self, span: int) -> None:
        """Let so many milliseconds pass at once."""
        self._skipped += span

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
