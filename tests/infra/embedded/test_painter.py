"""The pocket painter: real pictures, the same for the same wish, another for another."""

import asyncio
from dataclasses import replace

import pytest
from PIL import ImageStat

from core.models import Route
from core.prompts import Prompt
from infra.embedded.painter import PocketPainter
from infra.local.darkroom import PillowDarkroom
from tests.clocks import SetClock
from tests.pictures import pixels

CAT = Prompt("mèo mướp đội nón lá", seed=7, english="tabby cat wearing a conical hat")
POCKET = Route("pocket", "pocket", "pocket", "pocket", "here", 0)
RATIOS = ("1:1", "16:9", "9:16", "3:2", "2:3", "4:5", "5:4", "21:9", "9:21")


@pytest.mark.parametrize("ratio", RATIOS)
async def test_a_picture_has_about_a_million_pixels_in_exactly_the_asked_ratio(ratio: str) -> None:
    picture = await PocketPainter(SetClock()).paint(replace(CAT, ratio=ratio), POCKET)

    seen = pixels(picture.data)
    wide, high = map(int, ratio.split(":"))
    assert seen.width * high == seen.height * wide
    assert 0.97e6 < seen.width * seen.height < 1.1e6
    assert (picture.mime, picture.seed) == ("image/jpeg", 7)


async def test_the_same_prompt_and_seed_give_the_same_bytes_from_any_painter() -> None:
    once = await PocketPainter(SetClock()).paint(CAT, POCKET)
    again = await PocketPainter(SetClock(), pace=3).paint(CAT, POCKET)

    assert once == again


@pytest.mark.parametrize(
    "other", [CAT.seeded(8), replace(CAT, english="a dog"), replace(CAT, style="anime"), replace(CAT, avoid="hats")]
)
async def test_another_seed_or_other_words_give_another_picture(other: Prompt) -> None:
    painter = PocketPainter(SetClock())

    assert (await painter.paint(CAT, POCKET)).data != (await painter.paint(other, POCKET)).data


async def test_without_a_seed_the_painter_chooses_one_and_says_which() -> None:
    painter = PocketPainter(SetClock())

    free = await painter.paint(CAT.seeded(0), POCKET)

    assert free.seed > 0
    assert await painter.paint(CAT.seeded(free.seed), POCKET) == free


@pytest.mark.parametrize("words", ["", "🐱" * 50, "x" * 10_000, "\ud800", "nothing\0at\nall"])
async def test_any_words_can_be_painted(words: str) -> None:
    picture = await PocketPainter(SetClock()).paint(Prompt(words, seed=1), POCKET)

    assert sum(ImageStat.Stat(pixels(picture.data)).stddev) > 20  # there is something on it


async def test_a_pocket_picture_develops_like_any_other() -> None:
    darkroom = PillowDarkroom()
    picture = await PocketPainter(SetClock()).paint(CAT, POCKET)

    kept = await darkroom.admit(picture.data)

    darkroom.close()
    assert (kept.width, kept.height) == (1024, 1024)


async def test_the_painter_takes_its_time_by_the_clock_and_leaves_the_loop_free() -> None:
    clock = SetClock()
    turns = 0

    painting = asyncio.create_task(PocketPainter(clock, pace=2.5).paint(CAT, POCKET))
    while not painting.done():
        turns += 1
        await asyncio.sleep(0)

    assert clock.slept == [2.5]
    assert turns > 5
