"""What a move costs on DynamoDB: round trips, parts and request units, which are the bill.

python -m tests.bench.bench_dynamo

A `CountingTable` stands in front of any table and estimates as AWS's price list counts: a read is strong and costs a
unit for every 4 KB begun, on an index half of that; a part of a transaction costs two units for every KB begun of the
larger of the row before and after; an index that the row stands on, or comes to, or leaves, costs one such unit
more, and two when the row moves on it. A refused write costs as much as one that was made.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields, replace
from tempfile import TemporaryDirectory
from typing import Any

from core.ledger import Ledger, opening_purse
from core.table import INDEXES, Check, Fields, Index, Key, Row, Rows, Table, Value, Write
from infra.embedded.table import SqliteTable
from tests.clocks import SetClock

READ_BLOCK, WRITE_BLOCK = 4_096, 1_024  # bytes
Scene = Callable[[Table], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Bill:
    gets: int = 0
    lists: int = 0
    finds: int = 0
    walks: int = 0
    writes: int = 0
    parts: int = 0
    read_units: float = 0
    write_units: int = 0

    @property
    def round_trips(self) -> int:
        return self.gets + self.lists + self.finds + self.walks + self.writes

    def plus(self, **more: float) -> "Bill":
        changed: dict[str, Any] = {name: getattr(self, name) + count for name, count in more.items()}
        return replace(self, **changed)

    def since(self, before: "Bill") -> "Bill":
        return Bill(**{one.name: getattr(self, one.name) - getattr(before, one.name) for one in fields(self)})


class CountingTable:
    """A table that keeps the bill of another one."""

    def __init__(self, table: Table) -> None:
        self.bill = Bill()
        self._table = table

    async def get(self, key: Key) -> Row | None:
        row = await self._table.get(key)
        self.bill = self.bill.plus(gets=1, read_units=blocks(size(row), READ_BLOCK))
        return row

    async def list(
        self, owner: str, prefix: str = "", *, after: str = "", limit: int = 100, newest_first: bool = False
    ) -> Rows:
        rows = await self._table.list(owner, prefix, after=after, limit=limit, newest_first=newest_first)
        self.bill = self.bill.plus(lists=1, read_units=blocks(sum(map(size, rows)), READ_BLOCK))
        return rows

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        rows = await self._table.find(index, value, until=until, after=after, limit=limit)
        self.bill = self.bill.plus(finds=1, read_units=blocks(sum(map(size, rows)), READ_BLOCK) / 2)
        return rows

    async def walk(self, after: Key | None = None, limit: int = 100) -> Rows:
        rows = await self._table.walk(after, limit)
        self.bill = self.bill.plus(walks=1, read_units=blocks(sum(map(size, rows)), READ_BLOCK))
        return rows

    async def write(self, *writes: Write) -> None:
        before = [await self._table.get(write.key) for write in writes]
        try:
            await self._table.write(*writes)
        finally:
            after = [await self._table.get(write.key) for write in writes]
            units = sum(map(write_units, writes, before, after))
            self.bill = self.bill.plus(writes=1, parts=len(writes), write_units=units)


def write_units(write: Write, before: Row | None, after: Row | None) -> int:
    larger = max(size(before), size(after))
    own = 2 * blocks(larger, WRITE_BLOCK)
    if isinstance(write, Check) or before == after:
        return own
    return own + sum(moves(index, before, after) for index in INDEXES) * blocks(larger, WRITE_BLOCK)


def moves(index: Index, before: Row | None, after: Row | None) -> int:
    """How often an index is written when a row changes: put, taken away, or both."""
    old, new = spot(index, before), spot(index, after)
    if old is None or new is None:
        return int(old is not new)
    return 1 if old == new else 2


def spot(index: Index, row: Row | None) -> tuple[Value, ...] | None:
    """Where on the index a row stands."""
    needed = (index.field, index.order) if index.order else (index.field,)
    stands = row is not None and all(name in row.fields for name in needed)
    return tuple(row.fields[name] for name in needed) if row and stands else None


def size(row: Row | None) -> int:
    """Bytes as DynamoDB counts them, near enough."""
    if row is None:
        return 0
    keys = len(f"owner{row.key.owner}name{row.key.name}v1".encode())
    return keys + size_of_map(row.fields)


def size_of_map(found: Mapping[str, Value] | Fields) -> int:
    return sum(len(name.encode()) + size_of(value) for name, value in found.items())


def size_of(value: Value) -> int:
    match value:
        case bool():
            return 1
        case int():
            return len(str(abs(value))) // 2 + 2
        case str():
            return len(value.encode())
        case list():
            return 3 + sum(1 + size_of(one) for one in value)
        case dict():
            return 3 + len(value) + size_of_map(value)


def blocks(length: int, block: int) -> int:
    """Blocks begun; even nothing is one."""
    return max(1, -(-length // block))


async def billed(table: CountingTable, what: Awaitable[object]) -> Bill:
    """What this costs."""
    before = table.bill
    await what
    return table.bill.since(before)


async def deposit(table: Table) -> None:
    await Ledger(table, SetClock()).deposit("an", 100, key="order:1")


SCENES: Mapping[str, Scene] = {"deposit": deposit}


async def measure(scenes: Mapping[str, Scene]) -> dict[str, Bill]:
    """The bill of each scene, one after the other on the same table."""
    with TemporaryDirectory() as folder:
        embedded = SqliteTable.inline(f"{folder}/bench.db")
        await embedded.write(opening_purse("an"))
        table = CountingTable(embedded)
        bills = {name: await billed(table, scene(table)) for name, scene in scenes.items()}
        await embedded.close()
    return bills


def report(bills: Mapping[str, Bill]) -> str:
    head = f"{'on DynamoDB':<16}{'trips':>7}{'reads':>7}{'writes':>8}{'parts':>7}{'read units':>12}{'write units':>13}"
    lines = [
        f"{name:<16}{bill.round_trips:>7}{bill.round_trips - bill.writes:>7}{bill.writes:>8}{bill.parts:>7}"
        f"{bill.read_units:>12g}{bill.write_units:>13}"
        for name, bill in bills.items()
    ]
    return "\n".join([head, *lines, ""])


if __name__ == "__main__":
    sys.stdout.write(report(asyncio.run(measure(SCENES))))
