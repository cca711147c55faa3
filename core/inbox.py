"""Inbox – keeps every message before acknowledging, handles each once, in order per chat.

keep      create the row: claim and promise in one, a second one with the same id changes nothing
handle    one process leases the lane (the queue of one chat) and hands over its rows in order
done      the row stays as a guard without the words, and is swept when no channel can send it again

The death of a process is no try of every message then in hand, for at most one is to blame. Messages in hand
are marked, so that the next process handles each alone. A message that dies alone three times is laid aside.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from core.chance import Chance
from core.clock import DAY, SECOND, Clock, Lived
from core.leases import Leases
from core.supervise import supervise
from core.table import SHELF_INDEX, Change, Create, Delete, Fields, Key, Refused, Row, Rows, Table, Value

WAITING, HANDLED = "LANES", "LANES#handled"  # shelves
REMEMBERED = 3 * DAY  # no channel repeats an update after more than a day
LEASE = 30 * SECOND
MOST_AT_ONCE = 40  # rows of a lane read at a time
MOST_TRIES = 3  # a row whose handling fails, or dies alone, so often is laid aside
LONGEST_ALONE = 2.0  # seconds all others wait while a message that may have killed a process is handled
LOOK = 2.0  # seconds between looks for lanes that another process left


@dataclass(frozen=True, slots=True)
class Kept:
    """Message in a `lane` that waits to be handled."""

    lane: str
    update: str
    words: Mapping[str, Value]
    tries: int = 0
    hand: str = ""  # process that handled the message last
    alone: bool = False  # True: no other message was handled beside
    key: str = ""  # key of every move the message causes, the same from the first try on, also under a new secret

    @classmethod
    def of(cls, row: Row) -> "Kept":
        lane, update = row.key.owner.removeprefix("LANE#"), row.key.name
        hand, alone, key = row.text("hand"), row.flag("alone"), row.text("key")
        return cls(lane, update, row.map("words"), row.number("tries"), hand, alone, key)

    def seen_by(self, process: str) -> "Kept":
        """Copy with one try more if handling failed in this `process`, or if another one died of this message alone."""
        return replace(self, tries=self.tries + (self.hand == process or (self.hand != "" and self.alone)))

    @property
    def row(self) -> Key:
        return lane_key(self.lane, self.update)

    @property
    def laid_aside(self) -> bool:
        """True if the message failed too often to be tried again: only this is left to be said."""
        return self.tries >= MOST_TRIES


class Room:
    """Place where messages are handled: many at once, or one alone, for which the others wait a little."""

    def __init__(self) -> None:
        self._inside = self._suspects = 0
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def entered(self, *, suspect: bool) -> AsyncIterator[bool]:
        """Yield True if the message is alone. A `suspect` goes before all others, which wait for a short time only."""
        self._suspects, alone = self._suspects + suspect, False
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_ALONE):
                    await self._free(suspect=suspect)
                    alone = suspect
            self._inside += 1
            try:
                yield alone
            finally:
                self._inside -= 1
        finally:
            self._suspects -= suspect
            self._changed.set()

    async def _free(self, *, suspect: bool) -> None:
        while self._inside if suspect else self._suspects:
            self._changed.clear()
            await self._changed.wait()


Handle = Callable[[Kept, str], Awaitable[None]]  # the message, and the key of every move it causes
Digest = Callable[[str], str]


class Inbox:
    def __init__(
        self, table: Table, clock: Clock, chance: Chance, leases: Leases, digest: Digest, handle: Handle
    ) -> None:
        """Take `digest` for keys: moves outlive the chat, so no key may name the chat in clear."""
        self._table, self._clock, self._chance, self._lived = table, clock, chance, Lived(clock)
        self._leases, self._digest, self._handle = leases, digest, handle
        self._bell, self._room = asyncio.Event(), Room()
        self._served: dict[str, asyncio.Task[None]] = {}
        self._more: set[str] = set()  # lanes for which more messages may have come since

    async def keep(self, lane: str, update: str, words: Mapping[str, Value], once: str = "") -> bool:
        """Keep `words` in `lane`, durable on return. False if the `update` was kept before.

        The names of updates sort by their order. Where a channel's own ids do not sort, pass them as `once`.
        """
        now = self._clock.now()
        guard = Create(Key(f"ONCE#{lane}", once), {"shelf": HANDLED, "due": now + REMEMBERED})
        try:
            await self._table.write(keeping(lane, update, words, now), *([guard] if once else []))
        except Refused:
            return False
        self._bell.set()
        return True

    async def waiting(self, lane: str) -> list[Kept]:
        """Rows of `lane` still to handle, in order. Seen from the newest, unhandled rows come before handled ones.

        A clock that was set back names a new row lower than handled ones. The shelf still finds such a row.
        """
        rows = page = await self._page(lane, "")
        while len(page) == MOST_AT_ONCE and waits(page[-1]):
            page = await self._page(lane, page[-1].key.name)
            rows = rows + page
        found = [Kept.of(row) for row in reversed(rows) if waits(row)]
        return found or [one for one in await self._shelved() if one.lane == lane]

    async def _page(self, lane: str, after: str) -> Rows:
        return await self._table.list(f"LANE#{lane}", after=after, newest_first=True, limit=MOST_AT_ONCE)

    async def run(self) -> None:
        """Serve every lane that waits: at once when a message is kept here, else at the next look."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._bell.clear()
                for lane in await self._lanes():
                    self._begin(lane, group)
                await self._rung()

    async def sweep(self) -> int:
        """Delete rows that no channel can send again."""
        rows = await self._table.find(SHELF_INDEX, HANDLED, until=self._lived.now())
        for row in rows:
            await self._table.write(Delete(row.key))
        return len(rows)

    async def _lanes(self) -> list[str]:
        return list(dict.fromkeys(kept.lane for kept in await self._shelved()))

    async def _shelved(self) -> list[Kept]:
        return [Kept.of(row) for row in await self._table.find(SHELF_INDEX, WAITING)]

    async def _rung(self) -> None:
        look = asyncio.create_task(self._clock.sleep(LOOK))
        ring = asyncio.create_task(self._bell.wait())
        try:
            await asyncio.wait((look, ring), return_when=asyncio.FIRST_COMPLETED)
        finally:  # also when the house closes: no task may stay behind
            look.cancel()
            ring.cancel()

    def _begin(self, lane: str, group: asyncio.TaskGroup) -> None:
        if lane in self._served:
            self._more.add(lane)
            return
        serve = supervise(f"lane {lane}", partial(self._serve, lane), self._clock, self._chance)
        task = self._served[lane] = group.create_task(serve)
        task.add_done_callback(lambda _: self._left(lane))

    def _left(self, lane: str) -> None:
        """Look again at once for a message that came while the last row of `lane` was put away."""
        del self._served[lane]
        if lane in self._more:
            self._more.discard(lane)
            self._bell.set()

    async def _serve(self, lane: str) -> None:
        """Handle every message that waits in `lane`, in order, while the lease is ours."""
        lease = await self._leases.take(lane_key(lane, "LEASE"), LEASE)
        while lease and (waiting := await self.waiting(lane)):
            for kept in waiting:
                if not await self._leases.renew(lease, LEASE):
                    return
                await self._one(kept)
        if lease:
            await self._leases.release(lease)

    async def _one(self, found: Kept) -> None:
        """Handle the row `found`, or lay the row aside after too many failures, so that the lane goes on.

        A row laid aside is handed over once more, for the person to be told.
        """
        kept, me = found.seen_by(self._leases.holder), self._leases.holder
        if kept.tries <= MOST_TRIES:
            async with self._room.entered(suspect=kept.hand not in ("", me)) as alone:
                key = kept.key or self._digest(f"{kept.lane}:{kept.update}")
                taken: Fields = {"hand": me, "alone": alone, "tries": kept.tries, "key": key}
                await self._table.write(Change(kept.row, set=taken))
                await self._handle(kept, key)
        put_away = Change(kept.row, set=self._handled(kept), unset=("words", "hand", "alone", "key"), alone=True)
        await self._table.write(put_away)

    def _handled(self, kept: Kept) -> dict[str, Value]:
        laid_aside = {"laid_aside": True} if kept.laid_aside else {}
        return {"shelf": HANDLED, "due": self._clock.now() + REMEMBERED, **laid_aside}


def keeping(lane: str, update: str, words: Mapping[str, Value], now: int) -> Create:
    """Row of a message, for a caller who keeps it in a write of its own. The next look finds the lane."""
    return Create(lane_key(lane, update), {"words": dict(words), "tries": 0, "shelf": WAITING, "due": now})


def waits(row: Row) -> bool:
    return row.text("shelf") == WAITING


async def unanswered(table: Table, lane: str) -> bool:
    """True if a message in `lane` has not been handled to the end."""
    newest = await table.list(f"LANE#{lane}", newest_first=True, limit=MOST_AT_ONCE)
    return any(map(waits, newest))


def lane_key(lane: str, update: str) -> Key:
    return Key(f"LANE#{lane}", update)
