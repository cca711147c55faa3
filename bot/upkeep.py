"""Upkeep: what is found wrong with the house's own stores is told to whoever looks after it, each thing once."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field

from core.alarms import Alarms
from core.clock import HOUR, MINUTE, SECOND
from core.errors import Unavailable
from core.ports import Ports, Room, unbounded
from core.table import Change, Key, TableUnavailable
from core.tally import day_of

log = logging.getLogger(__name__)

LOOKED_EVERY = 10  # seconds
PROBE_KEY = Key("META#PROBE", "META")
PROBED_EVERY = 10 * SECOND
READY_WITHIN = 2.0  # seconds a store has to answer
LASTING = MINUTE  # of writes that fail, before admins hear of it
ROOM = 200 * 1024 * 1024  # bytes a disk should have left for a house


@dataclass(slots=True)
class Upkeep:
    ports: Ports
    alarms: Alarms
    room: Room = unbounded
    _taken: dict[str, bool] = field(default_factory=dict)  # by store, as it was probed last
    _probed: int = 0
    _failing: dict[str, tuple[int, int]] = field(default_factory=dict)  # by store: since when, by wall and steady clock
    _untold: dict[str, int] = field(default_factory=dict)  # stores whose failing lasted, since when

    async def takes_writes(self) -> dict[str, bool]:
        """Which stores take a write, for a full disk still answers; probed every ten seconds at most, whoever asks."""
        clock = self.ports.clock
        if not self._taken or clock.steady() - self._probed >= PROBED_EVERY:
            probe = Change(PROBE_KEY, set={"at": clock.now()}, or_create=True)
            self._probed = clock.steady()
            self._taken = {
                "table": await answers(self.ports.table.write(probe)),
                "blobs": await answers(self.ports.blobs.probe()),
            }
        return self._taken

    async def look(self) -> None:
        """An alarm is a row as well: what cannot be told now is told as soon as the table takes it."""
        for store, takes in (await self.takes_writes()).items():
            self._note(store, takes=takes)
        with suppress(TableUnavailable):
            await self._tell_failing()
            await self._tell_room()
            await self._tell_damage()

    def _note(self, store: str, *, takes: bool) -> None:
        clock = self.ports.clock
        since, steady = self._failing.setdefault(store, (clock.now(), clock.steady()))
        if takes:
            del self._failing[store]
        elif clock.steady() - steady >= LASTING and store not in self._untold:
            log.critical("the %s takes no write: look at the disk and at who owns the files", store)
            self._untold[store] = since

    async def _tell_failing(self) -> None:
        for store, since in list(self._untold.items()):
            await self.alarms.once(f"writes fail {store} {since // HOUR}", "writes fail", store=store, since=since)
            if store not in self._failing:
                del self._untold[store]

    async def _tell_room(self) -> None:
        if (free := self.room()) < ROOM:
            day = day_of(self.ports.clock.now())
            await self.alarms.once(f"disk nearly full {day}", "disk nearly full", used=int(free) // 1024**2)

    async def _tell_damage(self) -> None:
        """The first damaged picture of a day; the log names every one."""
        found, day = sorted(self.ports.blobs.damaged), day_of(self.ports.clock.now())
        if not found:
            return
        log.critical("damaged, and shown to nobody: %s", ", ".join(found))
        await self.alarms.once(f"damaged picture {day}", "damaged picture", job=found[0], used=len(found))
        self.ports.blobs.damaged.difference_update(found)


async def answers(question: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(READY_WITHIN):
            await question
    except (OSError, TableUnavailable, TimeoutError, Unavailable):
        return False
    return True
