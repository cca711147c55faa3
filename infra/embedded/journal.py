"""File journal – writes facts for later study as JSON lines, one file a day (UTC).

The files are in the home, and are removed after MOST_DAYS.
"""

import asyncio
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from core.clock import SECOND, Clock
from core.journal import line
from core.table import Fields

MOST_DAYS = 90
MOST_WAITING = 10_000
MOST_KNOWN = 5_000  # ids
TAIL = 256 * 1024  # bytes read at the end of the newest file, for lines of a process that died
ENDING = ".jsonl"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Noted(NamedTuple):
    """Line waiting to be written."""

    day: str
    line: str
    once: str


class FileJournal:
    """Journal whose `note` neither waits nor fails.

    Lines wait in memory for one writing thread. Lines that the disk or the limit does not take are counted in `lost`.
    """

    def __init__(self, folder: Path, clock: Clock, most_days: int = MOST_DAYS) -> None:
        self._folder, self._clock, self._most_days = folder, clock, most_days
        self._waiting: list[Noted] = []
        self._known: dict[str, None] = {}  # ids of the newest lines, used only by the writing thread
        self._read = False  # True once the ids of earlier processes are read
        self._lock = Lock()  # never held during disk access
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._today = ""
        self._closed = False
        self.lost = 0

    async def note(self, kind: str, facts: Fields, once: str = "") -> None:
        now = self._clock.now()
        noted = Noted(day_of(now), line(now, kind, facts, once), once)
        with self._lock:
            if self._closed or len(self._waiting) >= MOST_WAITING:
                self.lost += 1
                return
            self._waiting.append(noted)
            if len(self._waiting) == 1:  # else a write that also takes this line is submitted already
                self._writer.submit(self._write)

    async def settle(self) -> None:
        """Wait until every line noted so far is written or counted in `lost`."""
        await asyncio.wrap_future(self._writer.submit(self._write))

    def close(self) -> None:
        """Write the waiting lines and end the thread. Later lines are lost."""
        with self._lock:
            self._closed = True
        self._writer.shutdown(wait=True)

    def _write(self) -> None:
        with self._lock:
            taken, self._waiting = self._waiting, []
        for day, of_day in groupby(taken, key=lambda one: one.day):
            lines = list(of_day)
            try:
                self._open_day(day)
                self._append(day, lines)
            except OSError:
                with self._lock:
                    self.lost += len(lines)

    def _append(self, day: str, noted: Iterable["Noted"]) -> None:
        """Append the lines `noted`, without those that a process that died has written already."""
        if not self._read:
            self._known.update(dict.fromkeys(ids_at_the_end(self._folder)))
            self._read = True
        lines = [one.line for one in noted if self._is_new(one.once)]
        if lines:
            append(self._folder / (day + ENDING), lines)
        while len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def _is_new(self, once: str) -> bool:
        """True if no line has the id `once` yet, and remember the id. A line without an id is always new."""
        new = once not in self._known
        if once:
            self._known[once] = None
        return new

    def _open_day(self, day: str) -> None:
        """On the first line of `day`, make the folder and remove files past their time."""
        if day == self._today:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        oldest = date.fromisoformat(day) - timedelta(days=self._most_days)
        for path in self._folder.glob(f"????-??-??{ENDING}"):
            if path.name < f"{oldest}{ENDING}":
                path.unlink(missing_ok=True)
        self._today = day


def append(path: Path, lines: Iterable[str]) -> None:
    """Append `lines`, starting on a new line even after half a line left by a crash."""
    with path.open("ab+") as file:
        torn = file.tell() > 0 and not ends_a_line(path)
        text = "".join(f"{one}\n" for one in lines)
        file.write(("\n" + text if torn else text).encode())
        file.flush()
        os.fsync(file.fileno())


def ids_at_the_end(folder: Path) -> Iterator[str]:
    """Ids of the newest lines in `folder`, the oldest first. A torn line has none."""
    newest = max(folder.glob(f"????-??-??{ENDING}"), default=None)
    if newest is None:
        return
    with newest.open("rb") as file:
        file.seek(-min(TAIL, newest.stat().st_size), os.SEEK_END)
        lines = file.read().splitlines()
    for one in lines:
        with suppress(ValueError, AttributeError):
            if id_ := json.loads(one).get("id"):
                yield id_


def ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read() == b"\n"


def day_of(now: int) -> str:
    return (EPOCH + timedelta(seconds=now // SECOND)).date().isoformat()
