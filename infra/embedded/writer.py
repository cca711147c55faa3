"""The one thread that writes. Whoever asks while it waits for the disk is served by the next commit, together."""

import asyncio
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from core.table import TableUnavailable, Write
from infra.embedded.pages import Outcome, settle


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    writes: Sequence[Write]
    answer: asyncio.Future[None]


class Writer:
    """Owns the writing connection: nobody else touches it once the thread runs."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._waiting: list[Request] = []
        self._closed = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="table-writer", daemon=True)
        self.commits = 0  # one for every batch; requests per commit is what the sharing gains
        self._thread.start()

    async def write(self, writes: Sequence[Write]) -> None:
        """Handed over, a request runs to its end, whether or not its caller waits for the answer."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._wake:
            if self._closed:
                raise TableUnavailable("the table is closed")
            self._waiting.append(Request(writes, answer))
            self._wake.notify()
        await answer

    async def close(self) -> None:
        """Write what waits, then close the file."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        try:
            while batch := self._next():
                self._serve(batch)
        finally:
            self._abandon()
            self._db.close()

    def _next(self) -> list[Request]:
        """Everything that waits, as soon as there is something; nothing means the end."""
        with self._wake:
            while not self._waiting and not self._closed:
                self._wake.wait()
            batch, self._waiting = self._waiting, []
        return batch

    def _serve(self, batch: list[Request]) -> None:
        outcomes: list[Outcome] = [TableUnavailable("the writer stopped")] * len(batch)
        try:
            outcomes = settle(self._db, [request.writes for request in batch])
            self.commits += 1
        finally:
            tell(batch, outcomes)

    def _abandon(self) -> None:
        """Somebody waits here only when the thread fell over a mistake of ours; nobody shall wait for ever."""
        with self._wake:
            self._closed = True
            batch, self._waiting = self._waiting, []
        tell(batch, [TableUnavailable("the writer stopped") for _ in batch])


def tell(batch: Sequence[Request], outcomes: Sequence[Outcome]) -> None:
    """Wake the callers, each loop once for all of its own; one that has gone meanwhile needs no answer."""
    ends: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[None], Outcome]]] = defaultdict(list)
    for request, outcome in zip(batch, outcomes, strict=True):
        ends[request.answer.get_loop()].append((request.answer, outcome))
    for loop, own in ends.items():
        with suppress(RuntimeError):  # the loop itself is gone
            loop.call_soon_threadsafe(resolve, own)


def resolve(ends: Sequence[tuple[asyncio.Future[None], Outcome]]) -> None:
    for answer, outcome in ends:
        if answer.done():
            continue
        if outcome:
            answer.set_exception(outcome)
        else:
            answer.set_result(None)
