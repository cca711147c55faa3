"""One route: who has the next turn, how fast calls leave, and how many wait there at all."""

import asyncio
from itertools import pairwise

import pytest

from core.errors import Unavailable
from core.lanes import Lane, Seat
from core.models import Route
from tests.house import Imagify
from tests.storms.memory import MemoryCache


def a_lane(imagify: Imagify, *, cache: MemoryCache | None = None, in_flight: int = 100, per_minute: int = 120) -> Lane:
    route = Route("core@west", "core", "bedrock", "core", "west", 40_000, in_flight=in_flight, per_minute=per_minute)
    return Lane(route, cache or MemoryCache(), imagify.clock, lambda: None)


async def called(seats: list[Seat], imagify: Imagify | None = None, seconds: float = 0) -> list[int]:
    """The places in the order in which they had their turn; each takes so long."""
    order: list[int] = []

    async def call(seat: Seat) -> None:
        async with seat.turn():
            order.append(seat.place)
            if imagify:
                await imagify.passes(seconds)

    await asyncio.gather(*map(call, seats))
    return order


def near(imagify: Imagify, number: int) -> int:
    """A place of somebody who ordered little."""
    return imagify.clock.now() + number


async def test_the_smallest_place_has_the_next_turn(workshop: Imagify) -> None:
    lane = a_lane(workshop)
    places = [near(workshop, number) for number in (5, 3, 9, 1, 7)]
    first = lane.sit(near(workshop, 100))

    async with first.turn():  # the only token there was
        order = await called([lane.sit(place) for place in places])

    assert order == sorted(places)


async def test_whoever_comes_with_a_smaller_place_goes_before_those_who_wait(workshop: Imagify) -> None:
    lane = a_lane(workshop)
    early = asyncio.create_task(called([lane.sit(near(workshop, number)) for number in (100, 200, 300)]))
    await workshop.passes(0.1)
    began = workshop.loop.time()

    async with lane.sit(near(workshop, -1_000)).turn():
        waited = workshop.loop.time() - began
    await early

    assert waited <= 0.5


async def test_calls_leave_as_fast_as_the_route_takes_them_and_no_two_at_once(workshop: Imagify) -> None:
    lane, moments = a_lane(workshop), []

    async def call(seat: Seat) -> None:
        async with seat.turn():
            moments.append(workshop.loop.time())

    await asyncio.gather(*(call(lane.sit(near(workshop, number))) for number in range(41)))

    assert moments[-1] - moments[0] == pytest.approx(20, abs=0.2)
    assert min(later - sooner for sooner, later in pairwise(moments)) >= 0.37


async def test_so_many_paint_at_once_as_the_route_takes(workshop: Imagify) -> None:
    lane, most = a_lane(workshop, in_flight=2, per_minute=6_000), 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, lane.flying)
            await workshop.passes(0.01)

    watching = asyncio.create_task(watch())
    began = workshop.loop.time()
    await called([lane.sit(near(workshop, number)) for number in range(6)], workshop, seconds=8)
    watching.cancel()

    assert most == 2
    assert workshop.loop.time() - began == pytest.approx(24, abs=0.5)
    assert (lane.flying, lane.waiting) == (0, 0)


async def test_two_processes_share_one_rate(workshop: Imagify) -> None:
    shared = MemoryCache()
    lanes = [a_lane(workshop, cache=shared) for _ in range(2)]
    began = workshop.loop.time()

    await asyncio.gather(*(called([lane.sit(near(workshop, number)) for number in range(20)]) for lane in lanes))

    assert workshop.loop.time() - began == pytest.approx(19.5, abs=0.5)


async def test_whoever_ordered_little_goes_first_in_another_process_too(workshop: Imagify) -> None:
    shared, far = MemoryCache(), workshop.clock.now() + 600_000
    here, there = (a_lane(workshop, cache=shared) for _ in range(2))
    heavy = asyncio.create_task(called([there.sit(far + number) for number in range(20)]))
    await workshop.passes(0.2)
    began = workshop.loop.time()

    await called([here.sit(near(workshop, number)) for number in range(4)])

    assert workshop.loop.time() - began <= 2
    heavy.cancel()


async def test_only_few_wait_for_a_turn_and_whoever_comes_before_them_may_join(workshop: Imagify) -> None:
    lane = a_lane(workshop)
    now = workshop.clock.now()

    while lane.room(now + 100):
        lane.sit(now + 100)

    assert lane.waiting == 2  # what leaves in the time that a claim takes, and one
    assert not lane.room(now + 100)
    assert lane.room(now + 99)


async def test_a_seat_that_is_left_makes_room(workshop: Imagify) -> None:
    freed: list[int] = []
    lane = Lane(a_lane(workshop).route, MemoryCache(), workshop.clock, lambda: freed.append(lane.waiting))
    seats = [lane.sit(number) for number in range(2)]

    seats[0].leave()
    seats[0].leave()
    seats[1].give_back()

    assert freed == [1]
    assert lane.waiting == 0


async def test_whoever_waits_for_a_turn_is_sent_back_when_the_route_is_shut(workshop: Imagify) -> None:
    lane = a_lane(workshop, per_minute=1)
    waiting = asyncio.create_task(called([lane.sit(number) for number in range(3)]))
    await workshop.passes(1)

    lane.turn_off()

    with pytest.raises(Unavailable) as told:
        await waiting
    assert (told.value.cause, told.value.billed) == ("shut", "no")


async def test_whoever_gives_up_waiting_holds_up_nobody(workshop: Imagify) -> None:
    lane = a_lane(workshop)
    first, second, third = (asyncio.create_task(called([lane.sit(number)])) for number in range(3))
    await workshop.passes(0.1)

    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)

    assert await third == [2]
    assert workshop.loop.time() < 1


async def test_a_turn_is_given_back_by_whoever_fails(workshop: Imagify) -> None:
    lane = a_lane(workshop, in_flight=2, per_minute=6_000)

    for number in range(5):
        with pytest.raises(ZeroDivisionError):
            async with lane.sit(number).turn():
                raise ZeroDivisionError

    assert lane.flying == 0


async def test_what_one_process_learns_the_others_know(workshop: Imagify) -> None:
    shared = MemoryCache()
    here, there = (a_lane(workshop, cache=shared) for _ in range(2))

    await here.slow_down(workshop.clock.now())
    assert (here.rate, there.rate) == (1.8, 2.0)
    await there.learn()

    assert there.rate == 1.8
    await workshop.passes(30)
    assert there.rate == pytest.approx(1.9)


async def test_a_route_that_is_set_up_wrongly_is_left_alone_for_ten_minutes(workshop: Imagify) -> None:
    lane = a_lane(workshop)

    lane.turn_off()
    assert (lane.off, lane.room(0)) == (True, False)
    await workshop.passes(599)
    assert lane.off
    await workshop.passes(2)

    assert (lane.off, lane.room(0)) == (False, True)
