"""The table on SQLite: reads at once and on the spot, writes through one pen."""

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
    """Who writes for the table."""

    async def write(self, writes: Sequence[Write]) -> None: ...

    async def close(self) -> None: ...


class InlinePen:
    """Writes on the spot, without a thread: in a simulation every step must be the simulation's own."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def write(self, writes: Sequence[Write]) -> None:
        if outcome := settle(self._db, [writes])[0]:
            raise outcome

    async def close(self) -> None:
        self._db.close()


class NoPen:
    """For those who only look."""

    async def write(self, writes: Sequence[Write]) -> None:
        raise TableUnavailable(f"opened for reading only, so {len(writes)} writes were not made")

    async def close(self) -> None: ...


class SqliteTable:
    """Reads run on the caller's thread: they take microseconds and never wait for the writer's disk (bench_table)."""

    def __init__(self, db: sqlite3.Connection, pen: Pen) -> None:
        self._db, self._pen = db, pen

    @classmethod
    def open(cls, path: str, home: Tending | None = None, every: float = EVERY) -> "SqliteTable":
        """For the running house: one thread writes, everybody reads; the home goes forward every so many seconds."""
        db = pages.open_to_write(path)
        if home:
            home.begin(db)
        return cls(pages.open_to_read(path), Writer(db, home, every))

    @classmethod
    def inline(cls, path: str) -> "SqliteTable":
        """For a simulation: no thread, in a file or in memory."""
        db = pages.open_to_write(path)
        return cls(db, InlinePen(db))

    @classmethod
    def read_only(cls, path: str) -> "SqliteTable":
        """For a look from outside, also while the house runs."""
        return cls(pages.open_to_read(path), NoPen())

    @classmethod
    def snapshot(cls, path: str) -> "SqliteTable":
        """For an audit or an export: everything is read as it stood at one moment, while the house goes on."""
        db = pages.open_to_read(path)
        db.execute("begin")
        db.execute(pages.WALK, ("", "", 1)).fetchall()  # the moment is that of the first reading
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
        """The reader goes first: the last one to close folds the journal into the file, and only the pen may."""
        self._db.close()
        await self._pen.close()


@contextmanager
def answering() -> Iterator[None]:
    """A disk that does not answer is the port's business, not SQLite's."""
    try:
        yield
    except sqlite3.Error as error:
        raise pages.unavailable(error) from error
