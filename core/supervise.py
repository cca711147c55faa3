"""Work that must never stop quietly: begun again after a fault, with patience, and drained when the house closes.

One of the three borders where anything at all may be caught. What passes through untouched is what is meant to end
the work: a cancellation, and every other BaseException (the death of a simulated process among them).
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self, TypeAlias

from core.chance import Chance
from core.clock import SECOND, Clock
from core.errors import Unavailable
from core.table import TableUnavailable

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.5  # seconds before the first new beginning, doubled for each failure in a row
LONGEST_PAUSE = 30.0  # seconds
RECOVERED = 60 * SECOND  # work that ran this long was well again, so its next failure is a first one
PATIENCE = 20.0  # seconds a crew has to finish what it holds

AWAY = (TableUnavailable, Unavailable)

Work: TypeAlias = Callable[[], Awaitable[None]]
Stop: TypeAlias = Callable[[], object]


@dataclass(slots=True)
class Watch:
    """One work, and how it has fared."""

    name: str
    work: Work
    clock: Clock
    chance: Chance
    failures: int = 0  # since the start
    in_a_row: int = 0
    resting: bool = False  # between a failure and the next beginning

    async def run(self) -> None:
        """Until the work ends by itself."""
        while not await self._ended():
            self.resting = True
            await self.clock.sleep(self._pause())
            self.resting = False

    async def _ended(self) -> bool:
        began = self.clock.steady()
        try:
            await self.work()
        except Exception as fault:
            self._count(self.clock.steady() - began)
            self._tell(fault)
            return False
        return True

    def _tell(self, fault: Exception) -> None:
        """A store that is away is no mistake of ours to be looked for; it is told in one line."""
        facts = {"work": self.name, "error": self.chance.code(), "in_a_row": self.in_a_row}
        if away := is_away(fault):
            log.warning("%s waits (%s)", self.name, away, extra=facts)
        else:
            log.error("%s failed and will begin again", self.name, extra=facts, exc_info=fault)

    def _count(self, ran: int) -> None:
        self.failures += 1
        self.in_a_row = 1 if ran >= RECOVERED else self.in_a_row + 1

    def _pause(self) -> float:
        """Half of a doubling pause for certain, so that an instant failure is no busy loop; the other half by lot."""
        longest = min(LONGEST_PAUSE, math.ldexp(FIRST_PAUSE, min(self.in_a_row - 1, 10)))
        return longest / 2 + self.chance.below(longest / 2)


def is_away(fault: Exception) -> str:
    """Why, where it is nothing but stores that do not answer, whoever of a group met them first."""
    while isinstance(fault, ExceptionGroup):
        known, others = fault.split(AWAY)
        if others or not known:
            return ""
        fault = known.exceptions[0]
    return str(fault) if isinstance(fault, AWAY) else ""


async def supervise(name: str, work: Work, clock: Clock, chance: Chance) -> None:
    """Run the work until it ends by itself, however often it fails on the way."""
    await Watch(name, work, clock, chance).run()


@dataclass(slots=True)
class Member:
    watch: Watch
    task: asyncio.Task[None]
    stop: Stop

    def dismiss(self) -> None:
        """Asked to stop; one that is resting has nothing to finish."""
        (self.task.cancel if self.watch.resting else self.stop)()


@dataclass(slots=True)
class Crew:
    """Several works that run side by side, and are drained together when the house closes.

    async with Crew(clock, chance) as crew:
        crew.add("courier", courier.run, stop=courier.stop)
    """

    clock: Clock
    chance: Chance
    patience: float = PATIENCE
    members: list[Member] = field(default_factory=list)

    def add(self, name: str, work: Work, stop: Stop | None = None) -> None:
        """Begin the work. One without a `stop` holds nothing worth finishing and is cancelled at the end."""
        watch = Watch(name, work, self.clock, self.chance)
        task = asyncio.create_task(watch.run(), name=name)
        self.members.append(Member(watch, task, stop or task.cancel))

    @property
    def failures(self) -> dict[str, int]:
        return {member.watch.name: member.watch.failures for member in self.members}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ask everyone to stop, wait as long as patience lasts, cancel whoever is still at it."""
        for member in self.members:
            member.dismiss()
        tasks = [member.task for member in self.members]
        late = (await asyncio.wait(tasks, timeout=self.patience))[1] if tasks else ()
        for task in late:
            log.warning("%s did not finish in time", task.get_name(), extra={"work": task.get_name()})
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
