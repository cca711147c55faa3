"""The words used: a painter that reads English is told others than the person has said, and the person is told them."""

from dataclasses import replace

import pytest

from core.jobs import Job
from tests.house import BEDROCK, Balance, Imagify, Speaker

USED = "📝 Lời đã dùng: english(mèo mướp), soft light"


@pytest.fixture
async def rich(workshop: Imagify) -> Speaker:
    """At a house whose models read English, and who goes along with every price."""
    workshop.house = workshop.build(vendors=BEDROCK)
    await workshop.opens()
    speaker = await workshop.meets(paid=200)
    await speaker.says("/settings")
    await speaker.presses("Vẽ luôn")
    return speaker


async def drawn(speaker: Speaker, text: str = "mèo mướp --model core") -> Job:
    await speaker.says(text)
    await speaker.imagify.settles()
    return (await speaker.jobs())[-1]


async def test_the_words_used_stand_under_the_picture_beside_the_persons_own(rich: Speaker) -> None:
    await drawn(rich)

    assert "“mèo mướp” · core" in rich.last_heard
    assert rich.last_heard.splitlines()[-1] == USED


@pytest.mark.parametrize("text", ["mèo mướp --model pocket", "cat --plain --model core"])
async def test_where_the_words_are_the_persons_own_nothing_more_is_told(text: str, rich: Speaker) -> None:
    await drawn(rich, text)

    assert "📝" not in rich.last_heard
    assert not any(label.startswith("✍️") for label in rich.buttons)


async def test_my_words_only_redraws_from_the_same_seed_with_nothing_added_at_its_price(rich: Speaker) -> None:
    first = await drawn(rich)
    price = first.price

    assert rich.button("✍️").action == f"plain:{first.id}:{price}"
    await rich.presses("✍️ Đúng lời")
    await rich.imagify.settles()

    second = (await rich.jobs())[-1]
    assert (second.words.plain, second.words.seed, second.price) == (True, first.words.seed, price)
    assert rich.last_heard.splitlines()[-1] == "📝 Lời đã dùng: english(mèo mướp)"
    assert not any(label.startswith("✍️") for label in rich.buttons)


@pytest.mark.parametrize("press", ["🔄 Vẽ lại", "🎲 4 biến thể"])
async def test_again_and_four_are_painted_from_the_same_words_used(press: str, rich: Speaker) -> None:
    await drawn(rich)
    asked_before = len(rich.imagify.scribe.read)

    await rich.presses(press)
    await rich.imagify.settles()

    assert {job.words.english for job in await rich.jobs()} == {"english(mèo mướp), soft light"}
    assert len(rich.imagify.scribe.read) == asked_before
    assert USED in rich.last_heard


async def test_whoever_wants_their_words_as_they_are_has_every_prompt_so(rich: Speaker) -> None:
    await rich.says("/settings")
    await rich.presses("✍️ Giữ nguyên lời")

    job = await drawn(rich)

    assert job.words.plain
    assert rich.last_heard.splitlines()[-1] == "📝 Lời đã dùng: english(mèo mướp)"


async def test_long_words_are_cut_so_that_all_of_it_stands_under_one_picture(rich: Speaker) -> None:
    await drawn(rich, "mèo 🐈 " * 150 + "--model core")

    told = rich.last_heard
    assert len(told.encode("utf-16-le")) // 2 <= 1_024
    assert told.endswith("…")


async def test_a_model_that_stood_in_is_named_and_costs_nothing_more(rich: Speaker) -> None:
    job = await drawn(rich)
    image = await rich.imagify.image(job)
    teller = rich.imagify.house.teller

    told = await teller.picture(replace(image, route="sd35@us-west-2"), job, None)

    assert "“mèo mướp” · sd35" in told.text
    assert "🔁 sd35 vẽ thay vì core đang bận; bạn không trả thêm gì." in told.text
    assert next(one for one in told.choices if one.action.startswith("again:")).text == f"🔄 Vẽ lại · {job.price}"
    assert await rich.imagify.balance(rich) == Balance(free=200 - job.price, held=0)
