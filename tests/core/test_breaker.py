"""Whoever keeps failing is left alone for a while, and asked by one before everybody asks again."""

import asyncio

import pytest

from core.breaker import FIRST_REST, MOST_FAILURES, Breaker
from core.clock import DAY, HOUR, SECOND
from core.errors import Cause, Declined, Unavailable
from tests.clocks import SetClock


def fail(breaker: Breaker, times: int = 1, cause: Cause = "outage") -> None:
    for _ in range(times):
        with pytest.raises(Unavailable), breaker.watch():
            raise Unavailable(cause, "no")


def answer(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        with breaker.watch():
            pass


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def opened(clock: SetClock) -> Breaker:
    breaker = Breaker(clock)
    fail(breaker, MOST_FAILURES)
    return breaker


@pytest.mark.parametrize("cause", ["outage", "timeout", "broken"])
def test_five_failures_within_a_minute_shut_it(cause: Cause, clock: SetClock) -> None:
    breaker = Breaker(clock)

    fail(breaker, 4, cause)
    assert not breaker.shut
    fail(breaker, 1, cause)

    assert breaker.shut


def test_failures_that_are_fewer_than_the_answers_shut_nothing(clock: SetClock) -> None:
    breaker = Breaker(clock)

    answer(breaker, 6)
    fail(breaker, 5)
    assert not breaker.open

    fail(breaker)
    assert breaker.open


def test_what_failed_more_than_a_minute_ago_is_forgotten(clock: SetClock) -> None:
    breaker = Breaker(clock)

    for _ in range(20):
        fail(breaker)
        clock.pass_by(16)

    assert not breaker.open


@pytest.mark.parametrize("cause", ["throttled", "misconfigured"])
def test_who_refuses_for_another_reason_is_up(cause: Cause, clock: SetClock) -> None:
    breaker = Breaker(clock)

    fail(breaker, 50, cause)
    for _ in range(50):
        with pytest.raises(Declined), breaker.watch():
            raise Declined("content")

    assert not breaker.open


def test_one_asks_for_all_when_the_rest_is_over(clock: SetClock, opened: Breaker) -> None:
    clock.pass_by(14.9)
    assert opened.shut
    clock.pass_by(0.2)
    assert opened.trying

    with opened.watch():
        assert opened.shut

    assert not opened.open


def test_the_rest_doubles_with_every_probe_that_fails_up_to_two_minutes(clock: SetClock, opened: Breaker) -> None:
    rests = []
    for _ in range(5):
        began = clock.now()
        while opened.shut:
            clock.pass_by(1)
        rests.append((clock.now() - began) // SECOND)
        fail(opened)

    assert rests == [15, 30, 60, 120, 120]


def test_after_it_was_well_again_the_rest_is_short_again(clock: SetClock, opened: Breaker) -> None:
    clock.pass_by(FIRST_REST / SECOND)
    fail(opened)
    clock.pass_by(2 * FIRST_REST / SECOND)
    answer(opened)

    fail(opened, MOST_FAILURES)
    clock.pass_by(FIRST_REST / SECOND)

    assert opened.trying


def test_a_call_that_began_before_it_opened_closes_nothing(clock: SetClock) -> None:
    breaker = Breaker(clock)

    with breaker.watch():
        fail(breaker, MOST_FAILURES)

    assert breaker.shut


@pytest.mark.parametrize("ends", [asyncio.CancelledError, Unavailable("throttled", "no")])
def test_a_probe_that_learns_nothing_leaves_the_question_to_the_next(
    ends: BaseException, clock: SetClock, opened: Breaker
) -> None:
    clock.pass_by(FIRST_REST / SECOND)

    with pytest.raises((asyncio.CancelledError, Unavailable)), opened.watch():
        raise ends

    assert opened.trying
    assert not opened.shut


@pytest.mark.parametrize("leap", [-400 * DAY, -HOUR, HOUR, 400 * DAY])
def test_a_clock_that_leaps_shuts_nobody_out_for_longer_and_lets_nobody_in_before(
    leap: int, clock: SetClock, opened: Breaker
) -> None:
    clock.leap(leap / SECOND)
    assert opened.shut

    clock.pass_by(FIRST_REST / SECOND)
    assert opened.trying
