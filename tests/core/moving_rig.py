"""A place to move to, and tables and stores of which every call may be the last one of the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from core.blobs import Blobs, Stored
from core.moving import Ground
from core.table import Index, Key, Row, Rows, Table, Write
from infra.embedded.table import SqliteTable
from tests.core.rig import PowerCut
from tests.storms.memory import MemoryBlobs


@dataclass
class Power:
    """It fails at the k-th call, before or after it; from then on nothing is done any more."""

    left: int = -1
    after: bool = False
    calls: int = 0

    def before(self) -> None:
        self.calls += 1
        if self.left == 0 or (self.left == 1 and not self.after):
            self.left = 0
            raise PowerCut

    def behind(self) -> None:
        if self.left > 0:
            self.left -= 1
            if self.left == 0:
                raise PowerCut


@dataclass
class MortalTable:
    """A table whose every call may be the last one of the process."""

    table: Table
    power: Power

    async def get(self, key: Key) -> Row | None:
        self.power.before()
        row = await self.table.get(key)
        self.power.behind()
        return row

    async def list(
        self, owner: str, prefix: str = "", *, after: str = "", limit: int = 100, newest_first: bool = False
    ) -> Rows:
        return await self.table.list(owner, prefix, after=after, limit=limit, newest_first=newest_first)

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        return await self.table.find(index, value, until=until, after=after, limit=limit)

    async def walk(self, after: Key | None = None, limit: int = 100) -> Rows:
        self.power.before()
        rows = await self.table.walk(after, limit)
        self.power.behind()
        return rows

    async def write(self, *writes: Write) -> None:
        self.power.before()
        await self.table.write(*writes)
        self.power.behind()


@dataclass
class MortalBlobs:
    """The same for bytes."""

    blobs: Blobs
    power: Power
    damaged: set[str] = field(default_factory=set)

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        self.power.before()
        stored = await self.blobs.put(name, data, mime)
        self.power.behind()
        return stored

    async def get(self, name: str, sha256: str = "") -> bytes | None:
        return await self.blobs.get(name, sha256)

    async def probe(self) -> None:
        await self.blobs.probe()

    async def delete(self, name: str) -> None:
        await self.blobs.delete(name)

    async def walk(self, after: str = "", limit: int = 1000) -> list[Stored]:
        self.power.before()
        page = await self.blobs.walk(after, limit)
        self.power.behind()
        return page


def mortal(ground: Ground, power: Power) -> Ground:
    return Ground(MortalTable(ground.table, power), MortalBlobs(ground.blobs, power))


@dataclass
class Empty:
    """An empty place, and its bytes at hand."""

    table: Table
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)

    @property
    def ground(self) -> Ground:
        return Ground(self.table, self.blobs)


@asynccontextmanager
async def in_memory() -> AsyncIterator[Table]:
    table = SqliteTable.inline(":memory:")
    try:
        yield table
    finally:
        await table.close()


class Counting(MemoryBlobs):
    """Bytes, and how often some were sent."""

    sent = 0

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        self.sent += 1
        return await super().put(name, data, mime)
