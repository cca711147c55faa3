"""Each store of the AWS wing is cut off while people chat: nothing crashes, nothing is lost, and the house says so.

python -m tests.storms.cut SECONDS reset|silence [STORE ...]
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.cloud import WIDE, Child, Cloud, open_cloud
from tests.proxy import How
from tests.storms.crowd import SETTLED, Crowd, crowd
from tests.storms.sizes import Found, Size
from tests.storms.waiting import looked_for, until

STORES = ("bedrock", "redis", "sqs", "s3", "dynamodb")  # what is left alone for a while afterwards first
HOWS: tuple[How, ...] = ("reset", "silence")
PROBED = {"s3": "blobs", "dynamodb": "table"}  # those without which the house cannot serve, as /readyz calls them
PEOPLE, PAUSE = 4, 1.5  # seconds between two prompts, whoever speaks
LATE = 0.8  # of the cut: by then it must be seen
PATIENCE = 10.0  # seconds longer than a short cut that a sentence may take: who calls once in a while notices late
BACK = 60.0  # seconds on a busy machine in which every process must be well again
GIFT = int(WIDE["IMAGIFY_GIFT"])


@dataclass(slots=True)
class Seen:
    """What one cut looked like from outside, in its last part."""

    store: str
    metric: str = ""
    sentence: str = ""
    away: frozenset[str] = frozenset()  # as /readyz told
    complaints: int = 0  # lines logged while it lasted
    traces: list[str] = field(default_factory=list)

    def wrong(self) -> list[str]:
        told = [f"{self.store}: no metric"] if not self.metric else []
        told += [f"{self.store}: no sentence"] if not self.sentence else []
        told += [f"{self.store}: /readyz did not tell"] if PROBED.get(self.store) not in (None, *self.away) else []
        return told + [f"{self.store}: a trace, {trace}" for trace in self.traces]


@dataclass(slots=True)
class Report:
    how: How
    seconds: float
    prompts: int = 0
    pictures: int = 0
    refused: int = 0
    seen: list[Seen] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> list[tuple[str, object]]:
        told: list[tuple[str, object]] = [
            (f"prompts while each store was cut off for {self.seconds:.0f} s ({self.how})", self.prompts),
            ("pictures", self.pictures),
            ("refused or given up, nothing charged", self.refused),
        ]
        for one in self.seen:
            told += [(f"{one.store}: {one.metric}", one.sentence), (f"{one.store}: lines logged", one.complaints)]
        return told


def storm(size: Size, seed: int) -> Found:
    """Each store of the AWS wing is cut off while people chat: nobody is let in; then, whoever is hears nothing."""
    found = Found()
    for how in HOWS:
        report = run(size.away, how, seed)
        found.lines += report.lines()
        found.wrong += [f"{how}: {wrong}" for wrong in report.wrong]
    return found


def run(seconds: float, how: How = "reset", seed: int = 1, stores: Sequence[str] = STORES) -> Report:
    with TemporaryDirectory() as folder:
        return asyncio.run(raged(Path(folder), Report(how, seconds), seed, stores))


async def raged(folder: Path, report: Report, seed: int, stores: Sequence[str]) -> Report:
    async with open_cloud(folder) as cloud:
        web, workers = await cloud.opens(workers=2)
        house = [web, *workers]
        async with crowd(web.url, PEOPLE, seed) as people:
            chatting = asyncio.create_task(people.chat(PAUSE))
            for store in stores:
                report.seen.append(await cut_off(cloud, house, store, report))
            chatting.cancel()
            await people.settles()
            await judge(cloud, people, report)
        report.wrong += [f"{child.words} died" for child in house if not child.lives]
    return report


async def cut_off(cloud: Cloud, house: Sequence[Child], store: str, report: Report) -> Seen:
    """Away for its time; looked at shortly before it comes back, and until everybody is well again."""
    before, said = await errors(house, store), [len(child.sentences()) for child in house]
    cloud.before(store).cut(store, report.how)
    await asyncio.sleep(LATE * report.seconds)
    seen = Seen(store, away=frozenset(await away(house)))
    await asyncio.sleep((1 - LATE) * report.seconds)
    await until(lambda: any(tells_of(store, line) for line in since(house, said)), PATIENCE)
    seen.metric = await metric(house, store, before)
    await cloud.before(store).restore(store)
    report.wrong += await well_again(house, store)
    lines = since(house, said)
    seen.sentence = next((str(line["said"]) for line in lines if tells_of(store, line)), "")
    seen.complaints = len(lines)
    seen.traces = [f"{line['said']}: {line['trace'].splitlines()[-1]}" for line in lines if "trace" in line]
    return seen


def since(house: Sequence[Child], said: Sequence[int]) -> list[dict[str, Any]]:
    """What was logged behind so many lines of each process."""
    return [line for child, already in zip(house, said, strict=True) for line in child.sentences()[already:]]


def tells_of(store: str, line: dict[str, Any]) -> bool:
    said = str(line["said"]).lower()
    return f"{store} " in said and ("is away" in said or "is silent" in said)


async def errors(house: Sequence[Child], store: str) -> float:
    """Calls to it that brought nothing, of all processes together."""
    told = [await child.measures() for child in house]
    failed = [name for one in told for name in one if "call_errors" in name and f'place="{store}"' in name]
    return sum(one.get(name, 0) for one in told for name in set(failed))


async def metric(house: Sequence[Child], store: str, before: float) -> str:
    """What shows in /metrics that it is away."""
    if store == "redis":
        told = [await child.measures() for child in house]
        return "imagify_cache_reachable 0" if any(not one["imagify_cache_reachable"] for one in told) else ""
    more = await errors(house, store) - before
    return f"imagify_call_errors +{more:.0f}" if more > 0 else ""


async def away(house: Sequence[Child]) -> list[str]:
    """What any of them does not reach."""
    return [port for told in await asyncio.gather(*(child.away() for child in house)) for port in told]


async def well_again(house: Sequence[Child], store: str) -> list[str]:
    left = await looked_for(lambda: away(house), lambda left: not left, BACK)
    return [f"{left} still away {BACK:.0f} s after {store}"] if left else []


async def judge(cloud: Cloud, people: Crowd, report: Report) -> None:
    """Every prompt has one end in its chat, one job in the books, and is charged once for a picture."""
    ledgers = await cloud.rest(SETTLED)
    proof = await cloud.audit()
    report.prompts, report.pictures, report.refused = len(people.said), people.pictures(), people.refused()
    report.wrong += [wrong for one in report.seen for wrong in one.wrong()]
    report.wrong += people.wrong() + ledgers.overcharged(GIFT)
    report.wrong += [f"{job.id} is {job.state}" for job in ledgers.jobs if job.state not in ("delivered", "failed")]
    report.wrong += [] if proof["clean"] else [str(proof["violations"])]
    if len(ledgers.jobs) != len(people.said):
        report.wrong.append(f"{len(ledgers.jobs)} jobs for {len(people.said)} prompts")


if __name__ == "__main__":
    how: How = "silence" if sys.argv[2] == "silence" else "reset"
    report = run(float(sys.argv[1]), how, stores=sys.argv[3:] or STORES)
    for what, figure in report.lines():
        sys.stdout.write(f"{what:<76} {figure}\n")
    sys.stdout.write("".join(f"WRONG {wrong}\n" for wrong in report.wrong))
    sys.exit(bool(report.wrong))
