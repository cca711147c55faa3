"""The AWS wing: one signed road, and the ports of the house on it. Bedrock's painters come to either wing."""

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

MOST_CALLS = 200  # connections of one process; painters in flight and everything around them
PATIENCE = 5.0  # seconds in which a queue must be found
LOOKING = 1.0  # seconds for what an owner waits for
GRACE = 1 / 3  # of a worker's lease: so much longer than it a ticket stays hidden


@dataclass(frozen=True, slots=True)
class Account:
    """What of AWS a house stands on."""

    region: str
    table: str
    bucket: str
    queue: str
    secret: str  # people's addresses are known by it, in every process of the house
    home: Path  # on this machine: bytes that are paid for and not yet kept
    lease: int  # seconds a worker owns a job between heartbeats
    redis: str = ""
    stream: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Models:
    """Where the models are: the house's region, one that paints instead of the catalogue's, a look-alike."""

    region: str
    painting: str = ""
    endpoint: str = ""
    played: bool = False  # so that no keys are wanted

    def paints(self, region: str) -> Place:
        """Where a route's region is called."""
        return runtime(self.painting or region, self.endpoint)

    def almanac(self, road: Road) -> BedrockAlmanac:
        return BedrockAlmanac(road, lambda region: place("bedrock", self.painting or region, self.endpoint))


@dataclass(frozen=True, slots=True)
class Hired:
    """Who works for us at Bedrock and beside it."""

    painter: Painter
    scribe: NovaScribe
    judge: PictureJudge
    road: SignedRoad
    almanac: BedrockAlmanac

    def remembering(self, cache: Cache) -> Scribe:
        """The scribe as the house is to know it: what was read once is not paid for again."""
        return RememberingScribe(self.scribe, cache, self.scribe.version)

    def measures(self) -> Iterator[Measure]:
        yield from measured(self.road.counts)
        yield Measure("words_usd_micros", "What reading and writing words has cost", self.scribe.spent.usd_micros)


Spare = Callable[[Darkroom], Scribe]


@dataclass(frozen=True, slots=True)
class Site:
    """The house's own things, each at its place in its region."""

    road: SignedRoad
    account: Account
    clock: Clock
    chance: Chance
    patience: float = 10.0  # seconds in which a call is tried again

    def table(self) -> DynamoTable:
        at, name = self._place("dynamodb"), self.account.table
        return DynamoTable(self.road, at, name, self.clock, self.chance, deadline=self.patience)

    def blobs(self) -> S3Blobs:
        at, bucket = self._place("s3"), self.account.bucket
        return S3Blobs(self.road, at, bucket, self.clock, self.chance, deadline=self.patience)

    async def queue(self) -> SqsQueue:
        """Raises CannotStart: a house whose bell is not there has been set up wrong."""
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
    """The painters of Bedrock, Nova as scribe and Rekognition as judge, over a road of their own."""
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
    """The ports of a house past one machine. `alone`: the cache of a process that shares none."""
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
    """What went over a road."""
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
    """What the queue has put aside rings again; how many tickets there were. Raises CannotStart."""
    async with SignedRoad() as road:
        queues = Site(road, account, WallClock(), Chance()).queues()
        try:
            return await queues.redrive(await queues.url(account.queue))
        except Unavailable:
            raise CannotStart(f"The SQS queue {account.queue!r} in {account.region} does not answer.") from None


async def look(account: Account, models: Models, painters: Sequence[Model]) -> list[Seen]:
    """Everything of AWS that the house stands on, looked at once."""
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
