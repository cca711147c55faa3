"""A small IPN storm on each table; `./dev storm` has thirty orders, each told thirty-two times at once."""

from functools import partial

import pytest

from core.table import Create, Key, Table, Value
from infra.aws.call import Place
from infra.embedded.table import SqliteTable
from tests.bench.steps import build
from tests.servers import on_dynoxide, on_ministack
from tests.storms.ipn import Report, judge, on_dynamo, run

__all__ = ["on_dynoxide", "on_ministack"]  # fixtures, found by their names

small = partial(run, orders=6, copies=8, seed=20_261_121)


async def test_orders_told_many_times_at_once_are_credited_once_each() -> None:
    table = SqliteTable.inline(":memory:")

    report = await small(table)

    assert report.wrong == []
    assert report.deposits.total() == len(report.deposits) == 6
    assert report.calls >= 6 * (8 + 2 * 7)
    await table.close()


@pytest.mark.server
async def test_on_dynoxide_they_are_credited_once_each(on_dynoxide: Place) -> None:
    async with on_dynamo(on_dynoxide) as table:
        report = await small(table)

    assert (report.wrong, report.deposits.total()) == ([], 6)


@pytest.mark.server
async def test_on_ministack_they_are_credited_once_each(on_ministack: Place) -> None:
    async with on_dynamo(on_ministack) as table:
        report = await small(table)

    assert (report.wrong, report.deposits.total()) == ([], 6)


async def test_a_deposit_too_many_is_noticed() -> None:
    table, report = SqliteTable.inline(":memory:"), Report(orders=1)
    await deposited(table, 1)
    await deposited(table, 2)

    await judge(build(table), report, copies=0)

    assert "2 deposits for 1 orders" in report.wrong
    await table.close()


async def deposited(table: Table, number: int) -> None:
    facts: dict[str, Value] = {"kind": "topup", "ref": "ORDER", "key": f"order:{number}", "paid": 20}
    await table.write(Create(Key("USER#an", f"TRANSACTION#{number:012d}"), facts))
