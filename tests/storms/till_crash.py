"""Deaths at the till: at every single point of a story, several by lot in any weather, and a storm without a notice.

one_death(seed, k)     the same story each time, and the shop dies at its k-th point
many_deaths(seed)      processes, people, faults and deaths are all drawn from the seed
in_silence(seed)       every notice is lost, so only the reconciler can know
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.storms.mortal import Plan
from tests.storms.till_storm import TillStorm, Weather
from tests.storms.till_verdict import Verdict, judged

SWEPT = (5, 10, 11, 14)  # stories with payments late, doubled, under suspicion, paid back and refused
MOST_NAMED = 5  # violations told in full


@dataclass(slots=True)
class Tally:
    """What many storms came to."""

    runs: int = 0
    kills: int = 0
    points: int = 0
    late: int = 0
    double: int = 0
    refunds: int = 0
    queries: int = 0
    rechecked: int = 0
    violations: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)

    def take(self, name: str, verdict: Verdict) -> None:
        self.runs += 1
        self.orders.update(dict(verdict.orders))
        for counted in ("kills", "points", "late", "double", "refunds", "queries", "rechecked"):
            setattr(self, counted, getattr(self, counted) + getattr(verdict, counted))
        self.violations += len(verdict.wrong)
        if verdict.wrong and len(self.named) < MOST_NAMED:
            self.named.append(f"{name}: {'; '.join(verdict.wrong[:3])}")

    def add(self, verdicts: Iterable[tuple[str, Verdict]]) -> "Tally":
        for name, verdict in verdicts:
            self.take(name, verdict)
        return self


# -- one death ------------------------------------------------------------------------------------------------------


def story(seed: int, plan: Plan) -> TillStorm:
    return TillStorm.brewing(seed, Weather(plan))


def length(seed: int) -> int:
    """At how many points the shop could die, while it can."""
    storm = story(seed, Plan(most=0))
    judged(storm)
    return storm.stormy


def one_death(seed: int, point: int) -> Verdict:
    return judged(story(seed, Plan(kill_at=point)))


def die_at(part: tuple[int, int]) -> tuple[str, Verdict]:
    """One death, with its name; a part of the work that several processors share."""
    seed, point = part
    return f"till, story {seed}, point {point}", one_death(seed, point)


# -- many deaths ----------------------------------------------------------------------------------------------------


def many_deaths(seed: int) -> Verdict:
    return judged(TillStorm.brewing(seed, weather(random.Random(f"weather at the till {seed}"))))


def weather(lot: random.Random) -> Weather:
    return Weather(
        Plan(chance=lot.choice((0.002, 0.005, 0.01)), most=lot.randint(2, 8)),
        people=lot.randint(2, 4),
        buys=lot.randint(1, 3),
        shops=lot.choice((1, 2, 3)),
        faults=lot.choice((0, 3, 6)),
        table=lot.choice((0, 0, 0.005, 0.02)),
        refunds=lot.choice((0.3, 0.8)),
    )


def die_by_lot(seed: int) -> tuple[str, Verdict]:
    return f"till, seed {seed}", many_deaths(seed)


def in_silence(seed: int) -> tuple[str, Verdict]:
    silent = Weather(Plan(chance=0.003, most=3), people=4, buys=3, shops=2, faults=0, silent=True)
    return f"till, in silence, seed {seed}", judged(TillStorm.brewing(seed, silent))
