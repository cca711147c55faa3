"""Room for pictures: the memory that all of them together may take, lent by weight, and the benches they are done at.

A bench has threads of its own, so that what one kind of work waits for holds up no other, and a bound on how many wait.
Memory is lent before a decoder is asked: to whoever's bench goes first, then in the order of coming. It comes back when
the thread is done, also where nobody waits for it any more.
"""

import asyncio
import ctypes
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from heapq import heapify, heappop, heappush
from itertools import count
from typing import TypeAlias, TypeVar

from core.errors import Unavailable

Seen = TypeVar("Seen")
Done = TypeVar("Done")
Waiting: TypeAlias = tuple[int, int, int, "asyncio.Future[None]"]  # rank, number, weight, turn

MMAP_THRESHOLD, ARENA_MAX = -3, -8  # as mallopt calls them
LARGE, ARENAS = 1024 * 1024, 2  # bytes from which memory is the kernel's own; heaps of the C library
SOON = 5.0  # seconds after which there may be a place again


class Allowance:
    def __init__(self, whole: int) -> None:
        """`whole`: bytes of memory."""
        self.whole, self._lent = whole, 0
        self._waiting: list[Waiting] = []
        self._numbers = count()

    async def take(self, weight: int, rank: int) -> None:
        """Wait until there is so much; what is larger than the whole has to be refused before."""
        turn = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (rank, next(self._numbers), weight, turn))
        self._call_in()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(weight)
            else:
                self._waiting = [one for one in self._waiting if one[3] is not turn]
                heapify(self._waiting)
                self._call_in()
            raise

    def give_back(self, weight: int) -> None:
        self._lent -= weight
        self._call_in()

    def _call_in(self) -> None:
        """Nobody is passed over: else many small ones would keep a large one out for ever."""
        while self._waiting and self._lent + self._waiting[0][2] <= self.whole:
            _, _, weight, turn = heappop(self._waiting)
            if not turn.done():  # else its person has gone this very moment
                self._lent += weight
                turn.set_result(None)


class Bench:
    def __init__(self, room: Allowance, name: str, rank: int, threads: int, most: int = 0) -> None:
        """`rank`: whose memory comes first, the lower the sooner. `most`: that are here at once; 0: all that come."""
        self._room, self._rank, self._most = room, rank, most
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._here = 0

    async def do(self, look: Callable[[], tuple[int, Seen]], work: Callable[[Seen], Done]) -> Done:
        """`look` weighs the work and prepares it. Raises Unavailable where too many wait."""
        loop = asyncio.get_running_loop()
        with self._place():
            weight, seen = await loop.run_in_executor(self._threads, look)
            await self._room.take(weight, self._rank)
            job = self._threads.submit(work, seen)
            job.add_done_callback(partial(returned, loop, partial(self._room.give_back, weight)))
            return await asyncio.wrap_future(job)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._most and self._here >= self._most:
            raise Unavailable("throttled", "no", SOON)
        self._here += 1
        try:
            yield
        finally:
            self._here -= 1


def keep_nothing_back() -> None:
    """Have what is freed go back to the machine at once: the C library would keep it, in a heap for each thread."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # glibc alone has the habit
        library.mallopt(MMAP_THRESHOLD, LARGE)
        library.mallopt(ARENA_MAX, ARENAS)


def returned(loop: asyncio.AbstractEventLoop, give_back: Callable[[], None], _: "Future[object]") -> None:
    """Said by the thread; where the house has closed meanwhile there is nobody to give anything back to."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(give_back)
