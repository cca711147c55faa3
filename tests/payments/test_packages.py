"""Packages from a setting, and what their credits bring."""

from collections.abc import AsyncIterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CannotStart
from core.remembered import SOLD, Remembered
from core.table import Table
from infra.embedded.cache import DictCache
from infra.embedded.table import SqliteTable
from payments.packages import (
    LEAST_VND,
    MOST_VND,
    PACKAGES,
    Offer,
    Package,
    Till,
    best_value,
    costing,
    covering,
    lowest_net_per_credit,
    read_packages,
    spelled,
)
from tests.clocks import SetClock


def test_the_packages_are_those_of_the_price_list() -> None:
    assert read_packages("20.000đ = 20, 50.000đ = 55, 100.000đ = 120, 200.000đ = 260") == PACKAGES


@pytest.mark.parametrize("text", ["50000=55,20000=20", "50.000đ: 55, 20.000 VND: 20,", " 50.000₫=55 , 20000 đ = 20 "])
def test_a_setting_may_be_written_in_several_ways_and_any_order(text: str) -> None:
    assert read_packages(text) == (Package(20_000, 20), Package(50_000, 55))


@given(st.dictionaries(st.integers(LEAST_VND, MOST_VND), st.integers(1, 10_000), min_size=1, max_size=6))
def test_packages_spelled_out_read_back_the_same(sold: dict[int, int]) -> None:
    packages = tuple(sorted(Package(vnd, credits_) for vnd, credits_ in sold.items()))

    assert read_packages(spelled(packages)) == packages


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "twenty",
        "20000",
        "20000=0",
        "=20",
        ".=20",
        "20000=-5",
        "9999=10",
        "50000001=10",
        "20000=20,20.000=25",
        "20000=1.5",
    ],
)
def test_a_setting_that_cannot_be_sold_stops_the_start_with_one_sentence(text: str) -> None:
    with pytest.raises(CannotStart) as refused:
        read_packages(text)

    assert str(refused.value).startswith("IMAGIFY_PACKAGES")
    assert str(refused.value).endswith(".")


def test_the_least_a_credit_brings_is_that_of_the_best_package_through_the_dearest_till() -> None:
    tills = [Till("cheap", 10_000), Till("dear", 50_000)]

    assert lowest_net_per_credit(PACKAGES, tills) == Fraction(200_000 * 95, 260 * 100)


def test_a_person_who_is_short_sees_the_packages_that_cover_it() -> None:
    assert covering(PACKAGES, 56) == [Package(100_000, 120), Package(200_000, 260)]
    assert covering(PACKAGES, 1_000) == []


def test_the_best_value_is_marked_and_a_package_is_found_by_its_price() -> None:
    assert best_value(PACKAGES) == Package(200_000, 260)
    assert costing(PACKAGES, 50_000) == Package(50_000, 55)
    assert costing(PACKAGES, 60_000) is None


# -- what is shown ----------------------------------------------------------------------------------------------------

OTHERS = (Package(30_000, 30),)


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    opened = SqliteTable.inline(":memory:")
    yield opened
    await opened.close()


async def test_what_is_shown_is_read_once_and_what_is_sold_each_time(table: Table) -> None:
    cache = DictCache(SetClock())
    here, elsewhere = Offer(table, PACKAGES, Remembered(cache, SOLD)), Offer(table, PACKAGES)
    assert await here.shown() == PACKAGES

    await elsewhere.say(OTHERS)  # where our cache could not be reached

    assert await here.shown() == PACKAGES
    assert await here.packages() == OTHERS
    await here.show_anew()
    assert await here.shown() == OTHERS


async def test_what_an_admin_says_is_shown_at_once_in_every_process(table: Table) -> None:
    cache = DictCache(SetClock())
    one, other = (Offer(table, PACKAGES, Remembered(cache, SOLD)) for _ in range(2))
    await other.shown()

    await one.say(OTHERS)

    assert await other.shown() == OTHERS
    await one.say(())
    assert await other.shown() == PACKAGES
