"""What was heard: kept before it is acknowledged, handled once, in order within a lane (a chat).

keep      the row is created: that is the claim and the promise; a second one of the same id changes nothing
handle    one process leases the lane and hands over its rows in order
done      the row stays as a guard without its words, and is swept when no channel can send it again

A death of the process is no try of the words it had in hand: they are many, and one of them at most is to blame. They
are marked, so the next process serves each of them alone, and a word that dies alone three times is laid aside.
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
REMEMBERED = 3 * DAY  # no channel repeats an update for longer than a day
LEASE = 30 * SECOND
MOST_AT_ONCE = 40  # rows of a lane looked at in one go
MOST_TRIES = 3  # a row whose handling fails, or dies alone, so often is laid aside
LONGEST_ALONE = 2.0  # seconds for which a word that may have killed a process keeps all others waiting
LOOK = 2.0  # seconds between looks for lanes that another process left


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of a lane, to be handled."""

    lane: str
    update: str
    words: Mapping[str, Value]
    tries: int = 0
    hand: str = ""  # the process that had it in hand last
    alone: bool = False  # and no other word beside it
    key: str = ""  # of every move it causes, once it has been in hand: also under another secret it is this one

    @classmethod
    def of(cls, row: Row) -> "Kept":
        lane, update = row.key.owner.removeprefix("LANE#"), row.key.name
        hand, alone, key = row.text("hand"), row.flag("alone"), row.text("key")
        return cls(lane, update, row.map("words"), row.number("tries"), hand, alone, key)

    def seen_by(self, process: str) -> "Kept":
        """With one try more, where its handling failed in this process, or another one died of it alone."""
        return replace(self, tries=self.tries + (self.hand == process or (self.hand != "" and self.alone)))

    @property
    def row(self) -> Key:
        return lane_key(self.lane, self.update)

    @property
    def laid_aside(self) -> bool:
        """It failed too often to be tried again; all that is left is to say so."""
        return self.tries >= MOST_TRIES


class Room:
    """Where words are handled: many at once, or one alone, for which the others wait a little."""

    def __init__(self) -> None:
        self._inside = self._suspects = 0
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def entered(self, *, suspect: bool) -> AsyncIterator[bool]:
        """Yield whether the word is alone; a `suspect` goes before all others, and nobody waits for it for long."""
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


Handle = Callable[[Kept, str], Awaitable[None]]  # what was heard, and the key of every move it causes
Digest = Callable[[str], str]


class Inbox:
    def __init__(
        self, table: Table, clock: Clock, chance: Chance, leases: Leases, digest: Digest, handle: Handle
    ) -> None:
        """`digest`: the moves outlive the chat, so the key they carry must not name it in clear."""
        self._table, self._clock, self._chance, self._lived = table, clock, chance, Lived(clock)
        self._leases, self._digest, self._handle = leases, digest, handle
        self._bell, self._room = asyncio.Event(), Room()
        self._served: dict[str, asyncio.Task[None]] = {}
        self._more: set[str] = set()  # lanes that something may have come for since

    async def keep(self, lane: str, update: str, words: Mapping[str, Value], once: str = "") -> bool:
        """Durable when this returns. False: it was kept before.

        Updates are named in their order. Where a channel's own ids have none, they are kept beside it as `once`.
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
        """The lane's rows that are not handled, in order; they stand before those that are, seen from the newest.

        A clock that is set back names a row lower than handled ones; such a row is known by its place on the shelf.
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
        """Serve every lane that waits: at once when something is kept here, else at the next look."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._bell.clear()
                for lane in await self._lanes():
                    self._begin(lane, group)
                await self._rung()

    async def sweep(self) -> int:
        """Forget what no channel can send again."""
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
        finally:  # also when the house closes: nothing may be left waiting behind
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
        """What came while its last row was being put away is looked for at once."""
        del self._served[lane]
        if lane in self._more:
            self._more.discard(lane)
            self._bell.set()

    async def _serve(self, lane: str) -> None:
        """Everything that waits in the lane, in order, while the lane is ours."""
        lease = await self._leases.take(lane_key(lane, "LEASE"), LEASE)
        while lease and (waiting := await self.waiting(lane)):
            for kept in waiting:
                if not await self._leases.renew(lease, LEASE):
                    return
                await self._one(kept)
        if lease:
            await self._leases.release(lease)

    async def _one(self, found: Kept) -> None:
        """Handle a row; one that failed too often is laid aside, so that the lane goes on, and is handed over once
        more for that to be said.
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
    """The row, for whoever keeps it together with something else; its lane is looked for before long."""
    return Create(lane_key(lane, update), {"words": dict(words), "tries": 0, "shelf": WAITING, "due": now})


def waits(row: Row) -> bool:
    return row.text("shelf") == WAITING


async def unanswered(table: Table, lane: str) -> bool:
    """Whether something was heard in the lane that has not been answered to its end."""
    newest = await table.list(f"LANE#{lane}", newest_first=True, limit=MOST_AT_ONCE)
    return any(map(waits, newest))


def lane_key(lane: str, update: str) -> Key:
    return Key(f"LANE#{lane}", update)
