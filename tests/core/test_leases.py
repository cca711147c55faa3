"""Who may speak for a chore, a lane or a channel: one process at a time, and no dead one for long."""

import asyncio

import pytest

from core.clock import DAY, SECOND
from core.leases import Leases
from core.table import Create, Key, Refused, Table
from tests.clocks import SetClock

LANE = Key("LANE#telegram:1", "LEASE")
SPAN = 30 * SECOND


@pytest.fixture
def one(table: Table, clock: SetClock) -> Leases:
    return Leases(table, clock, "one")


@pytest.fixture
def other(table: Table, clock: SetClock) -> Leases:
    return Leases(table, clock, "other")


async def test_one_process_at_a_time_holds_a_lease(one: Leases, other: Leases) -> None:
    assert await one.take(LANE, SPAN)

    assert await other.take(LANE, SPAN) is None


async def test_of_many_that_reach_for_it_at_once_one_gets_it(table: Table, clock: SetClock) -> None:
    everybody = [Leases(table, clock, f"process {number}") for number in range(8)]

    taken = await asyncio.gather(*(leases.take(LANE, SPAN) for leases in everybody))

    assert sum(lease is not None for lease in taken) == 1


async def test_of_many_that_reach_for_a_dead_one_at_once_one_gets_it(
    one: Leases, table: Table, clock: SetClock
) -> None:
    await one.take(LANE, SPAN)
    clock.pass_by(31)
    everybody = [Leases(table, clock, f"process {number}") for number in range(8)]

    taken = await asyncio.gather(*(leases.take(LANE, SPAN) for leases in everybody))

    assert sum(lease is not None for lease in taken) == 1


async def test_nobody_waits_longer_for_a_dead_process_than_its_lease(
    one: Leases, other: Leases, clock: SetClock
) -> None:
    await one.take(LANE, SPAN)

    clock.pass_by(30)
    assert await other.take(LANE, SPAN) is None
    clock.pass_by(0.001)
    assert await other.take(LANE, SPAN)


async def test_a_lease_lasts_as_long_as_it_is_renewed(one: Leases, other: Leases, clock: SetClock) -> None:
    lease = await one.take(LANE, SPAN)
    assert lease

    for _ in range(10):
        clock.pass_by(20)
        assert await one.renew(lease, SPAN)
        assert await other.take(LANE, SPAN) is None


async def test_a_lease_that_was_lost_is_neither_renewed_nor_released(
    one: Leases, other: Leases, clock: SetClock, table: Table
) -> None:
    late = await one.take(LANE, SPAN)
    assert late
    clock.pass_by(31)
    assert await other.take(LANE, SPAN)

    assert not await one.renew(late, SPAN)
    assert not await one.release(late, {"next_at": 7})

    row = await table.get(LANE)
    assert row
    assert row.text("holder") == "other"
    assert row.number("until") == clock.now() + SPAN
    assert "next_at" not in row.fields


async def test_what_is_guarded_by_a_lease_is_written_only_while_it_is_ours(
    one: Leases, other: Leases, clock: SetClock, table: Table
) -> None:
    note = Create(Key("NOTE", "META"), {})
    late = await one.take(LANE, SPAN)
    assert late
    clock.pass_by(31)
    lease = await other.take(LANE, SPAN)
    assert lease

    with pytest.raises(Refused):
        await table.write(late.guarding(), note)
    await table.write(lease.guarding(), note)


async def test_a_lease_that_is_released_is_free_at_once(one: Leases, other: Leases) -> None:
    lease = await one.take(LANE, SPAN)
    assert lease

    assert await one.release(lease)

    assert await other.take(LANE, SPAN)


async def test_a_process_may_take_again_what_is_its_own_and_then_the_older_right_is_gone(one: Leases) -> None:
    first = await one.take(LANE, SPAN)
    second = await one.take(LANE, SPAN)
    assert first
    assert second

    assert second.fence == first.fence + 1
    assert not await one.renew(first, SPAN)
    assert await one.renew(second, SPAN)


async def test_a_clock_that_was_set_back_leaves_no_lease_standing_for_days(
    one: Leases, other: Leases, clock: SetClock
) -> None:
    await one.take(LANE, SPAN)

    clock.leap(-DAY / SECOND)
    assert await other.take(LANE, SPAN) is None
    clock.pass_by(SPAN / SECOND)

    assert await other.take(LANE, SPAN)


@pytest.mark.parametrize("skew", [-400 * DAY, -DAY, -31_000])
async def test_a_process_whose_clock_lags_takes_nothing_from_the_living(skew: int, table: Table) -> None:
    clock, wrong = SetClock(), SetClock()
    wrong.leap(skew / SECOND)
    one, other = Leases(table, clock, "one"), Leases(table, wrong, "other")
    lease = await one.take(LANE, SPAN)
    assert lease

    for _ in range(20):
        for each in (clock, wrong):
            each.pass_by(10)
        assert await other.take(LANE, SPAN) is None
        assert await one.renew(lease, SPAN)


async def test_a_clock_that_lags_a_little_takes_nothing_from_the_living(
    one: Leases, other: Leases, clock: SetClock
) -> None:
    await one.take(LANE, SPAN)

    clock.leap(-29)

    assert await other.take(LANE, SPAN) is None


async def test_a_house_that_is_alone_waits_for_nobody(one: Leases, table: Table, clock: SetClock) -> None:
    await one.take(LANE, SPAN)

    assert await Leases(table, clock, "next", alone=True).take(LANE, SPAN)


async def test_what_a_lease_row_said_before_is_handed_over_with_it(one: Leases, other: Leases) -> None:
    lease = await one.take(LANE, SPAN)
    assert lease
    await one.release(lease, {"offset": 17})

    taken = await other.take(LANE, SPAN)

    assert taken
    assert taken.fields["offset"] == 17


async def test_a_process_whose_clock_runs_ahead_takes_a_lease_once_and_is_left_alone_with_it(table: Table) -> None:
    clock, wrong = SetClock(), SetClock()
    wrong.leap(DAY / SECOND)
    one, other = Leases(table, clock, "one"), Leases(table, wrong, "other")
    await one.take(LANE, SPAN)
    lease = await other.take(LANE, SPAN)
    assert lease

    for _ in range(20):
        for each in (clock, wrong):
            each.pass_by(10)
        assert await one.take(LANE, SPAN) is None
        assert await other.renew(lease, SPAN)
