"""What lies in the file otherwise than it was written is named by the audit, one by one, and never copied onwards."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.audit import audit
from core.proofs import Violation
from core.table import Change, Create, Key, TableUnavailable
from infra.embedded.home import DATABASE, Home, inspect
from infra.embedded.layout import LAYOUT
from infra.embedded.table import SqliteTable

OLDER = """
create table older (owner text not null, name text not null, body text not null, email text, shelf text, due integer,
primary key (owner, name)) strict, without rowid
"""
AN = Key("USER#an", "NOTE#1")
BINH = Key("USER#binh", "NOTE#1")
DAMAGED = {
    "one digit of its body": "update rows set body = replace(body, '20', '21')",
    "its body is no JSON": "update rows set body = '{\"credits\": 2'",
    "its body is a list": "update rows set body = '[]'",
    "its body is no text at all": "update rows set body = cast(x'fffe' as text)",
    "its key": "update rows set name = 'NOTE#2'",
    "its key is no text at all": "update rows set owner = cast(x'ff' as text)",
    "its shelf": "update rows set shelf = 'NOTES#new'",
    "its moment": "update rows set due = 8",
    "its e-mail": "update rows set email = 'binh@example.com'",
    "its checksum": "update rows set checksum = x'0102030405060708'",
}


async def home(path: Path) -> Path:
    """Two rows that no proof of the books is about."""
    opened = Home.open(path)
    table = opened.table()
    for key in (AN, BINH):
        await table.write(Create(key, {"credits": 20, "shelf": "NOTES", "due": 7, "email": f"{key.owner}@example.com"}))
    await table.close()
    opened.close()
    return path


def change(path: Path, sql: str, owner: str = AN.owner) -> None:
    with closing(sqlite3.connect(path / DATABASE)) as db, db:
        db.execute(f"{sql} where owner = ?", (owner,))


async def found(path: Path) -> list[Violation]:
    inspection = inspect(path)
    report = await audit(inspection, None, inspection)
    await inspection.close()
    return list(report.violations)


async def test_a_home_as_it_was_written_is_clean(tmp_path: Path) -> None:
    assert await found(await home(tmp_path / "home")) == []


@pytest.mark.parametrize("what", DAMAGED)
async def test_a_damaged_row_is_named_and_the_rest_is_read(tmp_path: Path, what: str) -> None:
    path = await home(tmp_path / "home")

    change(path, DAMAGED[what])

    (one,) = await found(path)
    assert one.rule == "a row is as it was written"
    assert "NOTE#" in one.detail
    change(path, DAMAGED["its body is a list"], BINH.owner)
    assert len(await found(path)) == 2


async def test_rows_that_have_changed_places_are_both_named(tmp_path: Path) -> None:
    path = await home(tmp_path / "home")
    table = SqliteTable.open(str(path / DATABASE))
    await table.write(Change(BINH, set={"credits": 21}))
    await table.close()

    change(path, "update rows set owner = 'x'")
    change(path, "update rows set owner = 'USER#an'", BINH.owner)
    change(path, "update rows set owner = 'USER#binh'", "x")

    assert [one.where for one in await found(path)] == ["USER#an", "USER#binh"]


async def test_an_index_that_says_otherwise_than_its_rows_is_named(tmp_path: Path) -> None:
    path = await home(tmp_path / "home")

    with closing(sqlite3.connect(path / DATABASE)) as db, db:
        db.execute("pragma writable_schema = on")
        db.execute(
            "update sqlite_schema set sql = replace(sql, 'shelf is not null', 'email is null') where name = 'by_shelf'"
        )

    assert {one.rule for one in await found(path)} == {"the database is whole"}


async def test_a_damaged_row_is_not_written_over(tmp_path: Path) -> None:
    path = await home(tmp_path / "home")
    change(path, DAMAGED["one digit of its body"])
    table = SqliteTable.open(str(path / DATABASE))

    with pytest.raises(TableUnavailable, match=r"USER#an NOTE#1 is damaged: `imagify audit`"):
        await table.write(Change(AN, add={"credits": 1}))
    await table.write(Change(BINH, add={"credits": 1}))

    await table.close()
    assert [one.where for one in await found(path)] == ["USER#an"]


async def test_a_home_without_checksums_has_them_when_it_is_opened(tmp_path: Path) -> None:
    path = await home(tmp_path / "home")
    (path / "MARKER").unlink()
    with closing(sqlite3.connect(path / DATABASE, isolation_level=None)) as db:
        for statement in (
            OLDER,
            "insert into older select owner, name, body, email, shelf, due from rows",
            "drop table rows",
            "drop table home",
            "alter table older rename to rows",
            "create index by_email on rows (email, owner, name) where email is not null",
            "create index by_shelf on rows (shelf, due, owner, name) where shelf is not null",
            "pragma user_version = 0",
        ):
            db.execute(statement)
    assert await found(path) == []

    opened = Home.open(path)
    table = opened.table()
    rows = await table.walk()
    await table.close()
    opened.close()

    assert [row.key for row in rows] == [AN, BINH]
    assert await found(path) == []
    change(path, DAMAGED["one digit of its body"])
    assert len(await found(path)) == 1
    with closing(sqlite3.connect(path / DATABASE)) as db:
        assert db.execute("pragma user_version").fetchone() == (LAYOUT,)
