"""A few kills of a shop at its till; `./dev storm` kills it thirty times and more."""

from infra.embedded.table import SqliteTable
from tests.storms.kill_till import Line, run, stands


def test_a_killed_shop_credits_whoever_paid_and_pays_nobody_back_twice() -> None:
    report = run(kills=2, seed=20_261_121)

    assert report.acknowledged >= 4
    assert (report.lost, report.violations) == (set(), set())
    assert report.orders["paid"] + report.orders["refunded"] == report.paid
    assert not report.orders["pending"] + report.orders["refunding"]


async def test_a_promise_of_the_till_that_does_not_stand_is_noticed() -> None:
    table = SqliteTable.inline(":memory:")

    assert not await stands(table, Line(1, "ordered", "AN ORDER", ""))
    assert not await stands(table, Line(1, "refunding", "AN ORDER", ""))

    await table.close()
