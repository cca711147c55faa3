"""Deaths in a storm: at every single point of a story, or several by lot in any weather.

one_death(seed, shape, k)   the same story each time, and one process dies at its k-th point
many_deaths(seed)           shape, weather, people and deaths are all drawn from the seed
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.clock import DAY, MINUTE
from tests.storms.mortal import Plan
from tests.storms.pipeline import CROWDED, EMBEDDED, SCALED_OUT, Shape, Storm, Weather
from tests.storms.played import Trouble
from tests.storms.reckoning import Verdict, judged

SHAPES = {shape.name: shape for shape in (EMBEDDED, SCALED_OUT, CROWDED)}
UNEASY = Trouble(painter=0.15, channel=0.25, bell=0.1)
SWEPT = (1, 3, 7)  # stories with pictures returned, cancelled, failed and looked at
MOST_NAMED = 5  # violations told in full


@dataclass(slots=True)
class Tally:
    """What many storms came to."""

    runs: int = 0
    kills: int = 0
    points: int = 0
    extra: int = 0
    spoiled: int = 0
    laid_aside: int = 0
    stuck: int = 0
    orphans: int = 0
    violations: int = 0
    beyond: int = 0  # extra calls of one run beyond one for each hand of a killed process, at most
    jobs: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)

    def take(self, name: str, verdict: Verdict) -> None:
        self.runs += 1
        self.kills += verdict.kills
        self.points += verdict.points
        self.extra += verdict.extra
        self.beyond = max(self.beyond, verdict.extra - verdict.kills * verdict.hands)
        self.spoiled += verdict.spoiled
        self.laid_aside += verdict.laid_aside
        self.jobs.update(dict(verdict.jobs))
        self.stuck += any("stuck" in wrong.lower() for wrong in verdict.wrong)
        self.orphans += any(wrong.startswith(("bytes have", "left over")) for wrong in verdict.wrong)
        self.violations += len(verdict.wrong)
        if verdict.wrong and len(self.named) < MOST_NAMED:
            self.named.append(f"{name}: {'; '.join(verdict.wrong[:3])}")

    def add(self, verdicts: Iterable[tuple[str, Verdict]]) -> "Tally":
        for name, verdict in verdicts:
            self.take(name, verdict)
        return self


# -- one death ------------------------------------------------------------------------------------------------------


def story(seed: int, shape: Shape, plan: Plan) -> Storm:
    """A small story in uneasy weather: two people with all they can do, a few pictures, some of them not wanted."""
    return Storm.brewing(seed, shape, Weather(plan, UNEASY, people=2, prompts=2))


def length(seed: int, shape: Shape) -> int:
    """At how many points somebody could die, while anybody can."""
    storm = story(seed, shape, Plan(most=0))
    judged(storm)
    return storm.stormy


def one_death(seed: int, shape: Shape, point: int) -> Verdict:
    return judged(story(seed, shape, Plan(kill_at=point)))


def die_at(part: tuple[int, str, int]) -> tuple[str, Verdict]:
    """One death, with its name; a part of the work that several processors share."""
    seed, name, point = part
    return f"{name}, story {seed}, point {point}", one_death(seed, SHAPES[name], point)


# -- many deaths ----------------------------------------------------------------------------------------------------


def many_deaths(seed: int) -> Verdict:
    lot = random.Random(f"weather {seed}")
    return judged(Storm.brewing(seed, lot.choice((*SHAPES.values(),)), weather(lot)))


def weather(lot: random.Random) -> Weather:
    """Calm in one respect, wild in another."""
    trouble = Trouble(
        painter=lot.choice((0, 0.1, 0.3)),
        channel=lot.choice((0, 0.1, 0.3, 0.6)),
        scribe=lot.choice((0, 0.1)),
        table=lot.choice((0, 0, 0.002, 0.01)),
        bell=lot.choice((0, 0.3)),
    )
    return Weather(
        Plan(chance=lot.choice((0.001, 0.002, 0.004)), most=lot.randint(2, 6)),
        trouble,
        people=lot.randint(2, 4),
        prompts=lot.randint(2, 4),
        nights=lot.choice(((20 * MINUTE,), (8 * DAY, 20 * MINUTE))),
        disks=lot.choice((0, 0, 0.3)),
        clocks=lot.choice((0, 0, 1)),
    )


def die_by_lot(seed: int) -> tuple[str, Verdict]:
    return f"seed {seed}", many_deaths(seed)
