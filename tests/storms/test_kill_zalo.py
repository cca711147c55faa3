"""A few kills of the house in the midst of Zalo's events; `./dev storm` kills it sixty times and more."""

import pytest

from tests.storms.kill_zalo import run
from tests.storms.killed_zalo import Mode


@pytest.mark.parametrize("mode", ["poll", "webhook"])
def test_a_killed_house_orders_every_prompt_once_and_brings_every_picture_to_its_chat(mode: Mode) -> None:
    report = run(kills=2, seed=5, mode=mode)

    assert report.wrong == []
    assert report.jobs["delivered"] >= report.prompts - report.unheard >= 3
    assert report.repeated <= report.kills
