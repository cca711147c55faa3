"""What dying means: at any point, for good, and without a last word."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.table import Create, Key, Refused
from tests.storms.mortal import Killed, Plan
from tests.storms.simulation import Hands, World

ROW = Key("JOB#1", "META")
IMMORTAL = Plan(most=0)


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
    async def inner(hands: Hands) -> None:
        await hands.table.get(ROW)

    async def outer(hands: Hands) -> None:
        await inner(hands)

    world = one_life(outer, Plan(kill_at=2))

    road = world.report().deaths[0].road
    assert [name.rpartition(".")[2] for name in road[:2]] == ["inner", "outer"]


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


def test_a_mistake_in_a_process_ends_the_run() -> None:
    async def mistaken(hands: Hands) -> None:
        await hands.table.get(ROW)
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        one_life(mistaken, IMMORTAL)
