"""Disk – writes files that are complete or absent: written aside, synced, moved into place.

Names come from outside and are never used as paths: each is quoted into one plain file name, and back.
"""

import asyncio
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import ParamSpec, TypeVar
from urllib.parse import quote, unquote

from core.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_NAME = 200  # bytes once quoted: file systems take 255
UNFINISHED = ".part"


async def on_disk(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` in a thread. Raises Unavailable for a full or failing disk, which may be mended later."""
    try:
        return await asyncio.to_thread(work, *args, **kwargs)
    except OSError as broken:
        raise Unavailable("outage", "no") from broken


def free(folder: Path) -> int:
    """Bytes that are left on the disk of this folder."""
    return shutil.disk_usage(folder).free


def file_name(name: str) -> str:
    """Quote `name` as one safe file name without slash or leading dot. Raises ValueError if empty or too long."""
    quoted = quote(name, safe="")
    quoted = quoted.replace(".", "%2E", 1) if quoted.startswith(".") else quoted
    if not 0 < len(quoted) <= LONGEST_NAME:
        raise ValueError(f"a name has 1 to {LONGEST_NAME} bytes once quoted, not {len(quoted)}")
    return quoted


def name_of(file: str) -> str:
    return unquote(file)


def read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def write_aside(folder: Path, data: bytes) -> Path:
    """Write `data` durably to a temporary file in `folder`, removed again if writing fails."""
    aside = folder / f"{token_hex(16)}{UNFINISHED}"
    try:
        with aside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):  # the disk fails already, and the first error says more
            aside.unlink(missing_ok=True)
        raise
    return aside


def write_once(file: Path, text: str) -> None:
    """Write `text` completely to `file`, or not at all, even if the power fails in between."""
    draft = file.with_name(f"{file.name}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Sync `folder`, because the names of files are stored there."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sweep(folder: Path) -> None:
    """Make `folder` if missing, and delete unfinished files that a crash left there."""
    folder.mkdir(parents=True, exist_ok=True)
    for torn in folder.glob(f"*{UNFINISHED}"):
        torn.unlink(missing_ok=True)
