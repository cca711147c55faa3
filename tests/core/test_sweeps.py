"""What is looked for now and again, because a process may die between any two steps."""

import asyncio

import pytest

from core.clock import DAY, HOUR, MINUTE, SECOND
from core.jobs import SWEEP_AFTER, Job
from core.news import GIVEN_BACK, PATIENCE
from core.sweeps import Sweeps
from tests.house import LEASE, Balance, Imagify, Speaker


@pytest.fixture
def sweeps(workshop: Imagify) -> Sweeps:
    return workshop.house.sweeps


async def rung(imagify: Imagify) -> list[str]:
    """What the bell has to say."""
    jobs = []
    while ticket := await imagify.queue.listen(0.01):
        jobs.append(ticket.job)
    return jobs


async def ordered(speaker: Speaker) -> Job:
    """An order whose bell went down with its process."""
    (job,) = await speaker.orders("mèo")
    await rung(speaker.imagify)
    return job


# --- the bell


async def test_a_job_whose_bell_was_lost_is_rung_for_again(workshop: Imagify, sweeps: Sweeps, an: Speaker) -> None:
    job = await ordered(an)

    await sweeps.ring()
    assert await rung(workshop) == []
    await workshop.passes(5)
    assert await sweeps.ring() == 1

    assert await rung(workshop) == [job.id]


async def test_a_job_that_waits_its_time_is_not_rung_for_before_it(
    workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    workshop.painter.will("mèo", "outage", "outage", "outage", "outage", "outage")
    job = await ordered(an)
    for _ in range(5):
        job = await workshop.paints(job)
    await rung(workshop)

    await workshop.passes(20)
    await sweeps.ring()
    assert await rung(workshop) == []
    await workshop.passes((job.not_before - workshop.clock.now()) / SECOND)
    await sweeps.ring()

    assert await rung(workshop) == [job.id]


async def test_a_job_whose_worker_died_is_rung_for_when_its_lease_is_over(
    workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    job = await ordered(an)
    await workshop.asks(job)

    await workshop.passes(LEASE / SECOND)
    await sweeps.ring()
    assert await rung(workshop) == []
    await workshop.passes(1)
    await sweeps.ring()

    assert await rung(workshop) == [job.id]


async def test_a_house_that_is_alone_takes_up_at_once_what_died_with_the_last_one(
    workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    job = await ordered(an)
    await workshop.asks(job)
    await sweeps.revive()
    await workshop.passes(0.001)

    dead = await workshop.job(job.id)

    assert dead.lapsed(workshop.clock.now(), LEASE)
    assert dead.state == "painting"


# --- orders that nobody could take


async def test_an_order_that_nobody_could_paint_for_half_an_hour_is_closed_and_paid_back(
    workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    job = await ordered(an)

    await workshop.passes(30 * MINUTE / SECOND - 1)
    assert await sweeps.give_up() == 0
    await workshop.passes(1)
    assert await sweeps.give_up() == 1

    given_up = await workshop.job(job.id)
    assert (given_up.state, given_up.reason) == ("failed", "overdue")
    assert await workshop.balance(an) == Balance(free=5, held=0)
    await workshop.carries()
    assert "1 credit" in an.last_heard


@pytest.mark.parametrize("leap", [-400 * DAY, -HOUR, HOUR, 400 * DAY])
async def test_a_clock_that_leaps_gives_no_order_up_before_its_time_nor_after_twice_as_long(
    leap: int, workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    await ordered(an)

    workshop.clock.offset = leap
    minutes = 0
    while not await sweeps.give_up():
        await workshop.passes(60)
        minutes += 1

    assert 30 <= minutes <= 60


async def test_a_clock_that_leaps_ahead_takes_back_no_picture_that_waits_for_its_person(
    workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    await parked(workshop, an)

    workshop.clock.offset = 400 * DAY

    assert await sweeps.return_parked() == 0


async def test_a_worker_that_takes_the_order_in_the_last_moment_paints_it(
    workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    job = await ordered(an)
    await workshop.passes(30 * MINUTE / SECOND + 1)

    outcomes = await asyncio.gather(workshop.claims(job), sweeps.give_up(), return_exceptions=True)

    state = (await workshop.job(job.id)).state
    assert state == ("failed" if isinstance(outcomes[0], Exception) else "painting")
    assert await workshop.balance(an) == (Balance(5, 0) if state == "failed" else Balance(4, 1))


# --- bytes without a picture


async def test_what_was_laid_down_while_the_clock_was_ahead_is_swept_in_its_own_time_once_it_is_right(
    workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    workshop.clock.offset = 400 * DAY
    job = await ordered(an)
    await workshop.asks(job)
    await workshop.house.studio.cancel(job.person, job.id)
    workshop.clock.offset = 0

    assert await sweeps.redate() == 1
    assert await sweeps.redate() == 0

    assert await sweeps.clear_leftovers() == 0
    await workshop.passes(SWEEP_AFTER / SECOND)
    assert await sweeps.clear_leftovers() == 1


async def test_bytes_that_a_cancelled_job_left_are_cleared_away_in_time(
    workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    job = await ordered(an)
    await workshop.asks(job)
    await an.cancels(job)
    await workshop.blobs.put(job.blob, b"PLAYED stray", "image/png")
    await workshop.blobs.put(job.thumb, b"PLAYED stray", "image/jpeg")
    await workshop.spool.keep(job.id, b"PLAYED stray")

    assert await sweeps.clear_leftovers() == 0
    await workshop.passes(SWEEP_AFTER / SECOND)
    assert await sweeps.clear_leftovers() == 1

    assert (workshop.blobs.kept, workshop.spool.kept) == ({}, {})
    assert await sweeps.clear_leftovers() == 0


async def test_bytes_on_this_disk_whose_job_is_closed_are_cleared_away(
    workshop: Imagify, sweeps: Sweeps, binh: Speaker
) -> None:
    closed, open_ = await ordered(binh), await ordered(binh)
    await workshop.paints(closed)
    await workshop.asks(open_)
    for job in (closed, open_):
        await workshop.spool.keep(job.id, b"PLAYED bytes")

    assert await sweeps.clear_spool() == 1

    assert await workshop.spool.waiting() == [open_.id]


# --- news that nobody could be told


async def parked(imagify: Imagify, speaker: Speaker) -> Job:
    """A picture for somebody who has left."""
    speaker.leaves()
    job = await ordered(speaker)
    await imagify.paints(job)
    await imagify.carries()
    assert await imagify.due() == []
    return job


async def test_who_cannot_be_reached_for_seven_days_gets_the_credit_back(
    workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    job = await parked(workshop, an)

    workshop.clock.skip(PATIENCE - MINUTE)
    assert await sweeps.return_parked() == 0
    workshop.clock.skip(MINUTE)
    assert await sweeps.return_parked() == 1

    assert (await workshop.job(job.id)).state == "returned"
    assert (await workshop.image(job)).state == "withdrawn"
    assert await workshop.balance(an) == Balance(free=5, held=0)
    assert [news.kind for news in await workshop.due()] == [GIVEN_BACK]


async def test_who_looked_at_the_picture_elsewhere_has_paid_for_it(
    workshop: Imagify, sweeps: Sweeps, an: Speaker
) -> None:
    job = await parked(workshop, an)
    await an.looks_at(job)

    workshop.clock.skip(8 * DAY)
    assert await sweeps.return_parked() == 1

    assert (await workshop.job(job.id)).state == "delivered"
    assert await workshop.balance(an) == Balance(free=4, held=0)
    assert await workshop.rows_named("PARKED#") == []


async def test_a_look_and_the_return_at_the_same_moment_agree(workshop: Imagify, sweeps: Sweeps, an: Speaker) -> None:
    job = await parked(workshop, an)
    workshop.clock.skip(8 * DAY)

    await asyncio.gather(sweeps.return_parked(), an.looks_at(job), return_exceptions=True)

    image, balance = await workshop.image(job), await workshop.balance(an)
    assert (image.state, image.seen, balance.free) in [("withdrawn", "no", 5), ("kept", "yes", 4)]


async def test_words_that_nobody_came_for_are_forgotten(workshop: Imagify, sweeps: Sweeps, an: Speaker) -> None:
    an.leaves()
    job = await ordered(an)
    workshop.painter.declines("mèo")
    await workshop.paints(job)
    await workshop.carries()
    assert len(await workshop.rows_named("PARKED#")) == 1

    workshop.clock.skip(8 * DAY)
    await sweeps.return_parked()

    assert await workshop.rows_named("PARKED#") == []
    assert await workshop.balance(an) == Balance(free=5, held=0)
