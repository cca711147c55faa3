"""What a simulation promises: a seed replays, any point can be a death, and time is virtual."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.replies import Reply
from core.clock import DAY, MINUTE
from core.models import Route
from core.prompts import Prompt
from core.table import Change, Create, Key, Refused
from tests.storms.loop import START, Deadlock, Livelock, SimLoop
from tests.storms.mortal import Plan
from tests.storms.simulation import Hands, Report, Stuck, World

ROUTE = Route("pocket", "pocket", "pocket", "pocket", "", 0)
JOBS = tuple(f"JOB#{number}" for number in range(6))
IMMORTAL = Plan(most=0)
QUIET_BELL = frozenset({"queue.listen"})


# --- a house in small: rows, a bell, a painter; the real one is stormed elsewhere


async def front(hands: Hands) -> None:
    for job in JOBS:
        try:
            await hands.table.write(Create(Key(job, "META"), {"state": "queued", "tries": 0}))
        except Refused:
            continue  # an earlier life of this process has been here
        await hands.queue.ring(job)


async def work(hands: Hands) -> None:
    while True:
        ticket = await hands.queue.listen(5)
        for job in [ticket.job] if ticket else JOBS:
            await paint(hands, job)


async def paint(hands: Hands, job: str) -> None:
    row = await hands.table.get(Key(job, "META"))
    if row is None or row.text("state") == "kept":
        return
    data = await hands.spool.find(job)
    if data is None:
        data = (await hands.painter.paint(Prompt(job, seed=1), ROUTE)).data
        await hands.spool.keep(job, data)
    await hands.blobs.put(job, data, "image/png")
    try:
        await hands.table.write(Change(Key(job, "META"), set={"state": "kept"}, when={"state": "queued"}))
    except Refused:
        return
    await hands.channels["telegram"].send("an", Reply(f"{job} is ready"))


async def story(world: World) -> None:
    world.start("front", front)
    world.start("worker-1", work)
    world.start("worker-2", work)

    left = list(JOBS)

    async def all_kept() -> bool:
        while left and await state(world, left[-1]) == "kept":
            left.pop()
        return not left

    await world.until(all_kept)


async def state(world: World, job: str) -> str:
    row = await world.table.get(Key(job, "META"))
    return row.text("state") if row else ""


def play(seed: int, plan: Plan) -> Report:
    world = World(seed, plan)
    world.run(story)
    return world.report()


def storm(seed: int) -> Report:
    return play(seed, Plan(chance=0.03, most=5))


# --- replay


def test_the_same_seed_replays_to_the_last_point() -> None:
    reports = [storm(seed) for seed in range(20)]

    again = [storm(seed) for seed in range(20)]

    assert again == reports
    assert sum(len(report.deaths) for report in reports) > 20


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_a_printed_seed_replays_in_another_interpreter(hash_seed: str) -> None:
    program = "from tests.storms.test_simulation import storm; print(storm(3).digest)"

    told = subprocess.run(  # noqa: S603  # our own interpreter, our own program
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == storm(3).digest


def test_another_seed_is_another_run() -> None:
    digests = {play(seed, IMMORTAL).digest for seed in range(20)}

    assert len(digests) == 20


def test_sets_of_tasks_are_walked_in_the_same_order_whatever_their_addresses() -> None:
    def cancelled_in_order() -> list[int]:
        order: list[int] = []

        async def wait(number: int) -> None:
            try:
                await asyncio.sleep(number + 1)
            except asyncio.CancelledError:
                order.append(number)
                raise

        async def group(_: World) -> None:
            async with asyncio.TaskGroup() as tasks:
                for number in range(50):
                    tasks.create_task(wait(number))
                await asyncio.sleep(0.5)
                raise ValueError

        with pytest.raises(ExceptionGroup):
            World(3, IMMORTAL).run(group)
        return order

    ballast = [object() for _ in range(1000)]
    first = cancelled_in_order()
    del ballast[::2]

    assert cancelled_in_order() == first


def test_ready_tasks_take_turns_by_lot() -> None:
    orders = set()
    for seed in range(20):
        order: list[int] = []

        async def note(number: int, order: list[int] = order) -> None:
            order.append(number)

        async def all_at_once(_: World) -> None:
            await asyncio.gather(*[note(number) for number in range(4)])

        World(seed, IMMORTAL).run(all_at_once)
        orders.add(tuple(order))

    assert len(orders) > 5


def test_every_single_point_can_be_the_last_of_a_process() -> None:
    points = play(5, Plan(most=0, spared=QUIET_BELL)).points

    for number in range(1, points + 1):
        report = play(5, Plan(kill_at=number, spared=QUIET_BELL))
        assert [death.number for death in report.deaths] == [number]
        assert report.blobs == len(JOBS)


# --- time


def test_a_day_passes_in_less_than_a_second() -> None:
    world = World(1, IMMORTAL)

    async def a_day(world: World) -> int:
        for _ in range(24 * 60):
            await world.clock.sleep(60)
        return world.clock.now()

    real = asyncio.new_event_loop()
    began = real.time()
    assert world.run(a_day, until=100_000) == START + DAY
    assert real.time() - began < 1
    real.close()


def test_a_clock_can_be_wrong_on_one_machine_only() -> None:
    world = World(1, IMMORTAL)
    seen: dict[str, int] = {}

    async def look(hands: Hands) -> None:
        await hands.clock.sleep(1)
        seen[hands.process.name] = hands.clock.now()

    async def two_machines(world: World) -> None:
        world.clock_of("late").offset = -5 * MINUTE
        await asyncio.gather(world.start("right", look), world.start("late", look))

    world.run(two_machines)

    assert seen == {"right": START + 1_000, "late": START + 1_000 - 5 * MINUTE}


def test_timeouts_and_groups_run_on_virtual_time() -> None:
    async def hurry(_: World) -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(90):
                await asyncio.sleep(1_000)
        return asyncio.get_running_loop().time()

    assert World(1, IMMORTAL).run(hurry) == 90


def test_threads_run_on_the_spot_and_sockets_are_refused() -> None:
    async def reach_out(_: World) -> int:
        with pytest.raises(NotImplementedError):
            await asyncio.get_running_loop().sock_connect(socket.socket(), ("127.0.0.1", 9))
        return await asyncio.to_thread(len, "four")

    with pytest.warns(ResourceWarning):
        assert World(1, IMMORTAL).run(reach_out) == 4


def test_waiting_for_nothing_is_named_a_deadlock() -> None:
    async def forever() -> None:
        await asyncio.get_running_loop().create_future()

    loop = SimLoop(1)
    with pytest.raises(Deadlock, match="forever"):
        loop.run_until_complete(forever())
    loop.close()


def test_a_loop_that_never_sleeps_is_named_a_livelock() -> None:
    async def spin(_: World) -> None:
        while True:  # noqa: ASYNC110  # the very mistake that is to be named
            await asyncio.sleep(0)

    with pytest.raises(Livelock):
        World(1, IMMORTAL).run(spin)


def test_a_story_that_does_not_end_is_stuck() -> None:
    async def wait(_: World) -> None:
        await asyncio.sleep(500)

    with pytest.raises(Stuck, match="after 400 virtual seconds"):
        World(1, IMMORTAL).run(wait, until=400)
