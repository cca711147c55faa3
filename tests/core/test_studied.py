"""The journal of what was told: everything once, whoever dies meanwhile, without words, people or addresses."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from core.journal import Unkept
from core.news import ALARM, GRANTED, IMAGE_FAILED, News, counting, posting, telling, to_chat
from core.table import Table
from core.tally import Tally
from infra.embedded.journal import FileJournal
from tests.clocks import THE_DAY, SetClock
from tests.house import Imagify, Speaker
from tests.storms.memory import ListJournal

FOUR = [f"{number:026}" for number in range(4)]


class Died(Exception):
    """The process is gone."""


class Mortal:
    """A table whose process dies at its n-th call, before or after it has done its work."""

    def __init__(self, table: Table, dies_at: int, *, after: bool) -> None:
        self._table, self._left, self._after = table, dies_at, after

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any, **named: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise Died
            answer = await getattr(self._table, name)(*args, **named)
            if self._left == 0:
                raise Died
            return answer

        return call


async def told(table: Table) -> None:
    for number, id_ in enumerate(FOUR):
        news = News(
            id_,
            "image ready",
            "an",
            "telegram",
            f"chat {number}",
            THE_DAY,
            THE_DAY,
            {"job": f"job {number}", "price": 2},
        )
        await table.write(posting(news))
        await table.write(*telling(news, "told"))


def ids(home: Path) -> list[str]:
    """The ids in the journal's files, in their order."""
    return [json.loads(line)["id"] for path in sorted(home.glob("*.jsonl")) for line in path.read_text().splitlines()]


async def count(table: Any, home: Path, clock: SetClock) -> int:
    """One process counts, and dies or ends."""
    journal = FileJournal(home, clock)
    try:
        return await Tally(table, {"telegram"}, journal).count()
    except Died:
        return -1
    finally:
        journal.close()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_whoever_dies_at_any_call_everything_is_noted_once(
    table: Table, tmp_path: Path, clock: SetClock, *, after: bool
) -> None:
    await told(table)

    deaths = 0
    while await count(Mortal(table, deaths + 1, after=after), tmp_path, clock) < 0:
        assert len(ids(tmp_path)) == len({*ids(tmp_path)})
        deaths += 1

    assert deaths > len(FOUR)
    assert sorted(ids(tmp_path)) == FOUR
    assert await count(table, tmp_path, clock) == 0


async def test_what_was_noted_by_whoever_died_is_on_the_disk_before_the_news_are_gone(
    table: Table, tmp_path: Path, clock: SetClock
) -> None:
    await told(table)
    journal = FileJournal(tmp_path, clock)

    await Tally(table, {"telegram"}, journal).count()

    assert sorted(ids(tmp_path)) == FOUR
    journal.close()


async def test_a_house_without_a_journal_counts_all_the_same(table: Table) -> None:
    await told(table)

    assert await Tally(table, {"telegram"}, Unkept()).count() == len(FOUR)


async def test_neither_words_nor_people_nor_addresses_are_noted(table: Table) -> None:
    journal = ListJournal()
    secret = "lời riêng của telegram:5550123"
    for number, news in enumerate(
        (
            to_chat(GRANTED, "an", "telegram", "5550123", "1", THE_DAY, credits=5, reason=secret),
            to_chat(ALARM, "", "telegram", "5550123", "2", THE_DAY, what="quota", who=secret),
            to_chat(IMAGE_FAILED, "an", "telegram", "5550123", "3", THE_DAY, job="j", reason="blocked", detail=secret),
        )
    ):
        await table.write(counting(news, f"told {number}"))

    assert await Tally(table, journal=journal).count() == 3

    assert "5550123" not in repr(journal.notes)
    assert "an" not in [value for _, facts in journal.notes for value in facts.values()]
    by_kind = dict(journal.notes)
    assert by_kind[GRANTED] == {"since": THE_DAY, "channel": "telegram", "outcome": "told 0", "credits": 5}
    assert by_kind[IMAGE_FAILED]["reason"] == "blocked"


async def test_what_a_person_was_told_stands_in_the_journal_of_their_house(imagify: Imagify, an: Speaker) -> None:
    await an.says("mèo mướp")
    await imagify.settles()
    await imagify.house.tally.count()

    journal = imagify.house.ports.journal
    assert isinstance(journal, ListJournal)
    (job,) = await an.jobs()
    facts = dict(journal.notes)["image ready"]
    assert (facts["job"], facts["price"], facts["outcome"], facts["channel"]) == (job.id, 1, "delivered", "telegram")
    assert "mèo" not in repr(journal.notes)
