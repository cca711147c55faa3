"""How fast the embedded table keeps what a hold writes, bare, as a deposit of the ledger and as an order of the studio.

python -m tests.bench.bench_table
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.house import House
from core.people import Person
from core.prompts import read
from core.studio import Spot
from core.table import Change, Create, Key, Table
from infra.embedded.table import SqliteTable
from tests.bench.paper import Paper
from tests.bench.steps import CHANNEL, TEXT, build, meet

WRITES = 4_000  # per line of the report
MOVES = 1_600  # per line of the report that goes through a noun
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


# -- through the nouns ----------------------------------------------------------------------------------------------


async def deposit(house: House, person: Person, number: int) -> float:
    began = time.perf_counter()
    await house.ledger.deposit(person.id, 1, key=f"grant:{number}")
    return time.perf_counter() - began


async def order(house: House, person: Person, number: int) -> float:
    """Checked, priced, held and queued; and cancelled, unmeasured, so that it stands in nobody's way."""
    prompt = read(TEXT)
    began = time.perf_counter()
    ordered = await house.studio.order(person, prompt, key=f"{person.id} {number}", spot=Spot(CHANNEL, "chat"))
    took = time.perf_counter() - began
    await house.studio.cancel(person.id, ordered.jobs[0].id)
    return took


async def together(what: str, callers: Sequence[Person], do: Callable[[Person, int], Awaitable[float]]) -> Line:
    """Everybody at once, each one thing after the other."""
    took: list[float] = []

    async def one(person: Person) -> None:
        took.extend([await do(person, number) for number in range(MOVES // len(callers))])

    began = time.perf_counter()
    await asyncio.gather(*map(one, callers))
    return line(what, len(callers), took, time.perf_counter() - began)


async def measure() -> list[Paper]:
    with TemporaryDirectory() as folder:
        table = SqliteTable.open(str(Path(folder) / "imagify.db"))
        lines = [await holds(table, callers) for callers in CALLERS]
        house = build(table)
        for callers in CALLERS:
            people = [await meet(house, f"{callers}-{one}") for one in range(callers)]
            lines.append(await together("deposit (Ledger)", people, partial(deposit, house)))
            lines.append(await together("order, cancel (Studio)", people, partial(order, house)))
        lines += [await reads(table), await reads_under_load(table)]
        await table.close()
    return [Paper(("on SQLite", "callers", "per second", "p50 ms", "p99 ms"), [astuple(one) for one in lines])]


if __name__ == "__main__":
    sys.stdout.write("\n".join(map(str, asyncio.run(measure()))) + "\n")
