"""One job before one painter: what every answer of the painter comes to, and what the next worker finds."""

import asyncio

import pytest

from core.blobs import Stored
from core.clock import SECOND
from core.errors import Fenced
from core.jobs import MOST_CRASHES, Job
from core.news import IMAGE_READY
from core.scribe import Wording
from core.tally import day_of
from tests.house import BEDROCK, Balance, Imagify, Speaker
from tests.storms.memory import MemoryBlobs
from tests.storms.played import PLAYED, Act, PlayedScribe, painted

OUT_OF_PATIENCE = 1_801  # seconds


def often(act: Act, times: int) -> tuple[Act, ...]:
    return (act,) * times


async def released(imagify: Imagify, whose: Speaker, free: int) -> bool:
    return await imagify.balance(whose) == Balance(free=free, held=0)


async def again(imagify: Imagify, job: Job) -> Job:
    """Back in the queue; its time comes, and it is tried once more."""
    assert job.state == "queued"
    await imagify.passes((job.not_before - imagify.clock.now()) / SECOND)
    return await imagify.paints(job)


# --- it works


async def test_a_painted_picture_is_kept_paid_for_and_told(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")

    kept = await workshop.paints(job)

    image = await workshop.image(job)
    assert (kept.state, kept.ended) == ("kept", workshop.clock.now())
    assert (image.seen, image.price, image.seed, image.route) == ("no", 1, job.words.seed, "pocket@here")
    assert await workshop.balance(an) == Balance(free=4, held=0)
    assert [(news.kind, news.job) for news in await workshop.due()] == [(IMAGE_READY, job.id)]
    assert set(workshop.blobs.kept) == {job.blob, job.thumb}
    assert workshop.spool.kept == {}


async def test_the_attempt_is_written_down_before_the_painter_is_asked(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", "hang")

    painting = asyncio.create_task(workshop.paints(job))
    await workshop.passes(1)
    during = await workshop.job(job.id)
    await painting

    assert [one.state for one in during.attempts] == ["sent"]
    assert during.asked
    assert len(workshop.painter.bill) == 1


async def test_more_pictures_than_a_route_takes_at_once_wait_for_their_turn_unpaid(
    workshop: Imagify, binh: Speaker
) -> None:
    jobs = await binh.orders("mèo --n 4")

    painting = [asyncio.create_task(workshop.paints(job)) for job in jobs]
    await workshop.passes(1)
    waiting = [job for job in await binh.jobs() if not job.asked]
    await asyncio.gather(*painting)

    assert len(waiting) == 2
    assert all(job.attempts == () for job in waiting)
    assert [job.state for job in await binh.jobs()] == ["kept"] * 4


# --- the painter will not, or cannot


async def test_what_the_painter_declines_fails_at_once_and_gives_the_credit_back(
    workshop: Imagify, an: Speaker
) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.declines("mèo")

    failed = await workshop.paints(job)

    assert (failed.state, failed.reason, failed.asked) == ("failed", "declined", False)
    assert await released(workshop, an, 5)


async def test_a_throttled_call_costs_nothing_and_is_tried_again_later(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", *often("throttle", 6))

    back = await workshop.paints(job)
    assert (back.state, back.paid, back.place) == ("queued", 0, job.place)
    assert back.not_before >= workshop.clock.now() + 2 * SECOND  # as the vendor asked
    for _ in range(5):
        back = await again(workshop, back)

    assert (await again(workshop, back)).state == "kept"
    assert len(workshop.painter.bill) == 1


async def test_every_try_waits_longer_than_the_one_before(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", *often("outage", 9))
    waits = []

    for _ in range(5):  # then the route is left alone, and no job is tried
        job = await workshop.paints(job)
        waits.append(job.not_before - workshop.clock.now())

    assert waits[0] <= 2 * SECOND
    assert waits[1] >= 2.5 * SECOND
    assert all(30 * SECOND <= wait <= 60 * SECOND for wait in waits[4:])


async def test_a_vendor_that_is_away_for_too_long_ends_the_order(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", "outage")
    await workshop.passes(OUT_OF_PATIENCE)

    failed = await workshop.paints(job)

    assert (failed.state, failed.reason) == ("failed", "outage")
    assert await released(workshop, an, 5)


@pytest.mark.parametrize("act", ["hang", "timeout", "broken"])
async def test_a_call_that_may_have_cost_money_is_made_twice_at_most(act: Act, workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", *often(act, 5))

    first = await workshop.paints(job)
    assert [one.state for one in first.attempts] == ["unknown"]
    failed = await again(workshop, first)

    assert (failed.state, failed.reason) == ("failed", "worn out")
    assert len(workshop.painter.bill) == 2
    assert await released(workshop, an, 5)


async def test_a_call_that_was_not_answered_in_time_is_not_waited_for_longer(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", "hang")
    began = workshop.clock.now()

    await workshop.paints(job)

    assert workshop.clock.now() - began == 30 * SECOND


async def test_what_is_no_picture_is_paid_for_and_asked_for_once_more(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", "garbage")

    back = await workshop.paints(job)
    assert (back.state, back.paid, workshop.spool.kept) == ("queued", 1, {})

    assert (await again(workshop, back)).state == "kept"


async def test_a_painter_that_gives_nothing_but_garbage_is_not_paid_for_ever(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", *often("garbage", 9))

    failed = await again(workshop, await workshop.paints(job))

    assert (failed.state, failed.reason) == ("failed", "worn out")
    assert len(workshop.painter.bill) == 2
    assert await released(workshop, an, 5)


async def test_a_model_that_nobody_paints_any_more_fails_at_once(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.house = workshop.build(vendors=frozenset())

    failed = await workshop.paints(job)

    assert (failed.state, failed.reason, failed.attempts) == ("failed", "misconfigured", ())
    assert await released(workshop, an, 5)


async def test_a_job_whose_workers_keep_dying_is_given_up(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    job = await workshop.claims(job)
    for _ in range(MOST_CRASHES):
        job = await workshop.claims(job)

    failed = await workshop.paints(job)

    assert (failed.state, failed.reason, failed.crashes) == ("failed", "worn out", MOST_CRASHES + 1)
    assert workshop.painter.bill == []
    assert await released(workshop, an, 5)


# --- what an earlier worker left


async def test_bytes_on_this_disk_are_not_painted_again(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    dead = await workshop.asks(job)
    await workshop.spool.keep(job.id, painted("mèo", 7))

    kept = await workshop.paints(dead)

    assert (kept.state, [one.state for one in kept.attempts]) == ("kept", ["done"])
    assert workshop.painter.bill == []
    assert workshop.spool.kept == {}


class FarBlobs(MemoryBlobs):
    """A blob store that nobody reaches."""

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        await asyncio.sleep(0)
        raise OSError(f"{name} of {len(data)} bytes ({mime}): no route to host")


async def test_what_was_painted_is_on_this_disk_before_anything_else_is_done_with_it(
    workshop: Imagify, an: Speaker
) -> None:
    (job,) = await an.orders("mèo")
    near, workshop.blobs = workshop.blobs, FarBlobs()
    workshop.house = workshop.build()
    with pytest.raises(OSError, match="no route"):
        await workshop.paints(job)

    workshop.blobs = near
    workshop.house = workshop.build()
    kept = await workshop.paints(await workshop.job(job.id))

    assert kept.state == "kept"
    assert len(workshop.painter.bill) == 1


async def test_bytes_in_the_blob_store_are_adopted_by_whoever_comes_next(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    dead = await workshop.asks(job)
    await workshop.blobs.put(job.blob, PLAYED + b"of the dead", "image/png")

    kept = await workshop.paints(dead)

    assert kept.state == "kept"
    assert workshop.painter.bill == []
    assert workshop.blobs.kept[job.blob] == PLAYED + b"of the dead"
    assert (await workshop.proof()).clean


async def test_a_call_that_a_dead_worker_made_counts_as_paid(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    dead = await workshop.asks(job)
    workshop.painter.will("mèo", "timeout")

    failed = await workshop.paints(dead)

    assert (failed.state, failed.paid) == ("failed", 2)


# --- two speak for one job


async def test_a_worker_that_was_overtaken_publishes_nothing(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    late = asyncio.create_task(workshop.paints(job))
    await workshop.passes(1)
    taken = await workshop.claims(await workshop.job(job.id))

    with pytest.raises(Fenced):
        await late
    assert (await workshop.books()).images == {}

    await workshop.house.studio.paint(taken)
    assert (await workshop.job(job.id)).state == "kept"
    assert len(workshop.painter.bill) == 1  # the bytes were still on the disk


async def test_a_cancelled_picture_leaves_no_byte_behind(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    painting = asyncio.create_task(workshop.paints(job))
    await workshop.passes(1)
    await an.cancels(job)

    with pytest.raises(Fenced):
        await painting

    assert workshop.blobs.kept == {}
    assert workshop.spool.kept == {}
    assert await released(workshop, an, 5)


async def test_a_job_that_was_cancelled_before_its_painter_was_asked_is_not_painted(
    workshop: Imagify, an: Speaker
) -> None:
    (job,) = await an.orders("mèo")
    mine = await workshop.claims(job)
    await an.cancels(job)

    with pytest.raises(Fenced):
        await workshop.house.studio.paint(mine)

    assert workshop.painter.bill == []


# --- words and costs


class BadTranslator(PlayedScribe):
    async def word(self, words: str, avoid: str = "", *, enhance: bool = False) -> Wording:
        del words, avoid, enhance
        return Wording("a nude child", "vi")


async def test_english_painters_read_english(workshop: Imagify, binh: Speaker) -> None:
    workshop.house = workshop.build(vendors=BEDROCK)
    (job,) = await binh.orders("mèo")

    await workshop.paints(job)

    assert [charge.route for charge in workshop.painter.bill] == ["core@us-west-2"]
    kept = (await workshop.image(job)).prompt
    assert (kept["words"], kept["english"]) == ("mèo", "english(mèo), soft light")


async def test_what_hides_in_one_language_is_found_in_the_other(workshop: Imagify, binh: Speaker) -> None:
    workshop.scribe = BadTranslator(workshop.lot)
    workshop.house = workshop.build(vendors=BEDROCK)
    (job,) = await binh.orders("mèo")

    failed = await workshop.paints(job)

    assert (failed.state, failed.reason) == ("failed", "blocked")
    assert workshop.painter.bill == []
    assert await released(workshop, binh, 20)


async def test_a_scribe_that_is_away_puts_the_job_off_without_a_call(workshop: Imagify, binh: Speaker) -> None:
    workshop.house = workshop.build(vendors=BEDROCK)
    workshop.scribe.fails("mèo")
    (job,) = await binh.orders("mèo")

    back = await workshop.paints(job)

    assert (back.state, back.attempts) == ("queued", ())
    assert (await again(workshop, back)).state == "kept"


async def test_what_is_spent_is_counted_with_the_call_and_taken_back_when_it_was_free(
    workshop: Imagify, binh: Speaker
) -> None:
    workshop.house = workshop.build(vendors=BEDROCK)
    workshop.painter.will("mèo", "throttle")
    (job,) = await binh.orders("mèo")
    today = day_of(workshop.clock.now())

    back = await workshop.paints(job)
    assert (await workshop.house.tally.spend(today)).paid == 0
    await again(workshop, back)

    spent = await workshop.house.tally.spend(today)
    assert (spent.paid, spent.gift) == (40_000, 0)
