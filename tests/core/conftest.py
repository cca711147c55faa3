"""One house of people per test, on a fresh table in memory."""

from collections.abc import AsyncIterator

import pytest

from core.ledger import Ledger
from core.people import People
from core.table import Table
from infra.embedded.table import SqliteTable
from tests.clocks import SetClock
from tests.core.rig import Crowded, House


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    opened = SqliteTable.inline(":memory:")
    yield Crowded(opened)
    await opened.close()


@pytest.fixture
def house(table: Table) -> House:
    return House.build(table)


@pytest.fixture
def clock(house: House) -> SetClock:
    return house.clock


@pytest.fixture
def ledger(house: House) -> Ledger:
    return house.ledger


@pytest.fixture
def people(house: House) -> People:
    return house.people
