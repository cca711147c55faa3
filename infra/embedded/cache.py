"""Dict cache – keeps what may be lost in this process's memory, up to a limit."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from core.clock import SECOND, Clock
from infra.local.buckets import Buckets
from infra.local.followers import Follower, Followers

MOST_ENTRIES = 10_000
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    value: bytes
    until: int  # milliseconds since 1970
    tags: tuple[str, ...]


class DictCache:
    """Cache without an await between look and change, so every verb is atomic among the callers of one loop."""

    def __init__(self, clock: Clock, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self._clock = clock
        self._most_entries, self._most_bytes = most_entries, most_bytes
        self._entries: OrderedDict[str, Entry] = OrderedDict()  # least recently used first
        self._tagged: dict[str, set[str]] = {}
        self._bytes = 0
        self._buckets = Buckets(clock)
        self._followers = Followers()

    async def get(self, key: str) -> bytes | None:
        entry = self._entries.get(key)
        if entry is None or entry.until <= self._clock.steady():
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return entry.value

    async def put(self, key: str, value: bytes, seconds: int, tags: Sequence[str] = ()) -> None:
        self._drop(key)
        if len(value) > self._most_bytes:
            return  # would push out everything else and still not fit
        self._entries[key] = Entry(value, self._clock.steady() + seconds * SECOND, tuple(tags))
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

    async def take(self, bucket: str, per_second: float, burst: float) -> float:
        return self._buckets.take(bucket, per_second, burst)

    async def publish(self, topic: str, word: str) -> None:
        self._followers.tell(topic, word)

    def follow(self, topic: str) -> Follower:
        return self._followers.follow(topic)
