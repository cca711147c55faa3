"""Layout – tables and version of the SQLite file, and the checksum of a row.

`user_version` is the number of the file's layout. An older file is brought to today's layout when opened to write, in
one transaction, so after a power cut the file has either the old layout or the new one.

The checksum covers key and body and is computed when a row is written (docs/decisions/0022). The indexed columns are
copies from the body, so a check of a row compares them with the body.
"""

import sqlite3
from contextlib import closing
from functools import cache
from hashlib import blake2b
from typing import TypeAlias

from core.errors import CannotStart

LAYOUT = 1
ROWS = """create table rows (
  owner text not null,
  name text not null,
  body text not null,
  email text,
  shelf text,
  due integer,
  checksum blob not null,
  primary key (owner, name)
) strict, without rowid"""
TABLES = (
    ROWS,
    "create index by_email on rows (email, owner, name) where email is not null",
    "create index by_shelf on rows (shelf, due, owner, name) where shelf is not null",
    "create table home (id text not null, beat integer not null, at integer not null) strict",
)
DRAWN = "select cast(sql as blob) from sqlite_schema order by name"
UNSUMMED = ("drop index by_email", "drop index by_shelf", "alter table rows rename to unsummed")
SUMMED = """
insert into rows (owner, name, body, email, shelf, due, checksum)
select owner, name, body, email, shelf, due, checksum(owner, name, body) from unsummed
"""

EMPTY = blake2b(digest_size=8)  # copied for each row, in half the time of making one

Drawn: TypeAlias = list[bytes]


def checksum(owner: str, name: str, body: str) -> bytes:
    """Checksum of a row, 64 bits."""
    hashed = EMPTY.copy()
    hashed.update(f"{len(owner)} {len(name)} {owner}{name}{body}".encode())
    return hashed.digest()


def lay_out(db: sqlite3.Connection) -> None:
    """Make the tables of a new file, or bring an older file to today's layout."""
    if version(db) == LAYOUT:
        return
    db.execute("begin immediate")
    try:
        lay_out_anew(db)
        db.execute("commit")
    finally:
        if db.in_transaction:
            db.execute("rollback")


def lay_out_anew(db: sqlite3.Connection) -> None:
    if found := version(db):
        raise CannotStart(unknown(found))
    older = bool(drawn(db))
    for statement in (*(UNSUMMED if older else ()), *TABLES):
        db.execute(statement)
    if older:
        db.create_function("checksum", 3, checksum, deterministic=True)
        db.execute(SUMMED)
        db.execute("drop table unsummed")
    db.execute(f"pragma user_version = {LAYOUT}")


def unknown(found: int) -> str:
    return f"The database was laid out by a newer Imagify, or is damaged (layout {found}, this one knows {LAYOUT})"


def version(db: sqlite3.Connection) -> int:
    return int(db.execute("pragma user_version").fetchone()[0])


def drawn(db: sqlite3.Connection) -> Drawn:
    """Tables and indexes as described in the file, empty for a new file."""
    return [sql for (sql,) in db.execute(DRAWN)]


def as_drawn(db: sqlite3.Connection) -> bool:
    """True if the file describes its tables as this version makes them, or is of an older layout."""
    return (drawn(db) == model()) == bool(version(db))


@cache
def model() -> Drawn:
    """Tables and indexes of today's layout, as SQLite describes them."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        lay_out(db)
        return drawn(db)
