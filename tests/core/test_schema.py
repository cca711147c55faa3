"""Rows of every age are read as rows of today, and a table that has moved on is left alone."""

from collections.abc import AsyncIterator

import pytest

from core.errors import CannotStart
from core.schema import FIRST, SCHEMA, SCHEMA_KEY, open_schema, stamped, upgraded
from core.table import Change, Create, Key, Row
from infra.embedded.table import SqliteTable

KEY = Key("USER#an", "PROFILE")


@pytest.fixture
async def table() -> AsyncIterator[SqliteTable]:
    table = SqliteTable.inline(":memory:")
    yield table
    await table.close()


async def test_no_noun_sees_the_version_of_a_row(table: SqliteTable) -> None:
    await table.write(Create(KEY, {"language": "vi"}), Change(Key("USER#an", "PURSE"), add={"free": 1}, or_create=True))

    assert [row.fields for row in await table.list("USER#an")] == [{"language": "vi"}, {"free": 1}]


def test_a_row_is_stored_with_the_version_it_was_begun_under() -> None:
    assert stamped({"free": 1}) == {"free": 1, "v": SCHEMA}


def test_an_old_row_is_given_what_it_lacks_and_keeps_what_it_has() -> None:
    steps = {1: lambda _: {"language": "vi", "status": "new"}, 2: lambda row: {"greeting": row.text("language")}}

    begun_first = upgraded(Row(KEY, {"status": "banned", "v": 1}), steps)
    begun_second = upgraded(Row(KEY, {"language": "en", "v": 2}), steps)
    begun_third = upgraded(Row(KEY, {"language": "en", "v": 3}), steps)

    assert begun_first.fields == {"status": "banned", "language": "vi", "greeting": "vi"}
    assert begun_second.fields == {"language": "en", "greeting": "en"}
    assert begun_third.fields == {"language": "en"}


def test_a_row_without_a_version_is_of_the_first() -> None:
    assert upgraded(Row(KEY, {}), {FIRST: lambda _: {"language": "vi"}}).fields == {"language": "vi"}


async def test_a_new_table_says_under_which_schema_it_is_kept(table: SqliteTable) -> None:
    await open_schema(table)
    await open_schema(table)

    row = await table.get(SCHEMA_KEY)
    assert row
    assert row.fields == {"version": SCHEMA, "oldest": SCHEMA - 1}


async def test_a_newer_house_raises_the_schema_and_its_neighbour_may_still_come_in(table: SqliteTable) -> None:
    await open_schema(table, 1)
    await open_schema(table, 2)
    await open_schema(table, 1)

    row = await table.get(SCHEMA_KEY)
    assert row
    assert row.fields == {"version": 2, "oldest": 1}


async def test_a_house_that_is_two_versions_behind_does_not_start(table: SqliteTable) -> None:
    await open_schema(table, 3)

    with pytest.raises(CannotStart, match=r"newer Imagify \(schema 3, this one knows 1\)"):
        await open_schema(table, 1)
