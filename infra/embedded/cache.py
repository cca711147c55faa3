"""What may be forgotten at any time, in this process's memory, within a bound of entries and bytes."""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakSet

from core.clock import SECOND, Clock

MOST_ENTRIES = 10_000
MOST_BYTES = 64 * 1024 * 1024
MOST_BUCKETS = 100_000
MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Entry:
    value: bytes
    until: int  # milliseconds since 1970
    tags: tuple[str, ...]


class DictCache:
    """Nothing here awaits between looking and changing, so every verb is atomic among the callers of one loop."""

    def __init__(self, clock: Clock, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self._clock = clock
        self._most_entries, self._most_bytes = most_entries, most_bytes
        self._entries: OrderedDict[str, Entry] = OrderedDict()  # least recently used first
        self._tagged: dict[str, set[str]] = {}
        self._bytes = 0
        self._buckets: OrderedDict[str, float] = OrderedDict()
        self._followers: dict[str, WeakSet[Follower]] = {}

    async def get(self, key: str) -> bytes | None:
        entry = self._entries.get(key)
        if entry is None or entry.until <= self._clock.now():
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return entry.value

    async def put(self, key: str, value: bytes, seconds: int, tags: Sequence[str] = ()) -> None:
        self._drop(key)
        if len(value) > self._most_bytes:
            return  # it would push out everything and still not fit
        self._entries[key] = Entry(value, self._clock.now() + seconds * SECOND, tuple(tags))
        self._bytes += len(value)
        for tag in tags:
            self._tagged.setdefault(tag, set()).add(key)
        while len(self._entries) > self._most_entries or self._bytes > self._most_bytes:
            self._drop(next(iter(self._entries)))

    async def forget(self, tag: str) -> None:
        for key in list(self._tagged.get(tag, ())):
            self._drop(key)

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self._bytes -= len(entry.value)
        for tag in set(entry.tags):
            self._tagged[tag].discard(key)
            if not self._tagged[tag]:
                del self._tagged[tag]

    async def take(self, bucket: str, per_second: float, burst: int) -> float:
        """A bucket is one number: when it will be full again. Taking one puts that off by one drip.

        The wait is rounded up to the clock's next millisecond, so whoever waits that long finds one there.
        """
        if per_second <= 0 or burst < 1:
            raise ValueError(f"a bucket of {burst} that fills at {per_second} a second never gives")
        now, drip = self._clock.now(), SECOND / per_second
        full = min(max(self._buckets.get(bucket, 0), now), now + burst * drip)  # the clock may have been set back
        wait = full + drip - burst * drip - now
        if wait > ROUNDING:
            return math.ceil(wait) / SECOND
        self._buckets[bucket] = full + drip
        self._buckets.move_to_end(bucket)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return 0

    async def publish(self, topic: str, word: str) -> None:
        for follower in list(self._followers.get(topic, ())):
            follower.hear(word)

    def follow(self, topic: str) -> "Follower":
        """Followed from this very call; unfollowed when the caller lets go of it."""
        self._followers = {name: them for name, them in self._followers.items() if them}
        follower = Follower()
        self._followers.setdefault(topic, WeakSet()).add(follower)
        return follower


ROUNDING = 1e-3  # milliseconds; floats of today's size are exact to a quarter of this


class Follower:
    """Words in the order they came. One too slow for its buffer misses the oldest, never the newest:
    a word is a hint to look at the table, and the look behind the newest hint sees what the older ones meant.
    """

    def __init__(self) -> None:
        self._words: deque[str] = deque(maxlen=MOST_WORDS)
        self._rung = asyncio.Event()

    def hear(self, word: str) -> None:
        self._words.append(word)
        self._rung.set()

    def __aiter__(self) -> "Follower":
        return self

    async def __anext__(self) -> str:
        while not self._words:
            self._rung.clear()
            await self._rung.wait()
        return self._words.popleft()
