"""A played vendor's time, which can be hurried, held and moved on by hand; and the agenda of what it still has to do.

There are two readings. `date` is the true date plus whatever somebody moved on by hand: what the house dates expires by
it, as the house means it to. `now` measures the vendor's own waits (retries, limits, refunds) and runs `scale` times as
fast.
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

Act: TypeAlias = Callable[[], Awaitable[None]]


def on_the_wall() -> float:
    return time.time_ns() / 1e9


class Clock:
    """Seconds since 1970. With `scale` 0 the vendor's waits end only when somebody moves it on."""

    def __init__(self, scale: float = 1.0, wall: Callable[[], float] = on_the_wall) -> None:
        self.scale = scale
        self._wall, self._began, self._ahead = wall, wall(), 0.0

    @classmethod
    def by_hand(cls, date: float) -> "Clock":
        """Stands still at this date until it is moved on."""
        return cls(0, lambda: date)

    def date(self) -> float:
        return self._wall() + self._ahead

    def now(self) -> float:
        return self._began + (self._wall() - self._began) * self.scale + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def real(self, seconds: float) -> float | None:
        """How long that really takes; None for ever."""
        return max(0.0, seconds) / self.scale if self.scale else None


class Agenda:
    """What is to be done when; each thing runs as a task of its own, so that nobody waits behind somebody slow."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, int, Act]] = []
        self._order = itertools.count()
        self._going: set[asyncio.Task[None]] = set()
        self._stirred = asyncio.Event()

    def after(self, seconds: float, act: Act) -> None:
        heapq.heappush(self._waiting, (self._clock.now() + seconds, next(self._order), act))
        self.stir()

    async def pause(self, seconds: float) -> None:
        """So long by the clock here, however it is moved meanwhile."""
        over = asyncio.Event()

        async def end() -> None:
            over.set()

        self.after(seconds, end)
        await over.wait()

    def stir(self) -> None:
        """Look again: there is something new, or the clock was moved."""
        self._stirred.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            self._stirred.clear()
            self._start_due()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):
                    await self._stirred.wait()

    async def settle(self) -> None:
        """Until nothing is due any more, and nothing under way."""
        while self._start_due() or self._going:
            await asyncio.gather(*self._going)

    async def pass_by(self, seconds: float) -> None:
        """Moves the clock on by all `seconds`, whatever passes by itself, and does each act in its own moment."""
        left = seconds
        await self.settle()
        while self._waiting and self._waiting[0][0] <= self._clock.now() + left:
            step = max(0.0, self._waiting[0][0] - self._clock.now())
            self._clock.advance(step)
            left -= step
            await self.settle()
        self._clock.advance(left)
        self.stir()

    async def close(self) -> None:
        self._waiting.clear()
        for task in tuple(self._going):
            task.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)

    def _pause(self) -> float | None:
        return self._clock.real(self._waiting[0][0] - self._clock.now()) if self._waiting else None

    def _start_due(self) -> bool:
        """Whether anything was."""
        started = False
        while self._waiting and self._waiting[0][0] <= self._clock.now():
            self._start(heapq.heappop(self._waiting)[2])
            started = True
        return started

    def _start(self, act: Act) -> None:
        async def going() -> None:
            await act()

        task = asyncio.get_running_loop().create_task(going())
        self._going.add(task)
        task.add_done_callback(self._going.discard)
