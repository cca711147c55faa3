"""News: facts that wait in the outbox, go one of three ways, and are told once."""

import asyncio
from dataclasses import replace

import pytest

from core.clock import DAY, HOUR, MINUTE, SECOND
from core.news import (
    PAGE,
    PARKED,
    PATIENCE,
    SHARDS,
    News,
    Outbox,
    fetching,
    parking,
    posting,
    putting_off,
    redirecting,
    shard_of,
    shelf_of,
    telling,
)
from core.table import SHELF_INDEX, Fields, Refused, Row, Table
from tests.clocks import THE_DAY

NOW = THE_DAY


def news(number: int = 1, chat: str = "101", due: int = NOW) -> News:
    facts: Fields = {"job": f"job {number}", "price": 1}
    return News(f"{number:026}", "image ready", "an", "telegram", chat, due=due, at=NOW, facts=facts)


@pytest.fixture
def outbox(table: Table) -> Outbox:
    return Outbox(table)


async def test_news_come_back_from_their_row_as_they_went() -> None:
    one = replace(news(), tries=3)

    assert News.of(Row(one.key, one.row())) == one
    assert one.job == "job 1"


async def test_news_of_one_chat_come_in_order(table: Table, outbox: Outbox) -> None:
    for number in (3, 1, 2):
        await table.write(posting(news(number, due=NOW - 10 + number)))

    assert [one.id for one in await outbox.due("telegram", NOW)] == [news(number).id for number in (1, 2, 3)]


async def test_what_is_put_off_waits_until_it_is_due(table: Table, outbox: Outbox) -> None:
    await table.write(posting(news().put_off(NOW, SECOND)))

    assert await outbox.due("telegram", NOW + SECOND - 1) == []
    assert len(await outbox.due("telegram", NOW + SECOND)) == 1


async def test_a_clock_that_is_set_back_makes_nothing_wait_for_more_than_it_was_put_off_by(
    table: Table, outbox: Outbox
) -> None:
    await table.write(posting(news().put_off(NOW, MINUTE)))

    assert await outbox.due("telegram", NOW) == []
    assert len(await outbox.due("telegram", NOW - 1)) == 1
    assert len(await outbox.due("telegram", NOW - 400 * DAY)) == 1


async def test_what_was_never_put_off_is_due_at_once_whatever_the_clock_says(table: Table, outbox: Outbox) -> None:
    await table.write(posting(news()))

    assert len(await outbox.due("telegram", NOW - MINUTE)) == 1


async def test_each_channel_has_news_of_its_own(table: Table, outbox: Outbox) -> None:
    await table.write(posting(news()))

    assert await outbox.due("zalo", NOW) == []


def test_one_chat_always_lands_on_the_same_shelf_and_chats_spread_over_all() -> None:
    shards = [shard_of(str(chat)) for chat in range(100)]

    assert shards == [shard_of(str(chat)) for chat in range(100)]
    assert set(shards) == set(range(SHARDS))


@pytest.mark.parametrize(
    "way", ["told", "put off", "redirected", "parked"], ids=["told", "put off", "to another chat", "parked"]
)
async def test_whatever_becomes_of_news_becomes_of_them_once(way: str, table: Table) -> None:
    one = news()
    await table.write(posting(one))
    ways = {
        "told": telling(one, "told"),
        "put off": putting_off(one, NOW, SECOND),
        "redirected": redirecting(one, "zalo", "7", NOW),
        "parked": parking(one, NOW),
    }

    await table.write(*ways[way])

    for late in ways.values():
        with pytest.raises(Refused):
            await table.write(*late)


async def test_news_that_are_put_off_count_their_tries(table: Table, outbox: Outbox) -> None:
    await table.write(posting(news()))

    await table.write(*putting_off(news(), NOW, 5 * SECOND))

    (later,) = await outbox.due("telegram", NOW + 5 * SECOND)
    assert (later.tries, later.due, later.at) == (1, NOW + 5 * SECOND, NOW)


async def test_news_may_be_put_off_or_sent_elsewhere_in_the_very_moment_they_are_due(table: Table) -> None:
    await table.write(posting(news()))

    await table.write(*putting_off(news(), NOW, 0))
    (put_off,) = await Outbox(table).due("telegram", NOW + 1)
    await table.write(*redirecting(put_off, "telegram", "101", put_off.due))

    assert len(await Outbox(table).due("telegram", NOW + 2)) == 1


async def test_news_for_another_chat_begin_anew_and_remember_where_it_was_in_vain() -> None:
    other = replace(news(), tries=9).redirected("zalo", "7", NOW)

    assert (other.channel, other.chat, other.tries, other.tried) == ("zalo", "7", 0, ["telegram:101"])
    assert other.redirected("web", "8", NOW).tried == ["telegram:101", "zalo:7"]
    assert other.job == "job 1"


async def test_what_was_told_waits_where_it_stands_to_be_counted_and_names_nobody(table: Table, outbox: Outbox) -> None:
    await table.write(posting(news()))

    await table.write(*telling(news(), "told"))

    (row,) = await table.list(shelf_of("telegram", shard_of("101")))
    assert (row.text("kind"), row.text("outcome"), row.map("facts")["price"]) == ("image ready", "told", 1)
    assert not {"person", "chat"} & row.fields.keys()
    assert await outbox.due("telegram", NOW + HOUR) == []
    assert await outbox.empty("telegram")


async def test_what_is_not_counted_yet_hides_nothing_that_waits(table: Table, outbox: Outbox) -> None:
    for number in range(2 * PAGE + 1):
        one = replace(news(), id=f"{number:026}", due=NOW + number)
        await table.write(posting(one))
        if number < 2 * PAGE:
            await table.write(*telling(one, "told"))

    assert [one.due for one in await outbox.due("telegram", NOW + HOUR)] == [NOW + 2 * PAGE]
    assert not await outbox.empty("telegram")


async def test_parked_news_wait_for_the_persons_next_word(table: Table, outbox: Outbox) -> None:
    one = replace(news(), tries=4)
    await table.write(posting(one))
    await table.write(*parking(one, NOW))
    assert await outbox.due("telegram", NOW + HOUR) == []

    assert await outbox.fetch("an", NOW + HOUR) == 1

    (back,) = await outbox.due("telegram", NOW + HOUR)
    assert (back.id, back.tries) == (one.id, 0)
    assert await outbox.fetch("an", NOW + HOUR) == 0


async def test_two_words_at_once_fetch_parked_news_once(table: Table, outbox: Outbox) -> None:
    await table.write(posting(news()))
    await table.write(*parking(news(), NOW))

    await asyncio.gather(*(outbox.fetch("an", NOW) for _ in range(5)))

    assert len(await outbox.due("telegram", NOW)) == 1


async def test_parked_news_are_overdue_after_seven_days(table: Table, outbox: Outbox) -> None:
    await table.write(posting(news()))
    await table.write(*parking(news(), NOW))

    assert await outbox.overdue(NOW + PATIENCE - 1) == []
    (one,) = await outbox.overdue(NOW + PATIENCE)

    assert one == news()


async def test_news_that_were_fetched_are_parked_no_more(table: Table) -> None:
    await table.write(posting(news()))
    await table.write(*parking(news(), NOW))

    await table.write(*fetching(news(), NOW))

    assert await table.find(SHELF_INDEX, PARKED) == []
