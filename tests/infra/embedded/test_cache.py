"""The bounds of the cache in memory."""

import asyncio
import gc

import pytest

from infra.embedded.cache import DictCache
from infra.local.buckets import MOST_BUCKETS
from infra.local.followers import MOST_WORDS
from tests.clocks import SetClock


async def test_past_its_entries_the_cache_lets_go_of_what_was_used_longest_ago() -> None:
    cache = DictCache(SetClock(), most_entries=2)
    await cache.put("a", b"1", 60)
    await cache.put("b", b"2", 60)
    await cache.get("a")

    await cache.put("c", b"3", 60)

    assert [await cache.get(key) for key in "abc"] == [b"1", None, b"3"]


async def test_past_its_bytes_the_cache_lets_go_and_what_is_too_big_never_enters() -> None:
    cache = DictCache(SetClock(), most_bytes=10)
    await cache.put("a", b"12345", 60)
    await cache.put("b", b"12345", 60)

    await cache.put("c", b"x", 60)
    await cache.put("d", b"12345678901", 60)

    assert [await cache.get(key) for key in "abcd"] == [None, b"12345", b"x", None]


async def test_an_entry_is_over_to_the_millisecond() -> None:
    clock = SetClock()
    cache = DictCache(clock)
    await cache.put("k", b"value", seconds=10)

    clock.pass_by(9.999)
    assert await cache.get("k") == b"value"

    clock.pass_by(0.001)
    assert await cache.get("k") is None


async def test_bytes_of_what_is_gone_are_free_again() -> None:
    clock = SetClock()
    cache = DictCache(clock, most_bytes=10)

    for _ in range(5):
        await cache.put("over", b"1234567890", 1)
        clock.pass_by(2)
        assert await cache.get("over") is None
        await cache.put("tagged", b"1234567890", 60, ["t"])
        await cache.forget("t")

    await cache.put("a", b"12345", 60)
    await cache.put("b", b"12345", 60)
    assert (await cache.get("a"), await cache.get("b")) == (b"12345", b"12345")


async def test_a_crowd_of_buckets_is_bounded_and_the_busiest_are_remembered() -> None:
    cache = DictCache(SetClock())
    await cache.take("busy", 1, 1)

    for number in range(MOST_BUCKETS - 1):
        await cache.take(f"stranger {number}", 1, 1)

    assert await cache.take("busy", 1, 1) > 0
    assert await cache.take("one more", 1, 1) == 0


@pytest.mark.parametrize(("per_second", "burst"), [(0, 1), (-1, 1), (1, 0)])
async def test_a_bucket_that_could_never_give_is_a_mistake_in_our_code(per_second: float, burst: int) -> None:
    with pytest.raises(ValueError, match="never gives"):
        await DictCache(SetClock()).take("b", per_second, burst)


async def test_a_slow_follower_misses_the_oldest_hints_and_never_the_newest() -> None:
    cache = DictCache(SetClock())
    follower = cache.follow("an")

    for number in range(MOST_WORDS + 50):
        await cache.publish("an", str(number))

    heard = [await anext(follower) for _ in range(MOST_WORDS)]
    assert heard == [str(number) for number in range(50, MOST_WORDS + 50)]


async def test_following_begins_with_the_call_and_not_with_the_first_look() -> None:
    cache = DictCache(SetClock())
    await cache.publish("an", "before")
    follower = cache.follow("an")

    await cache.publish("an", "after")

    async with asyncio.timeout(5):
        assert await anext(follower) == "after"


async def test_a_follower_nobody_holds_any_more_is_let_go() -> None:
    cache = DictCache(SetClock())
    for number in range(100):
        cache.follow(f"topic {number}")

    gc.collect()
    kept = cache.follow("last")

    assert cache._followers.topics == {"last"}
    await cache.publish("last", "still here")
    assert await anext(kept) == "still here"
