"""How far an order is: a place that is true, a bar that never stands still and never lies about the end."""

from dataclasses import replace

from bot.progress import MOST, Progresses
from core.clock import SECOND
from core.jobs import Job
from core.pace import LAST, Pace, Took, pace_key
from core.table import Change
from tests.house import Imagify, Speaker


def progresses(imagify: Imagify) -> Progresses:
    return Progresses(imagify.clock, imagify.house.places, Pace(imagify.table, imagify.clock))


async def known(imagify: Imagify, *seconds: int) -> None:
    """So long did the last paintings take."""
    took = [one * SECOND for one in seconds]
    await imagify.table.write(Change(pace_key("pocket"), set={"took": [*took]}, or_create=True))


async def being_painted(imagify: Imagify, an: Speaker) -> Job:
    (job,) = await an.orders("mèo")
    return await imagify.claims(job)


async def test_who_waits_is_told_their_place(workshop: Imagify, an: Speaker, binh: Speaker) -> None:
    (first,) = await binh.orders("mèo")
    (second,) = await an.orders("mèo")
    told = progresses(workshop)

    before, behind = await told.of([first]), await told.of([second])

    assert before
    assert behind
    assert (before.place, behind.place) == (1, 2)
    assert before.seconds < behind.seconds
    assert before.share == behind.share == 0


async def test_the_bar_grows_with_every_second_and_never_reaches_the_end(workshop: Imagify, an: Speaker) -> None:
    await known(workshop, 10)
    job, told = await being_painted(workshop, an), progresses(workshop)
    shares = []

    for _ in range(30):
        await workshop.passes(1)
        step = await told.of([job])
        assert step
        shares.append(step.share)

    assert shares[:15] == sorted(set(shares[:15])), "it grows with every second of the usual time"
    assert max(shares) <= MOST
    assert 60 <= shares[9] <= 80, "after the usual time most of it is done"


async def test_what_takes_longer_than_nine_of_ten_is_called_slow(workshop: Imagify, an: Speaker) -> None:
    await known(workshop, 2, 2, 2, 2, 2, 2, 2, 2, 2, 6)
    job, told = await being_painted(workshop, an), progresses(workshop)

    await workshop.passes(5)
    usual = await told.of([job])
    await workshop.passes(5)
    late = await told.of([job])

    assert usual
    assert late
    assert not usual.slow
    assert late.slow
    assert late.seconds == 1, "it is never said to be over before it is"


async def test_of_four_the_done_ones_count_whole(workshop: Imagify, binh: Speaker) -> None:
    await known(workshop, 10)
    jobs = await binh.orders("mèo --n 4")
    done = [replace(job, state="kept") for job in jobs[:2]]

    step = await progresses(workshop).of([*done, *jobs[2:]])

    assert step is None or step.share in (0, 50)
    painting = [await workshop.claims(job) for job in jobs[2:]]
    step = await progresses(workshop).of([*done, *painting])
    assert step
    assert step.share == 50


async def test_an_order_that_is_closed_has_no_bar(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")

    assert await progresses(workshop).of([replace(job, state="failed")]) is None


async def test_the_usual_time_is_that_of_the_last_paintings(imagify: Imagify, binh: Speaker) -> None:
    imagify.painter.seconds = 7
    await binh.says("mèo")
    await imagify.settles()
    await imagify.passes(60)

    took = await Pace(imagify.table, imagify.clock).of("pocket")

    assert 7 * SECOND <= took.p50 <= 9 * SECOND


async def test_old_paintings_are_forgotten(workshop: Imagify) -> None:
    await known(workshop, *range(1, LAST + 1))

    took = await Pace(workshop.table, workshop.clock).of("pocket")

    assert took == Took((LAST // 2 + 1) * SECOND, (LAST * 9 // 10 + 1) * SECOND)
