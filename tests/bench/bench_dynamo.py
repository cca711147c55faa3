"""What an image costs on DynamoDB, step by step: round trips, parts and request units, which are the bill.

python -m tests.bench.bench_dynamo

A `CountingTable` stands in front of any table and estimates as AWS's price list counts: a read is strong and costs a
unit for every 4 KB begun, on an index half of that; a part of a transaction costs two units for every KB begun of the
larger of the row before and after, and a change that goes alone half of that; an index that the row stands on, or comes
to, or leaves, costs one such unit more, and two when the row moves on it. A refused write costs as much as one that was
made.
"""

import asyncio
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

from bot.house import House
from core.table import INDEXES, Change, Check, Fields, Index, Key, Row, Rows, Table, Value, Write
from infra.aws.call import Place, SignedRoad
from infra.embedded.table import SqliteTable
from tests.bench.paper import Cell, Paper
from tests.bench.steps import LONG_TEXT, TEXT, Bench, Do, Step, build, idle
from tests.bench.trips import waited
from tests.servers import Missing, Server, dynoxide, ministack, played_keys
from tests.tables import fresh_table

READ_BLOCK, WRITE_BLOCK = 4_096, 1_024  # bytes
ROUNDS = 10
IMAGE = ("order", "claim", "ask", "heartbeat", "keep", "deliver")  # what the plan counts as one image
SERVERS: Mapping[str, Server[Place]] = {"ministack": ministack, "dynoxide": dynoxide}
WORDS: Mapping[str, str] = {"/help": "a command", TEXT: "a prompt", f"{TEXT} --n 4": "a prompt for four"}
Times: TypeAlias = Mapping[str, Mapping[str, float]]  # by server and step


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

    def __add__(self, other: "Bill") -> "Bill":
        return self.plus(**{one.name: getattr(other, one.name) for one in fields(other)})

    def since(self, before: "Bill") -> "Bill":
        return Bill(**{one.name: getattr(self, one.name) - getattr(before, one.name) for one in fields(self)})


Bills: TypeAlias = Mapping[str, Bill]  # by step
Quiet: TypeAlias = Mapping[str, tuple[Bill, float]]  # one turn's bill, and turns an hour


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
            units = sum(map(write_units, writes, before, after)) - saved(writes, before, after)
            self.bill = self.bill.plus(writes=1, parts=len(writes), write_units=units)


def write_units(write: Write, before: Row | None, after: Row | None) -> int:
    larger = max(size(before), size(after))
    own = 2 * blocks(larger, WRITE_BLOCK)
    if isinstance(write, Check) or before == after:
        return own
    return own + sum(moves(index, before, after) for index in INDEXES) * blocks(larger, WRITE_BLOCK)


def saved(writes: Sequence[Write], before: Sequence[Row | None], after: Sequence[Row | None]) -> int:
    """What goes alone is no transaction."""
    match writes:
        case [Change(alone=True)]:
            return max(blocks(size(row), WRITE_BLOCK) for row in (*before, *after))
    return 0


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


# -- measuring ------------------------------------------------------------------------------------------------------


async def measure() -> list[Paper]:
    """The bills from tables of our own, the times from each server that is here."""
    life, others = await bills(TEXT)
    long, _ = await bills(LONG_TEXT)
    async with counting() as table:
        quiet = await billed_quiet(table, build(table))
    times = {name: await timed(server) for name, server in SERVERS.items()}
    trips = await asyncio.to_thread(waited, [*WORDS])  # on a loop of its own
    return [steps_on_paper(life, others, long, times), quiet_on_paper(quiet), trips_on_paper(trips)]


async def bills(text: str) -> tuple[Bills, Bills]:
    async with counting() as table:
        bench = Bench(table, text)
        await bench.begin()
        return await billed(table, bench.life()), await billed(table, bench.others())


@asynccontextmanager
async def counting() -> AsyncIterator[CountingTable]:
    table = SqliteTable.inline(":memory:")
    yield CountingTable(table)
    await table.close()


async def billed(table: CountingTable, steps: Sequence[Step]) -> dict[str, Bill]:
    bills = {}
    for step in steps:
        await step.first()
        bills[step.name] = await once(table, step.do)
    return bills


async def billed_quiet(table: CountingTable, house: House) -> Quiet:
    """One turn of everything, an hour after a first one."""
    quiet = {}
    for name, do, turns in idle(house):
        await do()
        await house.ports.clock.sleep(3_600)
        quiet[name] = await once(table, do), turns
    return quiet


async def once(table: CountingTable, do: Do) -> Bill:
    before = table.bill
    await do()
    return table.bill.since(before)


async def timed(server: Server[Place]) -> dict[str, float]:
    """Milliseconds of each step in its median round, each round on a table of its own; nothing where none is here."""
    took: defaultdict[str, list[float]] = defaultdict(list)
    with suppress(Missing), server() as where:
        async with SignedRoad(played_keys()) as road:
            for _ in range(ROUNDS):
                await walk_through(Bench(await fresh_table(road, where)), took)
    return {name: statistics.median(times) for name, times in took.items()}


async def walk_through(bench: Bench, took: Mapping[str, list[float]]) -> None:
    await bench.begin()
    for step in (*bench.life(), *bench.others()):
        await step.first()
        began = time.perf_counter()
        await step.do()
        took[step.name].append((time.perf_counter() - began) * 1_000)


# -- telling --------------------------------------------------------------------------------------------------------


def steps_on_paper(life: Bills, others: Bills, long: Bills, times: Times) -> Paper:
    """Each step, and the sums: an image as the plan counts it, and all that it and its message bring."""
    rows = [
        *(row(name, bill, times, name) for name, bill in life.items()),
        row(f"= {IMAGE[0]} to {IMAGE[-1]}", total(life[name] for name in IMAGE), times, *IMAGE),
        row("= all of the above", total(life.values()), times, *life),
        row(f"= all, {len(LONG_TEXT):,} signs", total(long.values()), times),
        *(row(name, bill, times, name) for name, bill in others.items()),
    ]
    heads = ("on DynamoDB", "trips", "reads", "writes", "parts", "read units", "write units")
    return Paper((*heads, *(f"{server} ms" for server in times)), rows)


def row(name: str, bill: Bill, times: Times, *steps: str) -> tuple[Cell, ...]:
    took = [sum(found[step] for step in steps) if found and steps else None for found in times.values()]
    reads = bill.round_trips - bill.writes
    return name, bill.round_trips, reads, bill.writes, bill.parts, bill.read_units, bill.write_units, *took


def quiet_on_paper(quiet: Quiet) -> Paper:
    """What an hour costs in which nobody speaks; each turn's bill times its turns."""
    rows: list[tuple[Cell, ...]] = [
        (name, round(turns), bill.round_trips, round(bill.read_units * turns), round(bill.write_units * turns))
        for name, (bill, turns) in quiet.items()
    ]
    sums = [sum(int(one[column] or 0) for one in rows) for column in (3, 4)]
    heads = ("an hour in which nobody speaks", "turns", "trips each", "read units", "write units")
    return Paper(heads, [*rows, ("= together", None, None, *sums)])


def trips_on_paper(trips: Sequence[int]) -> Paper:
    rows: list[tuple[Cell, ...]] = [*zip(WORDS.values(), trips, strict=True)]
    return Paper(
        ("until a word is answered, calls to the table and the bell that wait for each other", "round trips"), rows
    )


def total(bills: Iterable[Bill]) -> Bill:
    return sum(bills, Bill())


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(map(str, asyncio.run(measure()))) + "\n")
