"""Marker – a file with the home's id, the beat of its table, and how it was left.

The table has the same in a row of its own (layout.py), which goes forward first. So a lost journal, another home's
table, an older table or half a backup is noticed when the house opens.
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
    """Id of the `home`, the `beat` of the table with the time `at`, and the `state` of the last run."""

    home: str
    beat: int = 0
    at: int = 0
    state: State = "shut"
    bare: bool = False  # the pictures are lost, as the owner has accepted
    newest: str = ""  # id of the last picture that belongs to the home even where the table lacks its order

    @classmethod
    def read(cls, file: Path) -> "Marker | None":
        """Read the marker in `file`, None if missing. Raises ValueError for any other content."""
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
    """Marker in the table's own row, or None if the table has none yet."""
    with suppress(sqlite3.OperationalError):  # an older layout
        for home, beat, at in db.execute("select id, beat, at from home"):
            return Marker(home, beat, at)
    return None


def filled(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def known(marker: Marker | None) -> Marker:
    """Return `marker` with a random id where the home has none yet."""
    return marker if marker and marker.home else replace(marker or Marker(""), home=token_hex(ID_BYTES))


class Tending:
    """Keeper that moves table and marker forward together, on the writer's thread."""

    def __init__(self, folder: Path, marker: Marker | None) -> None:
        self._folder, self._marker, self._clock = folder, known(marker), WallClock()

    def begin(self, db: sqlite3.Connection) -> None:
        """Open the house. The marker of a new home is written before the row, so that both are recognised as new."""
        if not self._marker.beat:
            self._mark(self._marker)
        self._forward(db, "open")

    def beat(self, db: sqlite3.Connection) -> None:
        """Go one beat forward and fold the journal of `db` into the file, which keeps the journal short."""
        self._forward(db, "open")
        db.execute("pragma wal_checkpoint(passive)").fetchall()

    def end(self, db: sqlite3.Connection) -> None:
        """Close the connection `db`. The home is marked shut only if the whole journal went into the table."""
        try:
            self._forward(db, "closing")
        except (OSError, sqlite3.Error):  # perhaps a full disk: the marker stays "open", so the journal must stay
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
