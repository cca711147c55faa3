"""Kept pictures: looked at before they are shown, withdrawn only unseen, and nobody else's."""

import asyncio

import pytest

from core.errors import Unknown
from core.gallery import Gallery
from core.jobs import Job
from core.news import News, of_job, telling
from tests.house import Balance, Imagify, Speaker


@pytest.fixture
def gallery(workshop: Imagify) -> Gallery:
    return workshop.house.studio.gallery


async def painted(speaker: Speaker, words: str = "mèo") -> Job:
    (job,) = await speaker.orders(words)
    return await speaker.imagify.paints(job)


async def news_of(imagify: Imagify, job: Job) -> News:
    return next(news for news in await imagify.due() if news.job == job.id)


async def give_back(imagify: Imagify, job: Job, news: News | None = None) -> bool:
    news = news or await news_of(imagify, job)
    return await imagify.house.studio.give_back(news, *telling(news, "returned"))


async def test_a_look_marks_the_picture_seen_and_its_job_delivered(
    workshop: Imagify, gallery: Gallery, an: Speaker
) -> None:
    job = await painted(an)

    image = await an.looks_at(job)

    assert image.seen == "yes"
    assert (await workshop.image(job)).seen == "yes"
    assert (await workshop.job(job.id)).state == "delivered"
    assert await gallery.image(an.person.id, job.id) == image


async def test_looking_twice_is_looking_once(workshop: Imagify, an: Speaker) -> None:
    job = await painted(an)

    looks = await asyncio.gather(*(an.looks_at(job) for _ in range(5)))

    assert {image.seen for image in looks} == {"yes"}
    assert (await workshop.job(job.id)).state == "delivered"


async def test_a_picture_that_came_back_is_not_shown_any_more(workshop: Imagify, an: Speaker) -> None:
    job = await painted(an)
    assert await give_back(workshop, job)

    with pytest.raises(Unknown):
        await an.looks_at(job)

    assert await workshop.balance(an) == Balance(free=5, held=0)


async def test_a_picture_that_was_seen_is_not_given_back(workshop: Imagify, an: Speaker) -> None:
    job = await painted(an)
    await an.looks_at(job)

    assert not await give_back(workshop, job)

    assert (await workshop.image(job)).state == "kept"
    assert await workshop.balance(an) == Balance(free=4, held=0)


async def test_a_look_and_a_give_back_at_the_same_moment_agree(workshop: Imagify) -> None:
    came_out = set()
    for _ in range(30):
        an = await workshop.meets(gift=5)
        job = await painted(an)
        news = await news_of(workshop, job)

        look, back = await asyncio.gather(an.looks_at(job), give_back(workshop, job, news), return_exceptions=True)

        image, balance = await workshop.image(job), await workshop.balance(an)
        assert isinstance(look, Unknown) == (back is True)
        came_out.add((image.state, image.seen, balance.free))
    assert came_out == {("withdrawn", "no", 5), ("kept", "yes", 4)}


async def test_a_cancel_and_a_keep_at_the_same_moment_agree(workshop: Imagify) -> None:
    came_out = set()
    for _ in range(30):
        an = await workshop.meets(gift=5)
        (job,) = await an.orders("mèo")
        painting = asyncio.create_task(workshop.paints(job))
        await workshop.passes(workshop.painter.seconds)

        await asyncio.gather(painting, an.cancels(job), return_exceptions=True)

        books, balance = await workshop.books(), await workshop.balance(an)
        came_out.add((books.jobs[job.id].state, job.id in books.images, balance))
    assert came_out == {("kept", True, Balance(4, 0)), ("cancelled", False, Balance(5, 0))}


async def test_a_credit_is_given_back_once_however_often_it_is_tried(workshop: Imagify, an: Speaker) -> None:
    job = await painted(an)
    news = await news_of(workshop, job)

    back = await asyncio.gather(*(workshop.house.studio.give_back(news) for _ in range(5)))
    await workshop.table.write(*telling(news, "returned"))

    assert sum(back) == 1
    assert await workshop.balance(an) == Balance(free=5, held=0)


async def test_nobody_sees_what_is_not_theirs(gallery: Gallery, an: Speaker, binh: Speaker) -> None:
    job = await painted(an)

    with pytest.raises(Unknown):
        await gallery.view(binh.person.id, job.id)
    with pytest.raises(Unknown):
        await gallery.favour(binh.person.id, job.id)
    with pytest.raises(Unknown):
        await gallery.image(an.person.id, "no such image")


async def test_the_newest_picture_comes_first_and_the_next_page_goes_on_behind_it(
    workshop: Imagify, gallery: Gallery, binh: Speaker
) -> None:
    jobs = [await painted(binh, f"mèo {number}") for number in range(5)]

    first = await gallery.newest(binh.person.id, limit=2)
    second = await gallery.newest(binh.person.id, before=first[-1].id, limit=10)

    assert [image.id for image in (*first, *second)] == [job.id for job in reversed(jobs)]
    assert [image.prompt["words"] for image in first] == ["mèo 4", "mèo 3"]
    assert workshop.clock.now() >= first[0].at


async def test_a_withdrawn_picture_hangs_nowhere(workshop: Imagify, gallery: Gallery, binh: Speaker) -> None:
    gone, stays = await painted(binh), await painted(binh)
    await give_back(workshop, gone)

    assert [image.id for image in await gallery.newest(binh.person.id)] == [stays.id]


async def test_a_favourite_stays_one_until_it_is_taken_back(gallery: Gallery, an: Speaker) -> None:
    job = await painted(an)

    await gallery.favour(an.person.id, job.id)
    assert (await gallery.image(an.person.id, job.id)).favourite
    await gallery.favour(an.person.id, job.id, favourite=False)

    assert not (await gallery.image(an.person.id, job.id)).favourite


async def test_what_was_done_is_no_news_of_what_was_not(workshop: Imagify, an: Speaker) -> None:
    job = await painted(an)
    other = of_job("image ready", job, "0" * 26, workshop.clock.now())

    assert not await workshop.house.studio.give_back(other, *telling(other, "returned"))

    assert await workshop.balance(an) == Balance(free=4, held=0)
