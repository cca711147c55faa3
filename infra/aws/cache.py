"""What may be forgotten at any time, on Redis or Valkey, shared by every process of the house.

The house carries on without it. A verb that has no answer within half a second answers as an empty cache would, and
for the next few seconds nobody asks at all; a bucket is then kept in this process, with its rate divided by the number
of processes that live. `reachable` and `faults` say how it stands.

An entry is a hash of its value and its tags. A tag is a sorted set of the keys put under it, by the moment they are
over, so that it forgets by itself what has gone by itself, and nobody ever has to look through all keys. Every change
is one script, so it happens whole or not at all.
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

PLACE = "{imagify}:"  # the braces keep our keys together where they are spread by name: a script may touch several
KEY, TAG, BUCKET, TOPIC = f"{PLACE}key:", f"{PLACE}tag:", f"{PLACE}bucket:", f"{PLACE}topic:"
CONNECTIONS = 8  # a process is busy with them long before they are too few
MOST_BYTES = 8_000_000  # of a value; what is larger was not put here by us, and does not come into our memory
CONNECT = 0.4  # of the time that a verb has

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
    """No other process lives."""
    return 1


@dataclass(frozen=True, slots=True)
class Waits:
    """How long we wait for the other end, in seconds."""

    answer: float = 0.5  # for a verb, connecting included
    quiet: float = QUIET  # for a word, before a server that is followed is asked whether it is still there


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
        """`share`: among how many processes a bucket is divided while each must keep its own.
        `told`: what time it is for the buckets; else it is the server's, which is the same for all processes.
        """
        pool: BlockingConnectionPool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=waits.answer,
            socket_connect_timeout=waits.answer * CONNECT,
            socket_timeout=waits.answer,
            retry=Retry(NoBackoff(), 0),
            driver_info=None,  # who we are is no question worth two answers at every connection
        )
        self._redis: Redis = Redis.from_pool(pool)
        scripts = map(self._redis.register_script, (GET, PUT, FORGET, TAKE))
        self._get, self._put, self._forget, self._take = scripts
        self._line = Line(self._redis, TOPIC, clock, chance, waits.quiet)
        self._breaker, self._buckets = Breaker(clock, chance), Buckets(clock)
        self._share, self._told, self._within = share, told, waits.answer
        self._faults = 0
        self.hits = self.misses = 0  # things looked up, by whether they were there

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._line.close()
        await self._redis.aclose()

    @property
    def reachable(self) -> bool:
        """It answered when it was asked last."""
        return not self._breaker.open

    @property
    def faults(self) -> int:
        """How often it did not answer, or not as it should; verbs that did not ask are not counted."""
        return self._faults + self._line.faults

    async def get(self, key: str) -> bytes | None:
        value = await self._asked(lambda: self._get([KEY + key], [MOST_BYTES]), None)
        self.hits += value is not None
        self.misses += value is None
        return value if isinstance(value, bytes) else None  # it is bytes, as nothing is decoded on the way

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
        if isinstance(wait, int) and 0 <= wait <= math.ceil(drip):  # nobody waits longer for one
            return wait / SECOND
        share = max(1, self._share())
        return self._buckets.take(bucket, per_second / share, max(1, burst / share))

    async def publish(self, topic: str, word: str) -> None:
        """Those of this process hear it even while nobody else can."""
        if await self._asked(lambda: self._redis.publish(TOPIC + topic, word), None) is None:
            self._line.tell(topic, word)

    def follow(self, topic: str) -> Follower:
        return self._line.follow(topic)

    async def _asked(self, verb: Callable[[], Awaitable[T]], without: T) -> T:
        """What it answers, or this without it. An answer that refuses is a fault too, but no reason to stay away."""
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
