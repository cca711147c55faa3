"""The quota for real: two workers in processes of their own spend what the played Bedrock allows, second by second.

The table, the bell and the pictures are on servers on loopback, the workers share Valkey, and Bedrock is a process that
counts with a bucket of its own. Orders go straight to the studio, so that nothing but the queue is in their way.

backlog   they wait before there is a worker: hardly a turn is lost, hardly a call is refused
fair      one person has ordered many; others come meanwhile and want one each
outage    Bedrock lets nobody in for a while in the midst of it, and nobody is there to mend anything

python -m tests.storms.quota_loopback [few]
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bot.house import House, Plan
from core.audit import audit
from core.chance import Chance
from core.clock import SECOND
from core.jobs import PAINTING, QUEUED, Job
from core.models import Catalogue
from core.people import Person
from core.ports import Wing
from core.prices import Rates
from core.prompts import read
from core.studio import Spot, Terms
from core.table import SHELF_INDEX
from infra import embedded
from infra.aws import Account, Site
from infra.aws.cache import RedisCache
from infra.aws.call import SignedRoad
from infra.local.clock import WallClock
from tests.cloud import BUCKET, QUEUE, SECRET, TABLE, WIDE, Cloud, open_cloud
from tests.servers import REGION, played_keys
from tests.storms.quota import LIMITS, REFUSED, USED, WAITED, customer, portions

VENDORS = frozenset({"bedrock"})
MODEL, VENDOR_MODEL = "core", "stability.stable-image-core-v1:1"
WORKERS = 2
LEASE = 30  # seconds
CREDITS = 10_000  # nobody runs out
LOOK = 0.5  # seconds
AFTER = 240.0  # seconds in which even what an outage has put off is over: a breaker's longest rest, twice
DELIVERED = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of it there is."""

    rate: float = 2.0  # calls a second
    latency: float = 0.75  # of a painter's usual time, which is four seconds
    backlog: int = 500  # pictures that wait when the workers start; 0: no such run
    people: int = 5  # whose they are
    heavy: int = 120  # pictures of one person ...
    singles: int = 40  # ... and people who come and want one each ...
    within: float = 60.0  # ... in so many seconds
    late: int = 120  # pictures that wait when ...
    away: tuple[float, float] = (20.0, 60.0)  # ... after so many seconds Bedrock is away for so many
    delivers: bool = True  # with a process for the people; else pictures are kept, and nobody carries them


FULL = Shape()
FEW = Shape(rate=4.0, latency=0.1, backlog=0, heavy=12, singles=5, within=2.5, late=0, delivers=False)


@dataclass(slots=True)
class Run:
    """What one of them came to, from Bedrock's own books."""

    name: str
    seconds: float = 0.0  # from the first call that was taken to the last
    used: float = 0.0  # of what was allowed in that time, from 0 to 1
    calls: int = 0
    refused: int = 0  # as too many
    lost: int = 0  # cut off under way
    waits: list[float] = field(default_factory=list)  # seconds from the order to the call, the shortest first
    turns: list[int] = field(default_factory=list)  # of others in that time
    jobs: Counter[str] = field(default_factory=Counter)
    claims: float = 0.0  # a picture
    end: str = "delivered"  # where every job is to end
    others: list[str] = field(default_factory=list)  # how those ended that did not

    def lines(self) -> list[tuple[str, object]]:
        told: list[tuple[str, object]] = [
            (f"{self.name}: jobs", ", ".join(f"{count:,} {state}" for state, count in sorted(self.jobs.items()))),
            ("seconds from the first call to the last", f"{self.seconds:.1f}"),
            ("of what was allowed in that time, used", f"{self.used:.1%}"),
            (f"calls refused as too many, of {self.calls}", self.refused),
            ("calls lost under way", self.lost),
            ("claims a picture", f"{self.claims:.2f}"),
        ]
        waits = [f"{most(self.waits, share):.1f}" for share in (0.5, 0.95, 1.0)]
        turns = [str(most(self.turns, share)) for share in (0.5, 0.95, 1.0)]
        if self.waits:
            told += [("seconds from the order to the call, p50, p95, longest", ", ".join(waits))]
            told += [("turns of others in that time", ", ".join(turns))]
        return told

    def wrong(self) -> list[str]:
        """What holds on any machine, however slow."""
        return [
            *(f"{self.name}: {other}" for other in self.others),
            *([f"{self.name}: {self.refused} refused"] if self.refused > REFUSED * self.calls else []),
        ]

    def slow(self) -> list[str]:
        """What holds where the machine has time for it."""
        return [
            *([f"{self.name}: turns were lost"] if self.name == "backlog" and self.used < USED else []),
            *([f"{self.name}: who wants one waited too long"] if most(self.waits, 0.95) > WAITED else []),
        ]


@dataclass(slots=True)
class Report:
    runs: list[Run] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> list[tuple[str, object]]:
        return [line for one in self.runs for line in one.lines()]

    @property
    def slow(self) -> list[str]:
        return [wrong for one in self.runs for wrong in one.slow()]

    def named(self, name: str) -> Run:
        return next(one for one in self.runs if one.name == name)


def most(waits: Sequence[float], share: float) -> float:
    """As much as this share of them at most."""
    return waits[min(len(waits) - 1, int(share * len(waits)))] if waits else 0


# -- the front -------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def front(cloud: Cloud) -> AsyncIterator[House]:
    """A house that takes orders and does nothing else; what it does not need of AWS it has at home."""
    url, redis = f"http://127.0.0.1:{cloud.aws.port}", f"redis://127.0.0.1:{cloud.redis.port}"
    home = cloud.folder / "front"
    account = Account(REGION, TABLE, BUCKET, QUEUE, SECRET, home, LEASE, redis, endpoint=url)
    clock, chance = WallClock(), Chance()
    async with AsyncExitStack() as closing:
        wing = await closing.enter_async_context(embedded.open(home))
        road = await closing.enter_async_context(SignedRoad(played_keys()))
        cache = await closing.enter_async_context(RedisCache(redis, clock, chance))
        site = Site(road, account, clock, chance)
        ports = replace(wing.ports, table=site.table(), blobs=site.blobs(), queue=await site.queue(), cache=cache)
        terms = Terms(Catalogue.open(), Rates(Fraction(300)), LIMITS, VENDORS)
        plan = Plan(terms, admins={}, secrets=(SECRET.encode(),), lease=LEASE * SECOND, hands=0)
        house = House(Wing(ports, SECRET, VENDORS, alone=False), plan)
        await house.wake(alone=False)
        yield house


class Storm:
    def __init__(self, cloud: Cloud, house: House, shape: Shape, seed: int) -> None:
        self.cloud, self.house, self.shape = cloud, house, shape
        self.lot = random.Random(f"quota {seed}")
        self.report = Report()
        self._seen: set[str] = set()  # jobs of earlier runs
        self._ordered: dict[str, float] = {}  # when somebody wished for their only one, by the person

    async def rage(self) -> Report:
        shape = self.shape
        await self.cloud.pulls("rate", model=VENDOR_MODEL, per_second=shape.rate)
        if shape.backlog:
            await self._order_many("backlog", shape.backlog, shape.people)
        began = self._now()
        await self._open()
        if shape.backlog:
            await self._told("backlog", began)
        if shape.heavy:
            await self._fair()
        if shape.late:
            await self._outage()
        proof = await audit(self.house.ports.table, self.house.ports.blobs)
        self.report.wrong += list(map(str, proof.violations))
        self.report.wrong += [wrong for one in self.report.runs for wrong in one.wrong()]
        return self.report

    async def _open(self) -> None:
        if self.shape.delivers:
            await self.cloud.opens(WORKERS)
            return
        for worker in [self.cloud.begins("work", "--workers", "1") for _ in range(WORKERS)]:
            await worker.opens()

    async def _fair(self) -> None:
        shape, began = self.shape, self._now()
        people = [await customer(self.house, f"light {number}", CREDITS) for number in range(shape.singles)]
        await self._order_many("heavy", shape.heavy, 1)
        await asyncio.gather(*(self._comes(person, self.lot.uniform(0, shape.within)) for person in people))
        await self._told("fair", began)

    async def _comes(self, person: Person, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._ordered[person.id] = self._now()
        await self._order(person, "một con mèo")

    async def _outage(self) -> None:
        began, (after, lasts) = self._now(), self.shape.away
        await self._order_many("late", self.shape.late, self.shape.people)
        await asyncio.sleep(after)
        self.cloud.bedrock.cut("bedrock", "reset")
        await asyncio.sleep(lasts)
        await self.cloud.bedrock.restore("bedrock")
        await self._told("outage", began)

    async def _order_many(self, name: str, pictures: int, people: int) -> None:
        """In sheets as large as they may be, each person's one after the other."""
        theirs = [await customer(self.house, f"{name} {number}", CREDITS) for number in range(people)]
        sheets = list(portions(pictures))
        await asyncio.gather(*(self._orders(theirs[number], sheets[number::people]) for number in range(people)))

    async def _orders(self, person: Person, sheets: Sequence[int]) -> None:
        for number, count in enumerate(sheets):
            await self._order(person, f"hình số {number} --n {count}")

    async def _order(self, person: Person, said: str) -> None:
        spot = Spot("web", person.id)
        await self.house.studio.order(person, read(f"{said} --model {MODEL}"), key=f"{person.id} {said}", spot=spot)

    # -- what it came to --------------------------------------------------------------------------------------------

    async def _told(self, name: str, began: float) -> None:
        """As soon as nothing is queued or painted any more."""
        longest = max(self.shape.backlog, self.shape.heavy, self.shape.late) / self.shape.rate
        await until(self._quiet, AFTER + longest)
        if self.shape.delivers:
            await until(self._carried, DELIVERED)
        ledger = await self.cloud.pulls(f"ledger?operation=invoke&model={VENDOR_MODEL}&since={began}")
        jobs = [job for job in (await self.cloud.books()).jobs if job.id not in self._seen]
        self._seen |= {job.id for job in jobs}
        self.report.runs.append(self._judged(Run(name, end=end_of(self.shape)), jobs, ledger["calls"]))

    async def _quiet(self) -> bool:
        table = self.house.ports.table
        return not any([await table.find(SHELF_INDEX, shelf, limit=1) for shelf in (QUEUED, PAINTING)])

    async def _carried(self) -> bool:
        return not (await self.cloud.books()).undelivered

    def _now(self) -> float:
        """In seconds since 1970, which is Bedrock's own clock too."""
        return self.house.ports.clock.now() / SECOND

    def _judged(self, run: Run, jobs: Sequence[Job], calls: Sequence[Mapping[str, Any]]) -> Run:
        taken = sorted(call["at"] for call in calls if call["billed"])
        run.calls, run.seconds = len(calls), taken[-1] - taken[0]
        run.used = (len(taken) - 1) / (run.seconds * self.shape.rate)
        run.refused = sum(call["code"] == "ThrottlingException" for call in calls)
        run.lost = sum(call["outcome"] in ("cut", "abandoned", "going") for call in calls)
        run.jobs = Counter(job.state for job in jobs)
        run.others = [
            f"{job.id} {job.state} {job.reason}, {[(one.state, one.at - job.created) for one in job.attempts]}"
            for job in jobs
            if job.state != run.end
        ]
        run.claims = sum(job.claims for job in jobs) / len(jobs)
        spans = list(self._spans(jobs, calls))
        run.waits = sorted(end - begin for begin, end in spans)
        run.turns = sorted(sum(begin < at < end for at in taken) for begin, end in spans)
        return run

    def _spans(self, jobs: Sequence[Job], calls: Sequence[Mapping[str, Any]]) -> Iterator[tuple[float, float]]:
        """From the order to the first call, of those who want one; a job is known by its seed."""
        first = {call["seed"]: call["at"] for call in sorted(calls, key=lambda call: -float(call["at"]))}
        for job in jobs:
            if job.person in self._ordered:
                yield self._ordered[job.person], first[job.words.seed]


async def until(holds: Callable[[], Awaitable[bool]], seconds: float) -> None:
    """Bounded, so that a storm that finds something stuck ends and says so."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not await holds():  # noqa: ASYNC110 - other processes write what it looks at
                await asyncio.sleep(LOOK)


def end_of(shape: Shape) -> str:
    return "delivered" if shape.delivers else "kept"


def run(shape: Shape = FULL, seed: int = 1) -> Report:
    with TemporaryDirectory() as folder:
        return asyncio.run(raged(Path(folder), shape, seed))


async def raged(folder: Path, shape: Shape, seed: int) -> Report:
    told = {**WIDE, "IMAGIFY_LEASE": str(LEASE), "IMAGIFY_BEDROCK__RATES": f"{MODEL}={shape.rate}"}
    async with open_cloud(folder, told, latency=shape.latency) as cloud, front(cloud) as house:
        return await Storm(cloud, house, shape, seed).rage()


if __name__ == "__main__":
    began = perf_counter()
    report = run(FEW if "few" in sys.argv else FULL)
    for what, figure in report.lines():
        sys.stdout.write(f"{what:<76} {figure}\n")
    sys.stdout.write(f"{perf_counter() - began:.1f} s\n")
    wrong = [*report.wrong, *report.slow]
    sys.stdout.write("".join(f"WRONG {one}\n" for one in wrong))
    sys.exit(bool(wrong))
