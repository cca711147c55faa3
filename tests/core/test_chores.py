"""Scheduled work: done when it is due, by one process at a time, and never lost with one."""

import asyncio

import pytest

from core.chores import LEASE, Chore, Chores, chore_key
from core.clock import DAY, SECOND
from core.leases import Leases
from core.table import Table
from tests.clocks import SetClock
from tests.house import Imagify


class Done:
    """How often something was done."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> None:
        await asyncio.sleep(0)
        self.times += 1


@pytest.fixture
def done() -> Done:
    return Done()


@pytest.fixture
def sweep(done: Done) -> Chore:
    return Chore("sweep", 60, done)


def a_process(table: Table, clock: SetClock, name: str, *chores: Chore) -> Chores:
    return Chores(table, clock, Leases(table, clock, name), chores)


async def test_a_chore_is_done_when_it_is_due_and_not_before(
    table: Table, clock: SetClock, sweep: Chore, done: Done
) -> None:
    chores = a_process(table, clock, "one", sweep)

    assert await chores.do(sweep)
    clock.pass_by(59.999)
    assert not await chores.do(sweep)
    clock.pass_by(0.001)
    assert await chores.do(sweep)

    assert done.times == 2


async def test_several_processes_do_a_chore_once_in_its_time(
    table: Table, clock: SetClock, sweep: Chore, done: Done
) -> None:
    everybody = [a_process(table, clock, f"process {number}", sweep) for number in range(8)]

    for _ in range(5):
        await asyncio.gather(*(chores.do(sweep) for chores in everybody))
        clock.pass_by(60)

    assert done.times == 5


async def test_a_chore_whose_process_died_at_it_is_taken_up_by_another(
    table: Table, clock: SetClock, sweep: Chore, done: Done
) -> None:
    dead = Leases(table, clock, "dead")
    assert await dead.take(chore_key("sweep"), LEASE)
    living = a_process(table, clock, "living", sweep)

    assert not await living.do(sweep)
    clock.pass_by(LEASE / SECOND + 1)
    assert await living.do(sweep)

    assert done.times == 1


async def test_a_chore_that_fails_stays_due(table: Table, clock: SetClock, done: Done) -> None:
    async def fail() -> None:
        await done()
        raise OSError("no disk")

    broken = Chore("broken", 60, fail)
    chores = a_process(table, clock, "one", broken)

    for _ in range(2):
        with pytest.raises(OSError, match="no disk"):
            await chores.do(broken)

    assert done.times == 2


async def test_after_the_clock_is_set_back_a_chore_is_not_put_off_for_days(
    table: Table, clock: SetClock, sweep: Chore, done: Done
) -> None:
    chores = a_process(table, clock, "one", sweep)
    await chores.do(sweep)

    clock.pass_by(-DAY / SECOND)

    assert await chores.do(sweep)
    assert done.times == 2


async def test_in_an_open_house_every_chore_is_done_again_and_again(imagify: Imagify) -> None:
    async def next_times() -> dict[str, int]:
        return {row.key.owner: row.number("next_at") for row in await imagify.rows("CHORE#")}

    await imagify.passes(1)
    first = await next_times()
    await imagify.passes(620)
    second = await next_times()

    assert {"CHORE#ring", "CHORE#tally", "CHORE#erase", "CHORE#forget handled"} <= first.keys()
    assert first.keys() == second.keys()
    assert all(second[name] > first[name] for name in first)
