"""Workers: each job in one pair of hands, a heartbeat while it is painted, and nothing lost with a worker."""

import asyncio

import pytest

from core.clock import DAY, HOUR, SECOND
from core.jobs import Job, job_key
from core.table import Change
from core.worker import LOOK_AT, Worker
from tests.house import Balance, Imagify, Speaker


async def working(imagify: Imagify, **how: int) -> tuple[Worker, "asyncio.Task[None]"]:
    """A worker process, and its life."""
    worker = imagify.build(**how).worker  # type: ignore[arg-type]  # hands and lease
    assert worker
    return worker, asyncio.create_task(worker.run())


async def die(life: "asyncio.Task[None]") -> None:
    """Without a word: what it was at stays as it stands."""
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)


async def stand_still(imagify: Imagify, speaker: Speaker, *states: str) -> None:
    """Until the person's jobs are in these states."""

    async def there() -> bool:
        return [job.state for job in await speaker.jobs()] == list(states)

    await imagify.until(there)


async def test_many_workers_paint_each_job_once(workshop: Imagify) -> None:
    people = [await workshop.meets(paid=8) for _ in range(6)]
    lives = [(await working(workshop, hands=2))[1] for _ in range(4)]

    for person in people:
        await person.orders("mèo --n 4")
        await person.orders("chó --n 4")
    for person in people:
        await stand_still(workshop, person, *["kept"] * 8)

    assert len(workshop.painter.bill) == 48
    assert {job.claims for job in (await workshop.books()).jobs.values()} == {1}
    for life in lives:
        await die(life)


async def test_a_long_painting_is_kept_by_its_heartbeat(workshop: Imagify, an: Speaker) -> None:
    workshop.painter.seconds = 25
    first, second = await working(workshop, lease=6 * SECOND), await working(workshop, lease=6 * SECOND)
    (job,) = await an.orders("mèo")

    for _ in range(12):
        await workshop.passes(2)
        await workshop.queue.ring(job.id)
    await stand_still(workshop, an, "kept")

    assert len(workshop.painter.bill) == 1
    assert (await workshop.job(job.id)).claims == 1
    await die(first[1])
    await die(second[1])


@pytest.mark.parametrize("leap", [-400 * DAY, -HOUR, HOUR, 400 * DAY])
async def test_a_clock_that_leaps_takes_no_painting_out_of_a_living_hand(
    leap: int, workshop: Imagify, an: Speaker
) -> None:
    workshop.painter.seconds = 25
    _, life = await working(workshop, lease=6 * SECOND)
    (job,) = await an.orders("mèo")
    await workshop.passes(5)

    workshop.clock.offset = leap
    for _ in range(8):
        await workshop.queue.ring(job.id)
        await workshop.passes(2)
    await stand_still(workshop, an, "kept")

    assert len(workshop.painter.bill) == 1
    assert (await workshop.job(job.id)).claims == 1
    await die(life)


async def test_the_job_of_a_dead_worker_is_finished_by_another(imagify: Imagify, an: Speaker) -> None:
    assert imagify.house.worker
    imagify.house.worker.stop()
    (job,) = await an.orders("mèo")
    _, life = await working(imagify)
    await imagify.passes(3)
    await die(life)
    assert (await imagify.job(job.id)).state == "painting"

    _, other = await working(imagify)
    await imagify.settles()

    finished = await imagify.job(job.id)
    assert (finished.state, finished.crashes, finished.paid) == ("delivered", 1, 2)
    assert len(an.pictures) == 1
    assert await imagify.balance(an) == Balance(free=4, held=0)
    await die(other)


async def test_a_worker_that_lost_its_lease_puts_the_brush_down(workshop: Imagify, binh: Speaker) -> None:
    workshop.painter.seconds = 25
    _, life = await working(workshop, lease=6 * SECOND, hands=1)
    mine, _ = [*await binh.orders("mèo"), *await binh.orders("chó")]
    await workshop.passes(1)
    await workshop.claims(await workshop.job(mine.id))

    await workshop.passes(3)

    assert [charge.words for charge in workshop.painter.bill] == ["mèo", "chó"]
    assert (await workshop.books()).images == {}
    await die(life)


async def test_a_worker_that_is_asked_to_stop_finishes_what_it_holds_and_takes_no_more(
    workshop: Imagify, binh: Speaker
) -> None:
    worker, life = await working(workshop, hands=1)
    await binh.orders("mèo --n 2")
    await workshop.passes(1)

    worker.stop()
    await life

    assert [job.state for job in await binh.jobs()] == ["kept", "queued"]


async def test_a_worker_that_is_asked_to_stop_leaves_an_order_it_hears_of_in_that_moment(
    workshop: Imagify, an: Speaker
) -> None:
    worker, life = await working(workshop)
    await workshop.passes(1)

    await an.orders("mèo")
    worker.stop()
    await life

    assert [job.state for job in await an.jobs()] == ["queued"]


async def test_an_idle_worker_stops_at_once(workshop: Imagify) -> None:
    worker, life = await working(workshop)
    await workshop.passes(1)
    began = workshop.clock.now()

    worker.stop()
    await life

    assert workshop.clock.now() == began


async def test_an_order_whose_bell_was_lost_is_found_all_the_same(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    assert await workshop.queue.listen(0.1)  # heard by somebody who died of it

    _, life = await working(workshop)
    await stand_still(workshop, an, "kept")

    assert (await workshop.job(job.id)).began <= job.created + 6 * SECOND
    await die(life)


async def test_a_bell_that_rings_twice_paints_nothing_twice(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    for _ in range(5):
        await workshop.queue.ring(job.id)

    _, life = await working(workshop)
    await workshop.passes(60)

    assert len(workshop.painter.bill) == 1
    await die(life)


async def test_a_bell_for_a_job_nobody_knows_harms_nobody(workshop: Imagify, an: Speaker) -> None:
    await workshop.queue.ring("no such job")
    _, life = await working(workshop, hands=1)

    await an.orders("mèo")
    await stand_still(workshop, an, "kept")

    await die(life)


async def test_what_was_put_off_is_not_touched_before_its_time(workshop: Imagify, an: Speaker) -> None:
    workshop.painter.will("mèo", "throttle")
    (job,) = await an.orders("mèo")
    back = await workshop.paints(job)

    _, life = await working(workshop)
    await stand_still(workshop, an, "kept")

    assert workshop.clock.now() >= back.not_before
    assert len(workshop.painter.bill) == 1
    await die(life)


async def test_who_paid_is_painted_before_who_never_did(workshop: Imagify, an: Speaker, binh: Speaker) -> None:
    await an.orders("mèo")
    await binh.orders("chó")

    _, life = await working(workshop, hands=1)
    await stand_still(workshop, an, "kept")

    assert [charge.words for charge in workshop.painter.bill] == ["chó", "mèo"]
    await die(life)


@pytest.mark.parametrize("state", ["queued", "put off", "painting", "waiting to be told"])
async def test_a_clock_that_is_set_back_leaves_no_order_standing(state: str, workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    await in_state(workshop, job, state)
    before = workshop.loop.time()

    workshop.clock.offset = -6 * HOUR
    await workshop.opens()
    await workshop.settles()

    assert [one.state for one in await an.jobs()] == ["delivered"]
    assert workshop.loop.time() - before < 180


async def in_state(imagify: Imagify, job: Job, state: str) -> None:
    if state == "put off":
        imagify.painter.will("mèo", "throttle")
        await imagify.paints(job)
    if state == "painting":
        await imagify.asks(job)
    if state == "waiting to be told":
        await imagify.paints(job)


async def test_bytes_on_the_disk_of_a_worker_that_starts_again_go_first(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    await workshop.asks(job)
    await workshop.spool.keep(job.id, b"PLAYED by a dead worker")

    worker, life = await working(workshop)
    await workshop.passes(1)

    assert job.blob in workshop.blobs.kept
    worker.stop()
    await life


async def test_an_order_may_be_cancelled_while_it_waits_or_is_painted_but_not_once_it_is_kept(
    imagify: Imagify, an: Speaker
) -> None:
    (job,) = await an.orders("mèo")
    await imagify.passes(1)

    cancelled = await an.cancels(job)
    await imagify.settles()

    assert cancelled.state == "cancelled"
    assert an.pictures == []
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_orders_that_were_put_off_do_not_hide_the_one_that_is_ready(workshop: Imagify) -> None:
    people = [await workshop.meets(paid=1) for _ in range(LOOK_AT + 5)]
    jobs = [(await one.orders("mèo"))[0] for one in people]
    later = workshop.clock.now() + HOUR // 2
    for job in jobs[:-1]:
        await workshop.table.write(Change(job_key(job.id), set={"not_before": later, "wait": HOUR // 2}))

    life = (await working(workshop))[1]
    await stand_still(workshop, people[-1], "kept")

    assert len(workshop.painter.bill) == 1
    await die(life)


async def test_a_worker_looks_at_the_table_before_it_waits_for_the_bell(workshop: Imagify, an: Speaker) -> None:
    await an.orders("mèo")
    while await workshop.queue.listen(0.1):
        pass  # the bell went with a process that died
    began = workshop.clock.now()

    life = (await working(workshop))[1]
    await stand_still(workshop, an, "kept")

    assert (await an.jobs())[0].began - began < SECOND
    await die(life)
