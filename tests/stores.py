"""The stores of the AWS wing but for the table, each opened empty on a server that others use too."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from core.chance import Chance
from core.clock import Clock
from infra.aws.blobs import S3Blobs, create_bucket
from infra.aws.call import Place, Road, SignedRoad, place
from infra.aws.journal import FirehoseJournal, create_stream
from infra.aws.patience import Patience
from infra.aws.queue import Queues, SqsQueue
from tests.clocks import SetClock
from tests.servers import played_keys

NUMBERS = itertools.count(1)


def at(where: Place, name: str) -> Place:
    """Another of AWS's offers on the same server."""
    return place(name, where.region, where.url)


def patience() -> Patience:
    return Patience(SetClock(), Chance(Random(0)))


@asynccontextmanager
async def s3(where: Place) -> AsyncIterator[S3Blobs]:
    async with SignedRoad(played_keys()) as road:
        yield await fresh_bucket(road, where)


async def fresh_bucket(road: Road, where: Place) -> S3Blobs:
    name = f"imagify-{next(NUMBERS)}"
    await create_bucket(road, at(where, "s3"), name, patience())
    return S3Blobs(road, at(where, "s3"), name, SetClock(), Chance(Random(0)))


@asynccontextmanager
async def sqs(where: Place, visibility: int = 60) -> AsyncIterator[SqsQueue]:
    async with SignedRoad(played_keys()) as road:
        url = await Queues(road, at(where, "sqs"), patience()).create(f"imagify-{next(NUMBERS)}")
        yield SqsQueue(road, at(where, "sqs"), url, SetClock(), Chance(Random(0)), visibility=visibility)


@asynccontextmanager
async def firehose(where: Place, clock: Clock) -> AsyncIterator[tuple[FirehoseJournal, S3Blobs]]:
    """The journal, and where its lines come to rest."""
    async with SignedRoad(played_keys()) as road:
        name, there = f"journal-{next(NUMBERS)}", at(where, "firehose")
        await create_bucket(road, at(where, "s3"), name, patience())
        await create_stream(road, there, name, name, patience())
        journal = FirehoseJournal(road, there, name, clock, Chance(Random(0)))
        yield journal, S3Blobs(road, at(where, "s3"), name, clock, Chance(Random(0)))
        await journal.close()
