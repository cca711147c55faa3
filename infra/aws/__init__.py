"""AWS wing – builds every port of a house on AWS over signed calls.

The painters of Bedrock are hired here too, for the embedded wing as well.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path

from core.cache import Cache
from core.chance import Chance
from core.clock import Clock
from core.darkroom import Darkroom
from core.errors import CannotStart, Unavailable
from core.journal import Journal, Unkept
from core.measures import Measure
from core.models import Model
from core.painter import Painter
from core.ports import Ports, Wing
from core.remembered import RememberingScribe
from core.roll import Roll
from core.safety import PictureJudge
from core.scribe import Scribe
from infra.aws import health
from infra.aws.almanac import BedrockAlmanac
from infra.aws.bedrock import runtime
from infra.aws.blobs import S3Blobs
from infra.aws.cache import RedisCache
from infra.aws.call import Counts, Place, Road, SignedRoad, made_up, place
from infra.aws.health import Seen
from infra.aws.journal import FirehoseJournal
from infra.aws.painter import BedrockPainter
from infra.aws.patience import Patience
from infra.aws.queue import Queues, SqsQueue
from infra.aws.safety import RekognitionJudge
from infra.aws.scribe import NovaScribe
from infra.aws.table import DynamoTable
from infra.local.clock import WallClock
from infra.local.darkroom import PillowDarkroom
from infra.local.spool import DiskSpool

MOST_CALLS = 200  # connections of one process, for painters in flight and everything around them
PATIENCE = 5.0  # seconds in which a queue must be found
LOOKING = 1.0  # seconds for each call of `look`, because an owner waits for the answer
GRACE = 1 / 3  # of a worker's lease: a ticket stays hidden for the lease and this share more


@dataclass(frozen=True, slots=True)
class Account:
    """Names and settings of a house's things on AWS, all in `region`."""

    region: str
    table: str
    bucket: str
    queue: str
    secret: str  # people's addresses are digested with it, the same in every process of the house
    home: Path  # folder on this machine for bytes that are paid for and not stored yet
    lease: int  # seconds a worker owns a job between heartbeats
    redis: str = ""
    stream: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Models:
    """Settings of the models: the house's `region`, another one for `painting`, a look-alike's `endpoint`."""

    region: str
    painting: str = ""
    endpoint: str = ""
    played: bool = False  # no keys are needed then

    def paints(self, region: str) -> Place:
        """Place where the models of `region` are called, unless `painting` or `endpoint` redirects them."""
        return runtime(self.painting or region, self.endpoint)

    def almanac(self, road: Road) -> BedrockAlmanac:
        return BedrockAlmanac(road, lambda region: place("bedrock", self.painting or region, self.endpoint))


@dataclass(frozen=True, slots=True)
class Hired:
    """Painter, scribe, judge and almanac of Bedrock and Rekognition, and the `road` to both."""

    painter: Painter
    scribe: NovaScribe
    judge: PictureJudge
    road: SignedRoad
    almanac: BedrockAlmanac

    def remembering(self, cache: Cache) -> Scribe:
        """Scribe that keeps answers in `cache`, so that the same words are not paid for twice."""
        return RememberingScribe(self.scribe, cache, self.scribe.version)

    def measures(self) -> Iterator[Measure]:
        yield from measured(self.road.counts)
        yield Measure("words_usd_micros", "What reading and writing words has cost", self.scribe.spent.usd_micros)


Spare = Callable[[Darkroom], Scribe]


@dataclass(frozen=True, slots=True)
class Site:
    """Table, blobs, queue and journal of the house, each at the Place of a service in the account's region."""

    road: SignedRoad
    account: Account
    clock: Clock
    chance: Chance
    patience: float = 10.0  # seconds in which a failed call is sent again

    def table(self) -> DynamoTable:
        at, name = self._place("dynamodb"), self.account.table
        return DynamoTable(self.road, at, name, self.clock, self.chance, deadline=self.patience)

    def blobs(self) -> S3Blobs:
        at, bucket = self._place("s3"), self.account.bucket
        return S3Blobs(self.road, at, bucket, self.clock, self.chance, deadline=self.patience)

    async def queue(self) -> SqsQueue:
        """Build the port of the queue. Raises CannotStart without an answer: the setup is wrong."""
        try:
            url = await self.queues().url(self.account.queue)
        except Unavailable:
            where = f"{self.account.queue!r} in {self.account.region}"
            raise CannotStart(
                f"The SQS queue {where} does not answer: check IMAGIFY_AWS__QUEUE, region, keys."
            ) from None
        hidden = ceil(self.account.lease * (1 + GRACE))
        return SqsQueue(self.road, self._place("sqs"), url, self.clock, self.chance, visibility=hidden)

    def queues(self) -> Queues:
        return Queues(self.road, self._place("sqs"), Patience(self.clock, self.chance, min(PATIENCE, self.patience)))

    @asynccontextmanager
    async def journal(self) -> AsyncIterator[Journal]:
        if not self.account.stream:
            yield Unkept()
            return
        kept = FirehoseJournal(self.road, self._place("firehose"), self.account.stream, self.clock, self.chance)
        try:
            yield kept
        finally:
            await kept.close()

    def _place(self, name: str) -> Place:
        return place(name, self.account.region, self.account.endpoint)


@asynccontextmanager
async def hire(models: Models, darkroom: Darkroom, spare: Spare) -> AsyncIterator[Hired]:
    """Open a road for the models, and hire Bedrock as painter, Nova as scribe and Rekognition as judge."""
    async with SignedRoad(made_up() if models.played else None, connections=MOST_CALLS) as road:
        words, eyes = runtime(models.region, models.endpoint), place("rekognition", models.region, models.endpoint)
        yield Hired(
            BedrockPainter(road, models.paints),
            NovaScribe(road, words, darkroom, spare(darkroom)),
            RekognitionJudge(road, eyes, darkroom),
            road,
            models.almanac(road),
        )


@asynccontextmanager
async def open(  # noqa: A001 – both wings are opened by this word
    account: Account, models: Models, spare: Spare, alone: Callable[[Clock], Cache]
) -> AsyncIterator[Wing]:
    """Open the ports of a house of several processes, where `alone` makes the cache where no Redis is set."""
    async with AsyncExitStack() as closing:
        road = await closing.enter_async_context(SignedRoad(connections=MOST_CALLS))
        clock, chance, darkroom = WallClock(), Chance(), PillowDarkroom()
        closing.callback(darkroom.close)
        hired = await closing.enter_async_context(hire(models, darkroom, spare))
        at = Site(road, account, clock, chance)
        table = at.table()
        roll = Roll(table, clock, chance.token())
        redis = RedisCache(account.redis, clock, chance, share=roll.alive) if account.redis else None
        cache = await closing.enter_async_context(redis) if redis else alone(clock)
        ports = Ports(
            table=table,
            blobs=at.blobs(),
            queue=await at.queue(),
            cache=cache,
            painter=hired.painter,
            scribe=hired.remembering(cache),
            judge=hired.judge,
            journal=await closing.enter_async_context(at.journal()),
            spool=DiskSpool(account.home / "spool"),
            darkroom=darkroom,
            clock=clock,
            chance=chance,
        )

        def measures() -> Iterator[Measure]:
            yield from measured(road.counts)
            yield from hired.measures()
            yield from of_cache(redis) if redis else ()

        yield Wing(
            ports,
            account.secret,
            vendors=frozenset({"bedrock"}),
            alone=False,
            roll=roll,
            measures=measures,
            almanac=hired.almanac,
        )


def measured(counts: Counts) -> Iterator[Measure]:
    """Measures of the calls that a road counted in `counts`, per place and operation."""
    told = {
        "calls": ("Calls to AWS", counts.calls),
        "call_errors": ("Calls to AWS that brought an error or no answer", counts.errors),
        "call_retries": ("Calls to AWS that were made once more", counts.retries),
    }
    for name, (about, counted) in told.items():
        for (at, operation), count in counted.items():
            yield Measure(name, about, count, {"place": at, "operation": operation})


def of_cache(cache: RedisCache) -> Iterator[Measure]:
    yield Measure("cache_reachable", "Whether Redis answered when it was asked last", cache.reachable)
    yield Measure("cache_faults", "How often Redis did not answer as it should", cache.faults)
    yield Measure("cache_hits", "What was asked of Redis and found", cache.hits)
    yield Measure("cache_misses", "What was asked of Redis and not found", cache.misses)


async def redrive(account: Account) -> int:
    """Move tickets put aside back to the queue of `account`, and return how many. Raises CannotStart."""
    async with SignedRoad() as road:
        queues = Site(road, account, WallClock(), Chance()).queues()
        try:
            return await queues.redrive(await queues.url(account.queue))
        except Unavailable:
            raise CannotStart(f"The SQS queue {account.queue!r} in {account.region} does not answer.") from None


async def look(account: Account, models: Models, painters: Sequence[Model]) -> list[Seen]:
    """Look once at everything of AWS that the house needs: table, bucket, queue, Redis and the models of `painters`."""
    async with SignedRoad() as road:
        clock, chance = WallClock(), Chance()
        site = Site(road, account, clock, chance, patience=LOOKING)
        seen = await health.table(road, site.table(), account.table, clock.now)
        bucket = f"bucket {account.bucket}"
        seen.append(await health.answers(bucket, partial(site.blobs().walk, limit=1), "look at IMAGIFY_AWS__BUCKET"))
        seen += await health.queue(site.queues(), account.queue)
        seen += [await cached(account.redis, clock, chance)]
        return [*seen, *await health.models(models.almanac(road), painters)]


async def cached(url: str, clock: Clock, chance: Chance) -> Seen:
    if not url:
        return Seen(True, "Redis: off (IMAGIFY_AWS__REDIS is not set), each process caches by itself")
    async with RedisCache(url, clock, chance) as cache:
        await cache.get("doctor")
        mend = "" if cache.reachable else "look at IMAGIFY_AWS__REDIS; meanwhile each process caches by itself"
        return Seen(cache.reachable, f"Redis {'answers' if cache.reachable else 'does not answer'}", mend)
