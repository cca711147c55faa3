"""What every builder of Journal must do: take a fact and stand in nobody's way."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.clock import Clock
from core.journal import Journal
from core.table import Fields
from infra.aws.call import Place
from infra.embedded.journal import FileJournal
from tests.clocks import THE_DAY, SetClock
from tests.stores import firehose


@dataclass(frozen=True, slots=True)
class Rig:
    """A journal, and how its tests read back what the house itself never reads."""

    journal: Journal
    noted: Callable[[], Awaitable[list[dict[str, object]]]]


def lines_in(home: Path) -> list[str]:
    return [line for path in sorted(home.iterdir()) for line in path.read_text("utf-8").splitlines()]


@asynccontextmanager
async def in_files(home: Path, clock: Clock) -> AsyncIterator[Rig]:
    journal = FileJournal(home, clock)

    async def noted() -> list[dict[str, object]]:
        await journal.settle()
        return [json.loads(line) for line in lines_in(home)]

    yield Rig(journal, noted)
    journal.close()


@asynccontextmanager
async def in_a_stream(where: Place, clock: Clock) -> AsyncIterator[Rig]:
    async with firehose(where, clock) as (journal, bucket):

        async def noted() -> list[dict[str, object]]:
            await journal.settle()
            records = [await bucket.get(one.name) or b"" for one in await bucket.walk()]
            return [json.loads(line) for record in records for line in record.splitlines()]

        yield Rig(journal, noted)


@pytest.fixture(params=["files", pytest.param("firehose-on-ministack", marks=pytest.mark.server)])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    if request.param == "files":
        opened = in_files(tmp_path, SetClock())
    else:
        opened = in_a_stream(request.getfixturevalue("on_ministack"), SetClock())
    async with opened as fresh:
        yield fresh


async def test_a_fact_is_noted_with_its_kind_and_its_time(rig: Rig) -> None:
    await rig.journal.note("painted", {"job": "01JOB", "usd_micros": 40_000})

    assert await rig.noted() == [
        {"at": THE_DAY, "kind": "painted", "facts": {"job": "01JOB", "usd_micros": 40_000}},
    ]


async def test_facts_are_noted_in_the_order_they_came(rig: Rig) -> None:
    for number in range(500):
        await rig.journal.note("counted", {"number": number})

    assert [line["facts"] for line in await rig.noted()] == [{"number": number} for number in range(500)]


async def test_a_fact_with_an_id_has_it_in_its_line(rig: Rig) -> None:
    await rig.journal.note("told", {"n": 1}, once="01NEWS")

    assert await rig.noted() == [{"id": "01NEWS", "at": THE_DAY, "kind": "told", "facts": {"n": 1}}]


@pytest.mark.parametrize(
    "facts",
    [{}, {"words": 'mèo "mướp"\n🐱\u2028'}, {"kind": "other", "at": 1}, {"deep": {"list": ["a", 1, True]}}],
)
async def test_any_fact_a_row_may_hold_is_noted_as_it_is(rig: Rig, facts: Fields) -> None:
    await rig.journal.note("odd", facts)

    (line,) = await rig.noted()
    assert line["facts"] == facts
