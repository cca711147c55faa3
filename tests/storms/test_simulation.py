"""What a simulation promises: it replays, its time is virtual, and the dead stay dead."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.channel import Gone, NotSent, Unsure
from bot.replies import Reply
from core.clock import DAY, MINUTE
from core.errors import Unavailable
from core.models import Route
from core.prompts import Prompt
from core.table import Change, Create, Key, Refused, TableUnavailable
from tests.storms.loop import START, Deadlock, Livelock, SimLoop
from tests.storms.mortal import Killed, Plan
from tests.storms.played import PLAYED, Trouble
from tests.storms.simulation import Hands, Report, Stuck, World

ROUTE = Route("pocket", "pocket", "pocket", "pocket", "", 0)
DAWN = Prompt("dawn", seed=7)
ROW = Key("JOB#1", "META")
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


# --- points and deaths


def one_life(main: Callable[[Hands], Awaitable[None]], plan: Plan, seed: int = 1) -> World:
    """A world with one process that is to die; the story ends well after its second life."""
    world = World(seed, plan)

    async def wait(world: World) -> None:
        world.start("it", main)
        await asyncio.sleep(60)

    world.run(wait)
    return world


def test_every_call_passes_a_point_before_and_a_point_after() -> None:
    async def calls(hands: Hands) -> None:
        await hands.table.write(Create(ROW, {}))
        await hands.spool.keep("job", b"")
        with pytest.raises(Refused):
            await hands.table.write(Create(ROW, {}))

    world = one_life(calls, IMMORTAL)

    assert [point.where for point in world.fate.path] == [
        *("before table.write", "after table.write"),
        *("before spool.keep", "after spool.keep"),
        *("before table.write", "after table.write"),
    ]


def test_a_death_before_the_effect_leaves_none_and_a_lost_reply_leaves_it() -> None:
    met: list[str] = []

    async def write(hands: Hands) -> None:
        met.append("nothing" if await hands.spool.find("job") is None else "bytes")
        await hands.spool.keep("job", b"bytes")

    before = one_life(write, Plan(kill_at=3))
    after = one_life(write, Plan(kill_at=4))

    assert before.report().trace == ("before spool.keep",)
    assert after.report().trace == ("after spool.keep",)
    assert met == ["nothing", "nothing", "nothing", "bytes"]


def test_a_death_says_which_functions_waited_for_the_call() -> None:
    async def outer(hands: Hands) -> None:
        await paint(hands, "JOB#1")

    world = one_life(outer, Plan(kill_at=2))

    road = world.report().deaths[0].road
    assert [name.rpartition(".")[2] for name in road[:2]] == ["test_simulation:paint", "outer"]


def test_the_dead_have_no_effect_from_finally_from_except_and_from_tasks_left_behind() -> None:
    refused: list[str] = []
    lives: list[int] = []

    async def attempt(hands: Hands, key: str) -> None:
        try:
            await hands.table.write(Create(Key(key, key), {}))
        except Killed:
            refused.append(key)
            raise

    async def background(hands: Hands) -> None:
        try:
            await asyncio.sleep(1_000)
        except asyncio.CancelledError:
            await attempt(hands, "cancelled")

    async def clinging(hands: Hands) -> None:
        lives.append(1)
        if len(lives) > 1:
            return
        kept = asyncio.create_task(background(hands))
        try:
            await hands.spool.keep("job", b"")
        except BaseException:  # noqa: BLE001  # what no process of ours does: it will not die
            await attempt(hands, "except")
        finally:
            await attempt(hands, "finally")
        await kept

    world = one_life(clinging, Plan(kill_at=1, stray=0))

    assert sorted(refused) == ["cancelled", "except", "finally"]
    assert len(lives) == 2
    assert len(world.fate.path) == 1


def test_a_process_that_will_not_leave_is_replaced_all_the_same() -> None:
    lives: list[float] = []

    async def stubborn(hands: Hands) -> None:
        lives.append(asyncio.get_running_loop().time())
        while len(lives) < 2:
            try:
                await hands.cache.get("key")
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                continue
            except Killed:
                await asyncio.sleep(1)

    one_life(stubborn, Plan(kill_at=1))

    assert 1 <= lives[1] - lives[0] <= 4


def test_a_request_under_way_may_arrive_after_its_sender_died() -> None:
    async def send_and_die(hands: Hands) -> None:
        if await hands.spool.waiting():
            return
        sending = asyncio.create_task(hands.blobs.put("late", b"", ""))
        await hands.spool.keep("job", b"")
        await sending

    arrived = [bool(one_life(send_and_die, Plan(kill_at=4, stray=1), seed).blobs.kept) for seed in range(5)]
    lost = [bool(one_life(send_and_die, Plan(kill_at=4, stray=0), seed).blobs.kept) for seed in range(5)]

    assert all(arrived)
    assert not any(lost)


def test_what_outlives_a_process_and_what_does_not() -> None:
    found: list[tuple[bool, bool]] = []

    async def main(hands: Hands) -> None:
        ticket = await hands.queue.listen(1)
        found.append((ticket is not None, await hands.spool.find("job") is not None))
        await hands.spool.keep("job", b"")
        await hands.queue.ring("job")
        await asyncio.sleep(30)

    async def kill_once(world: World) -> None:
        world.start("it", main)
        await asyncio.sleep(5)
        world.kill("it")
        await asyncio.sleep(20)

    World(1, IMMORTAL, alone=True).run(kill_once)
    World(1, IMMORTAL, alone=False).run(kill_once)

    assert found == [(False, False), (False, True), (False, False), (True, True)]


def test_a_word_that_is_followed_is_a_point_too() -> None:
    heard: list[str] = []

    async def listen(hands: Hands) -> None:
        async for word in hands.cache.follow("topic"):
            heard.append(word)  # noqa: PERF401  # one by one: a death comes between

    async def publish(world: World) -> None:
        world.start("it", listen)
        for word in ("one", "two", "three", "four"):
            await asyncio.sleep(10)
            await world.cache.publish("topic", word)
        await asyncio.sleep(1)

    world = World(1, Plan(kill_at=3))
    world.run(publish)

    assert world.report().trace == ("after cache.follow",)
    assert heard == ["one", "three", "four"]


def test_every_single_point_can_be_the_last_of_a_process() -> None:
    points = play(5, Plan(most=0, spared=QUIET_BELL)).points

    for number in range(1, points + 1):
        report = play(5, Plan(kill_at=number, spared=QUIET_BELL))
        assert [death.number for death in report.deaths] == [number]
        assert report.blobs == len(JOBS)


def test_a_mistake_in_a_process_ends_the_run() -> None:
    async def mistaken(hands: Hands) -> None:
        await hands.table.get(ROW)
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        one_life(mistaken, IMMORTAL)


# --- who is played


def test_the_painter_bills_what_it_accepted_whoever_is_there_to_hear_the_answer() -> None:
    async def give_up(hands: Hands) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3):
                await hands.painter.paint(DAWN, ROUTE)
        await hands.painter.paint(DAWN, ROUTE)

    world = one_life(give_up, Plan(kill_at=4))

    assert world.report().trace == ("after painter.paint",)
    assert len(world.painter.bill) == 4  # two lives, each gave up once and was answered once


def test_the_painter_does_as_it_is_told_and_then_paints() -> None:
    async def ask(world: World) -> list[str]:
        painter, met = world.painter, []
        painter.will("dawn", "throttle", "outage", "timeout", "broken")
        for _ in range(4):
            with pytest.raises(Unavailable) as caught:
                await painter.paint(DAWN, ROUTE)
            met.append(f"{caught.value.cause} {caught.value.billed}")
        assert (await painter.paint(DAWN, ROUTE)).data.startswith(PLAYED)
        return met

    world = World(1, IMMORTAL)

    assert world.run(ask) == ["throttled no", "outage no", "timeout unknown", "broken unknown"]
    assert len(world.painter.bill) == 3


def test_a_channel_knows_what_the_person_really_sees() -> None:
    async def speak(world: World) -> None:
        telegram, zalo = world.channels["telegram"], world.channels["zalo"]
        telegram.will("an", "lost", "arrived", "fine", "flood", "gone")
        for _ in range(2):
            with pytest.raises(Unsure):
                await telegram.send("an", Reply("drawing"))
        (shown,) = telegram.shown("an")
        assert await telegram.send("an", Reply("ready", picture=b"p"), replaces=shown.message) == shown.message
        with pytest.raises(NotSent):
            await telegram.send("an", Reply("more"))
        with pytest.raises(Gone):
            await telegram.send("an", Reply("more"))
        first = await zalo.send("an", Reply("drawing"))
        await zalo.send("an", Reply("ready"), replaces=first)

    world = World(1, IMMORTAL)
    world.run(speak)

    assert [(shown.text, shown.picture) for shown in world.channels["telegram"].shown("an")] == [("ready", b"p")]
    assert [shown.text for shown in world.channels["zalo"].shown("an")] == ["drawing", "ready"]


def test_a_doubtful_table_gives_no_sure_answer_with_and_without_effect() -> None:
    async def write(hands: Hands) -> None:
        for number in range(50):
            with pytest.raises(TableUnavailable):
                await hands.table.write(Create(Key("row", str(number)), {}))

    world = World(1, IMMORTAL, Trouble(table=1.0))

    async def write_and_count(world: World) -> int:
        await world.start("it", write)
        return len(await world.table.list("row"))

    assert 10 < world.run(write_and_count) < 40


def test_a_bucket_fills_with_virtual_time() -> None:
    async def take(world: World) -> list[float]:
        waits = [await world.cache.take("bucket", 0.5, 2) for _ in range(3)]
        await asyncio.sleep(2)
        return [*waits, await world.cache.take("bucket", 0.5, 2)]

    assert World(1, IMMORTAL).run(take) == [0, 0, 2, 0]
