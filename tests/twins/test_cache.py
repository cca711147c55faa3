"""What every builder of Cache must do; a builder is one more entry, and gets the clock that decides what is over."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cache import Cache
from core.clock import Clock
from infra.embedded.cache import DictCache
from tests.clocks import SetClock
from tests.servers import on_valkey
from tests.valkey import on_a_server

__all__ = ["on_valkey"]  # a fixture, found by its name

Builder = Callable[[Clock], AbstractAsyncContextManager[Cache]]


@asynccontextmanager
async def in_memory(clock: Clock) -> AsyncIterator[Cache]:
    yield DictCache(clock)


@pytest.fixture(params=["dict", pytest.param("valkey", marks=pytest.mark.server)])
def builder(request: pytest.FixtureRequest) -> Builder:
    return in_memory if request.param == "dict" else partial(on_a_server, request.getfixturevalue("on_valkey"))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def cache(builder: Builder, clock: SetClock) -> AsyncIterator[Cache]:
    async with builder(clock) as opened:
        yield opened


async def test_what_is_put_is_there_until_its_time_is_over(cache: Cache, clock: SetClock) -> None:
    await cache.put("k", b"value", seconds=100)

    clock.pass_by(90)
    assert await cache.get("k") == b"value"

    clock.pass_by(11)
    assert await cache.get("k") is None


async def test_a_later_put_takes_the_place_and_the_time_of_the_earlier(cache: Cache, clock: SetClock) -> None:
    await cache.put("k", b"old", seconds=10, tags=["old"])
    await cache.put("k", b"new", seconds=100, tags=["new"])

    clock.pass_by(50)
    await cache.forget("old")

    assert await cache.get("k") == b"new"


async def test_forgetting_a_tag_drops_all_that_was_put_under_it_and_nothing_else(cache: Cache) -> None:
    await cache.put("a", b"1", 60, ["an", "pictures"])
    await cache.put("b", b"2", 60, ["an"])
    await cache.put("c", b"3", 60, ["binh", "pictures"])
    await cache.put("d", b"4", 60)

    await cache.forget("an")
    await cache.forget("nobody")

    assert [await cache.get(key) for key in "abcd"] == [None, None, b"3", b"4"]


async def test_who_forgets_an_old_tag_does_not_drop_what_was_put_anew_without_it(cache: Cache) -> None:
    await cache.put("k", b"old", 60, ["an"])
    await cache.put("k", b"new", 60)

    await cache.forget("an")

    assert await cache.get("k") == b"new"


async def test_a_tag_holds_for_as_long_as_the_longest_of_what_was_put_under_it(cache: Cache, clock: SetClock) -> None:
    await cache.put("long", b"1", 1000, ["an"])
    await cache.put("short", b"2", 100, ["an"])

    clock.pass_by(500)
    await cache.forget("an")

    assert await cache.get("long") is None


async def test_what_was_never_put_is_not_there(cache: Cache) -> None:
    assert await cache.get("nothing") is None


async def test_a_bucket_gives_its_burst_at_once_and_then_as_it_fills(cache: Cache, clock: SetClock) -> None:
    assert [await cache.take("b", per_second=2, burst=3) for _ in range(4)] == [0, 0, 0, 0.5]

    clock.pass_by(0.499)
    assert await cache.take("b", 2, 3) == 0.001
    clock.pass_by(0.001)
    assert await cache.take("b", 2, 3) == 0
    assert await cache.take("b", 2, 3) == 0.5


async def test_asking_an_empty_bucket_takes_nothing_from_it(cache: Cache, clock: SetClock) -> None:
    await cache.take("b", 1, 1)

    for _ in range(50):
        await cache.take("b", 1, 1)

    clock.pass_by(1)
    assert await cache.take("b", 1, 1) == 0


async def test_a_bucket_never_holds_more_than_its_burst(cache: Cache, clock: SetClock) -> None:
    await cache.take("b", 10, 2)
    clock.pass_by(3600)

    assert [await cache.take("b", 10, 2) == 0 for _ in range(3)] == [True, True, False]


async def test_a_part_of_one_in_the_burst_makes_up_for_whoever_comes_late(cache: Cache, clock: SetClock) -> None:
    assert [await cache.take("b", 2, 1.25) for _ in range(2)] == [0, 0.375]

    clock.pass_by(0.375 + 0.1)
    assert await cache.take("b", 2, 1.25) == 0
    clock.pass_by(0.4)

    assert await cache.take("b", 2, 1.25) == 0


async def test_buckets_do_not_know_each_other(cache: Cache) -> None:
    await cache.take("an", 1, 1)

    assert await cache.take("binh", 1, 1) == 0


async def test_of_many_takers_at_once_exactly_the_burst_is_served(cache: Cache) -> None:
    waits = await asyncio.gather(*(cache.take("b", 0.5, 7) for _ in range(40)))

    assert waits.count(0) == 7
    assert set(waits) == {0, 2}


async def test_whoever_waits_as_long_as_was_said_finds_one_there(cache: Cache, clock: SetClock) -> None:
    await cache.take("b", 3, 1)

    for _ in range(100):
        clock.pass_by(await cache.take("b", 3, 1))
        assert await cache.take("b", 3, 1) == 0


@pytest.mark.parametrize("leap", [-400 * 86_400, -86_400, -1, 1, 86_400])
async def test_a_clock_that_leaps_empties_a_bucket_at_most_once(leap: float, cache: Cache, clock: SetClock) -> None:
    await cache.take("b", 1, 5)

    clock.leap(leap)
    given = 0
    for _ in range(60):
        given += await cache.take("b", 1, 5) == 0
        clock.pass_by(1)

    assert given >= 59


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 50), st.integers(1, 5), st.lists(st.integers(0, 700), max_size=60))
async def test_a_bucket_agrees_with_exact_arithmetic(builder: Builder, rate: int, burst: int, gaps: list[int]) -> None:
    clock, left, served = SetClock(), Fraction(burst), []
    async with builder(clock) as cache:
        for gap in gaps:
            clock.pass_by(gap / 1000)
            left = min(Fraction(burst), left + Fraction(gap * rate, 1000))
            served.append((await cache.take("b", rate, burst) == 0, left >= 1))
            left -= left >= 1

    assert [ours for ours, _ in served] == [exact for _, exact in served]


async def test_a_follower_hears_what_is_published_and_others_do_not(cache: Cache) -> None:
    follower = cache.follow("an")
    other = cache.follow("binh")
    elsewhere = asyncio.ensure_future(anext(other))

    assert await published_until_heard(cache, "an", follower) == "word"

    assert not elsewhere.done()
    elsewhere.cancel()


async def test_every_follower_hears_for_itself_and_in_order(cache: Cache) -> None:
    one, two = cache.follow("an"), cache.follow("an")
    await published_until_heard(cache, "an", one)
    await published_until_heard(cache, "an", two)

    for word in ("x", "y", "z"):
        await cache.publish("an", word)

    assert await until(one, "z") == ["x", "y", "z"]
    assert await until(two, "z") == ["x", "y", "z"]


async def test_publishing_to_nobody_is_no_trouble(cache: Cache) -> None:
    await cache.publish("nobody", "word")

    assert await cache.get("nobody") is None


async def published_until_heard(cache: Cache, topic: str, follower: AsyncIterator[str]) -> str:
    """Say words until the follower hears: beginning to follow may take a far-off builder a moment."""
    listening = asyncio.ensure_future(anext(follower))
    async with asyncio.timeout(10):
        while not listening.done():
            await cache.publish(topic, "word")
            await asyncio.sleep(0)
        return await listening


async def until(follower: AsyncIterator[str], last: str) -> list[str]:
    """What is heard up to this word, without the words of getting started."""
    heard: list[str] = []
    async with asyncio.timeout(10):
        async for word in follower:
            heard += [word] if word != "word" else []
            if word == last:
                break
    return heard
