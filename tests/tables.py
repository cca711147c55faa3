"""The tables that the suite holds against each other, each opened empty."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from core.chance import Chance
from core.table import Table
from infra.aws.call import Place, Road, SignedRoad
from infra.aws.patience import Patience
from infra.aws.table import DynamoTable, create_table
from infra.embedded.table import SqliteTable
from tests.clocks import SetClock
from tests.servers import played_keys

NUMBERS = itertools.count(1)


@asynccontextmanager
async def sqlite_inline(folder: Path) -> AsyncIterator[Table]:
    table = SqliteTable.inline(str(folder / "inline.db"))
    try:
        yield table
    finally:
        await table.close()


@asynccontextmanager
async def sqlite_threaded(folder: Path) -> AsyncIterator[Table]:
    table = SqliteTable.open(str(folder / "threaded.db"))
    try:
        yield table
    finally:
        await table.close()


@asynccontextmanager
async def dynamo(where: Place) -> AsyncIterator[DynamoTable]:
    async with SignedRoad(played_keys()) as road:
        yield await fresh_table(road, where)


async def fresh_table(road: Road, where: Place, seed: int = 0) -> DynamoTable:
    """A table of its own on a server that others use too."""
    clock, chance, name = SetClock(), Chance(Random(seed)), f"imagify-{next(NUMBERS)}"
    await create_table(road, where, name, Patience(clock, chance))
    return DynamoTable(road, where, name, clock, chance)
