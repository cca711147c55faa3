"""A cache on a real Valkey whose time a test moves.

A server's own time cannot be moved, so it is brought after the test's clock: before anything is looked up, what has
passed on the clock is taken off the time that every key has left, and what has passed on the server meanwhile is given
back. Whether a key is over is then for the server to say, to within the few milliseconds between two commands. The
buckets are told the time outright.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from core.chance import Chance
from core.clock import Clock
from infra.aws.cache import RedisCache, Waits

SOON = 10.0  # seconds in which even a busy machine answers
CATCH_UP = """
local time = redis.call('TIME')
local real, told = time[1] * 1000 + math.floor(time[2] / 1000), tonumber(ARGV[1])
local before = redis.call('HMGET', 'seen', 'real', 'told')
if before[1] then
  for _, key in ipairs(redis.call('KEYS', '{*')) do
    local over = redis.call('PEXPIRETIME', key)
    if over > 0 then redis.call('PEXPIREAT', key, over + (real - before[1]) - (told - before[2])) end
  end
end
redis.call('HSET', 'seen', 'real', real, 'told', ARGV[1])"""


class OnTestTime(RedisCache):
    def __init__(self, url: str, clock: Clock) -> None:
        super().__init__(url, clock, Chance(), told=clock.now, waits=Waits(SOON))
        self._clock = clock
        self._catch_up = self._redis.register_script(CATCH_UP)

    async def get(self, key: str) -> bytes | None:
        await self._catch_up([], [self._clock.now()])
        return await super().get(key)

    async def put(self, key: str, value: bytes, seconds: int, tags: Sequence[str] = ()) -> None:
        await self._catch_up([], [self._clock.now()])
        await super().put(key, value, seconds, tags)

    async def forget(self, tag: str) -> None:
        await self._catch_up([], [self._clock.now()])
        await super().forget(tag)


@asynccontextmanager
async def on_a_server(url: str, clock: Clock) -> AsyncIterator[RedisCache]:
    """With nothing in it but what the test puts there."""
    async with Redis.from_url(url) as cleaner:
        await cleaner.flushall()
    async with OnTestTime(url, clock) as cache:
        yield cache
