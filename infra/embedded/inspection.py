"""Inspection – reads the table for an audit, and checks each row.

Every row is read as of one moment, and compared with its checksum and its index columns. A damaged row is named and
left out, and the reading goes on. If the file itself cannot be read any further, that is named too, and the audit
covers the part before.
"""

import json
import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from core.proofs import Books, Violation
from core.schema import upgraded
from core.table import Key, Row, Rows
from infra.embedded import pages
from infra.embedded.layout import LAYOUT, as_drawn, checksum, unknown, version

WHOLE = "select owner, name, body, email, shelf, due, checksum from rows order by owner, name"
UNSUMMED = WHOLE.replace("checksum", "null")  # for a home that no version with checksums has opened yet
INTEGRITY = "pragma integrity_check(1000)"
BROKEN = (TypeError, ValueError, AttributeError, RecursionError)  # raised by a damaged row

Lying: TypeAlias = tuple[object, ...]  # row as stored: text as bytes, and any type in any column


class Inspection:
    """Table for an audit to walk, and at the same time the annex that reports the damaged rows."""

    name = "damaged"

    def __init__(self, path: str) -> None:
        self._db = pages.open_to_read(path)
        self._db.text_factory = bytes
        self._db.execute("begin")
        self._db.execute(pages.WALK, ("", "", 1)).fetchall()  # the transaction sees the moment of its first reading
        self._layout = version(self._db)
        self._found: list[Violation] = []
        self._rows = self._sound()

    async def walk(self, after: Key | None = None, limit: int = 100) -> Rows:
        """Return the next undamaged rows, up to `limit`. Each comes once, in order, so `after` is not needed."""
        del after
        return list(islice(self._rows, limit))

    async def close(self) -> None:
        self._db.close()

    def take(self, row: Row) -> None:
        """Ignore `row`, because the walk has checked it already."""

    def __len__(self) -> int:
        return len(self._found)

    def violations(self, books: Books) -> Iterator[Violation]:
        """Violations for the damaged rows, and for damaged pages and indexes that SQLite itself finds."""
        del books
        yield from self._found
        yield from self._broken()

    def _sound(self) -> Iterator[Row]:
        last = ""
        try:
            for lying in self._db.execute(WHOLE if self._layout else UNSUMMED):
                last = f"{shown(lying[0])} {shown(lying[1])}"
                if row := self._checked(lying):
                    yield row
        except sqlite3.Error as error:
            self._found.append(Violation("the table can be read to its end", last or "no row", pages.why(error)))

    def _checked(self, lying: Lying) -> Row | None:
        try:
            return checked(lying)
        except BROKEN as broken:
            self._found.append(Violation("a row is as it was written", shown(lying[0]), f"{shown(lying[1])}: {broken}"))
            return None

    def _broken(self) -> Iterator[Violation]:
        try:
            if self._layout not in (0, LAYOUT):
                yield Violation("the database is whole", "its layout", unknown(self._layout))
            if not as_drawn(self._db):
                yield Violation("the database is whole", "its tables", "they are not described as they were made")
            for (told,) in self._db.execute(INTEGRITY):
                if told != b"ok":
                    yield Violation("the database is whole", pages.DATABASE, shown(told))
        except sqlite3.Error as error:
            yield Violation("the database is whole", pages.DATABASE, pages.why(error))


def checked(lying: Lying) -> Row:
    """Row stored as `lying`. Raises one of BROKEN where the row is damaged."""
    *words, due, kept = lying
    owner, name, body, email, shelf = (one.decode() if isinstance(one, bytes) else one for one in words)
    if not (isinstance(owner, str) and isinstance(name, str) and isinstance(body, str)):
        raise TypeError("a part of it is no text")
    if kept is not None and checksum(owner, name, body) != kept:
        raise ValueError("it does not match its checksum")
    fields = json.loads(body)
    if pages.indexed(fields) != (email, shelf, due):
        raise ValueError("its shelf, due or e-mail stands beside it otherwise than in it")
    return upgraded(Row(Key(owner, name), fields))


def shown(lying: object) -> str:
    """Part of a key as text, as far as readable."""
    return lying.decode(errors="replace") if isinstance(lying, bytes) else str(lying)
