"""What is counted by day: each thing once, on the day on which it happened in Việt Nam."""

import asyncio

from core.clock import DAY, HOUR
from core.news import SHARDS, News, posting, shelf_of, telling
from core.table import Fields, Table
from core.tally import MOST_AT_ONCE, SPEND_SHARDS, Spend, Tally, day_of, spending
from tests.clocks import THE_DAY, SetClock

TODAY = day_of(THE_DAY)


async def told(table: Table, number: int, at: int = THE_DAY, outcome: str = "told", price: int = 2) -> None:
    """News on their way from the outbox to the tally."""
    facts: Fields = {"job": f"job {number}", "price": price}
    news = News(f"{number:026}", "image ready", "an", "telegram", str(number), due=at, at=at, facts=facts)
    await table.write(posting(news))
    await table.write(*telling(news, outcome))


async def test_a_day_begins_at_midnight_in_viet_nam() -> None:
    assert day_of(THE_DAY + 17 * HOUR - 1) == TODAY
    assert day_of(THE_DAY + 17 * HOUR) == TODAY + 1
    assert day_of(THE_DAY + DAY) == TODAY + 1


async def test_what_was_told_is_counted_by_kind_channel_and_outcome(table: Table) -> None:
    await told(table, 1)
    await told(table, 2, outcome="unsure", price=3)

    assert await Tally(table, {"telegram"}).count() == 2

    assert await Tally(table).day(TODAY) == {
        "image ready": 2,
        "image ready/telegram": 2,
        "image ready/told": 1,
        "image ready/unsure": 1,
        "image ready/credits": 5,
    }


async def test_nothing_is_counted_twice(table: Table) -> None:
    await told(table, 1)

    assert [await Tally(table, {"telegram"}).count() for _ in range(3)] == [1, 0, 0]

    assert (await Tally(table).day(TODAY))["image ready"] == 1
    assert all([await table.list(shelf_of("telegram", shard)) == [] for shard in range(SHARDS)])


async def test_several_processes_that_count_at_once_count_everything_once(table: Table) -> None:
    for number in range(40):
        await told(table, number)

    await asyncio.gather(*(Tally(table, {"telegram"}).count() for _ in range(6)))
    await Tally(table, {"telegram"}).count()

    assert (await Tally(table).day(TODAY))["image ready"] == 40


async def test_more_than_fits_into_one_write_is_counted_all_the_same(table: Table) -> None:
    for number in range(3 * SHARDS * MOST_AT_ONCE // 2):
        await told(table, number)

    assert await Tally(table, {"telegram"}).count() == 3 * SHARDS * MOST_AT_ONCE // 2


async def test_everything_is_counted_on_its_own_day(table: Table) -> None:
    await told(table, 1)
    await told(table, 2, at=THE_DAY + DAY)

    await Tally(table, {"telegram"}).count()

    assert (await Tally(table).day(TODAY))["image ready"] == 1
    assert (await Tally(table).day(TODAY + 1))["image ready"] == 1
    assert await Tally(table).day(TODAY + 2) == {}


async def test_spend_is_summed_over_all_shards_and_by_pocket(table: Table, clock: SetClock) -> None:
    for shard in range(3 * SPEND_SHARDS):
        await table.write(spending(clock.now(), shard, 1_000, gift=shard % 3 == 0))
    await table.write(spending(clock.now(), 0, -1_000, gift=True))

    assert await Tally(table).spend(TODAY) == Spend(gift=7_000, paid=16_000)
    assert await Tally(table).spend(TODAY + 1) == Spend()
    assert len(await table.list(f"COUNTER#{TODAY}")) == SPEND_SHARDS
