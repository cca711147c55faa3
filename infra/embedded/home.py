"""The home: the folder of the embedded house. One process at a time lives in it, and moves in only when it is sound.

imagify.db   the table        blobs/   kept pictures       spool/   bytes not yet kept
SECRET       made once, 0600  LOCK     held while the house runs, with the pid of who holds it
MARKER       which home it is, how far its table has come, and whether it was shut (see marker.py)
restored/    a backup that has been checked and is on its way in (see backup.py)
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
    marker: Marker | None = None  # as it was found; a new home has none
    fresh: bool = True  # nobody has lived here yet

    @classmethod
    def open(cls, path: Path, *, accept: bool = False) -> "Home":
        """Move in. Raises CannotStart where the folder is taken, cannot be written to, or is not what was left here;
        what its owner accepts as lost is none of that.
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
        """Made when first asked for, the same ever after: addresses are known by it."""
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
    """The table as it stands at this moment, for those who only read; the house may be open or shut."""
    with told(path):
        return SqliteTable.snapshot(str(standing(path)))


def inspect(path: Path) -> Inspection:
    """The same for an audit, which names what is damaged and reads on."""
    with told(path):
        return Inspection(str(standing(path)))


def standing(path: Path) -> Path:
    """The database of the house that is there."""
    if not (path / DATABASE).exists():
        raise CannotStart(f"There is no house in {path}: name its folder with --home.")
    return path / DATABASE


def take(path: Path) -> int:
    """Hold the home's lock until the file is closed, by us or by our death."""
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
    """Put in place what a restore has made ready; done again from the start, it ends the same."""
    ready = path / RESTORED
    if not ready.exists():
        return
    for file in (WAL, SHM) if (ready / DATABASE).exists() else ():  # they belong to the database that goes
        (path / file).unlink(missing_ok=True)
    for part in sorted(ready.iterdir()):
        replace(part, path / part.name)
    ready.rmdir()


def replace(part: Path, place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    part.rename(place)


def examine(database: Path) -> None:
    """Read the whole file once (0.6 s per GB). Raises CannotStart when its pages do not hang together."""
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
    except UnicodeDecodeError:  # not even what is wrong with it can be said
        return False
    except sqlite3.DatabaseError as error:
        if pages.damaged(error):
            return False
        raise


@contextmanager
def told(place: Path) -> Iterator[None]:
    """What the machine refuses is said in one sentence that names the place."""
    try:
        yield
    except OSError as error:
        raise CannotStart(f"{place} cannot be used: {(error.strerror or str(error)).lower()}.") from error
    except UnicodeDecodeError as error:
        raise CannotStart(f"{place} cannot be used: the database is damaged.") from error
    except sqlite3.Error as error:
        raise CannotStart(f"{place} cannot be used: {pages.why(error)}.") from error
