"""The very same picture, asked for with its seed, is there already: it is shown again, and nobody pays for it twice."""

import pytest

from bot.replies import Shown
from core.gallery import Image
from core.jobs import Job
from tests.house import Balance, Imagify, Speaker


async def drawn(speaker: Speaker, text: str = "mèo mướp") -> Job:
    """A picture that stands in their chat."""
    await speaker.says(text)
    await speaker.imagify.settles()
    return (await speaker.jobs())[-1]


async def recipe_of(speaker: Speaker) -> str:
    """What to type for the newest picture."""
    await speaker.presses("📋 Công thức")
    line = next(line for line in speaker.last_heard.splitlines() if line.startswith("Câu lệnh: "))
    return line.removeprefix("Câu lệnh: ")


async def test_whoever_asks_for_the_very_same_picture_has_it_already_and_pays_nothing(
    imagify: Imagify, an: Speaker
) -> None:
    job = await drawn(an, "mèo --ar 3:2")
    recipe = await recipe_of(an)
    assert f"--seed {job.words.seed}" in recipe

    await an.says(recipe)

    assert an.last_heard.startswith("♻️ Bạn đã có đúng ảnh này")
    assert imagify.telegram.delivered[-1].reply.shown == _shown(job, await imagify.image(job))
    assert len(imagify.painter.bill) == 1
    assert await imagify.balance(an) == Balance(free=4, held=0)


def _shown(job: Job, image: Image) -> Shown:
    alt = f"Ảnh do AI tạo: {job.words.words}"
    return Shown(job.id, job.person, alt, f"show:{job.id}", width=image.width, height=image.height)


@pytest.mark.parametrize("change", ["--ar 2:3", "--no chữ", "--plain", "--n 2", "và chó"])
async def test_what_is_asked_for_in_another_way_is_drawn(change: str, imagify: Imagify) -> None:
    mai = await imagify.meets(paid=20)
    await drawn(mai, "mèo --seed 7")

    await mai.says(f"mèo {change} --seed 7")

    assert mai.last_heard.startswith("⏳")


async def test_a_picture_that_was_deleted_is_drawn_anew_from_its_recipe(imagify: Imagify, an: Speaker) -> None:
    job = await drawn(an)
    recipe = await recipe_of(an)
    await an.acts(f"delete_yes:{job.id}")

    again = await drawn(an, recipe)

    assert again.words == job.words
    assert len(imagify.painter.bill) == 2


async def test_without_a_seed_the_same_words_are_another_picture(imagify: Imagify, an: Speaker) -> None:
    await drawn(an, "mèo")

    await drawn(an, "mèo")

    assert len(imagify.painter.bill) == 2
