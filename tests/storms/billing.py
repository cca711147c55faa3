"""What is paid for and not kept: Bedrock fails in every way there is, and workers are killed, while people chat.

The bill is the played Bedrock's own, which counts a call as soon as it is accepted, whether or not anybody listens to
its answer. A fault is a call that it broke, or one whose listener was gone.

python -m tests.storms.billing PROMPTS KILLS
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.cloud import WIDE, Child, Cloud, open_cloud
from tests.storms.crowd import SETTLED, Crowd, crowd
from tests.storms.sizes import Found, Size

PEOPLE = 3
GIFT = int(WIDE["IMAGIFY_GIFT"])
PAUSE = 0.3  # seconds between two prompts
SLOW, QUICK = 0.5, 0.05  # how long a call takes, of its usual time: to be killed in the middle of it, or not
FAULTS: Mapping[str, Mapping[str, object]] = {
    "hang": {"kind": "hang", "seconds": 2},
    "hang beyond the route's time": {"kind": "hang", "seconds": 300},
    "reset before": {"kind": "reset_before"},
    "reset before, and billed": {"kind": "reset_before", "billed": True},
    "reset after: the reply is lost": {"kind": "reset_after"},
    "reply cut off behind its headers": {"kind": "reset_headers"},
    "body cut off in the middle": {"kind": "torn"},
    "500": {"kind": "error", "code": 500},
    "503, and billed": {"kind": "error", "code": 503, "billed": True},
    "throttled": {"kind": "error", "code": 429, "type": "ThrottlingException"},
    "spoilt base64": {"kind": "corrupt"},
    "bytes that are no picture": {"kind": "broken_picture"},
    "answers of DynamoDB lost": {"loses": "dynamodb"},
    "answers of S3 lost": {"loses": "s3"},
    "answers of SQS lost": {"loses": "sqs"},
}
FEW = ("hang", "503, and billed", "reset after: the reply is lost", "body cut off in the middle")
LISTENED = ("going", "answered", "filtered", "refused")  # what may come of a call that nothing befell


@dataclass(slots=True)
class Phase:
    """One kind of fault, from quiet to quiet."""

    name: str
    faults: int = 0
    extra: int = 0  # calls billed beyond pictures kept

    def wrong(self) -> list[str]:
        return (
            [f"{self.name}: {self.extra} calls too many for {self.faults} faults"] if self.extra > self.faults else []
        )


@dataclass(slots=True)
class Report:
    prompts: int = 0
    pictures: int = 0
    released: int = 0
    billed: int = 0
    kills: int = 0
    overcharged: list[str] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        return sum(one.faults for one in self.phases)

    @property
    def extra(self) -> int:
        return self.billed - self.pictures

    def lines(self) -> list[tuple[str, object]]:
        told = [(f"{one.name}: calls billed and not kept", f"{one.extra} of {one.faults}") for one in self.phases]
        return [
            *told,
            ("prompts", self.prompts),
            ("pictures", self.pictures),
            ("released, nothing charged", self.released),
            ("kills -9 of workers", self.kills),
            ("calls to painters that were billed", self.billed),
            ("faults, and calls whose worker was killed", self.faults),
            ("billed and not kept", self.extra),
            ("people overcharged", len(self.overcharged)),
        ]


def storm(size: Size, seed: int) -> Found:
    """On the AWS wing Bedrock fails in every way there is, and workers are killed with -9; the bill is its own."""
    report = run(size.billing_faults, size.worker_kills, seed)
    return Found(report.lines(), report.wrong)


def run(each: int, kills: int, seed: int = 1, kinds: Sequence[str] = tuple(FAULTS), *, apart: bool = True) -> Report:
    """`each`: faults of a kind; `apart`: one kind after the other, else all of them at once."""
    phases = [[kind] for kind in kinds] if apart else [list(kinds)]
    with TemporaryDirectory() as folder:
        return asyncio.run(raged(Path(folder), each, kills, seed, phases))


async def raged(folder: Path, each: int, kills: int, seed: int, phases: Sequence[Sequence[str]]) -> Report:
    async with open_cloud(folder, latency=QUICK) as cloud:
        web, workers = await cloud.opens(workers=2)
        async with crowd(web.url, PEOPLE, seed) as people:
            storm = Storm(cloud, people, workers, Report())
            for kinds in phases:
                await storm.phase(f"{each} x {', '.join(kinds)}", storm.befalls(kinds, each))
            if kills:
                await storm.phase(f"{kills} kills -9", storm.kills(kills))
            await storm.judge()
        return storm.report


@dataclass(slots=True)
class Storm:
    cloud: Cloud
    people: Crowd
    workers: list[Child]
    report: Report

    async def phase(self, name: str, raging: Any) -> None:
        before = await self._reckoned()
        await raging
        await self.people.settles()
        faults, extra = await self._reckoned()
        self.report.phases.append(Phase(name, faults - before[0], extra - before[1]))

    async def befalls(self, kinds: Sequence[str], times: int) -> None:
        """One prompt more than there are faults, so that both ends of the storm are seen."""
        for kind in kinds:
            await self._set(FAULTS[kind], times)
        await self._speak(times * len(kinds) + 1)
        while (await self.cloud.pulls("faults"))["faults"]:
            await self.people.settles()
            await self._speak(1)

    async def _set(self, fault: Mapping[str, object], times: int) -> None:
        """At Bedrock, or on the way from a store that has done what it was asked."""
        if store := fault.get("loses"):
            self.cloud.aws.loses[str(store)] += times
        else:
            await self.cloud.pulls("faults", operation="invoke", times=times, **fault)

    async def kills(self, times: int) -> None:
        """In the middle of a call, whoever of the workers it is; another begins in its place."""
        await self.cloud.pulls("settings", latency=SLOW)
        for _ in range(times):
            await self._speak(2)
            painting = await self.cloud.at_a_picture(self.workers, SETTLED)
            self.workers.remove(painting)
            painting.kill()
            self.report.kills += 1
            self.workers.append(await self.cloud.starts("work", "--workers", "1"))
            await self.people.settles()
        await self.cloud.pulls("settings", latency=QUICK)

    async def _calls(self) -> list[Mapping[str, Any]]:
        calls: list[Mapping[str, Any]] = (await self.cloud.pulls("ledger?operation=invoke"))["calls"]
        return calls

    async def _speak(self, prompts: int) -> None:
        for _ in range(prompts):
            self.people.speak(self.people.people[len(self.people.said) % PEOPLE])
            await asyncio.sleep(PAUSE)

    async def _reckoned(self) -> tuple[int, int]:
        """Faults so far, and calls that were billed and not kept."""
        calls = await self._calls()
        broken = sum(bool(call["fault"]) or call["outcome"] not in LISTENED for call in calls)
        return broken, sum(call["billed"] for call in calls) - (await self.cloud.books()).pictures

    async def judge(self) -> None:
        report, ledgers = self.report, await self.cloud.rest(SETTLED)
        proof = await self.cloud.audit()
        report.prompts, report.pictures = len(self.people.said), ledgers.pictures
        report.released = ledgers.states["failed"]
        report.billed, report.overcharged = await self.cloud.billed(), ledgers.overcharged(GIFT)
        report.wrong += [wrong for one in report.phases for wrong in one.wrong()]
        report.wrong += self.people.wrong() + report.overcharged
        report.wrong += [
            f"{left} answers of {store} were not lost" for store, left in self.cloud.aws.loses.items() if left
        ]
        report.wrong += [f"{job.id} is {job.state}" for job in ledgers.jobs if job.state not in ("delivered", "failed")]
        report.wrong += [] if proof["clean"] else [str(proof["violations"])]
        if len(ledgers.jobs) != report.prompts:
            report.wrong.append(f"{len(ledgers.jobs)} jobs for {report.prompts} prompts")


if __name__ == "__main__":
    report = run(int(sys.argv[1]), int(sys.argv[2]), kinds=FEW if "few" in sys.argv else tuple(FAULTS))
    for what, figure in report.lines():
        sys.stdout.write(f"{what:<76} {figure}\n")
    sys.stdout.write("".join(f"WRONG {wrong}\n" for wrong in report.wrong))
    sys.exit(bool(report.wrong))
