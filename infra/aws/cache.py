"""Redis cache – shares entries that may be lost between all processes, on Redis or Valkey.

The house works without Redis. A verb without an answer within half a second returns what an empty cache would, and no
verb asks again for the next few seconds. During that time each process keeps its own buckets, with the rate divided by
the number of live processes. `reachable` and `faults` report the state.

An entry is a hash of the value and its tags. A tag is a sorted set of keys, ordered by the time each key expires, so
that expired keys leave the tag by themselves and no scan over all keys is needed. Every change is one Lua script, so
a change happens completely or not at all.
"""

import json
import logging
import math
from asyncio import timeout
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as NotAnswered

from core.chance import Chance
from core.clock import SECOND, Clock
from infra.aws.breaker import Breaker
from infra.aws.line import QUIET, Line
from infra.local.buckets import Buckets, drip_of
from infra.local.followers import Follower

log = logging.getLogger(__name__)

T = TypeVar("T")
Said: TypeAlias = list[bytes | str | int | float]

PLACE = "{imagify}:"  # the braces keep our keys in one slot of a cluster, because a script may touch several keys
KEY, TAG, BUCKET, TOPIC = f"{PLACE}key:", f"{PLACE}tag:", f"{PLACE}bucket:", f"{PLACE}topic:"
CONNECTIONS = 8  # more than one process can keep busy
MOST_BYTES = 8_000_000  # of a value: a larger one was not put here by us, and is not read into memory
CONNECT = 0.4  # share of a verb's time in which to connect

GET = """-- KEYS: the entry. ARGV: the most bytes that a value of ours has.
if redis.call('HSTRLEN', KEYS[1], 'value') > tonumber(ARGV[1]) then return false end
return redis.call('HGET', KEYS[1], 'value')"""

PUT = """-- KEYS: the entry. ARGV: value, milliseconds, tags as JSON, what the name of a tag begins with.
local key, time = KEYS[1], redis.call('TIME')
local over = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2]
local kept = redis.pcall('HGET', key, 'tags')
local known, tags = pcall(cjson.decode, type(kept) == 'string' and kept or '[]')
for _, tag in ipairs(known and type(tags) == 'table' and tags or {}) do
  redis.call('ZREM', ARGV[4] .. tostring(tag), key)
end
redis.call('DEL', key)
redis.call('HSET', key, 'value', ARGV[1], 'tags', ARGV[3])
redis.call('PEXPIRE', key, ARGV[2])
for _, name in ipairs(cjson.decode(ARGV[3])) do
  local tag = ARGV[4] .. name
  redis.call('ZREMRANGEBYSCORE', tag, '-inf', over - ARGV[2])
  redis.call('ZADD', tag, over, key)
  redis.call('PEXPIREAT', tag, redis.call('ZRANGE', tag, -1, -1, 'WITHSCORES')[2])
end"""

FORGET = """-- KEYS: the tag.
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('UNLINK', key) end
redis.call('UNLINK', KEYS[1])"""

TAKE = """-- KEYS: the bucket. ARGV: its drip in milliseconds, its burst, the time where it is told.
-- The same arithmetic as in infra/local/buckets.py. What was kept before the server's clock was set back is put right.
local now, drip, burst = tonumber(ARGV[3]), tonumber(ARGV[1]), tonumber(ARGV[2])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local kept = tonumber(redis.pcall('GET', KEYS[1]) or 0)
if not kept or kept ~= kept then kept = 0 end
local full = math.min(math.max(kept, now), now + burst * drip)
local wait = full + drip - burst * drip - now
if wait > 0.001 then
  if full < kept then redis.call('SET', KEYS[1], string.format('%.17g', full), 'PX', math.ceil(full - now)) end
  return math.ceil(wait)
end
full = full + drip
redis.call('SET', KEYS[1], string.format('%.17g', full), 'PX', math.ceil(full - now))
return 0"""


def alone() -> int:
    """Count of live processes where nothing else is known: 1."""
    return 1


@dataclass(frozen=True, slots=True)
class Waits:
    """Timeouts in seconds: `answer` for one verb, `quiet` for a subscription."""

    answer: float = 0.5  # for a verb, connecting included
    quiet: float = QUIET  # without a message, before the server is asked if the connection still lives


USUAL = Waits()


class RedisCache:
    def __init__(
        self,
        url: str,
        clock: Clock,
        chance: Chance,
        *,
        share: Callable[[], int] = alone,
        told: Callable[[], int] | None = None,
        waits: Waits = USUAL,
    ) -> None:
        """Take `share`, the number of processes that divide a bucket's rate while Redis is away.

        `told` gives the time for the buckets. Without `told` the server's time counts, the same for all processes.
        """
        pool: BlockingConnectionPool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=waits.answer,
            socket_connect_timeout=waits.answer * CONNECT,
            socket_timeout=waits.answer,
            retry=Retry(NoBackoff(), 0),
            driver_info=None,  # else the client names itself at every connection, which costs two round trips
        )
        self._redis: Redis = Redis.from_pool(pool)
        scripts = map(self._redis.register_script, (GET, PUT, FORGET, TAKE))
        self._get, self._put, self._forget, self._take = scripts
        self._line = Line(self._redis, TOPIC, clock, chance, waits.quiet)
        self._breaker, self._buckets = Breaker(clock, chance), Buckets(clock)
        self._share, self._told, self._within = share, told, waits.answer
        self._faults = 0
        self.hits = self.misses = 0  # lookups that found a value, and that found none

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._line.close()
        await self._redis.aclose()

    @property
    def reachable(self) -> bool:
        """True if Redis answered the last verb."""
        return not self._breaker.open

    @property
    def faults(self) -> int:
        """Count of verbs that got no answer or an error, without the verbs that did not ask."""
        return self._faults + self._line.faults

    async def get(self, key: str) -> bytes | None:
        value = await self._asked(lambda: self._get([KEY + key], [MOST_BYTES]), None)
        self.hits += value is not None
        self.misses += value is None
        return value if isinstance(value, bytes) else None  # always bytes, because the client decodes nothing

    async def put(self, key: str, value: bytes, seconds: int, tags: Sequence[str] = ()) -> None:
        if len(value) > MOST_BYTES:
            return
        said: Said = [value, seconds * SECOND, json.dumps(list(tags)), TAG]
        await self._asked(lambda: self._put([KEY + key], said), None)

    async def forget(self, tag: str) -> None:
        await self._asked(lambda: self._forget([TAG + tag]), None)

    async def take(self, bucket: str, per_second: float, burst: float) -> float:
        drip = drip_of(per_second, burst)
        said: Said = [drip, burst, self._told() if self._told else ""]
        wait = await self._asked(lambda: self._take([BUCKET + bucket], said), None)
        if isinstance(wait, int) and 0 <= wait <= math.ceil(drip):  # a longer wait than for one token is not believed
            return wait / SECOND
        share = max(1, self._share())
        return self._buckets.take(bucket, per_second / share, max(1, burst / share))

    async def publish(self, topic: str, word: str) -> None:
        """Publish `word` to the followers of `topic`, at least those in this process while Redis is away."""
        if await self._asked(lambda: self._redis.publish(TOPIC + topic, word), None) is None:
            self._line.tell(topic, word)

    def follow(self, topic: str) -> Follower:
        return self._line.follow(topic)

    async def _asked(self, verb: Callable[[], Awaitable[T]], without: T) -> T:
        """Answer of `verb`, or `without` without one: a RedisError counts as a fault but starts no pause."""
        if self._breaker.rests():
            return without
        try:
            async with timeout(self._within):
                answer = await verb()
        except (NotConnected, NotAnswered, OSError, TimeoutError):
            self._missed()
        except RedisError:
            self._faults += 1
        else:
            self._met()
            return answer
        return without

    def _missed(self) -> None:
        if self.reachable:
            log.warning("Redis is away; until it is back each process caches by itself")
        self._breaker.failed()
        self._faults += 1

    def _met(self) -> None:
        if not self.reachable:
            log.info("Redis is back")
        self._breaker.answered()
