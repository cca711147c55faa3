"""A few deaths of every kind on virtual time; `./dev storm` tries every single point and thousands of seeds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storms.crash import SHAPES, SWEPT, Tally, length, many_deaths, one_death

KILLED_AT = 47  # every so many points here, every single one in ./dev storm


@pytest.mark.parametrize("name", ["embedded", "scaled out"])
def test_a_death_at_any_point_costs_no_credit_no_picture_and_one_call_at_most(name: str) -> None:
    shape, tally = SHAPES[name], Tally()

    for point in range(1, length(SWEPT[0], shape), KILLED_AT):
        tally.take(f"point {point}", one_death(SWEPT[0], shape, point))

    assert tally.named == []
    assert tally.kills == tally.runs > 30
    assert tally.beyond <= 0


def test_several_deaths_in_any_weather_leave_nothing_wrong_and_nothing_undone() -> None:
    tally = Tally()

    for seed in range(40):
        tally.take(f"seed {seed}", many_deaths(seed))

    assert tally.named == []
    assert tally.kills > 70
    assert min(tally.jobs[state] for state in ("delivered", "returned", "failed", "cancelled")) > 0


def test_a_seed_tells_the_same_story_again() -> None:
    stories = [many_deaths(seed) for seed in range(10)]

    assert [many_deaths(seed) for seed in range(10)] == stories


def test_a_printed_seed_tells_it_in_another_interpreter() -> None:
    program = "from tests.storms.crash import many_deaths; print(many_deaths(4).digest)"

    told = subprocess.run(  # noqa: S603  # our own interpreter, our own program
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == many_deaths(4).digest
