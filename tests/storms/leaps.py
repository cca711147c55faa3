"""A storm of time: the same story told twice, with clocks that are right and with clocks that leap.

Every machine's clock is wrong from the beginning, by a second or by 400 days, and leaps again and again. Nobody may be
refused by it, nor wait longer than twice as long as with right clocks; nothing is stranded, and the books are clean.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from core.audit import every_row
from core.clock import MINUTE
from core.jobs import Job
from core.proofs import Books
from tests.storms.crash import MOST_NAMED, SHAPES
from tests.storms.pipeline import LEASE, Storm, Weather
from tests.storms.reckoning import Verdict, job_in, judged, pictures_of

HONEST = Weather(people=2, prompts=1, nights=())  # only looked at for how long people wait
LEAPING = Weather(people=2, prompts=1, nights=(20 * MINUTE, 20 * MINUTE))  # what lies far ahead is put right in one
MOST_LEAPS = 6
REFUSED_BY_TIME = {"TooOften", "QueueTooLong", "SpendCapReached"}
LATEST = 2 * LEASE / 1_000  # seconds: shorter waits than twice a lease are compared with nothing
TWICE = 2


@dataclass(frozen=True, slots=True)
class Told:
    """What one story came to, twice."""

    seed: int
    leaps: int
    honest: float  # seconds that somebody waited at most for a picture
    leaping: float
    wrong: tuple[str, ...]


@dataclass(slots=True)
class Summary:
    runs: int = 0
    leaps: int = 0
    honest: float = 0.0
    leaping: float = 0.0
    wrong: int = 0
    named: list[str] = field(default_factory=list)

    def add(self, told: Iterable[Told]) -> "Summary":
        for one in told:
            self.runs += 1
            self.leaps += one.leaps
            self.honest, self.leaping = max(self.honest, one.honest), max(self.leaping, one.leaping)
            self.wrong += bool(one.wrong)
            if one.wrong and len(self.named) < MOST_NAMED:
                self.named.append(f"seed {one.seed}: {'; '.join(one.wrong[:3])}")
        return self


def told(seed: int) -> Told:
    """The story of this seed, with right clocks and with leaping ones."""
    lot = random.Random(f"leaps {seed}")
    shape, leaps = lot.choice((*SHAPES.values(),)), lot.randint(1, MOST_LEAPS)
    (calm, _, honest), (storm, verdict, leaping) = [
        raged(Storm.brewing(seed, shape, weather)) for weather in (HONEST, replace(LEAPING, leaps=leaps))
    ]
    wrong = [*verdict.wrong, *refused(calm, storm)]
    if leaping > max(LATEST, TWICE * honest):
        wrong.append(f"somebody waited {leaping:.1f} s, {honest:.1f} s with right clocks")
    return Told(seed, storm.witness.clocks_moved, honest, leaping, tuple(wrong))


def raged(storm: Storm) -> tuple[Storm, Verdict, float]:
    verdict = judged(storm)
    return storm, verdict, max(asyncio.run(waits(storm)), default=0.0)


def refused(calm: Storm, storm: Storm) -> Iterator[str]:
    """What somebody was refused because it was too soon or too late."""
    before, after = (Counter(one.witness.refusals.values()) for one in (calm, storm))
    yield from (f"refused: {name}" for name in REFUSED_BY_TIME if after[name] > before[name])


async def waits(storm: Storm) -> list[float]:
    """Seconds from the word that an order was taken to its picture; for ever, where it was given up."""
    books = Books()
    async for row in every_row(storm.world.table):
        books.take(row)
    taken: dict[str, float] = {}
    shown: dict[str, float] = {}
    for channel in storm.world.channels.values():
        for one in channel.delivered:
            taken.setdefault(one.reply.text.removeprefix("drawing "), one.seconds)
            for picture in pictures_of(one.reply):
                shown.setdefault(job_in(picture), one.seconds)
    return [wait(job, taken, shown) for job in books.jobs.values()]


def wait(job: Job, taken: dict[str, float], shown: dict[str, float]) -> float:
    if job.state == "failed":
        return float("inf")
    return max(0.0, shown[job.id] - taken[job.sheet]) if job.id in shown and job.sheet in taken else 0.0
