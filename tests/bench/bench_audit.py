"""How long it takes to read and prove a whole ledger: python -m tests.bench.bench_audit"""

import asyncio
import sys
import time

from core.audit import audit, every_row
from core.table import Table
from infra.embedded.table import SqliteTable
from tests.bench.paper import Paper
from tests.bench.steps import Bench

IMAGES = 1_000


async def measure() -> list[Paper]:
    table = SqliteTable.inline(":memory:")  # as fast as a file that the machine has read before
    await fill(table)
    rows = len([row async for row in every_row(table)])
    began = time.perf_counter()
    report = await audit(table)
    took = time.perf_counter() - began
    await table.close()
    assert report.clean, report.violations
    return [
        Paper(
            ("audit on SQLite", "images", "rows", "seconds", "rows per second"),
            [("read and prove", IMAGES, rows, took, rows / took)],
        )
    ]


async def fill(table: Table) -> None:
    """Images as they are once everything is told."""
    bench = Bench(table)
    await bench.begin()
    for _ in range(IMAGES):
        for step in bench.life():
            await step.first()
            await step.do()


if __name__ == "__main__":
    sys.stdout.write("\n".join(map(str, asyncio.run(measure()))) + "\n")
