"""What every builder of Queue must do: wake somebody soon, and never promise more."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.queue import Queue
from infra.embedded.queue import Bell
from tests.stores import sqs

SOON = 5.0  # seconds; a bound, not a wait: a ticket that is there comes at once


@pytest.fixture(params=["bell", pytest.param("sqs-on-ministack", marks=pytest.mark.server)])
async def queue(request: pytest.FixtureRequest) -> AsyncIterator[Queue]:
    if request.param == "bell":
        yield Bell()
    else:
        async with sqs(request.getfixturevalue("on_ministack")) as opened:
            yield opened


async def heard(queue: Queue, most: int) -> set[str]:
    """The jobs of up to so many tickets, each one done."""
    jobs: set[str] = set()
    for _ in range(most):
        ticket = await queue.listen(SOON)
        assert ticket is not None
        await queue.done(ticket)
        jobs.add(ticket.job)
    return jobs


async def test_a_ring_is_heard_with_its_job(queue: Queue) -> None:
    await queue.ring("01JOB")

    ticket = await queue.listen(SOON)

    assert ticket is not None
    assert ticket.job == "01JOB"
    await queue.done(ticket)


async def test_who_listens_already_hears_the_next_ring(queue: Queue) -> None:
    listening = asyncio.create_task(queue.listen(SOON))
    await asyncio.sleep(0)

    await queue.ring("01JOB")

    ticket = await listening
    assert ticket is not None
    assert ticket.job == "01JOB"


async def test_silence_ends_after_its_time_and_not_with_an_error(queue: Queue) -> None:
    assert await queue.listen(0) is None


async def test_every_job_rung_is_heard(queue: Queue) -> None:
    jobs = {f"01JOB{n}" for n in range(20)}
    for job in jobs:
        await queue.ring(job)

    assert await heard(queue, len(jobs)) == jobs


async def test_a_ticket_that_is_done_does_not_come_again_and_its_job_may_be_rung_anew(queue: Queue) -> None:
    await queue.ring("01JOB")
    assert await heard(queue, 1) == {"01JOB"}
    assert await queue.listen(0) is None

    await queue.ring("01JOB")

    assert await heard(queue, 1) == {"01JOB"}


async def test_a_ticket_that_is_held_is_heard_by_nobody_else(queue: Queue) -> None:
    await queue.ring("01JOB")
    ticket = await queue.listen(SOON)
    assert ticket is not None

    await queue.hold(ticket)

    assert await queue.listen(0) is None


async def test_a_job_rung_for_again_before_anybody_listens_wakes_one_only(queue: Queue) -> None:
    for _ in range(3):
        await queue.ring("01JOB")

    assert await heard(queue, 1) == {"01JOB"}
    assert await queue.listen(0) is None


async def test_a_ticket_may_be_held_or_done_once_too_often(queue: Queue) -> None:
    await queue.ring("01JOB")
    ticket = await queue.listen(SOON)
    assert ticket is not None
    await queue.done(ticket)

    await queue.hold(ticket)
    await queue.done(ticket)

    assert await queue.listen(0) is None
    assert queue.lost == 0


async def test_two_listeners_share_the_work(queue: Queue) -> None:
    both = asyncio.gather(queue.listen(SOON), queue.listen(SOON))
    await queue.ring("01A")
    await queue.ring("01B")

    assert {ticket.job for ticket in await both if ticket} == {"01A", "01B"}
