"""How fast the embedded table keeps what a hold writes: the purse under its condition, and four new rows.

python -m tests.bench.bench_table
"""

import asyncio
import sys
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from core.table import Change, Create, Key, Table
from infra.embedded.table import SqliteTable

WRITES = 4_000  # per line of the report
CALLERS = (1, 64)


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    callers: int
    per_second: float
    p50: float  # milliseconds
    p99: float


async def holds(table: Table, callers: int, writes: int = WRITES) -> Line:
    took: list[float] = []
    began = time.perf_counter()
    await asyncio.gather(*(hold(table, f"USER#{callers}-{one}", writes // callers, took) for one in range(callers)))
    return line("hold (5 rows)", callers, took, time.perf_counter() - began)


async def hold(table: Table, person: str, times: int, took: list[float]) -> None:
    """One person's holds, one after the other."""
    purse = Key(person, "PURSE")
    await table.write(Create(purse, {"seq": 0, "paid": 10**9, "held": 0}))
    for seq in range(times):
        change = Change(purse, add={"paid": -1, "held": 1, "seq": 1}, when={"seq": seq}, floor={"paid": 0})
        began = time.perf_counter()
        await table.write(change, *created(person, seq))
        took.append(time.perf_counter() - began)


def created(person: str, seq: int) -> list[Create]:
    job = f"{person[5:]}-{seq:012d}"
    return [
        Create(Key(person, f"TRANSACTION#{seq:012d}"), {"kind": "hold", "key": f"job:{job}", "paid": -1, "held": 1}),
        Create(Key(person, f"HOLD#{job}"), {"gift": 0, "paid": 1, "state": "held"}),
        Create(Key(person, f"OP#{job}"), {"facts": "hold 1", "seq": seq}),
        Create(Key(f"JOB#{job}", "META"), {"person": person, "shelf": "JOBS#queued", "due": seq, "prompt": "a cat"}),
    ]


async def reads(table: Table, times: int = 20_000) -> Line:
    """What a read holds up the loop for, as it runs on the spot."""
    took: list[float] = []
    began = time.perf_counter()
    for _ in range(times):
        before = time.perf_counter()
        await table.get(Key("USER#1-0", "PURSE"))
        took.append(time.perf_counter() - before)
    return line("get", 1, took, time.perf_counter() - began)


async def reads_under_load(table: Table) -> Line:
    """The same while 64 callers write: how long the loop waits for a read when the writer is at the disk."""
    writing = asyncio.gather(*(hold(table, f"USER#load-{one}", 50, []) for one in range(64)))
    took: list[float] = []
    began = time.perf_counter()
    for _ in count():
        if writing.done():
            break
        before = time.perf_counter()
        await table.get(Key("USER#1-0", "PURSE"))
        took.append(time.perf_counter() - before)
        await asyncio.sleep(0)
    await writing
    return line("get, 64 writing", 1, took, time.perf_counter() - began)


def line(what: str, callers: int, took: list[float], seconds: float) -> Line:
    ordered = sorted(took)
    p50, p99 = (ordered[len(ordered) * share // 100] * 1_000 for share in (50, 99))
    return Line(what, callers, len(took) / seconds, p50, p99)


async def measure() -> list[Line]:
    with TemporaryDirectory() as folder:
        table = SqliteTable.open(str(Path(folder) / "imagify.db"))
        lines = [await holds(table, callers) for callers in CALLERS]
        lines += [await reads(table), await reads_under_load(table)]
        await table.close()
    return lines


def report(lines: list[Line]) -> str:
    head = f"{'on SQLite':<16} {'callers':>8} {'per second':>11} {'p50 ms':>8} {'p99 ms':>8}"
    rows = [
        f"{one.what:<16} {one.callers:>8} {one.per_second:>11,.0f} {one.p50:>8.3f} {one.p99:>8.3f}" for one in lines
    ]
    return "\n".join([head, *rows, ""])


if __name__ == "__main__":
    sys.stdout.write(report(asyncio.run(measure())))
