"""Calls to AWS over our road beside boto3 in threads: CPU a call, memory and lag with many in flight; pictures to S3.

One core for the caller, the other one for an AWS on raw sockets. Rounds are taken in turns, so that whatever else the
machine does falls on both; the best of each is told. A line names Bedrock as it is played, for a call as it really is.

python -m tests.bench.bench_aws
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from random import Random
from typing import TypeAlias

from core.chance import Chance
from infra.aws.blobs import S3Blobs, create_bucket
from infra.aws.call import SignedRoad, place
from infra.aws.patience import Patience
from infra.sandbox.bedrock import open_bedrock
from tests.bench.bench_telegram import on_core
from tests.bench.calls.wire import SLOW, Stub
from tests.bench.paper import Cell, Paper
from tests.clocks import SetClock
from tests.servers import Missing, end, ministack, played_keys

ROOT = Path(__file__).parents[2]
CALLERS = ("ours", "boto3")
ROUNDS, WARM, SECONDS = 3, 0.5, 2.0
IN_FLIGHT = 16
HELD = 700  # calls of two seconds each
CALLS: Mapping[str, str] = {
    "get": "DynamoDB GetItem",
    "write": "DynamoDB TransactWriteItems, one part",
    "invoke": "Bedrock InvokeModel",
    "large": "the same, a picture of 1.5 MB",
}
PLAYED = "InvokeModel, Bedrock as it is played"
SMALL = 65_536  # pixels
ENOUGH = 1_000_000  # calls a second
PUTS = 20
PICTURE, THUMBNAIL = 1_500_000, 40_000  # bytes

Figures: TypeAlias = dict[str, float]
Found: TypeAlias = dict[tuple[str, str], Figures]  # by call and caller, the best round


async def measure() -> list[Paper]:
    with on_core(1):
        found, held = await called()
        await played(found)
    puts = await put()
    return [calls_on_paper(found), held_on_paper(held), puts_on_paper(puts)]


# -- calls ----------------------------------------------------------------------------------------------------------


async def called() -> tuple[Found, Found]:
    found: Found = {}
    held: Found = {}
    async with stub() as url:
        for _ in range(ROUNDS):
            for who in CALLERS:
                async with caller(who, IN_FLIGHT, url) as ask:
                    for call in CALLS:
                        await ask(call=call, seconds=WARM)
                        keep(found, (call, who), await ask(call=call, seconds=SECONDS), by="cpu")
                async with caller(who, HELD, url) as ask:
                    keep(held, ("held", who), await ask(call="held", each=SLOW), by="lag99")
    return found, held


async def played(found: Found) -> None:
    """The same call, read and answered as Bedrock would."""
    async with open_bedrock() as bedrock:
        bedrock.bedrock.latency, bedrock.bedrock.pixels, bedrock.bedrock.living = 0.0, SMALL, True
        bedrock.bedrock.rates.set("stability.stable-image-core-v1:1", per_second=ENOUGH, burst=ENOUGH)
        for _ in range(ROUNDS):
            for who in CALLERS:
                async with caller(who, IN_FLIGHT, bedrock.url) as ask:
                    await ask(call="invoke", seconds=WARM)
                    keep(found, (PLAYED, who), await ask(call="invoke", seconds=SECONDS), by="cpu")


def keep(found: Found, key: tuple[str, str], figures: Figures, by: str) -> None:
    if key not in found or figures[by] < found[key][by]:
        found[key] = figures


@asynccontextmanager
async def stub() -> AsyncIterator[str]:
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0, backlog=2 * HELD)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@asynccontextmanager
async def caller(who: str, in_flight: int, url: str) -> AsyncIterator[Callable[..., Awaitable[Figures]]]:
    command = ["taskset", "-c", "0", sys.executable, "-P", "-m", "tests.bench.calls", who, str(in_flight), url]
    own = os.environ | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=own, stdin=pipe, stdout=pipe) as process:  # noqa: S603, ASYNC220 - ours, and nothing is measured meanwhile

        async def ask(**asked: object) -> Figures:
            assert process.stdin
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            process.stdin.flush()
            return await told(process)

        try:
            await told(process)
            yield ask
        finally:
            end(process)


async def told(process: "subprocess.Popen[bytes]") -> Figures:
    assert process.stdout
    found: Figures = json.loads(await asyncio.to_thread(process.stdout.readline))
    return found


# -- pictures -------------------------------------------------------------------------------------------------------


async def put() -> Mapping[str, Sequence[float]]:
    """Milliseconds of a picture and its thumbnail, in turn and together, one after the other way; where S3 is here."""
    took: defaultdict[str, list[float]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        with suppress(Missing):
            where = stack.enter_context(ministack())
            road = await stack.enter_async_context(SignedRoad(played_keys()))
            blobs, names = await bucket(road, where.url), count()
            for _ in range(PUTS):
                for way, do in (("in turn", in_turn), ("together", together)):
                    began = time.perf_counter()
                    await do(blobs, f"{next(names)}")
                    took[way].append((time.perf_counter() - began) * 1_000)
    return took


async def bucket(road: SignedRoad, url: str) -> S3Blobs:
    at, clock, chance = place("s3", "ap-southeast-1", url), SetClock(), Chance(Random(1))
    await create_bucket(road, at, "bench", Patience(clock, chance))
    return S3Blobs(road, at, "bench", clock, chance)


async def in_turn(blobs: S3Blobs, name: str) -> None:
    await blobs.put(f"img/{name}", bytes(PICTURE), "image/png")
    await blobs.put(f"thumb/{name}", bytes(THUMBNAIL), "image/jpeg")


async def together(blobs: S3Blobs, name: str) -> None:
    await asyncio.gather(
        blobs.put(f"img/{name}", bytes(PICTURE), "image/png"),
        blobs.put(f"thumb/{name}", bytes(THUMBNAIL), "image/jpeg"),
    )


# -- telling --------------------------------------------------------------------------------------------------------


def calls_on_paper(found: Found) -> Paper:
    heads = ("CPU µs a call, 16 in flight", *CALLERS, "times", *(f"{who} calls/s" for who in CALLERS))
    names = {**CALLS, PLAYED: PLAYED}
    return Paper(heads, [call_row(name, *(found[call, who] for who in CALLERS)) for call, name in names.items()])


def call_row(name: str, ours: Figures, other: Figures) -> tuple[Cell, ...]:
    rates = (one["calls"] / SECONDS for one in (ours, other))
    return name, ours["cpu"], other["cpu"], other["cpu"] / ours["cpu"], *rates


def held_on_paper(held: Found) -> Paper:
    heads = (f"{HELD} calls of {SLOW:.0f} s in flight", "KiB each", "loop lag p99 ms", "loop lag max ms", "CPU µs each")
    return Paper(heads, [held_row(who, held["held", who]) for who in CALLERS])


def held_row(who: str, held: Figures) -> tuple[Cell, ...]:
    return who, held["kib"], held["lag99"], held["lag"], held["cpu"]


def puts_on_paper(puts: Mapping[str, Sequence[float]]) -> Paper:
    rows = [(way, statistics.median(took)) for way, took in puts.items()]
    return Paper(("a picture of 1.5 MB and its thumbnail to S3 (ministack)", "ms"), rows)


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(map(str, asyncio.run(measure()))) + "\n")
