"""Pages – reads and writes rows in the SQLite file, without threads or loops.

A row has its key, its fields as JSON, copies of the three fields for the indexes, and a checksum (layout.py). SQLite
compares text by UTF-8 bytes, which is the order of code points. Python compares the same way, so the bounds of a range
may be computed here.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias, TypeGuard
from urllib.parse import quote

from core.schema import stamped, upgraded
from core.table import (
    Change,
    Check,
    Create,
    Delete,
    Fields,
    Index,
    Key,
    Refused,
    Row,
    Rows,
    TableUnavailable,
    Value,
    Write,
    holds,
)
from infra.embedded.layout import checksum, lay_out

DATABASE = "imagify.db"
PATIENCE = 5.0  # seconds to wait for the lock of another connection, such as a shell
MAIN_MEMORY = ":memory:"
GET = "select body from rows where owner = ? and name = ?"
STANDING = "select body, checksum from rows where owner = ? and name = ?"
OLDEST = (
    "select owner, name, body from rows where owner = ? and name >= ? and name < ? and name <> ? order by name limit ?"
)
NEWEST = OLDEST.replace("order by name", "order by name desc")
WALK = "select owner, name, body from rows where (owner, name) > (?, ?) order by owner, name limit ?"
BY_EMAIL = """
select owner, name, body from rows
where email = ? and (owner, name) > (?, ?) order by owner, name limit ?
"""
BY_SHELF = """
select owner, name, body from rows
where shelf = ? and due <= ? and (due, owner, name) > (?, ?, ?) order by due, owner, name limit ?
"""
PUT = """
insert into rows (owner, name, body, email, shelf, due, checksum) values (?, ?, ?, ?, ?, ?, ?)
on conflict (owner, name) do update
set body = excluded.body, email = excluded.email, shelf = excluded.shelf, due = excluded.due,
    checksum = excluded.checksum
"""
BEGIN = """
insert into rows (owner, name, body, email, shelf, due, checksum) values (?, ?, ?, ?, ?, ?, ?)
on conflict (owner, name) do nothing
"""
DROP = "delete from rows where owner = ? and name = ?"
EARLIEST, LATEST = -(2**63), 2**63 - 1
PAST_ALL_TEXT = b""  # SQLite sorts every blob behind every text

WHY = {
    sqlite3.SQLITE_BUSY: "another process holds the database",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the database is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk is full or failing",
    sqlite3.SQLITE_NOTADB: "the database is damaged",
    sqlite3.SQLITE_READONLY: "the folder cannot be written to",
}

VERSION = sqlite3.sqlite_version
MENDED, BACKPORTS = (3, 51, 3), ((3, 44, 6), (3, 50, 7))  # versions in which two connections cannot lose a commit

Outcome: TypeAlias = Exception | None  # None: written, and on disk


class RowDamaged(TableUnavailable):
    """Error of a row that differs from what was written. Such a row is not written over."""

    def __init__(self, owner: str, name: str) -> None:
        super().__init__(f"the row {owner} {name} is damaged: `imagify audit` names all that are")


def mended(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """True if SQLite of `version` loses no commit when two connections restart the journal at once."""
    return version >= MENDED or any(version[:2] == one[:2] and version >= one for one in BACKPORTS)


def open_to_write(path: str, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open the only connection that writes. Every commit is on disk when it returns."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=patience)
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = full")
    lay_out(db)
    return db


def open_to_read(path: str) -> sqlite3.Connection:
    """Open a connection that cannot write. Every read sees all earlier commits."""
    address = f"file:{quote(str(Path(path).absolute()))}?mode=ro"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=PATIENCE)


def get(db: sqlite3.Connection, key: Key) -> Row | None:
    found = db.execute(GET, (key.owner, key.name)).fetchone()
    return upgraded(opened(key.owner, key.name, found[0])) if found else None


def get_stored(db: sqlite3.Connection, key: Key) -> Row | None:
    """Row under `key` for code that writes over it, with the checksum compared. Raises RowDamaged."""
    found = db.execute(STANDING, (key.owner, key.name)).fetchone()
    if found is None:
        return None
    body, kept = found
    if checksum(key.owner, key.name, body) != kept:
        raise RowDamaged(key.owner, key.name)
    return Row(key, json.loads(body))


def select(db: sqlite3.Connection, sql: str, values: Sequence[str | int | bytes]) -> Rows:
    return [upgraded(opened(owner, name, body)) for owner, name, body in db.execute(sql, values)]


def opened(owner: str, name: str, body: str) -> Row:
    """Row for reading, whose checksum only the audit compares. Raises RowDamaged where `body` is no JSON."""
    try:
        return Row(Key(owner, name), json.loads(body))
    except ValueError:
        raise RowDamaged(owner, name) from None


def span(prefix: str, after: str, *, newest_first: bool) -> tuple[str, str | bytes]:
    """First name of a list, and the name before which it ends."""
    end = beyond(prefix)
    if not newest_first:
        return max(prefix, after), end
    return prefix, after if after and (isinstance(end, bytes) or after < end) else end


def beyond(prefix: str) -> str | bytes:
    """First text behind all texts that begin with `prefix`: the last letter that has a next one is raised by one."""
    stem = prefix.rstrip("\U0010ffff")
    if not stem:
        return PAST_ALL_TEXT
    following = ord(stem[-1]) + 1
    return stem[:-1] + ("\ue000" if following == 0xD800 else chr(following))  # half a surrogate pair is no text


def find(index: Index, value: str, until: int | None, after: Row | None) -> tuple[str, tuple[str | int, ...]]:
    """SQL and values of a find on `index`, without the limit."""
    key = (after.key.owner, after.key.name) if after else ("", "")
    if index.order is None:
        return BY_EMAIL, (value, *key)
    return BY_SHELF, (
        value,
        LATEST if until is None else until,
        after.number(index.order) if after else EARLIEST,
        *key,
    )


def settle(db: sqlite3.Connection, requests: Sequence[Sequence[Write]]) -> list[Outcome]:
    """Apply each of `requests` whole or not at all, under one commit, which is on disk on return."""
    try:
        db.execute("begin immediate")
        outcomes = [attempt(db, writes) for writes in requests]
        db.execute("commit")
    except sqlite3.Error as error:
        return [unavailable(error) for _ in requests]
    finally:
        if db.in_transaction:
            with suppress(sqlite3.Error):
                db.execute("rollback")
    return outcomes


def attempt(db: sqlite3.Connection, writes: Sequence[Write]) -> Outcome:
    """Apply one request between others: after a failure no part of it stays, and the others hold.

    A single write is one statement, so no part of it could stay.
    """
    if len(writes) == 1:
        return tried(db, writes)
    db.execute("savepoint request")
    outcome = tried(db, writes)
    if outcome:
        db.execute("rollback to request")
    db.execute("release request")
    return outcome


def tried(db: sqlite3.Connection, writes: Sequence[Write]) -> Outcome:
    try:
        apply(db, writes)
    except (Refused, RowDamaged, ValueError, OverflowError) as error:
        return error
    except sqlite3.Error as error:
        if not db.in_transaction:  # SQLite has undone the other requests too
            raise
        return unavailable(error)
    return None


def unavailable(error: sqlite3.Error) -> TableUnavailable:
    return TableUnavailable(why(error))


def why(error: sqlite3.Error) -> str:
    """Reason of `error` in words about the disk, not about SQLite."""
    return WHY.get(kind(error), str(error))


def damaged(error: sqlite3.Error) -> bool:
    return kind(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def kind(error: sqlite3.Error) -> int:
    """Low byte of SQLite's error code: the higher bytes are variants."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def apply(db: sqlite3.Connection, writes: Sequence[Write]) -> None:
    match writes:
        case [Create() as create]:
            begin(db, create)
        case _:
            apply_all(db, writes)


def begin(db: sqlite3.Connection, create: Create) -> None:
    """Apply `create`, the most frequent write, without a look before: the insert itself detects a stored row."""
    if not db.execute(BEGIN, stored(create.key, stamped(create.fields))).rowcount:
        raise Refused({0: get(db, create.key)})


def apply_all(db: sqlite3.Connection, writes: Sequence[Write]) -> None:
    rows = [get_stored(db, write.key) for write in writes]
    if refused := [place for place, write in enumerate(writes) if not allowed(write, rows[place])]:
        raise Refused({place: upgraded(row) if (row := rows[place]) else None for place in refused})
    for write, row in zip(writes, rows, strict=True):
        store(db, write, row)


def allowed(write: Write, row: Row | None) -> bool:
    match write:
        case Create():
            return row is None
        case Delete(when=None):
            return True
        case Change(or_create=True):
            return met(write, row.fields if row else {})
        case _:
            return row is not None and met(write, row.fields)


def met(write: Change | Check | Delete, fields: Fields) -> bool:
    if not all(holds(fields, name, condition) for name, condition in (write.when or {}).items()):
        return False
    return not isinstance(write, Change) or all(above(fields, name, write) for name in write.floor)


def above(fields: Fields, name: str, change: Change) -> bool:
    """True if the sum stays at or above the floor in `change`. A value that is no number does not."""
    value = fields.get(name, 0)
    return whole(value) and value + change.add[name] >= change.floor[name]


def store(db: sqlite3.Connection, write: Write, row: Row | None) -> None:
    match write:
        case Create():
            put(db, write.key, stamped(write.fields))
        case Change():
            put(db, write.key, changed(write, row.fields if row else stamped({})))
        case Delete():
            db.execute(DROP, (write.key.owner, write.key.name))
        case Check():
            pass


def changed(change: Change, fields: Fields) -> dict[str, Value]:
    kept = {name: value for name, value in fields.items() if name not in change.unset}
    return {**kept, **change.set, **sums(change.add, fields)}


def sums(add: Mapping[str, int], fields: Fields) -> dict[str, int]:
    found = {name: fields.get(name, 0) for name in add}
    if wrong := [name for name, value in found.items() if not whole(value)]:
        raise ValueError(f"{wrong} are no numbers to add to")
    return {name: value + add[name] for name, value in found.items() if whole(value)}


def whole(value: Value) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def put(db: sqlite3.Connection, key: Key, fields: Fields) -> None:
    db.execute(PUT, stored(key, fields))


def stored(key: Key, fields: Fields) -> tuple[str | int | bytes | None, ...]:
    """Columns of a row with `key` and `fields`."""
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return (key.owner, key.name, body, *indexed(fields), checksum(key.owner, key.name, body))


def indexed(fields: Fields) -> tuple[str | None, str | None, int | None]:
    """Copies of the indexed `fields`. A row without a shelf or a due time is on no shelf."""
    email, shelf, due = fields.get("email"), fields.get("shelf"), fields.get("due", "")
    address = email if isinstance(email, str) else None
    return (address, shelf, due) if isinstance(shelf, str) and whole(due) else (address, None, None)
