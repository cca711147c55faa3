"""A few deaths of every kind at the till, on virtual time; `./dev storm` tries every point and hundreds of seeds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storms.till_crash import SWEPT, Tally, in_silence, length, many_deaths, one_death
from tests.storms.till_mutants import TILL_MUTANTS, TillMutant, hunted, sound

KILLED_AT = 41  # every so many points here, every single one in ./dev storm
SOON = {
    "an order is credited once",
    "a payment number pays for one order",
    "who pays another sum is not credited",
    "a refund is begun once",
    "a refund is decided once",
    "a gateway is asked by one",
}


def test_a_shop_that_dies_at_any_point_credits_what_was_paid_and_burns_what_was_paid_back() -> None:
    tally = Tally()

    for point in range(1, length(SWEPT[0]), KILLED_AT):
        tally.take(f"point {point}", one_death(SWEPT[0], point))

    assert tally.named == []
    assert tally.kills == tally.runs >= 20


def test_several_deaths_in_any_weather_lose_no_payment_and_double_none() -> None:
    tally = Tally()

    for seed in range(30):
        tally.take(f"seed {seed}", many_deaths(seed))

    assert tally.named == []
    assert tally.kills > 60
    assert min(tally.orders[state] for state in ("paid", "refunded", "failed", "cancelled", "review")) > 0
    assert min(tally.late, tally.double, tally.refunds) > 0


def test_when_no_notice_ever_comes_the_gateway_is_asked_and_everybody_is_credited() -> None:
    tally = Tally().add(map(in_silence, range(5)))

    assert tally.named == []
    assert tally.orders["paid"] > 10
    assert tally.queries > 30


def test_a_seed_of_the_till_tells_the_same_story_in_another_interpreter() -> None:
    program = "from tests.storms.till_crash import many_deaths; print(many_deaths(4).digest)"

    told = subprocess.run(  # noqa: S603  # our own interpreter, our own program
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == many_deaths(4).digest == many_deaths(4).digest


@pytest.mark.parametrize("mutant", [one for one in TILL_MUTANTS if one.rule in SOON], ids=lambda one: one.rule)
def test_a_till_that_has_lost_its_guards_is_found_out(mutant: TillMutant) -> None:
    assert hunted(mutant, most=20).killed


def test_the_same_storms_find_nothing_wrong_with_a_whole_till() -> None:
    assert sound(TILL_MUTANTS[0], range(5)) == []
