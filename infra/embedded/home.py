"""Home – the folder of the embedded house, opened by one process at a time if undamaged.

imagify.db   the table        blobs/   kept pictures       spool/   bytes not stored yet
SECRET       made once, 0600  LOCK     held while the house runs, with the pid of the holder
MARKER       the home's id, the beat of its table, and whether it was shut (see marker.py)
restored/    a verified backup that is being put in place (see backup.py)
"""

import fcntl
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import CannotStart
from infra.embedded import losses, pages
from infra.embedded.inspection import Inspection
from infra.embedded.layout import as_drawn
from infra.embedded.marker import WAL, Marker, Tending
from infra.embedded.table import SqliteTable
from infra.local.disk import write_once

DATABASE, SECRET, BLOBS, SPOOL, LOCK, RESTORED = pages.DATABASE, "SECRET", "blobs", "spool", "LOCK", "restored"
SHM = f"{DATABASE}-shm"
FIRST = 1  # beat of a home that is opened for the first time
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Home:
    path: Path
    lock: int  # the open file that holds the lock
    marker: Marker | None = None  # as found, None for a new home
    fresh: bool = True  # no house has run here yet

    @classmethod
    def open(cls, path: Path, *, accept: bool = False) -> "Home":
        """Open the home. Raises CannotStart where the folder is taken, not writable, or not as the last run left it.

        With `accept` the owner accepts losses, and those do not raise.
        """
        lock = take(path)
        with told(path), ExitStack() as undo:
            undo.callback(os.close, lock)
            move_in(path)
            marker = losses.accepted(path) if accept else losses.looked_for(path)
            fresh = marker.beat <= FIRST if marker else not (path / DATABASE).exists()
            examine(path / DATABASE)
            if not accept:
                losses.compare(path, marker)
            undo.pop_all()
        return cls(path, lock, marker, fresh)

    @property
    def database(self) -> Path:
        return self.path / DATABASE

    @property
    def blobs(self) -> Path:
        return self.path / BLOBS

    @property
    def spool(self) -> Path:
        return self.path / SPOOL

    def table(self) -> SqliteTable:
        with told(self.path):
            return SqliteTable.open(str(self.database), Tending(self.path, self.marker))

    def secret(self) -> str:
        """Secret to digest people's addresses, made on first use and the same ever after. Raises CannotStart."""
        with told(self.path):
            file = self.path / SECRET
            if not file.exists() and self.fresh:
                write_once(file, secrets.token_hex(SECRET_BYTES))
            secret = file.read_bytes().strip() if file.exists() else b""
        if not secret:
            gone = "empty" if file.exists() else "gone"
            raise CannotStart(f"{file} is {gone}: bring the file back from a backup, for people are known by it.")
        return secret.decode(errors="backslashreplace")

    def close(self) -> None:
        os.close(self.lock)


def look_in(path: Path) -> SqliteTable:
    """Open the table at `path` as of this moment for reading only, whether the house runs or not."""
    with told(path):
        return SqliteTable.snapshot(str(standing(path)))


def inspect(path: Path) -> Inspection:
    """Open the table at `path` for an audit, which names damaged rows and reads on."""
    with told(path):
        return Inspection(str(standing(path)))


def standing(path: Path) -> Path:
    """Database in the house at `path`. Raises CannotStart without one."""
    if not (path / DATABASE).exists():
        raise CannotStart(f"There is no house in {path}: name its folder with --home.")
    return path / DATABASE


def take(path: Path) -> int:
    """Take the lock of the home at `path`, held until the file is closed or the process dies."""
    with told(path), ExitStack() as undo:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        undo.callback(os.close, lock)
        hold(path, lock)
        undo.pop_all()
    return lock


def hold(path: Path, lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise in_use(path, os.read(lock, 20).decode().strip()) from None
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())


def in_use(path: Path, holder: str) -> CannotStart:
    who = f"process {holder}" if holder else "another process"
    return CannotStart(f"{path} is in use by {who}: stop it first, or choose another folder with --home.")


def move_in(path: Path) -> None:
    """Put a prepared restore in place. Repeating this after a crash gives the same result."""
    ready = path / RESTORED
    if not ready.exists():
        return
    for file in (WAL, SHM) if (ready / DATABASE).exists() else ():  # they belong to the database being replaced
        (path / file).unlink(missing_ok=True)
    for part in sorted(ready.iterdir()):
        replace(part, path / part.name)
    ready.rmdir()


def replace(part: Path, place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    part.rename(place)


def examine(database: Path) -> None:
    """Check all pages of `database` (0.6 s per GB). Raises CannotStart if they are damaged."""
    if database.exists() and not sound(database):
        raise damaged(database)


def damaged(database: Path) -> CannotStart:
    return CannotStart(
        f"{database} is damaged: bring back your last backup with "
        f"`imagify restore BACKUP --force --home {database.parent}`."
    )


def sound(database: Path) -> bool:
    try:
        with closing(pages.open_to_read(str(database))) as db:
            return db.execute("pragma quick_check(1)").fetchone() == ("ok",) and as_drawn(db)
    except UnicodeDecodeError:  # damaged so that SQLite's own message is unreadable
        return False
    except sqlite3.DatabaseError as error:
        if pages.damaged(error):
            return False
        raise


@contextmanager
def told(place: Path) -> Iterator[None]:
    """Turn errors of disk and database into a CannotStart of one sentence that names `place`."""
    try:
        yield
    except OSError as error:
        raise CannotStart(f"{place} cannot be used: {(error.strerror or str(error)).lower()}.") from error
    except UnicodeDecodeError as error:
        raise CannotStart(f"{place} cannot be used: the database is damaged.") from error
    except sqlite3.Error as error:
        raise CannotStart(f"{place} cannot be used: {pages.why(error)}.") from error
