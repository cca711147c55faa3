"""Files that are whole or not there: written aside, synced, then moved into place in one step.

Names come from outside and are never trusted as paths: they are quoted into one plain file name and back.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import ParamSpec, TypeVar
from urllib.parse import quote, unquote

from core.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_NAME = 200  # bytes once quoted; file systems take 255
UNFINISHED = ".part"


async def on_disk(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The work done off the event loop. A disk that is full or failing is a vendor that cannot, perhaps later."""
    try:
        return await asyncio.to_thread(work, *args, **kwargs)
    except OSError as broken:
        raise Unavailable("outage", "no") from broken


def file_name(name: str) -> str:
    """A name as one safe file name: no slash, no leading dot, nothing a file system reads as its own."""
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
    """The bytes on disk for good, under a name nobody knows yet. Nothing is left behind when it fails."""
    aside = folder / f"{token_hex(16)}{UNFINISHED}"
    try:
        with aside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):  # the disk is in trouble already; the first error says more
            aside.unlink(missing_ok=True)
        raise
    return aside


def write_once(file: Path, text: str) -> None:
    """The whole text under its name, or nothing, even if the power fails in between."""
    draft = file.with_name(f"{file.name}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Names are kept in the folder, so the folder too must reach the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sweep(folder: Path) -> None:
    """Make the folder if need be, and clear away what a crash left unfinished in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for torn in folder.glob(f"*{UNFINISHED}"):
        torn.unlink(missing_ok=True)
