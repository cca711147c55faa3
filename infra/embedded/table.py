"""SQLite table – reads at once on the caller's thread, writes through one pen."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from core.table import Index, Key, Row, Rows, TableUnavailable, Write, checked
from infra.embedded import pages
from infra.embedded.marker import Tending
from infra.embedded.pages import NEWEST, OLDEST, WALK, settle
from infra.embedded.writer import EVERY, Writer


class Pen(Protocol):
    """Pen that writes for the table."""

    async def write(self, writes: Sequence[Write]) -> None: ...

    async def close(self) -> None: ...


class InlinePen:
    """Pen that writes on the caller's thread, because a simulation must control every step."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def write(self, writes: Sequence[Write]) -> None:
        if outcome := settle(self._db, [writes])[0]:
            raise outcome

    async def close(self) -> None:
        self._db.close()


class NoPen:
    """Pen for tables that are only read."""

    async def write(self, writes: Sequence[Write]) -> None:
        raise TableUnavailable(f"opened for reading only, so {len(writes)} writes were not made")

    async def close(self) -> None: ...


class SqliteTable:
    """Table whose reads run on the caller's thread: microseconds, no wait for the writer's disk (bench_table)."""

    def __init__(self, db: sqlite3.Connection, pen: Pen) -> None:
        self._db, self._pen = db, pen

    @classmethod
    def open(cls, path: str, home: Tending | None = None, every: float = EVERY) -> "SqliteTable":
        """Open the table of a running house: one thread writes, all read, `home` goes forward `every` so often."""
        db = pages.open_to_write(path)
        if home:
            home.begin(db)
        return cls(pages.open_to_read(path), Writer(db, home, every))

    @classmethod
    def inline(cls, path: str) -> "SqliteTable":
        """Open the table of a simulation at `path`, a file or in memory, without a thread."""
        db = pages.open_to_write(path)
        return cls(db, InlinePen(db))

    @classmethod
    def read_only(cls, path: str) -> "SqliteTable":
        """Open the table at `path` for reading from outside, also while the house runs."""
        return cls(pages.open_to_read(path), NoPen())

    @classmethod
    def snapshot(cls, path: str) -> "SqliteTable":
        """Open the table at `path` for an audit or export, in the state of one moment, while the house goes on."""
        db = pages.open_to_read(path)
        db.execute("begin")
        db.execute(pages.WALK, ("", "", 1)).fetchall()  # the transaction sees the moment of its first reading
        return cls(db, NoPen())

    async def get(self, key: Key) -> Row | None:
        with answering():
            return pages.get(self._db, key)

    async def list(
        self, owner: str, prefix: str = "", *, after: str = "", limit: int = 100, newest_first: bool = False
    ) -> Rows:
        low, high = pages.span(prefix, after, newest_first=newest_first)
        with answering():
            return pages.select(self._db, NEWEST if newest_first else OLDEST, (owner, low, high, after, limit))

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        sql, values = pages.find(index, value, until, after)
        with answering():
            return pages.select(self._db, sql, (*values, limit))

    async def walk(self, after: Key | None = None, limit: int = 100) -> Rows:
        owner, name = (after.owner, after.name) if after else ("", "")
        with answering():
            return pages.select(self._db, WALK, (owner, name, limit))

    async def write(self, *writes: Write) -> None:
        await self._pen.write(checked(writes))

    async def close(self) -> None:
        """Close the reader first: the last connection folds the journal into the file, and only the pen may do so."""
        self._db.close()
        await self._pen.close()


@contextmanager
def answering() -> Iterator[None]:
    """Turn an error of SQLite into one of the port."""
    try:
        yield
    except sqlite3.Error as error:
        raise pages.unavailable(error) from error
