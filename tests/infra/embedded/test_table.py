"""The table on SQLite, beyond what both builders promise: shared commits, cancelled callers, a disk that gives out."""

import asyncio
import resource
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.table import SHELF_INDEX, Change, Create, Key, Refused, Row, TableUnavailable
from infra.embedded import pages
from infra.embedded.marker import Tending
from infra.embedded.table import SqliteTable
from infra.embedded.writer import Writer

AN = "USER#an"
PURSE = Key(AN, "PURSE")


def entry(number: int) -> Create:
    return Create(Key(AN, f"TRANSACTION#{number:012d}"), {"credits": number})


@contextmanager
def writer_held_up(file: Path) -> Iterator[None]:
    """While this lasts, somebody else holds the file, so the writer waits as it would for a slow disk."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("begin immediate")
    try:
        yield
    finally:
        other.execute("commit")
        other.close()


@contextmanager
def disk_giving_out(limit: int) -> Iterator[None]:
    """No file of this process may grow past the limit: the system itself refuses the write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def handed_over(tasks: list[asyncio.Task[None]]) -> None:
    """Every task has run as far as it can without an answer."""
    await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "imagify.db"


@pytest.fixture
async def table(file: Path) -> AsyncIterator[SqliteTable]:
    table = SqliteTable.open(str(file))
    yield table
    await table.close()


async def test_sixty_four_callers_share_a_commit(file: Path) -> None:
    writer = Writer(pages.open_to_write(str(file)))

    with writer_held_up(file):
        tasks = [asyncio.create_task(writer.write([entry(number)])) for number in range(64)]
        await handed_over(tasks)
    await asyncio.gather(*tasks)

    assert writer.commits <= 2  # one for whoever came first, one for all who came while it waited
    await writer.close()


async def test_a_refused_request_does_not_harm_its_neighbours(table: SqliteTable, file: Path) -> None:
    await table.write(Create(PURSE, {"free": 1}))

    with writer_held_up(file):
        tasks = [
            asyncio.create_task(table.write(entry(1))),
            asyncio.create_task(table.write(entry(2), Change(PURSE, add={"free": -2}, floor={"free": 0}))),
            asyncio.create_task(table.write(entry(3))),
        ]
        await handed_over(tasks)
    first, second, third = await asyncio.gather(*tasks, return_exceptions=True)

    assert (first, third) == (None, None)
    assert isinstance(second, Refused)
    assert [row.number("credits") for row in await table.list(AN, "TRANSACTION#")] == [1, 3]


async def test_a_request_that_makes_no_sense_does_not_harm_its_neighbours(table: SqliteTable, file: Path) -> None:
    await table.write(Create(PURSE, {"language": "vi"}))

    with writer_held_up(file):
        tasks = [
            asyncio.create_task(table.write(entry(1), Change(PURSE, add={"language": 1}))),
            asyncio.create_task(table.write(entry(2))),
        ]
        await handed_over(tasks)
    first, second = await asyncio.gather(*tasks, return_exceptions=True)

    assert isinstance(first, ValueError)
    assert second is None
    assert [row.number("credits") for row in await table.list(AN, "TRANSACTION#")] == [2]


async def test_a_write_whose_caller_went_away_is_whole(table: SqliteTable, file: Path) -> None:
    with writer_held_up(file):
        task = asyncio.create_task(table.write(entry(1), entry(2)))
        await handed_over([task])
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await table.write(entry(3))

    assert [row.number("credits") for row in await table.list(AN)] == [1, 2, 3]


async def test_a_read_does_not_wait_for_the_writer(table: SqliteTable, file: Path) -> None:
    await table.write(Create(PURSE, {"free": 5}))

    with writer_held_up(file):
        task = asyncio.create_task(table.write(Change(PURSE, set={"free": 4})))
        await handed_over([task])
        before = await table.get(PURSE)
        assert not task.done()
    await task
    after = await table.get(PURSE)

    assert before
    assert after
    assert (before.number("free"), after.number("free")) == (5, 4)


async def test_what_waits_is_written_before_the_table_closes(file: Path) -> None:
    table = SqliteTable.open(str(file))
    tasks = [asyncio.create_task(table.write(entry(number))) for number in range(10)]
    await handed_over(tasks)

    await table.close()

    await asyncio.gather(*tasks)
    look = SqliteTable.read_only(str(file))
    assert len(await look.list(AN)) == 10
    await look.close()


async def test_a_closed_table_says_that_it_cannot(file: Path) -> None:
    table = SqliteTable.open(str(file))
    await table.close()

    with pytest.raises(TableUnavailable):
        await table.write(entry(1))
    with pytest.raises(TableUnavailable):
        await table.get(PURSE)


async def test_a_disk_that_gives_out_acknowledges_nothing_and_the_table_recovers(
    table: SqliteTable, file: Path
) -> None:
    await table.write(entry(1))
    journal = file.with_name("imagify.db-wal").stat().st_size

    with disk_giving_out(journal):
        answers = await asyncio.gather(table.write(entry(2)), table.write(entry(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [TableUnavailable, TableUnavailable]
    assert [row.number("credits") for row in await table.list(AN)] == [1]

    await table.write(entry(2), entry(4))
    assert [row.number("credits") for row in await table.list(AN)] == [1, 2, 4]


async def test_a_file_that_somebody_else_holds_is_not_spoken_of_in_the_words_of_sqlite(file: Path) -> None:
    writer = Writer(pages.open_to_write(str(file), patience=0.01))

    with writer_held_up(file), pytest.raises(TableUnavailable, match="another process holds the database"):
        await writer.write([entry(1)])

    await writer.write([entry(1)])
    await writer.close()


async def test_a_look_from_outside_sees_the_running_house_and_cannot_write(table: SqliteTable, file: Path) -> None:
    look = SqliteTable.read_only(str(file))
    await table.write(entry(1))

    assert len(await look.list(AN)) == 1
    with pytest.raises(TableUnavailable):
        await look.write(entry(2))

    await look.close()


async def test_what_is_written_is_in_the_one_file_before_long(file: Path, tmp_path: Path) -> None:
    table = SqliteTable.open(str(file), Tending(tmp_path, None), every=0)
    await table.write(entry(1))
    await table.write(entry(2))  # its answer may come before the file has it, but not before the one above is there

    alone = Path(shutil.copy(file, tmp_path / "without-its-journal.db"))
    look = SqliteTable.read_only(str(alone))
    assert (await look.list(AN))[:1] == [Row(entry(1).key, entry(1).fields)]

    await look.close()
    await table.close()


def lying(file: Path) -> tuple[bytes, bytes]:
    """The file and its journal."""
    return file.read_bytes(), file.with_name(f"{file.name}-wal").read_bytes()


async def test_whoever_only_looks_never_folds_the_journal_into_the_file(table: SqliteTable, file: Path) -> None:
    for number in range(20):
        await table.write(entry(number))
    before = lying(file)
    shutil.copytree(file.parent, dead := file.parent.with_name("dead"))

    for place in (file, dead / file.name):  # beside the house, and where it has died and nobody else has the file open
        look = pages.open_to_read(str(place))
        assert len(look.execute(pages.WALK, ("", "", 100)).fetchall()) == 20
        with pytest.raises(sqlite3.OperationalError, match=r"readonly|I/O"):
            look.execute("pragma wal_checkpoint(truncate)")
        look.close()

    assert lying(file) == lying(dead / file.name) == before


@pytest.mark.parametrize(
    ("version", "mended"),
    [((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 50, 6), False), ((3, 50, 7), True),
     ((3, 51, 2), False), ((3, 51, 3), True), ((4, 0, 0), True)],
)  # fmt: skip
def test_a_version_that_may_lose_commits_is_known(version: tuple[int, int, int], mended: bool) -> None:
    assert pages.mended(version) is mended


async def test_a_row_leaves_its_shelf_when_it_loses_its_place() -> None:
    table = SqliteTable.inline(":memory:")
    await table.write(Create(PURSE, {"shelf": "JOBS#queued", "due": 7}))

    await table.write(Change(PURSE, unset=("due",)))

    assert await table.find(SHELF_INDEX, "JOBS#queued") == []
    await table.close()


async def test_no_reading_goes_through_the_whole_table() -> None:
    db = pages.open_to_write(":memory:")

    for sql in (pages.GET, pages.OLDEST, pages.NEWEST, pages.WALK, pages.BY_EMAIL, pages.BY_SHELF):
        plan = [step for *_, step in db.execute(f"explain query plan {sql}", ("1",) * sql.count("?"))]
        assert len(plan) == 1, plan  # no sorting afterwards
        assert plan[0].startswith("SEARCH rows USING"), plan

    db.close()


@given(st.text(max_size=3), st.text(max_size=5))
def test_a_range_of_names_holds_exactly_what_begins_so(prefix: str, rest: str) -> None:
    end = pages.beyond(prefix)

    for name in (prefix + rest, rest, prefix[:-1] + rest):
        within = name >= prefix and (isinstance(end, bytes) or name < end)
        assert within == name.startswith(prefix)


async def test_names_of_every_script_are_found_in_the_order_of_their_letters() -> None:
    names = ["A", "AZ", "A\x00", "A\ud7ff", "A\ue000", "A\uffff", "A\U00010000", "A\U0010ffff", "A\U0010ffffz", "B"]
    table = SqliteTable.inline(":memory:")
    await table.write(*(Create(Key("o", name), {}) for name in names))

    begun = sorted(name for name in names if name.startswith("A"))
    last = [name for name in begun if name.startswith("A\U0010ffff")]

    assert [row.key.name for row in await table.list("o", "A")] == begun
    assert [row.key.name for row in await table.list("o", "A", newest_first=True)] == begun[::-1]
    assert [row.key.name for row in await table.list("o", "A\U0010ffff")] == last
    assert [row.key.name for row in await table.list("o", "A", after="A\uffff", limit=1)] == ["A\U00010000"]
    assert [row.key.name for row in await table.list("o", "A", after="A\ue000", newest_first=True, limit=1)] == [
        "A\ud7ff"
    ]
    await table.close()
