"""The bell's own bounds."""

import asyncio

import pytest

from infra.embedded.queue import Bell


async def test_a_job_that_waits_already_is_not_rung_twice() -> None:
    bell = Bell()
    for job in ("01A", "01B", "01A", "01A"):
        await bell.ring(job)

    heard = [await bell.listen(0) for _ in range(3)]

    assert [ticket.job if ticket else "" for ticket in heard] == ["01A", "01B", ""]


async def test_a_full_bell_drops_a_ring_and_counts_it_and_stops_nobody() -> None:
    bell = Bell(most=2)

    async with asyncio.timeout(5):
        for job in ("01A", "01B", "01C"):
            await bell.ring(job)

    assert bell.lost == 1
    assert (await bell.listen(0), await bell.listen(0), await bell.listen(0))[2] is None


async def test_a_dropped_job_can_be_rung_once_there_is_room() -> None:
    bell = Bell(most=1)
    await bell.ring("01A")
    await bell.ring("01B")
    await bell.listen(0)

    await bell.ring("01B")

    ticket = await bell.listen(0)
    assert ticket is not None
    assert ticket.job == "01B"


async def test_a_listener_that_is_cancelled_takes_no_ticket_with_it() -> None:
    bell = Bell()
    listening = asyncio.create_task(bell.listen(60))
    await asyncio.sleep(0)

    await bell.ring("01A")
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening

    ticket = await bell.listen(0)
    assert ticket is not None
    assert ticket.job == "01A"
