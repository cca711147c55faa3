"""How a job closes: once, with its money and its news, whoever else reaches for it at the same moment."""

import asyncio

import pytest

from core.clock import DAY
from core.errors import Fenced, TooLate, TooOften
from core.gallery import looking
from core.jobs import Job, job_key
from core.news import IMAGE_CANCELLED, News, telling
from core.table import Change
from tests.house import Balance, Imagify, Speaker


async def drawn(speaker: Speaker) -> Job:
    """An order whose painter has been asked."""
    (job,) = await speaker.orders("mèo")
    return await speaker.imagify.asks(job)


async def painted(speaker: Speaker) -> tuple[Job, News]:
    (job,) = await speaker.orders("mèo")
    kept = await speaker.imagify.paints(job)
    (news,) = [news for news in await speaker.imagify.due() if news.job == job.id]
    return kept, news


# --- cancelling


async def test_a_cancel_frees_the_credit_and_is_told(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")

    cancelled = await an.cancels(job)

    assert cancelled.state == "cancelled"
    assert await workshop.balance(an) == Balance(free=5, held=0)
    assert [news.kind for news in await workshop.due()] == [IMAGE_CANCELLED]


async def test_cancelling_twice_is_cancelling_once(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")

    cancelled = await asyncio.gather(*(an.cancels(job) for _ in range(6)))

    assert {one.state for one in cancelled} == {"cancelled"}
    assert await workshop.balance(an) == Balance(free=5, held=0)
    assert len(await workshop.due()) == 1


async def test_what_is_being_drawn_may_be_cancelled_twice_a_day(workshop: Imagify, binh: Speaker) -> None:
    for _ in range(2):
        await binh.cancels(await drawn(binh))
    third = await drawn(binh)

    with pytest.raises(TooOften):
        await binh.cancels(third)
    assert (await workshop.job(third.id)).state == "painting"
    assert await workshop.balance(binh) == Balance(free=19, held=1)

    workshop.clock.skip(DAY)
    assert (await binh.cancels(third)).state == "cancelled"


async def test_a_cancel_in_time_counts_against_no_limit(binh: Speaker) -> None:
    for _ in range(5):
        (job,) = await binh.orders("mèo")
        assert (await binh.cancels(job)).state == "cancelled"


async def test_what_is_kept_cannot_be_cancelled_any_more(workshop: Imagify, an: Speaker) -> None:
    job, _ = await painted(an)

    with pytest.raises(TooLate, match="kept"):
        await an.cancels(job)

    assert await workshop.balance(an) == Balance(free=4, held=0)


async def test_a_cancel_in_the_moment_in_which_the_painter_is_asked_is_tried_again(workshop: Imagify) -> None:
    raced = 0
    for _ in range(40):
        an = await workshop.meets(gift=5)
        (job,) = await an.orders("mèo")
        mine = await workshop.claims(job)

        painting = asyncio.create_task(workshop.house.studio.paint(mine))
        cancelled = await an.cancels(job)
        painted_ = await asyncio.gather(painting, return_exceptions=True)

        assert cancelled.state == "cancelled"
        assert isinstance(painted_[0], Fenced)
        raced += bool((await workshop.job(job.id)).attempts)
    assert 0 < raced < 40


# --- failing


async def test_who_no_longer_speaks_for_a_job_cannot_fail_it(workshop: Imagify, an: Speaker) -> None:
    late = await drawn(an)
    await workshop.claims(late)

    with pytest.raises(Fenced):
        await workshop.house.studio.closings.fail(late, "outage")

    assert await workshop.balance(an) == Balance(free=4, held=1)


# --- giving back


async def test_a_credit_goes_back_to_the_pocket_it_came_from(workshop: Imagify) -> None:
    person = await workshop.meets(gift=1, paid=1)
    for _ in range(2):
        _, news = await painted(person)
        assert await workshop.house.studio.give_back(news, *telling(news, "returned"))

    purse = await workshop.house.ledger.purse(person.person.id)
    assert (purse.gift, purse.paid) == (1, 1)


async def test_what_may_have_been_seen_is_not_given_back(workshop: Imagify, an: Speaker) -> None:
    job, news = await painted(an)
    await workshop.table.write(looking(job.person, job.id, "maybe"))

    assert not await workshop.house.studio.give_back(news, *telling(news, "returned"))

    assert (await workshop.image(job)).state == "kept"
    assert await workshop.balance(an) == Balance(free=4, held=0)


async def test_news_that_another_has_told_give_nothing_back(workshop: Imagify, an: Speaker) -> None:
    job, news = await painted(an)
    await workshop.table.write(*telling(news, "told"), Change(job_key(job.id), set={"message": "7"}))

    assert not await workshop.house.studio.give_back(news, *telling(news, "returned"))

    assert (await workshop.job(job.id)).state == "kept"
    await an.looks_at(job)
