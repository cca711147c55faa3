"""Writer – the one thread that writes: requests that arrive during a commit share the next."""

import asyncio
import logging
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from core.table import TableUnavailable, Write
from infra.embedded.pages import Outcome, settle

log = logging.getLogger(__name__)

EVERY = 60.0  # seconds


class Carried(Protocol):
    """Home that the writer moves forward with the table."""

    def beat(self, db: sqlite3.Connection) -> None: ...

    def end(self, db: sqlite3.Connection) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    writes: Sequence[Write]
    answer: asyncio.Future[None]


class Writer:
    """Owner of the writing connection, used by no other thread while this one runs."""

    def __init__(self, db: sqlite3.Connection, home: Carried | None = None, every: float = EVERY) -> None:
        """Take `home`, which goes forward `every` so many seconds in which a write was made."""
        self._db, self._home, self._every = db, home, every
        self._due, self._ahead = monotonic() + every, False
        self._waiting: list[Request] = []
        self._closed = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="table-writer", daemon=True)
        self.commits = 0  # one per batch, to measure how many requests share a commit
        self._thread.start()

    async def write(self, writes: Sequence[Write]) -> None:
        """Hand `writes` over and wait. The request is carried out even if the caller stops waiting."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._wake:
            if self._closed:
                raise TableUnavailable("the table is closed")
            self._waiting.append(Request(writes, answer))
            self._wake.notify()
        await answer

    async def close(self) -> None:
        """Write the waiting requests, then close the file."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        try:
            while (batch := self._next()) is not None:
                self._serve(batch)
                self._tend()
        finally:
            self._abandon()
            self._leave()

    def _next(self) -> list[Request] | None:
        """Wait for requests or for the home to be due, and return all that wait. None at the end."""
        with self._wake:
            while not self._waiting and not self._closed and self._left() != 0:
                self._wake.wait(self._left())
            if self._closed and not self._waiting:
                return None
            batch, self._waiting = self._waiting, []
        return batch

    def _left(self) -> float | None:
        """Seconds until the home goes forward, None if no write was made since."""
        return max(0.0, self._due - monotonic()) if self._home and self._ahead else None

    def _serve(self, batch: list[Request]) -> None:
        if not batch:
            return
        outcomes: list[Outcome] = [TableUnavailable("the writer stopped")] * len(batch)
        try:
            outcomes = settle(self._db, [request.writes for request in batch])
            self.commits += 1
            self._ahead = True
        finally:
            tell(batch, outcomes)

    def _tend(self) -> None:
        """Move the home forward when due. Errors are ignored: the next write raises its own, then comes a retry."""
        if self._home is None or self._left() != 0:
            return
        self._due, self._ahead = monotonic() + self._every, False
        with suppress(OSError, sqlite3.Error):
            self._home.beat(self._db)

    def _leave(self) -> None:
        try:
            if self._home:
                self._home.end(self._db)
        except (OSError, sqlite3.Error):
            log.warning("the home was not left in good order: its disk is full or failing")
        finally:
            self._db.close()

    def _abandon(self) -> None:
        """Fail the waiting requests after a bug ended the thread, so that no caller waits for ever."""
        with self._wake:
            self._closed = True
            batch, self._waiting = self._waiting, []
        tell(batch, [TableUnavailable("the writer stopped") for _ in batch])


def tell(batch: Sequence[Request], outcomes: Sequence[Outcome]) -> None:
    """Wake the callers of `batch`, each loop once. A caller that has gone needs no answer."""
    ends: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[None], Outcome]]] = defaultdict(list)
    for request, outcome in zip(batch, outcomes, strict=True):
        ends[request.answer.get_loop()].append((request.answer, outcome))
    for loop, own in ends.items():
        with suppress(RuntimeError):  # the loop itself is closed
            loop.call_soon_threadsafe(resolve, own)


def resolve(ends: Sequence[tuple[asyncio.Future[None], Outcome]]) -> None:
    for answer, outcome in ends:
        if answer.done():
            continue
        if outcome:
            answer.set_exception(outcome)
        else:
            answer.set_result(None)
