"""From a sentence in a chat to a picture in it, and every other way an order may end."""

from collections import Counter

import pytest

from core.news import Outbox
from tests.house import Balance, Imagify, Speaker
from tests.storms.played import pictures_in


async def test_a_sentence_becomes_a_picture_in_the_chat(imagify: Imagify, an: Speaker) -> None:
    await an.says("mèo mướp đội nón lá")
    assert await imagify.balance(an) == Balance(free=4, held=1)

    await imagify.settles()

    assert len(an.pictures) == 1
    assert an.last_heard.startswith("✅ Xong trong 8 giây · đã dùng 1 · còn 4 credit · Ảnh do AI tạo")
    assert "“mèo mướp đội nón lá”" in an.last_heard
    assert await imagify.balance(an) == Balance(free=4, held=0)
    assert [job.state for job in await an.jobs()] == ["delivered"]


async def test_a_refused_prompt_gives_the_credit_back(imagify: Imagify, an: Speaker) -> None:
    imagify.painter.declines("a forbidden thing")

    await an.says("a forbidden thing")
    await imagify.settles()

    assert "1 credit" in an.last_heard
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_a_cancel_in_time_costs_nothing(imagify: Imagify, an: Speaker) -> None:
    assert imagify.house.worker
    imagify.house.worker.stop()
    await an.says("mèo")

    await an.cancels()
    await imagify.settles()

    assert an.last_heard == "❌ Đã huỷ. Đã hoàn 1 credit."
    assert imagify.painter.bill == []
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_a_cancel_while_it_is_drawn_costs_the_person_nothing_either(imagify: Imagify, an: Speaker) -> None:
    await an.says("mèo")
    await imagify.passes(2)
    assert len(imagify.painter.bill) == 1

    await an.cancels()
    await imagify.settles()
    await imagify.passes(60)

    assert an.pictures == []
    assert imagify.blobs.kept == {}
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_one_sentence_delivered_twice_is_one_picture(imagify: Imagify, an: Speaker) -> None:
    assert await an.says("mèo", update="000000007")
    assert not await an.says("mèo", update="000000007")
    await imagify.settles()
    assert not await an.says("mèo", update="000000007")
    await imagify.settles()

    assert len(an.pictures) == 1
    assert await imagify.balance(an) == Balance(free=4, held=0)


async def test_a_picture_that_cannot_reach_the_person_is_given_back(imagify: Imagify) -> None:
    zalo = await imagify.meets("zalo", gift=5)
    await zalo.says("mèo")
    imagify.zalo.will(zalo.chat, "reject")

    await imagify.settles()

    assert zalo.pictures == []
    assert zalo.last_heard == "↩️ Ảnh không tới được bạn nên mình đã thu lại ảnh và hoàn 1 credit."
    assert await imagify.balance(zalo) == Balance(free=5, held=0)


async def test_who_comes_back_after_days_finds_the_picture(imagify: Imagify, an: Speaker) -> None:
    await an.says("mèo")
    an.leaves()
    await imagify.settles()
    assert an.pictures == []

    imagify.clock.skip(3 * 24 * 3_600_000)
    an.returns()
    await Outbox(imagify.table).fetch(an.person.id, imagify.clock.now())
    await imagify.settles()

    assert len(an.pictures) == 1
    assert await imagify.balance(an) == Balance(free=4, held=0)


async def test_who_never_comes_back_is_not_charged(imagify: Imagify, an: Speaker) -> None:
    await an.says("mèo")
    an.leaves()
    await imagify.settles()

    imagify.clock.skip(8 * 24 * 3_600_000)
    await imagify.passes(700)

    assert await imagify.balance(an) == Balance(free=5, held=0)
    assert [job.state for job in await an.jobs()] == ["returned"]


@pytest.mark.parametrize(
    ("text", "why"),
    [("m" * 10_000, "✂️"), ("mèo --fly", "--fly"), ("mèo --n 4 --seed 1", "thiếu 3")],
)
async def test_what_cannot_be_drawn_is_answered_at_once_and_the_chat_goes_on(
    text: str, why: str, imagify: Imagify
) -> None:
    poor = await imagify.meets(gift=1)

    await poor.says(text)
    assert why in poor.last_heard
    await poor.says("mèo")
    await imagify.settles()

    assert len(poor.pictures) == 1


async def test_a_busy_evening_ends_with_every_picture_in_its_chat_and_every_credit_accounted_for(
    imagify: Imagify,
) -> None:
    people = [await imagify.meets("zalo" if number % 3 else "telegram", paid=10) for number in range(12)]
    second = imagify.build(hands=2)
    await imagify.opens(second)
    imagify.painter.will("mèo 4", "throttle", "timeout")
    imagify.painter.declines("mèo 5")

    for number, person in enumerate(people):
        await person.says(f"mèo {number} --n 2")
        await person.says(f"chó {number}")
    await people[7].cancels()
    await imagify.settles()

    states = Counter(job.state for job in (await imagify.books()).jobs.values())
    assert states["failed"] == 2
    assert states["delivered"] + states["cancelled"] == 34
    shown = [one for person in people for picture in person.pictures for one in pictures_in(picture)]
    assert len(shown) == len(set(shown)) == states["delivered"]
    for person in people:
        drawn = sum(job.state == "delivered" for job in await person.jobs())
        assert await imagify.balance(person) == Balance(free=10 - drawn, held=0)
