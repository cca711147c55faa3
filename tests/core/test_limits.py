"""How much one may ask for: open sheets, pictures together, prompts a minute, waits, gifts."""

from collections.abc import Awaitable, Callable

import pytest

from core.clock import HOUR, MINUTE
from core.errors import BadFlag, QueueTooLong, TooManyOpen, TooOften
from core.limits import Limits
from infra.embedded.cache import DictCache
from tests.clocks import SetClock

LIMITS = Limits()


def test_two_sheets_may_be_open_and_one_of_a_person_who_never_paid() -> None:
    LIMITS.check_open({}, gift_only=True)
    LIMITS.check_open({"a": 3}, gift_only=False)

    with pytest.raises(TooManyOpen) as refused:
        LIMITS.check_open({"a": 3}, gift_only=True)
    assert (refused.value.open, refused.value.most) == (1, 1)
    with pytest.raises(TooManyOpen):
        LIMITS.check_open({"a": 1, "b": 4}, gift_only=False)


def test_a_sheet_without_jobs_left_is_not_open() -> None:
    LIMITS.check_open({"a": 0, "b": 2}, gift_only=False)


@pytest.mark.parametrize("count", [0, 5, -1])
def test_a_sheet_has_one_to_four_pictures(count: int) -> None:
    for fine in (1, 2, 3, 4):
        LIMITS.check_jobs(fine)

    with pytest.raises(BadFlag) as refused:
        LIMITS.check_jobs(count)
    assert refused.value.allowed == ("1", "2", "3", "4")


def test_a_wait_that_is_not_decent_is_said_before_credits_are_held() -> None:
    LIMITS.check_wait(LIMITS.longest_wait)

    with pytest.raises(QueueTooLong) as refused:
        LIMITS.check_wait(LIMITS.longest_wait + 1)
    assert refused.value.seconds == LIMITS.longest_wait + 1


async def test_a_person_who_asks_too_often_is_told_when_to_ask_again() -> None:
    clock, limits = SetClock(), Limits(prompts_per_minute=8, prompts_at_once=2)
    cache = DictCache(clock)
    await limits.take_prompt(cache, "an")
    await limits.take_prompt(cache, "an")

    with pytest.raises(TooOften) as refused:
        await limits.take_prompt(cache, "an")

    assert refused.value.seconds == 8  # a minute has room for eight, one every 7.5 s
    await limits.take_prompt(cache, "binh")
    clock.pass_by(refused.value.seconds)
    await limits.take_prompt(cache, "an")


async def test_an_address_has_a_bucket_of_its_own() -> None:
    cache, limits = DictCache(SetClock()), Limits(requests_per_five_minutes=1)
    await limits.take_request(cache, "203.0.113.5")

    with pytest.raises(TooOften) as refused:
        await limits.take_request(cache, "203.0.113.5")

    assert refused.value.seconds == 300
    await limits.take_prompt(cache, "203.0.113.5")


@pytest.mark.parametrize("take", [Limits.take_description, Limits.take_upload])
async def test_what_costs_us_is_counted_by_the_day(take: Callable[..., Awaitable[None]]) -> None:
    limits = Limits(descriptions_per_day=2, uploads_per_day=2)
    cache = DictCache(SetClock())
    await take(limits, cache, "an")
    await take(limits, cache, "an")

    with pytest.raises(TooOften) as refused:
        await take(limits, cache, "an")

    assert refused.value.seconds == 12 * 3600
    await take(limits, cache, "binh")


def test_gifts_stop_when_the_hour_or_the_day_has_given_enough() -> None:
    limits, now = Limits(gift_credits_per_hour=20, gift_credits_per_day=50), 10 * HOUR + 45 * MINUTE
    limits.check_gifts(10, hour=10, today=40, now=now)

    with pytest.raises(TooOften) as hourly:
        limits.check_gifts(10, hour=11, today=20, now=now)
    with pytest.raises(TooOften) as daily:
        limits.check_gifts(10, hour=0, today=41, now=now)

    assert (hourly.value.seconds, daily.value.seconds) == (15 * 60, (13 * 60 + 15) * 60)
