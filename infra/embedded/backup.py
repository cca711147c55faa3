"""Backup – copies a house into one folder or one .tar, and restores it.

A copy has the table, the pictures, and the secret that people's addresses are digested with.

A backup may be taken while the house runs. The table is copied first, in one transaction. A picture is on disk before
its row is, so every row of the copy has its picture. A restore is verified completely beside the house, then put in
place by one rename: after a power cut the old house or the new one is there (`move_in` finishes a begun restore).
"""

import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO

from core.errors import CannotStart
from infra.embedded import pages
from infra.embedded.home import BLOBS, DATABASE, LOCK, RESTORED, SECRET, SPOOL, damaged, move_in, sound, take, told
from infra.embedded.losses import newest
from infra.embedded.marker import MARKER, Marker, stands_in
from infra.local.disk import write_once

TAR = ".tar"
CARRIED = (DATABASE, MARKER, SECRET, BLOBS)
STAGING = "restoring"


def backup(home: Path, target: Path, *, secret: bool = True) -> None:
    """Copy the `home`, running or not, into the new folder or .tar `target`. Raises CannotStart.

    `secret` False leaves the secret out, for an owner who keeps that elsewhere.
    """
    if not (home / DATABASE).exists():
        raise CannotStart(f"There is no house in {home}, so there is nothing to copy.")
    if target.exists():
        raise CannotStart(f"{target} exists already: name a place that does not.")
    with told(target), draft(target) as place:
        table = place / DATABASE
        copy_table(home / DATABASE, table)
        beside = beside_the_table(home, secret=secret)
        mark(place, newest(home))  # what was ordered and painted since the table was copied belongs to the copy too
        copy = pack(beside, home, table) if target.suffix == TAR else fill(beside, home, place)
        os.sync()
        copy.rename(target)


@contextmanager
def draft(target: Path) -> Iterator[Path]:
    """Folder beside `target` to work in, removed in the end with all that is left there."""
    place = target.with_name(f".{target.name}.{os.getpid()}")
    place.mkdir(mode=0o700, parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def copy_table(source: Path, target: Path) -> None:
    """Copy the table in one reading transaction, so in the state of one moment, while the house goes on writing."""
    try:
        with closing(pages.open_to_read(str(source))) as house, closing(sqlite3.connect(target)) as copy:
            house.backup(copy)
            copy.execute("pragma journal_mode = delete")  # makes the copy a single file, without a journal
    except sqlite3.DatabaseError as error:
        if pages.damaged(error):
            raise damaged(source) from error
        raise
    if not sound(target):
        raise damaged(source)


def mark(place: Path, newest: str) -> None:
    """Write the marker of the table copied to `place`: at the same beat, shut, with pictures up to `newest`."""
    with closing(pages.open_to_read(str(place / DATABASE))) as db:
        write_once(place / MARKER, replace(stands_in(db) or Marker(""), newest=newest).text)


def beside_the_table(home: Path, *, secret: bool) -> list[Path]:
    files = [file for file in sorted((home / BLOBS).rglob("*")) if file.is_file()]
    return [home / SECRET, *files] if secret else files


def fill(beside: Iterable[Path], home: Path, place: Path) -> Path:
    for file in beside:
        copy = place / file.relative_to(home)
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # never made, or erased meanwhile for a person
            shutil.copy2(file, copy)
    return place


def pack(beside: Iterable[Path], home: Path, table: Path) -> Path:
    whole = table.with_suffix(TAR)
    with private(whole) as out, tarfile.open(fileobj=out, mode="w") as tar:
        for part in (DATABASE, MARKER):
            tar.add(table.with_name(part), arcname=part)
        for file in beside:
            with suppress(FileNotFoundError):
                tar.add(file, arcname=str(file.relative_to(home)))
    return whole


def restore(source: Path, home: Path, *, force: bool = False) -> None:
    """Replace the content of `home` by the backup `source`, but only with `force` if there is any."""
    lock = take(home)
    try:
        with told(home):
            if not force and any(entry.name != LOCK for entry in home.iterdir()):
                raise CannotStart(f"{home} is not empty: choose another, or say --force to replace what is there.")
            staging = stage(home)
            unpack(source, staging)
            verify(source, staging)
            mark(staging, newest(staging))
            os.sync()
            staging.rename(home / RESTORED)
            move_in(home)
    finally:
        os.close(lock)


def stage(home: Path) -> Path:
    """Make an empty folder in `home` for a restore, after finishing or removing an earlier one."""
    move_in(home)
    staging = home / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    for part in (BLOBS, SPOOL):  # these replace the old ones even when the backup has none
        (staging / part).mkdir(mode=0o700, parents=True)
    return staging


def unpack(source: Path, staging: Path) -> None:
    with told(source):
        if source.is_dir():
            pour_folder(source, staging)
        else:
            pour_tar(source, staging)


def verify(source: Path, staging: Path) -> None:
    database = staging / DATABASE
    if not database.exists():
        raise CannotStart(f"{source} is no backup of a house: there is no {DATABASE} in it.")
    if not sound(database):
        raise CannotStart(f"The database in {source} is damaged, so nothing was changed: try an older backup.")


def pour_folder(source: Path, staging: Path) -> None:
    for file in source.rglob("*"):
        if file.is_file() and carried(file.relative_to(source)):
            with file.open("rb") as data:
                pour(data, staging / file.relative_to(source))


def pour_tar(source: Path, staging: Path) -> None:
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                data = tar.extractfile(member) if member.isfile() else None
                if data and carried(Path(member.name)):
                    pour(data, staging / member.name)
    except tarfile.TarError as error:
        raise CannotStart(f"{source} cannot be read as a backup: {error}.") from error


def carried(name: Path) -> bool:
    """True if `name` is part of a house and does not climb out of the folder."""
    return name.parts[0] in CARRIED and ".." not in name.parts


def pour(data: IO[bytes], place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with private(place) as out:
        shutil.copyfileobj(data, out)


def private(file: Path) -> IO[bytes]:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def has_secret(home: Path) -> bool:
    """True if `home` has a secret: a backup may have been made without one."""
    return (home / SECRET).exists()
