"""What must hold once a storm of linking is over, and what many of them came to.

The whole ledger is proved and nobody is half linked; every payment the gateway took is one top-up, in a purse that
somebody at an address has; no address ever had a second gift.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from core.audit import audit, every_row
from core.errors import ImagifyError
from core.table import Refused, Row, TableUnavailable
from payments.proofs import OrderBooks
from tests.storms.link_desk import GIVERS
from tests.storms.link_storm import Storm

MOST_NAMED = 5
BROKEN = (AssertionError, ImagifyError, LookupError, Refused, RuntimeError, TableUnavailable, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run came to; two runs of one seed have equal verdicts."""

    digest: str
    points: int
    kills: int
    wrong: tuple[str, ...] = ()
    links: int = 0
    partings: int = 0
    gifts: int = 0
    paid: int = 0
    refusals: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Tally:
    """What many storms came to."""

    runs: int = 0
    kills: int = 0
    points: int = 0
    links: int = 0
    partings: int = 0
    gifts: int = 0
    paid: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)

    def take(self, name: str, verdict: Verdict) -> None:
        self.runs += 1
        self.refusals.update(dict(verdict.refusals))
        for counted in ("kills", "points", "links", "partings", "gifts", "paid"):
            setattr(self, counted, getattr(self, counted) + getattr(verdict, counted))
        if verdict.wrong and len(self.named) < MOST_NAMED:
            self.named.append(f"{name}: {'; '.join(verdict.wrong[:3])}")

    def lines(self, what: str) -> list[tuple[str, object]]:
        refused = ", ".join(f"{count:,} {why}" for why, count in self.refusals.most_common())
        counted = [(name, getattr(self, name)) for name in ("kills", "points", "links", "partings")]
        also = [("gifts, none of them a second one", self.gifts), ("payments, each credited once", self.paid)]
        return [(what, self.runs), *counted, *also, *([("refused", refused)] if refused else [])]

    def add(self, verdicts: Iterable[tuple[str, Verdict]]) -> "Tally":
        for name, verdict in verdicts:
            self.take(name, verdict)
        return self


def judged(
    storm: Storm, story: Callable[[Storm], Awaitable[None]], also: Callable[[Sequence[Row]], list[str]]
) -> Verdict:
    """Let it rage, and say what it came to."""
    wrong: list[str] = []
    try:
        storm.rage(story)
    except BROKEN as broken:  # a story that breaks off is as wrong as one that ends badly
        wrong.append(f"{type(broken).__name__}: {broken}")
    return asyncio.run(reckoned(storm, wrong, also))


async def reckoned(storm: Storm, wrong: list[str], also: Callable[[Sequence[Row]], list[str]]) -> Verdict:
    world, report = storm.world, storm.world.report()
    rows = [row async for row in every_row(world.table)]
    proof = await audit(world.table, world.blobs, OrderBooks())
    wrong += [f"{one.rule}: {one.where} {one.detail}" for one in proof.violations]
    entries = [row for row in rows if row.key.name.startswith("TRANSACTION#")]
    gifts = [row.text("key") for row in entries if row.text("kind") == "gift"]
    topups = Counter(row.text("ref") for row in entries if row.text("kind") == "topup")
    wrong += [f"{key} was had twice" for key, count in Counter(gifts).items() if count > 1]
    wrong += [f"a gift at {key}" for key in gifts if not key.startswith(tuple(f"gift:{one}:" for one in GIVERS))]
    taken = {ref for ref, told in storm.till.books.items() if told.verdict == "paid"}
    wrong += [f"{ref} was paid and credited {topups[ref]} times" for ref in taken if topups[ref] != 1]
    wrong += [f"{ref} was credited, and nobody paid" for ref in topups.keys() - taken]
    wrong += [*stranded(rows), *also(rows)]
    return Verdict(
        digest=report.digest,
        points=report.points,
        kills=len(report.deaths),
        wrong=tuple(wrong),
        links=sum(row.text("kind") == "merge in" for row in entries),
        partings=sum(row.key.name == "LEFT" for row in rows),
        gifts=len(gifts),
        paid=len(taken),
        refusals=tuple(sorted(storm.refusals.items())),
    )


def stranded(rows: Sequence[Row]) -> list[str]:
    """Credits that nobody at any address can reach."""
    reached = {row.text("person") for row in rows if row.key.owner.startswith("ADDRESS#") and row.key.name == "META"}
    purses = [row for row in rows if row.key.name == "PURSE"]
    return [
        f"{row.key.owner} has credits and no chat"
        for row in purses
        if row.number("gift") + row.number("paid") + row.number("held")
        and row.key.owner.removeprefix("USER#") not in reached
    ]
