"""Stores in memory: what several processes share, and the disk that outlives each of them."""

import asyncio
import hashlib
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from core.blobs import Stored, sound
from core.queue import Ticket
from core.table import Fields
from tests.storms.loop import moment


class MemoryBlobs:
    """Bytes under a name, written once."""

    def __init__(self) -> None:
        self.damaged: set[str] = set()
        self.kept: dict[str, bytes] = {}

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        del mime
        fresh = name not in self.kept
        return replace(stored(name, self.kept.setdefault(name, data)), fresh=fresh)

    async def get(self, name: str, sha256: str = "") -> bytes | None:
        return sound(self.kept.get(name), name, sha256, self.damaged)

    async def probe(self) -> None:
        """Always room."""

    async def delete(self, name: str) -> None:
        self.kept.pop(name, None)

    async def walk(self, after: str = "", limit: int = 1000) -> list[Stored]:
        return [stored(name, self.kept[name]) for name in sorted(self.kept) if name > after][:limit]


def stored(name: str, data: bytes) -> Stored:
    return Stored(name, len(data), hashlib.sha256(data).hexdigest())


class MemorySpool:
    """The disk of one machine: it outlives the processes there."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def keep(self, job: str, data: bytes) -> None:
        self.kept[job] = data

    async def find(self, job: str) -> bytes | None:
        return self.kept.get(job)

    async def forget(self, job: str) -> None:
        self.kept.pop(job, None)

    async def waiting(self) -> list[str]:
        return sorted(self.kept)


class ListJournal:
    """Facts in a list, for a test to read."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, Fields]] = []
        self.ids: list[str] = []
        self.lost = 0

    async def note(self, kind: str, facts: Fields, once: str = "") -> None:
        self.notes.append((kind, facts))
        self.ids.append(once)

    async def settle(self) -> None:
        """It stands there at once."""


class MemoryQueue:
    """A bell that gives every ticket once at most, and by lot loses or doubles one."""

    def __init__(self, lot: random.Random, trouble: float = 0.0) -> None:
        self._lot, self._trouble = lot, trouble
        self._tickets: asyncio.Queue[str] = asyncio.Queue()
        self.lost = 0

    async def ring(self, job: str) -> None:
        times = self._lot.choice((0, 2)) if self._lot.random() < self._trouble else 1
        self.lost += not times
        for _ in range(times):
            self._tickets.put_nowait(job)

    async def listen(self, seconds: float) -> Ticket | None:
        try:
            async with asyncio.timeout(seconds):
                return Ticket(await self._tickets.get())
        except TimeoutError:
            return None

    async def hold(self, ticket: Ticket) -> None: ...

    async def done(self, ticket: Ticket) -> None: ...


class Kept(NamedTuple):
    """A value in the cache, and until when."""

    value: bytes
    until: float
    tags: frozenset[str]


class MemoryCache:
    """A cache that all processes of a world share, or that dies with the only one."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._buckets: dict[str, tuple[float, float]] = {}  # how much was in it, and when
        self._followers: defaultdict[str, list[asyncio.Queue[str]]] = defaultdict(list)

    async def get(self, key: str) -> bytes | None:
        kept = self._kept.get(key)
        return kept.value if kept and moment() < kept.until else None

    async def put(self, key: str, value: bytes, seconds: int, tags: Sequence[str] = ()) -> None:
        self._kept[key] = Kept(value, moment() + seconds, frozenset(tags))

    async def forget(self, tag: str) -> None:
        self._kept = {key: kept for key, kept in self._kept.items() if tag not in kept.tags}

    async def take(self, bucket: str, per_second: float, burst: float) -> float:
        level, since = self._buckets.get(bucket, (burst, moment()))
        level = min(burst, level + (moment() - since) * per_second)
        wait = 0.0 if level >= 1 else (1 - level) / per_second
        self._buckets[bucket] = (level if wait else level - 1, moment())
        return wait

    async def publish(self, topic: str, word: str) -> None:
        for box in self._followers[topic]:
            box.put_nowait(word)

    def follow(self, topic: str) -> AsyncIterator[str]:
        box: asyncio.Queue[str] = asyncio.Queue()
        self._followers[topic].append(box)
        return self._words(topic, box)

    async def _words(self, topic: str, box: asyncio.Queue[str]) -> AsyncIterator[str]:
        try:
            while True:
                yield await box.get()
        finally:
            self._followers[topic].remove(box)
