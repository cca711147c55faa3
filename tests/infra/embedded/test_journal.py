"""The journal in files: a file a day, old ones removed, and never anybody's trouble."""

import json
from pathlib import Path

from infra.embedded.journal import MOST_WAITING, FileJournal, Noted
from tests.clocks import SetClock

DAY = 86_400


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_each_day_has_a_file_of_its_own_and_old_ones_go(tmp_path: Path) -> None:
    clock = SetClock()
    journal = FileJournal(tmp_path, clock, most_days=2)
    (tmp_path / "keep-me.txt").write_text("not ours")

    for day in range(5):
        await journal.note("counted", {"day": day})
        clock.pass_by(DAY)
        if day % 2:
            await journal.settle()
    await journal.settle()
    journal.close()

    assert names_in(tmp_path) == ["2026-11-22.jsonl", "2026-11-23.jsonl", "2026-11-24.jsonl", "keep-me.txt"]
    assert json.loads((tmp_path / "2026-11-24.jsonl").read_text())["facts"] == {"day": 4}


async def test_a_line_torn_by_a_crash_spoils_no_other(tmp_path: Path) -> None:
    (tmp_path / "2026-11-20.jsonl").write_bytes(b'{"at":1}\n{"at":2,"ki')
    journal = FileJournal(tmp_path, SetClock())

    await journal.note("after", {})
    await journal.settle()
    journal.close()

    lines = (tmp_path / "2026-11-20.jsonl").read_text().splitlines()
    assert lines[:2] == ['{"at":1}', '{"at":2,"ki']
    assert json.loads(lines[2])["kind"] == "after"


async def test_a_disk_that_takes_nothing_is_counted_and_troubles_nobody(tmp_path: Path) -> None:
    (tmp_path / "2026-11-20.jsonl").mkdir()
    journal = FileJournal(tmp_path, SetClock())

    for number in range(3):
        await journal.note("lost", {"number": number})
    await journal.settle()

    assert journal.lost == 3
    (tmp_path / "2026-11-20.jsonl").rmdir()
    await journal.note("found", {})
    await journal.settle()
    journal.close()
    assert journal.lost == 3
    assert "found" in (tmp_path / "2026-11-20.jsonl").read_text()


async def test_a_folder_that_cannot_be_made_is_counted_too(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file stands in the way")
    journal = FileJournal(tmp_path / "journal", SetClock())

    await journal.note("lost", {})
    await journal.settle()
    journal.close()

    assert journal.lost == 1


async def test_what_waits_is_bounded_and_what_comes_after_closing_is_lost(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path, SetClock())

    with journal._lock:  # the writing thread cannot take anything away now
        journal._waiting = [Noted("2026-11-20", "{}", "")] * MOST_WAITING
    await journal.note("one too many", {})
    journal.close()
    await journal.note("too late", {})

    assert journal.lost == 2


async def test_closing_writes_what_still_waits(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path, SetClock())
    for number in range(100):
        await journal.note("counted", {"number": number})

    journal.close()

    assert len((tmp_path / "2026-11-20.jsonl").read_text().splitlines()) == 100


async def test_two_facts_alike_are_two_lines_unless_they_have_one_id(tmp_path: Path) -> None:
    for journal in (FileJournal(tmp_path, SetClock()), FileJournal(tmp_path, SetClock())):
        for once in ("", "", "01A", "01A"):
            await journal.note("alike", {}, once)
        journal.close()

    lines = (tmp_path / "2026-11-20.jsonl").read_text().splitlines()
    assert len([line for line in lines if "01A" in line]) == 1
    assert len(lines) == 5
