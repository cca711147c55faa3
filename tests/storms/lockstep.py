"""Both tables in lock step: the same random writes and reads, on a road full of faults, and no different answer.

Hypothesis draws the episodes, so a difference is shrunk to the few steps that show it. The keys are few, so that
writes meet; every kind of write and condition is drawn; a write names its refused parts and the rows that stood
there, and so much must be equal.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from core.table import (
    EMAIL_INDEX,
    SHELF_INDEX,
    AnyOf,
    Below,
    Change,
    Check,
    Condition,
    Create,
    Delete,
    Fields,
    Index,
    Key,
    Refused,
    Row,
    Rows,
    Table,
    TableUnavailable,
    Value,
    When,
    Write,
)
from infra.aws.call import Place, Road, SignedRoad
from infra.embedded.table import SqliteTable
from tests.servers import dynoxide, ministack, played_keys
from tests.storms.faults import FaultyRoad, faulty_wire
from tests.tables import fresh_table

LONGEST_EPISODE = 40  # steps
MOST_EPISODES = 50  # in one round of hypothesis
RULES = settings(database=None, deadline=None, report_multiple_bugs=False, suppress_health_check=list(HealthCheck))
KEYS = [Key(owner, name) for owner in ("USER#an", "USER#bình") for name in ("PROFILE", "PURSE", "JOB#1")]
TEXTS, NUMBERS = ("", "a", "ô", "1"), ("n", "m", "due")


@dataclass(frozen=True)
class Listing:
    owner: str
    prefix: str
    after: str
    limit: int
    newest_first: bool


@dataclass(frozen=True)
class Finding:
    index: Index
    value: str
    until: int | None


Step: TypeAlias = tuple[Write, ...] | Key | Listing | Finding
Answer: TypeAlias = str
Wrap: TypeAlias = Callable[[Road], Road]


@dataclass
class Report:
    steps: int = 0
    refused: int = 0
    differences: list[str] = field(default_factory=list)
    injected: Counter[str] = field(default_factory=Counter)


numbers = st.integers(-3, 3)
texts = st.sampled_from(TEXTS)
scalars = st.one_of(numbers, texts, st.booleans())
values: st.SearchStrategy[Value] = st.one_of(
    scalars, st.lists(scalars, max_size=2), st.dictionaries(st.sampled_from(("x", "y z")), scalars)
)
kept: dict[str, st.SearchStrategy[Value]] = {
    "f": values,
    "g": values,
    "n": numbers,
    "m": numbers,
    "email": st.sampled_from(("a@x", "b@x")),
    "shelf": st.sampled_from(("s", "t")),
    "due": numbers,
}
fields: st.SearchStrategy[Fields] = st.fixed_dictionaries({}, optional=kept)
conditions: st.SearchStrategy[Condition] = st.one_of(
    scalars, st.none(), st.builds(Below, numbers), st.builds(AnyOf, st.lists(scalars, max_size=3).map(tuple))
)
whens: st.SearchStrategy[When] = st.dictionaries(
    st.sampled_from(("f", "n", "n", "m", "email", "due")), conditions, max_size=2
)


@st.composite
def changes(draw: st.DrawFn, key: Key) -> Change:
    add = draw(st.dictionaries(st.sampled_from(NUMBERS), numbers, max_size=2))
    sets = {name: value for name, value in draw(fields).items() if name not in add}
    gone = draw(st.sets(st.sampled_from(("f", "g", "n", "email", "shelf", "due")), max_size=2)) - {*add, *sets}
    floor = {name: draw(numbers) for name in add if draw(st.booleans())}
    begins = draw(st.booleans())
    alone = not add and not begins and draw(st.booleans())
    return Change(key, sets, add, tuple(sorted(gone)), draw(whens), floor, or_create=begins, alone=alone)


def writing(key: Key) -> st.SearchStrategy[Write]:
    return st.one_of(
        st.builds(Create, st.just(key), fields),
        changes(key),
        st.builds(Check, st.just(key), whens),
        st.builds(Delete, st.just(key), st.one_of(st.none(), whens)),
    )


writes = st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True).flatmap(
    lambda keys: st.tuples(*(writing(key) for key in keys))
)
names = st.sampled_from(("", "J", "JOB#1", "P", "PROFILE", "PURSE", "Q"))
listings = st.builds(
    Listing, st.sampled_from([key.owner for key in KEYS]), names, names, st.integers(1, 4), st.booleans()
)
findings = st.one_of(
    st.builds(Finding, st.just(EMAIL_INDEX), st.sampled_from(("a@x", "b@x")), st.none()),
    st.builds(Finding, st.just(SHELF_INDEX), st.sampled_from(("s", "t")), st.one_of(st.none(), numbers)),
)
steps = st.one_of(writes, writes, writes, st.sampled_from(KEYS), listings, findings)


class Pair:
    """The two tables, asked the same."""

    def __init__(self, ours: Table, theirs: Table, lot: Random, report: Report) -> None:
        self.tables = (ours, theirs)
        self.lot, self.report = lot, report

    async def episode(self, taken: Sequence[Step], luck: int) -> None:
        """From empty tables through these steps to equal ones."""
        self.lot.seed(luck)
        for table in self.tables:
            await emptied(table)
        for place, step in enumerate(taken):
            one, other = [await asked(table, step) for table in self.tables]
            self.report.steps += 1
            self.report.refused += one.startswith("refused")
            assert one == other, f"step {place}, {step}: {one} here, {other} there"
        here, there = [sorted(map(told, await table.walk(limit=1_000))) for table in self.tables]
        assert here == there, f"after {taken}: {here} here, {there} there"


async def emptied(table: Table) -> None:
    for row in await table.walk(limit=1_000):
        await table.write(Delete(row.key))


async def asked(table: Table, step: Step) -> Answer:
    """What a table answers, as text: in text, True is not 1."""
    match step:
        case Key():
            return told(await table.get(step))
        case Listing(owner, prefix, after, limit, newest_first):
            rows = await table.list(owner, prefix, after=after, limit=limit, newest_first=newest_first)
            return str([told(row) for row in rows])
        case Finding(index, value, until):
            return found(index, await table.find(index, value, until=until))
        case tuple():
            return await written(table, step)


async def written(table: Table, parts: Sequence[Write]) -> Answer:
    try:
        await table.write(*parts)
    except Refused as refused:
        return f"refused: { {place: told(row) for place, row in sorted(refused.rows.items())} }"
    except ValueError:
        return "our mistake"
    except TableUnavailable as error:
        return f"unavailable: {error}"
    return "written"


def found(index: Index, rows: Rows) -> Answer:
    """In the order of the index; where that is silent, in the order of the keys."""
    order = [row.number(index.order) if index.order else 0 for row in rows]
    return f"{order} {sorted(map(told, rows))}"


def told(row: Row | None) -> str:
    return json.dumps([row.key.owner, row.key.name, row.fields], sort_keys=True) if row else "nothing"


@asynccontextmanager
async def opened(where: Place, wrap: Wrap) -> AsyncIterator[Pair]:
    """SQLite in memory, and DynamoDB behind a faulty road on a faulty wire; `wrap` may spoil the table's own side."""
    lot, report = Random(0), Report()
    ours = SqliteTable.inline(":memory:")
    async with faulty_wire(where, lot, report.injected, share=0.02) as wire, SignedRoad(played_keys()) as road:
        faulty = FaultyRoad(road, lot, report.injected, share=0)
        theirs = await fresh_table(wrap(faulty), wire)
        faulty.share = 0.2
        yield Pair(ours, theirs, lot, report)
    await ours.close()


def run_everywhere(steps_wanted: int, luck: int) -> dict[str, Report]:
    """The whole storm on each server in turn."""
    reports = {}
    for server in (ministack, dynoxide):
        with server() as where:
            reports[server.__name__] = run(steps_wanted, luck, where)
    return reports


def run(steps_wanted: int, luck: int, where: Place, *, wrap: Wrap = lambda road: road, shrink: bool = True) -> Report:
    """Episodes until so many steps are done or a difference is found; the same luck draws the same episodes."""
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    with asyncio.Runner() as runner:
        pairs = opened(where, wrap)
        pair = runner.run(pairs.__aenter__())
        try:
            while pair.report.steps < steps_wanted and not pair.report.differences:
                missing = (steps_wanted - pair.report.steps) // LONGEST_EPISODE
                rules = settings(RULES, max_examples=min(MOST_EPISODES, missing + 1), phases=phases)
                play(runner, pair, luck + pair.report.steps, rules)
        finally:
            runner.run(pairs.__aexit__(None, None, None))
    return pair.report


def play(runner: asyncio.Runner, pair: Pair, luck: int, rules: settings) -> None:
    """One round of episodes; a difference is noted."""

    @seed(luck)
    @rules
    @given(st.lists(steps, min_size=LONGEST_EPISODE // 2, max_size=LONGEST_EPISODE), st.integers(0, 2**32))
    def play_on(taken: Sequence[Step], draw: int) -> None:
        runner.run(pair.episode(taken, draw))

    try:
        play_on()
    except (AssertionError, Flaky) as difference:  # one that comes and goes with the wire is a difference, too
        pair.report.differences.append(str(difference))
