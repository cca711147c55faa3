"""Tickets of the bell: held while somebody works on them, done when nothing is left to do, and never by the dead."""

import asyncio

from core.clock import SECOND
from core.queue import Ticket
from tests.house import Imagify, Speaker
from tests.storms.memory import MemoryQueue

LEASE = 6 * SECOND


class Told:
    """A worker's bell that remembers what became of each ticket."""

    def __init__(self, bell: MemoryQueue) -> None:
        self._bell, self.lost = bell, 0
        self.held: list[str] = []
        self.finished: list[str] = []

    async def ring(self, job: str) -> None:
        await self._bell.ring(job)

    async def listen(self, seconds: float) -> Ticket | None:
        return await self._bell.listen(seconds)

    async def hold(self, ticket: Ticket) -> None:
        self.held.append(ticket.job)

    async def done(self, ticket: Ticket) -> None:
        self.finished.append(ticket.job)


async def idle_worker(workshop: Imagify, bell: Told) -> "asyncio.Task[None]":
    """A worker that has found nothing to do and listens."""
    worker = workshop.build(queue=bell, lease=LEASE, hands=1).worker
    assert worker
    life = asyncio.create_task(worker.run())
    await workshop.passes(1)
    return life


async def test_a_ticket_is_held_as_long_as_its_job_is_painted_and_done_afterwards(
    workshop: Imagify, an: Speaker
) -> None:
    workshop.painter.seconds = 25
    bell = Told(workshop.queue)
    life = await idle_worker(workshop, bell)

    (job,) = await an.orders("mèo")
    await workshop.passes(20)
    assert bell.held[:8] == [job.id] * 8
    assert bell.finished == []
    await workshop.passes(20)

    held = len(bell.held)
    assert bell.finished == [job.id]
    await workshop.passes(20)
    assert len(bell.held) == held
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)


async def test_the_ticket_of_a_worker_that_died_is_never_done(workshop: Imagify, an: Speaker) -> None:
    workshop.painter.seconds = 25
    bell = Told(workshop.queue)
    life = await idle_worker(workshop, bell)
    await an.orders("mèo")
    await workshop.passes(10)

    life.cancel()
    await asyncio.gather(life, return_exceptions=True)
    held = len(bell.held)
    await workshop.passes(60)

    assert bell.finished == []
    assert len(bell.held) == held


async def test_a_ticket_for_which_there_is_nothing_to_do_is_done_at_once(workshop: Imagify) -> None:
    bell = Told(workshop.queue)
    life = await idle_worker(workshop, bell)

    await bell.ring("no such job")
    await workshop.passes(1)

    assert bell.finished == ["no such job"]
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)
