"""Room – lends memory to pictures by weight, and runs work on them at benches with threads.

Each bench has its own threads, so that one kind of work does not block another, and a limit on how many jobs wait.
Memory is lent before decoding: first by the bench's rank, then in order of arrival. The memory is returned when the
thread is done, also if the caller has gone.
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
Waiting: TypeAlias = tuple[int, int, int, "asyncio.Future[None]"]  # rank, number, weight, future of the turn

MMAP_THRESHOLD, ARENA_MAX = -3, -8  # their numbers in mallopt
LARGE, ARENAS = 1024 * 1024, 2  # bytes above which an allocation goes back to the kernel, and heaps of the C library
SOON = 5.0  # seconds after which a place may be free again


class Allowance:
    def __init__(self, whole: int) -> None:
        """Take `whole`, the bytes of memory to lend."""
        self.whole, self._lent = whole, 0
        self._waiting: list[Waiting] = []
        self._numbers = count()

    async def take(self, weight: int, rank: int) -> None:
        """Wait until `weight` bytes are free. The caller must refuse a weight above `whole` before."""
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
        """Lend memory strictly in order, because small pictures would else keep a large one out for ever."""
        while self._waiting and self._lent + self._waiting[0][2] <= self.whole:
            _, _, weight, turn = heappop(self._waiting)
            if not turn.done():  # else the caller was cancelled at this moment
                self._lent += weight
                turn.set_result(None)


class Bench:
    def __init__(self, room: Allowance, name: str, rank: int, threads: int, most: int = 0) -> None:
        """Take the `rank` for memory, the lowest first, and `most` jobs at once, 0 for no limit."""
        self._room, self._rank, self._most = room, rank, most
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._here = 0

    async def do(self, look: Callable[[], tuple[int, Seen]], work: Callable[[Seen], Done]) -> Done:
        """Weigh and prepare the job by `look`, then do `work` once memory is free. Raises Unavailable if full."""
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
    """Tell the C library to return freed memory to the system at once, instead of keeping a heap for each thread."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # only glibc keeps memory so
        library.mallopt(MMAP_THRESHOLD, LARGE)
        library.mallopt(ARENA_MAX, ARENAS)


def returned(loop: asyncio.AbstractEventLoop, give_back: Callable[[], None], _: "Future[object]") -> None:
    """Call `give_back` on `loop` from a thread. After the house closed there is no loop to call, and no need."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(give_back)
