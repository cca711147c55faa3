"""What was ordered together is told together: one contact sheet to pick from, or one sentence; all credits right."""

from collections import Counter

import pytest

from bot.courier import WITH_ITS_SHEET
from core.clock import DAY
from core.jobs import Job
from core.news import Outbox
from core.tally import day_of
from tests.house import Balance, Imagify, Speaker
from tests.storms.played import Fault, pictures_in


@pytest.fixture
async def zalo(workshop: Imagify) -> Speaker:
    """Somebody where nothing that was sent can be edited."""
    return await workshop.meets("zalo", paid=20)


async def painted(speaker: Speaker, count: int = 4) -> list[Job]:
    """Pictures that wait in the outbox of a house in which nothing runs."""
    jobs = await speaker.orders(f"mèo --n {count}")
    return [await speaker.imagify.paints(job) for job in jobs]


async def told(imagify: Imagify) -> Counter[str]:
    """What the tally says became of news."""
    await imagify.house.tally.count()
    return Counter(await imagify.house.tally.day(day_of(imagify.clock.now())))


def will(speaker: Speaker, *faults: Fault) -> None:
    speaker.imagify.channel(speaker.address.channel).will(speaker.chat, *faults)


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
async def test_four_pictures_come_as_one_contact_sheet(channel: str, imagify: Imagify) -> None:
    mai = await imagify.meets(channel, paid=20)

    await mai.says("mèo --n 4")
    await imagify.settles()

    (sheet,) = mai.pictures
    assert len(set(pictures_in(sheet))) == 4
    assert {(await imagify.image(job)).seen for job in await mai.jobs()} == {"yes"}
    assert [job.state for job in await mai.jobs()] == ["delivered"] * 4
    assert mai.last_heard.startswith("✅ 4 ảnh · đã dùng 4 · còn 16 credit")


async def test_a_sheet_is_told_once_and_its_other_news_go_in_silence(imagify: Imagify, binh: Speaker) -> None:
    await binh.says("mèo --n 4")
    await imagify.settles()

    outcomes = await told(imagify)
    assert (outcomes["image ready/delivered"], outcomes[f"image ready/{WITH_ITS_SHEET}"]) == (1, 3)
    assert sum(one.reply.picture is not None for one in imagify.telegram.delivered) == 1


async def test_while_some_are_missing_the_status_says_how_many_are_done(workshop: Imagify, binh: Speaker) -> None:
    first, *_ = await binh.orders("mèo --n 4")
    status = await workshop.telegram.send(binh.chat, workshop.house.teller.part(0, 4, "vi"))
    await workshop.house.studio.told(first.sheet, status)

    await workshop.paints(await workshop.job(first.id))
    await workshop.carries()

    assert [shown.text for shown in binh.heard] == ["🎨 Đã xong 1/4 ảnh…"]
    assert (await workshop.image(first)).seen == "no"


async def test_what_could_not_be_made_is_said_beside_what_could(workshop: Imagify, binh: Speaker) -> None:
    jobs = await binh.orders("mèo --n 4")
    await binh.cancels(jobs[3])
    for job in jobs[:3]:
        await workshop.paints(job)

    await workshop.carries()

    assert len(pictures_in(binh.pictures[0])) == 3
    assert "1 ảnh không vẽ được, đã hoàn 1 credit" in binh.last_heard
    assert await workshop.balance(binh) == Balance(free=17, held=0)


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
async def test_a_sheet_of_which_nothing_came_is_told_in_one_sentence_with_all_its_credits(
    channel: str, imagify: Imagify
) -> None:
    mai = await imagify.meets(channel, paid=20)
    imagify.painter.declines("mèo")

    await mai.says("mèo --n 4")
    await imagify.settles()

    sorry = [shown.text for shown in mai.heard if shown.text.startswith("😔")]
    assert len(sorry) == 1
    assert "Đã hoàn 4 credit, số dư 20" in sorry[0]


async def test_a_sheet_that_may_have_arrived_is_offered_whole_and_once(workshop: Imagify, zalo: Speaker) -> None:
    jobs = await painted(zalo)
    will(zalo, "lost")

    await workshop.carries()

    offers = [shown for shown in zalo.heard if shown.text.startswith("📨")]
    assert len(offers) == 1
    assert [choice.text for choice in offers[0].choices] == [f"Gửi lại {number}" for number in (1, 2, 3, 4)]
    assert {choice.action for choice in offers[0].choices} == {f"show:{job.id}" for job in jobs}
    assert await workshop.due() == []


async def test_of_a_sheet_that_is_rejected_every_credit_goes_back(workshop: Imagify, zalo: Speaker) -> None:
    await painted(zalo)
    will(zalo, "reject")

    await workshop.carries()

    assert zalo.pictures == []
    assert await workshop.balance(zalo) == Balance(free=20, held=0)


async def test_who_has_seen_one_of_four_has_paid_for_that_one_when_the_rest_cannot_be_brought(
    workshop: Imagify, zalo: Speaker
) -> None:
    first, *_ = await painted(zalo)
    await zalo.looks_at(first)
    will(zalo, "reject")

    await workshop.carries()

    assert await workshop.balance(zalo) == Balance(free=19, held=0)


@pytest.mark.parametrize("last", ["kept", "cancelled"])
async def test_who_stays_away_for_seven_days_is_paid_back_for_the_whole_sheet(
    last: str, workshop: Imagify, binh: Speaker
) -> None:
    *first, fourth = await binh.orders("mèo --n 4")
    binh.leaves()
    for job in first:
        await workshop.paints(job)
        await workshop.carries()
    await (workshop.paints(fourth) if last == "kept" else binh.cancels(fourth))
    await workshop.carries()
    assert await workshop.due() == []

    workshop.clock.skip(8 * DAY)
    await workshop.house.sweeps.return_parked()

    assert await workshop.balance(binh) == Balance(free=20, held=0)


async def test_who_comes_back_within_seven_days_finds_the_whole_sheet(workshop: Imagify, binh: Speaker) -> None:
    binh.leaves()
    await painted(binh)
    await workshop.carries()

    binh.returns()
    await Outbox(workshop.table).fetch(binh.person.id, workshop.clock.now())
    await workshop.carries()

    (sheet,) = binh.pictures
    assert len(pictures_in(sheet)) == 4
    assert await workshop.due() == []


async def test_a_picture_deleted_before_it_was_brought_is_not_on_the_sheet(workshop: Imagify, binh: Speaker) -> None:
    first, *_ = await painted(binh)
    await workshop.house.studio.gallery.discard(first.person, first.id, workshop.clock.now())

    await workshop.carries()

    assert len(pictures_in(binh.pictures[0])) == 3
