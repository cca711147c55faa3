"""The marker: a file in the home that says which home it is, how far its table has come, and whether it was shut.

The table says the same in a row of its own (layout.py), which goes forward first. So what was lost or brought from
elsewhere is seen when the house opens: a journal that is gone, another home's table, an older one, half a backup.
"""

import json
import sqlite3
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Literal

from infra.embedded import pages
from infra.local.clock import WallClock
from infra.local.disk import write_once

MARKER, WAL = "MARKER", f"{pages.DATABASE}-wal"
STATES = ("open", "closing", "shut")
ID_BYTES = 16

State = Literal["open", "closing", "shut"]


@dataclass(frozen=True, slots=True)
class Marker:
    """Which home, how often its table went forward, when it did so last, and in which state it was left."""

    home: str
    beat: int = 0
    at: int = 0
    state: State = "shut"
    bare: bool = False  # its pictures are lost, and its owner knows

    @classmethod
    def read(cls, file: Path) -> "Marker | None":
        """What the file says; nothing where there is none. Raises ValueError where it says something else."""
        if not file.exists():
            return None
        said = file.read_bytes()
        marker = cls(**json.loads(said))
        if marker.text.encode() != said or marker.state not in STATES:
            raise ValueError(file)
        return marker

    @property
    def text(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    def forward(self, now: int, state: State = "open") -> "Marker":
        return replace(self, beat=self.beat + 1, at=now, state=state)


def stands_in(db: sqlite3.Connection) -> Marker | None:
    """What the table's own row says; nothing where it has none yet."""
    with suppress(sqlite3.OperationalError):  # a layout from before
        for home, beat, at in db.execute("select id, beat, at from home"):
            return Marker(home, beat, at)
    return None


def filled(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def known(marker: Marker | None) -> Marker:
    """With a name drawn by lot where the home has none yet."""
    return marker if marker and marker.home else replace(marker or Marker(""), home=token_hex(ID_BYTES))


class Tending:
    """Carries the table and the marker forward together, on the thread of the writer."""

    def __init__(self, folder: Path, marker: Marker | None) -> None:
        self._folder, self._marker, self._clock = folder, known(marker), WallClock()

    def begin(self, db: sqlite3.Connection) -> None:
        """The house opens. The marker of a new home is there before the row is, which is how both are known as new."""
        if not self._marker.beat:
            self._mark(self._marker)
        self._forward(db, "open")

    def beat(self, db: sqlite3.Connection) -> None:
        """Once a minute in which something was written: into the file with it, so that no journal is long."""
        self._forward(db, "open")
        db.execute("pragma wal_checkpoint(passive)").fetchall()

    def end(self, db: sqlite3.Connection) -> None:
        """The connection is closed. Shut is only a home whose journal has wholly gone into its table."""
        try:
            self._forward(db, "closing")
        except (OSError, sqlite3.Error):  # a full disk, say: the marker stays at open, so the journal has to stay too
            with closing(pages.open_to_read(str(self._folder / pages.DATABASE))) as last:
                last.execute(pages.WALK, ("", "", 1)).fetchall()
                db.close()
            return
        db.close()
        self._mark(replace(self._marker, state="open" if filled(self._folder / WAL) else "shut"))

    def _forward(self, db: sqlite3.Connection, state: State) -> None:
        marker = self._marker.forward(self._clock.now(), state)
        db.execute("begin immediate")
        try:
            db.execute("delete from home")
            db.execute("insert into home (id, beat, at) values (?, ?, ?)", (marker.home, marker.beat, marker.at))
            db.execute("commit")
        finally:
            if db.in_transaction:
                db.execute("rollback")
        self._mark(marker)

    def _mark(self, marker: Marker) -> None:
        write_once(self._folder / MARKER, marker.text)
        self._marker = marker
