"""Losses – finds at the start what a home has lost, or parts that do not fit together.

The house does not open with losses that somebody would have to be told about later, and says so in one sentence. An
owner without a backup continues with what is there by `imagify accept`, which sets the marker to the table's state.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core.clock import HOUR, SECOND
from core.errors import CannotStart
from infra.embedded import pages, wal
from infra.embedded.marker import MARKER, WAL, Marker, filled, stands_in
from infra.local.clock import WallClock
from infra.local.disk import file_name, name_of

log = logging.getLogger(__name__)

AHEAD = HOUR  # how far in the future the table may be written: corrections of a clock are smaller
KEPT, PICTURES, ORDERS = Path("blobs", "kept"), "img/", "JOB#"
ANY_PICTURE = (
    "select 1 from rows where name > 'IMAGE#' and name < 'IMAGE$' and body like '%\"state\":\"kept\"%' limit 1"
)
LATEST_ORDER = "select owner from rows where owner > ? and owner < ? order by owner desc limit 1"
ACCEPT = "or go on with what is there by `imagify accept --home {home}`"
RESTORE = "bring back your last backup with `imagify restore BACKUP --force --home {home}`"
SENTENCES = {
    "marker": "{home}/MARKER is damaged: bring the file back, {restore}, {accept}.",
    "table": "{home}/imagify.db is gone, and what belongs to it is still here: bring it back, {restore}, {accept}.",
    "journal": (
        "{home}/imagify.db-wal is gone or empty, and what was written last before the house died was in it: bring the "
        "file back, {restore}, {accept}."
    ),
    "damaged journal": (
        "{home}/imagify.db-wal is damaged, so what was written last before the house died cannot all be read: "
        "{restore}, {accept}."
    ),
    "no marker": "{home}/MARKER is gone, which tells whether the rest is whole: bring it back, {restore}, {accept}.",
    "foreign": (
        "{home}/imagify.db is of another home than {home}/MARKER: put together what belongs together, {restore}, "
        "{accept}."
    ),
    "older": (
        "{home}/imagify.db is older than {home}/MARKER says it was left, so what was written since is lost: bring the "
        "newer file back, {restore}, {accept}."
    ),
    "newer": "{home}/MARKER is older than {home}/imagify.db: put together what belongs together, {restore}, {accept}.",
    "older than its pictures": (
        "{home}/blobs has pictures that were ordered later than anything in {home}/imagify.db, so an older table lies "
        "over them: bring the newer file back, {restore}, {accept}."
    ),
    "pictures": "{home}/blobs is gone or empty, and the table has pictures: bring it back, {restore}, {accept}.",
    "clock": (
        "This machine's clock says {now}, and {home} was written at {at}: set the clock right, or, where that one was "
        "wrong, go on by `imagify accept --home {home}`."
    ),
}


def looked_for(home: Path) -> Marker | None:
    """Marker of `home`, if the files recorded there exist. Raises CannotStart."""
    try:
        marker = Marker.read(home / MARKER)
    except (AttributeError, TypeError, ValueError):
        raise lost(home, "marker") from None
    database = home / pages.DATABASE
    if not filled(database) and ((marker and marker.beat) or any(pictures(home))):
        raise lost(home, "table")
    if marker and marker.state == "open" and not filled(home / WAL):
        raise lost(home, "journal")
    return marker


def accepted(home: Path) -> Marker | None:
    """Marker of `home` set to the state of the table, whatever the old one says."""
    if not filled(home / pages.DATABASE):
        return Marker("", newest=newest(home))
    with closing(pages.open_to_read(str(home / pages.DATABASE))) as db:
        row = stands_in(db)
    return replace(row, bare=not any(pictures(home)), newest=newest(home)) if row else None


def compare(home: Path, marker: Marker | None) -> None:
    """Compare the table of `home` with `marker`, and its orders with the newest picture. Raises CannotStart."""
    if not filled(home / pages.DATABASE):
        return
    with closing(pages.open_to_read(str(home / pages.DATABASE))) as db:
        journal = wal.examined(home / pages.DATABASE, db)
        row = stands_in(db)
        latest = latest_order(db)
        bare = row is not None and db.execute(ANY_PICTURE).fetchone() is not None and not any(pictures(home))
    if journal == "damaged":
        raise lost(home, "damaged journal")
    if journal == "torn":
        log.critical(
            "the last write in imagify.db-wal is not whole: it was under way when the house died, or is damaged"
        )
    if loss := apart(marker, row):
        raise lost(home, loss)
    if row and newest(home) > max(latest, marker.newest if marker else ""):
        raise lost(home, "older than its pictures")
    if bare and not (marker and marker.bare):
        raise lost(home, "pictures")
    if row and row.at > WallClock().now() + AHEAD:
        raise lost(home, "clock", row.at)


def apart(marker: Marker | None, row: Marker | None) -> str:
    """Mismatch of `marker` and table `row`, or "". The row goes forward first, so one beat ahead is fine."""
    if marker is None:
        return "no marker" if row else ""
    if row is None:
        return "older" if marker.beat else ""
    if marker.home != row.home:
        return "foreign"
    if marker.beat == row.beat:
        return "" if marker.at == row.at else "newer"
    return "" if row.beat == marker.beat + 1 else "older" if row.beat < marker.beat else "newer"


def lost(home: Path, what: str, at: int = 0) -> CannotStart:
    words = {"home": home, "accept": ACCEPT.format(home=home), "restore": RESTORE.format(home=home)}
    return CannotStart(SENTENCES[what].format(**words, now=written(WallClock().now()), at=written(at)))


def written(at: int) -> str:
    with suppress(OverflowError, ValueError, OSError):
        return f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m-%d %H:%M} UTC"
    return str(at)


def pictures(home: Path) -> Iterator[str]:
    """Names of the kept pictures in `home`, the youngest folder first."""
    kept = home / KEPT
    for folder in sorted(kept.iterdir() if kept.is_dir() else (), reverse=True):
        yield from sorted((name_of(file.name) for file in folder.iterdir()), reverse=True)


def newest(home: Path) -> str:
    """Id of the picture in `home` that was ordered last, by the clock of the house itself."""
    for folder in sorted((home / KEPT).glob(f"{file_name(PICTURES)}*"), reverse=True):
        if names := [name_of(file.name) for file in folder.iterdir()]:
            return max(names).removeprefix(PICTURES)
    return ""


def latest_order(db: sqlite3.Connection) -> str:
    """Id of the last order in `db`, which keeps every order and has it before its picture is painted."""
    row = db.execute(LATEST_ORDER, (ORDERS, pages.beyond(ORDERS))).fetchone()
    return str(row[0]).removeprefix(ORDERS) if row else ""
