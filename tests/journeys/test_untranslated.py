"""Words that nobody could put into English: the credits are back at once, and the person says how it goes on."""

import pytest

from core.jobs import Job
from tests.core.routes import house_of, model
from tests.house import Balance, Imagify, Speaker

WORDS = "tô phở bò tái nghễnh ngãng"
ENGLISH_ONLY = model("core", more='languages = ["en"]')


async def somebody(workshop: Imagify, channel: str) -> Speaker:
    house_of(workshop, ENGLISH_ONLY)
    workshop.scribe.loses.add(WORDS)
    await workshop.opens()
    return await workshop.meets(channel, paid=9)


async def newest(an: Speaker) -> Job:
    return (await an.jobs())[-1]


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
async def test_the_credits_are_back_at_once_and_their_own_words_are_offered(workshop: Imagify, channel: str) -> None:
    an = await somebody(workshop, channel)

    await an.says(WORDS)
    await workshop.settles()

    assert "không dịch được mô tả này" in an.last_heard
    assert "Đã hoàn 1 credit" in an.last_heard
    assert an.buttons == ["✍️ Vẽ đúng lời tôi · 1", "🔁 Thử lại"]
    assert await workshop.balance(an) == Balance(free=9, held=0)
    assert workshop.painter.bill == []


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
async def test_by_one_tap_the_words_are_painted_as_they_were_typed(workshop: Imagify, channel: str) -> None:
    an = await somebody(workshop, channel)
    await an.says(WORDS)
    await workshop.settles()

    await an.presses("✍️ Vẽ đúng lời tôi")
    await workshop.settles()

    job = await newest(an)
    assert (job.state, job.words.english) == ("delivered", "to pho bo tai nghenh ngang")
    assert len(an.pictures) == 1
    assert await workshop.balance(an) == Balance(free=8, held=0)


async def test_of_four_that_came_to_nothing_four_are_painted_as_typed_and_a_trembling_thumb_orders_once(
    workshop: Imagify,
) -> None:
    an = await somebody(workshop, "telegram")
    await an.says(f"{WORDS} --n 4")
    await workshop.settles()
    assert an.buttons[0] == "✍️ Vẽ đúng lời tôi · 4"

    await an.presses("✍️ Vẽ đúng lời tôi")
    await an.presses("✍️ Vẽ đúng lời tôi")
    await workshop.settles()

    assert await workshop.balance(an) == Balance(free=5, held=0)


async def test_words_in_letters_that_no_painter_reads_are_not_offered_as_they_are(workshop: Imagify) -> None:
    an = await somebody(workshop, "telegram")
    workshop.scribe.loses.add("屋根の上の黒猫")

    await an.says("屋根の上の黒猫")
    await workshop.settles()

    assert an.buttons == ["🔁 Thử lại"]
