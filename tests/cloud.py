"""The AWS wing on loopback: real servers behind our proxies, the played Bedrock, and the house as processes of its own.

async with open_cloud(folder) as cloud:
    web = await cloud.starts("run", "--workers", "0")
    worker = await cloud.starts("work", "--workers", "1")
    cloud.aws.cut("s3", "silence")
    worker.kill()
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import ClientSession, ClientTimeout

from core.audit import every_row
from core.chance import Chance
from infra.aws.blobs import create_bucket
from infra.aws.call import Place, SignedRoad
from infra.aws.queue import Queues
from infra.aws.table import DynamoTable, create_table
from infra.local.clock import WallClock
from tests.ledgers import Ledgers
from tests.proxy import Proxy, proxy
from tests.servers import REGION, ministack, played_keys, valkey
from tests.stores import at, patience
from tests.storms.waiting import looked_for, until

ROOT = Path(__file__).resolve().parent.parent
TABLE, BUCKET, QUEUE = "imagify", "pictures", "bell"
SECRET = "known to the storm alone"
PORT = re.compile(r"http://127\.0\.0\.1:(\d+)")
OPENS = 60.0  # seconds on a busy machine
SOON = ClientTimeout(total=15)
LEASE = 2  # seconds; who dies is missed soon
WIDE = {
    "IMAGIFY_OPEN_SHEETS": "50",
    "IMAGIFY_GIFT_OPEN_SHEETS": "50",
    "IMAGIFY_PROMPTS_PER_MINUTE": "1000",
    "IMAGIFY_LONGEST_WAIT": "100000",
    "IMAGIFY_GIFT": "1000",
    "IMAGIFY_REQUESTS": "1000000",
}


@dataclass(slots=True)
class Child:
    """A process of the house, and what it has said."""

    words: tuple[str, ...]
    process: subprocess.Popen[bytes]
    out: Path
    log: Path
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    async def drains(self) -> int:
        """Asked to stop; how it ended."""
        self.process.terminate()
        return await asyncio.to_thread(self.process.wait, OPENS)

    async def opens(self) -> None:
        await until(lambda: PORT.search(self.out.read_text()) or not self.lives, OPENS)
        found = PORT.search(self.out.read_text())
        assert found, self.log.read_text()[-3_000:]
        self.port = int(found[1])

    async def asks(self, path: str) -> str:
        async with ClientSession(timeout=SOON) as session, session.get(f"{self.url}{path}") as answer:
            return await answer.text()

    async def away(self) -> list[str]:
        """Which of its stores it does not reach."""
        told: list[str] = json.loads(await self.asks("/readyz"))["not_reachable"]
        return told

    async def measures(self) -> dict[str, float]:
        """What stands at /metrics, by name with its labels."""
        lines = [line for line in (await self.asks("/metrics")).splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    def sentences(self) -> list[dict[str, Any]]:
        """What it has logged."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


@dataclass(slots=True)
class Cloud:
    folder: Path
    where: Place
    aws: Proxy
    redis: Proxy
    bedrock: Proxy
    control: str
    settings: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    # -- the house ----------------------------------------------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        here = {name: value for name, value in os.environ.items() if not name.startswith(("IMAGIFY_", "AWS_"))}
        return {
            **here,
            "AWS_ACCESS_KEY_ID": "played",
            "AWS_SECRET_ACCESS_KEY": "played",
            "IMAGIFY_AWS__REGION": REGION,
            "IMAGIFY_AWS__TABLE": TABLE,
            "IMAGIFY_AWS__BUCKET": BUCKET,
            "IMAGIFY_AWS__QUEUE": QUEUE,
            "IMAGIFY_AWS__REDIS": f"redis://127.0.0.1:{self.redis.port}",
            "IMAGIFY_AWS__ENDPOINT": f"http://127.0.0.1:{self.aws.port}",
            "IMAGIFY_BEDROCK__ENDPOINT": f"http://127.0.0.1:{self.bedrock.port}",
            "IMAGIFY_SECRET": SECRET,
            "IMAGIFY_LEASE": str(LEASE),
            **self.settings,
        }

    def begins(self, *words: str, port: int = 0) -> Child:
        """One process more, without waiting for it."""
        name = f"{len(self.children)}-{words[0]}"
        out, log = self.folder / f"{name}.out", self.folder / f"{name}.log"
        said = ["-P", "-m", "bot", *words, "--port", str(port), "--home", str(self.folder / name)]
        with out.open("wb") as to_out, log.open("wb") as to_log:
            process = subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, *said], env=self.environment, cwd=ROOT, stdout=to_out, stderr=to_log
            )
        child = Child(words, process, out, log)
        self.children.append(child)
        return child

    async def starts(self, *words: str) -> Child:
        child = self.begins(*words)
        await child.opens()
        return child

    async def opens(self, workers: int) -> tuple[Child, list[Child]]:
        """One process for the people and so many that paint, begun side by side."""
        web = self.begins("run", "--workers", "0")
        painting = [self.begins("work", "--workers", "1") for _ in range(workers)]
        for child in (web, *painting):
            await child.opens()
        return web, painting

    async def audit(self) -> dict[str, Any]:
        """As an owner asks for it, on the command line."""
        said = [sys.executable, "-P", "-m", "bot", "audit", "--json", "--home", str(self.folder / "audit")]
        asked = await asyncio.create_subprocess_exec(
            *said, env=self.environment, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, complaints = await asked.communicate()
        assert out, complaints.decode()[-3_000:]
        told: dict[str, Any] = json.loads(out)
        return told

    def closes(self) -> None:
        for child in self.children:
            if child.lives:
                child.kill()

    def before(self, store: str) -> Proxy:
        """The proxy that can cut it off."""
        return next((one for one in (self.redis, self.bedrock) if one.store == store), self.aws)

    # -- what is seen from outside ------------------------------------------------------------------------------------

    async def pulls(self, string: str, **asked: object) -> dict[str, Any]:
        """One of the strings of the played Bedrock."""
        method = "POST" if asked else "GET"
        url = f"{self.control}/control/{string}"
        async with ClientSession(timeout=SOON) as session, session.request(method, url, json=asked or None) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status == 200, told
            return told

    async def billed(self) -> int:
        """Calls to painters that are on the bill, whoever still listened."""
        return int((await self.pulls("ledger?operation=invoke&limit=1"))["billed"])

    async def met(self) -> dict[str, int]:
        """Faults by kind."""
        return dict((await self.pulls("faults"))["met"])

    async def books(self) -> Ledgers:
        async with SignedRoad(played_keys()) as road:
            table = DynamoTable(road, at(self.where, "dynamodb"), TABLE, WallClock(), Chance(Random(0)))
            return Ledgers.of([row async for row in every_row(table)])

    async def rest(self, seconds: float) -> Ledgers:
        """When no job is open any more, or patience is over."""
        return await looked_for(self.books, lambda books: not books.open, seconds)

    async def at_a_picture(self, workers: Iterable[Child], seconds: float) -> Child:
        """Whoever of them has a call at Bedrock. There it is seen first: who waits for a turn counts as flying, too."""

        async def look() -> Child | None:
            calls = (await self.pulls("ledger?operation=invoke"))["calls"]
            for worker in workers if any(call["outcome"] == "going" for call in calls) else ():
                if any("route_flying" in name and count for name, count in (await worker.measures()).items()):
                    return worker
            return None

        found = await looked_for(look, bool, seconds)
        assert found, "nobody paints"
        return found


@asynccontextmanager
async def open_cloud(
    folder: Path, settings: Mapping[str, str] = WIDE, *, latency: float = 0.05
) -> AsyncIterator[Cloud]:
    """Everything but the house itself. `latency`: how long a painter takes, of its usual time."""
    async with AsyncExitStack() as closing:
        where = closing.enter_context(ministack())
        redis = closing.enter_context(valkey())
        played, control = closing.enter_context(bedrock(latency))
        await furnish(where)
        cloud = Cloud(
            folder,
            where,
            await closing.enter_async_context(proxy(port_of(where.url))),
            await closing.enter_async_context(proxy(port_of(redis), "redis")),
            await closing.enter_async_context(proxy(port_of(played), "bedrock")),
            control,
            settings,
        )
        closing.callback(cloud.closes)
        yield cloud


async def furnish(where: Place) -> None:
    async with SignedRoad(played_keys()) as road:
        await create_table(road, at(where, "dynamodb"), TABLE, patience())
        await create_bucket(road, at(where, "s3"), BUCKET, patience())
        await Queues(road, at(where, "sqs"), patience()).create(QUEUE, LEASE + 10)


@contextmanager
def bedrock(latency: float) -> Iterator[tuple[str, str]]:
    """In a process of its own, so that its bill outlives whoever is killed; its address, and that of its strings."""
    said = ["-P", "-m", "infra.sandbox.bedrock", "--latency", str(latency), "--pixels", "65536", "--lot", "1"]
    with subprocess.Popen([sys.executable, *said], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own words
        assert process.stdout
        url, control = process.stdout.readline().split()
        try:
            yield url, control
        finally:
            process.kill()


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])
