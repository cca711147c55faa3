"""The cache on Redis beside what its twin can show: several processes, and a server that goes away and comes back."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from core.chance import Chance
from core.clock import SECOND
from infra.aws.breaker import REST
from infra.aws.cache import BUCKET, KEY, MOST_BYTES, TAG, TOPIC, RedisCache, Waits
from tests.clocks import SetClock
from tests.servers import free_port, on_valkey, started, valkey_process

__all__ = ["on_valkey"]  # a fixture, found by its name

LONGEST_REST = 2 * REST / SECOND  # seconds
SOON = 10.0  # seconds; a bound, not a wait


class WatchedClock(SetClock):
    """Says when somebody begins to wait on it."""

    def __init__(self) -> None:
        super().__init__()
        self.pausing = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.pausing.set()
        await super().sleep(seconds)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def server(on_valkey: str) -> AsyncIterator[Redis]:
    """The other end, seen by somebody who may look at everything."""
    async with Redis.from_url(on_valkey) as redis:
        await redis.flushall()
        yield redis


@pytest.fixture
async def cache(server: Redis, on_valkey: str, clock: SetClock) -> AsyncIterator[RedisCache]:
    assert await server.ping()
    async with RedisCache(on_valkey, clock, Chance(), waits=Waits(SOON)) as opened:
        yield opened


@pytest.fixture
async def nowhere(clock: SetClock) -> AsyncIterator[RedisCache]:
    """A cache whose server is not there."""
    async with RedisCache(f"redis://127.0.0.1:{free_port()}", clock, Chance(), share=lambda: 4) as opened:
        yield opened


# -- many processes ---------------------------------------------------------------------------------------------------


@pytest.mark.server
async def test_a_bucket_is_one_for_all_processes(cache: RedisCache, on_valkey: str) -> None:
    async with RedisCache(on_valkey, SetClock(0), Chance(), waits=Waits(SOON)) as other:  # whatever time it is there
        waits = await asyncio.gather(*(one.take("b", 0.001, 7) for one in [cache, other] * 20))

    assert waits.count(0) == 7
    assert all(990 < wait <= 1000 for wait in waits if wait)


@pytest.mark.server
async def test_more_callers_than_connections_are_all_answered(cache: RedisCache) -> None:
    await cache.put("k", b"value", 60)

    assert await asyncio.gather(*(cache.get("k") for _ in range(300))) == [b"value"] * 300
    assert cache.faults == 0


@pytest.mark.server
async def test_a_topic_that_nobody_follows_any_more_is_let_go_of(cache: RedisCache, server: Redis) -> None:
    kept, dropped = cache.follow("an"), cache.follow("binh")
    await hears(cache, "an", kept)
    await hears(cache, "binh", dropped)

    del dropped
    gc.collect()

    async with asyncio.timeout(SOON):
        while dict(await server.pubsub_numsub(TOPIC + "binh"))[f"{TOPIC}binh".encode()]:
            await cache.publish("binh", "word")
    await hears(cache, "an", kept)


# -- what stays behind ------------------------------------------------------------------------------------------------


@pytest.mark.server
async def test_nothing_stays_for_ever_and_nobody_looks_through_all_keys(cache: RedisCache, server: Redis) -> None:
    await server.config_resetstat()
    await cache.put("k", b"value", 60, ["an", "pictures"])
    await cache.put("k", b"value", 90, ["an"])
    await cache.take("b", 1, 5)
    await cache.get("k")
    await cache.forget("pictures")

    asked = await server.info("commandstats")
    left = [await server.ttl(key) for key in await server.keys()]

    assert min(left) >= 0
    assert len(left) == 3  # the entry, its tag, the bucket
    assert not {"cmdstat_keys", "cmdstat_scan"} & set(asked)


@pytest.mark.server
async def test_a_tag_does_not_collect_what_is_over(cache: RedisCache, server: Redis) -> None:
    for number in range(20):
        await cache.put(f"over {number}", b"", 0, ["an"])

    await cache.put("here", b"", 60, ["an"])

    assert await server.zrange(TAG + "an", 0, -1) == [f"{KEY}here".encode()]


# -- without a server -------------------------------------------------------------------------------------------------


async def test_without_a_server_every_verb_answers_as_an_empty_cache_would(nowhere: RedisCache) -> None:
    async with asyncio.timeout(SOON):
        await nowhere.put("k", b"value", 60, ["an"])
        await nowhere.forget("an")
        await nowhere.publish("an", "word")

        assert await nowhere.get("k") is None
        assert await nowhere.take("b", 1, 4) == 0
        assert not nowhere.reachable


async def test_for_a_few_seconds_nobody_asks_again_and_then_only_one(nowhere: RedisCache, clock: SetClock) -> None:
    assert nowhere.reachable

    for _ in range(100):
        await nowhere.get("k")
    assert nowhere.faults == 1

    clock.pass_by(LONGEST_REST)
    await asyncio.gather(*(nowhere.get("k") for _ in range(100)))
    assert nowhere.faults == 2


@pytest.mark.parametrize("leap", [-86_400, 86_400])
async def test_a_clock_that_leaps_keeps_us_away_neither_longer_nor_shorter(
    leap: float, nowhere: RedisCache, clock: SetClock
) -> None:
    await nowhere.get("k")

    clock.leap(leap)
    await nowhere.get("k")
    assert nowhere.faults == 1

    clock.pass_by(LONGEST_REST)
    await nowhere.get("k")
    assert nowhere.faults == 2


async def test_without_a_server_a_bucket_is_divided_among_the_processes(nowhere: RedisCache, clock: SetClock) -> None:
    waits = [await nowhere.take("b", per_second=8, burst=12) for _ in range(4)]

    assert waits == [0, 0, 0, 0.5]
    clock.pass_by(0.5)
    assert await nowhere.take("b", 8, 12) == 0


async def test_without_a_server_those_of_one_process_hear_each_other(nowhere: RedisCache) -> None:
    follower = nowhere.follow("an")

    await nowhere.publish("an", "word")

    async with asyncio.timeout(SOON):
        assert await anext(follower) == "word"


@pytest.mark.parametrize(("per_second", "burst"), [(0, 1), (-1, 1), (1, 0)])
async def test_a_bucket_that_could_never_give_is_a_mistake_in_our_code(
    nowhere: RedisCache, per_second: float, burst: int
) -> None:
    with pytest.raises(ValueError, match="never gives"):
        await nowhere.take("b", per_second, burst)


@pytest.mark.server
async def test_an_answer_that_refuses_is_counted_and_keeps_nobody_away(cache: RedisCache, server: Redis) -> None:
    await server.set(KEY + "k", "no hash")

    assert await cache.get("k") is None

    assert (cache.faults, cache.reachable) == (1, True)
    await cache.put("k", b"value", 60)
    assert (cache.faults, await cache.get("k")) == (1, b"value")


@pytest.mark.server
async def test_a_value_that_nobody_of_us_can_have_put_does_not_come_into_our_memory(
    cache: RedisCache, server: Redis
) -> None:
    await server.hset(KEY + "k", "value", b"x" * (MOST_BYTES + 1))

    assert await cache.get("k") is None

    await cache.put("k", b"x" * (MOST_BYTES + 1), 60)
    assert await cache.get("k") is None


@pytest.mark.server
@pytest.mark.parametrize("forged", ["nan", "inf", "-inf", "1e308", "not a number", ""])
async def test_a_bucket_that_somebody_else_wrote_gives_as_an_own_one_does(
    forged: str, cache: RedisCache, server: Redis
) -> None:
    await server.set(BUCKET + "b", forged)

    waits = [await cache.take("b", 1, 3) for _ in range(5)]

    assert sum(wait == 0 for wait in waits) <= 3
    assert all(0 <= wait <= 1 for wait in waits)
    assert waits[-1] > 0


@pytest.mark.server
async def test_a_bucket_in_place_of_which_stands_a_list_begins_anew(cache: RedisCache, server: Redis) -> None:
    await server.lpush(BUCKET + "b", "x")

    assert [await cache.take("b", 1, 2) for _ in range(3)][:2] == [0, 0]
    assert cache.faults == 0


# -- a server that goes and comes -------------------------------------------------------------------------------------


@pytest.mark.server
async def test_a_killed_server_is_missed_and_found_again_with_all_that_was_followed(
    on_valkey: str, clock: SetClock
) -> None:
    assert on_valkey
    port = free_port()
    async with RedisCache(f"redis://127.0.0.1:{port}", clock, Chance(), waits=Waits(SOON)) as cache:
        follower = cache.follow("an")
        with started(lambda: valkey_process(port)) as (_, process):
            await found_again(cache, clock)
            await cache.put("k", b"value", 60)
            await hears(cache, "an", follower)
            process.kill()
            process.wait()

        assert await cache.get("k") is None
        assert await cache.take("b", 1, 4) == 0
        assert not cache.reachable
        faults = cache.faults

        with started(lambda: valkey_process(port)):
            await found_again(cache, clock)
            assert await cache.take("b", 0.001, 1) == 0  # the scripts have gone with the server, too
            assert await cache.take("b", 0.001, 1) > 0
            await hears(cache, "an", follower)
        assert cache.faults >= faults >= 1


@pytest.mark.server
async def test_a_server_that_hangs_is_waited_for_once(on_valkey: str, clock: SetClock) -> None:
    assert on_valkey
    with started(lambda: valkey_process(free_port())) as (url, process):
        async with RedisCache(url, clock, Chance()) as cache:
            await cache.put("k", b"value", 60)
            os.kill(process.pid, signal.SIGSTOP)

            async with asyncio.timeout(SOON):
                nothing = [await cache.get("k") for _ in range(100)]
            os.kill(process.pid, signal.SIGCONT)

            assert nothing == [None] * 100
            assert cache.faults == 1
            await found_again(cache, clock)
            assert await cache.get("k") == b"value"


@pytest.mark.server
async def test_a_line_on_which_nothing_is_said_is_kept_alive(server: Redis, on_valkey: str, clock: SetClock) -> None:
    async with RedisCache(on_valkey, clock, Chance(), waits=Waits(SOON, quiet=0.01)) as cache:
        follower = cache.follow("an")
        await server.config_resetstat()

        async with asyncio.timeout(SOON):
            while (await server.info("commandstats")).get("cmdstat_ping", {"calls": 0})["calls"] < 3:
                pass

        await hears(cache, "an", follower)
        assert cache.faults == 0


@pytest.mark.server
async def test_a_line_whose_other_end_hangs_is_joined_anew(on_valkey: str) -> None:
    assert on_valkey
    clock = WatchedClock()
    with started(lambda: valkey_process(free_port())) as (url, process):
        async with RedisCache(url, clock, Chance(), waits=Waits(SOON, quiet=0.05)) as cache:
            follower = cache.follow("an")
            await hears(cache, "an", follower)
            os.kill(process.pid, signal.SIGSTOP)

            async with asyncio.timeout(SOON):
                await clock.pausing.wait()
            os.kill(process.pid, signal.SIGCONT)

            await hears(cache, "an", follower)


async def found_again(cache: RedisCache, clock: SetClock) -> None:
    async with asyncio.timeout(SOON):
        await cache.get("k")
        while not cache.reachable:
            clock.pass_by(LONGEST_REST)
            await cache.get("k")


async def hears(cache: RedisCache, topic: str, follower: AsyncIterator[str]) -> None:
    """Words published from now on arrive, once the line is joined."""
    listening = asyncio.ensure_future(anext(follower))
    async with asyncio.timeout(SOON):
        while not listening.done():
            await cache.publish(topic, "word")
            await asyncio.sleep(0)
        assert await listening == "word"
