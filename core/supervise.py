"""Supervise – restarts failed work after a pause, and drains all work when the house closes.

One of the three borders where any Exception may be caught. A cancellation and every other BaseException (the death of a
simulated process among them) passes through, as it is meant to end the work.
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

FIRST_PAUSE = 0.5  # seconds before the first restart, doubled for each failure in a row
LONGEST_PAUSE = 30.0  # seconds
RECOVERED = 60 * SECOND  # work that ran this long was healthy again, so its next failure is a first one
PATIENCE = 20.0  # seconds that a crew has to finish what it holds

AWAY = (TableUnavailable, Unavailable)

Work: TypeAlias = Callable[[], Awaitable[None]]
Stop: TypeAlias = Callable[[], object]


@dataclass(slots=True)
class Watch:
    """Watch over one `work`, with a count of failures."""

    name: str
    work: Work
    clock: Clock
    chance: Chance
    failures: int = 0  # since the start
    in_a_row: int = 0
    resting: bool = False  # True: between a failure and the next start

    async def run(self) -> None:
        """Run the work to the end."""
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
        """Log `fault`: one line for a store that is away, which is no mistake of ours, else with the traceback."""
        facts = {"work": self.name, "error": self.chance.code(), "in_a_row": self.in_a_row}
        if away := is_away(fault):
            log.warning("%s waits (%s)", self.name, away, extra=facts)
        else:
            log.error("%s failed and will begin again", self.name, extra=facts, exc_info=fault)

    def _count(self, ran: int) -> None:
        self.failures += 1
        self.in_a_row = 1 if ran >= RECOVERED else self.in_a_row + 1

    def _pause(self) -> float:
        """Seconds before the next start: half of a doubling pause, against a busy loop, plus as much jitter."""
        longest = min(LONGEST_PAUSE, math.ldexp(FIRST_PAUSE, min(self.in_a_row - 1, 10)))
        return longest / 2 + self.chance.below(longest / 2)


def is_away(fault: Exception) -> str:
    """Message of `fault` if only stores do not answer, also within a group, else ""."""
    while isinstance(fault, ExceptionGroup):
        known, others = fault.split(AWAY)
        if others or not known:
            return ""
        fault = known.exceptions[0]
    return str(fault) if isinstance(fault, AWAY) else ""


async def supervise(name: str, work: Work, clock: Clock, chance: Chance) -> None:
    """Run `work` to the end, however often `work` fails before."""
    await Watch(name, work, clock, chance).run()


@dataclass(slots=True)
class Member:
    watch: Watch
    task: asyncio.Task[None]
    stop: Stop

    def dismiss(self) -> None:
        """Stop the member. One that pauses after a failure has nothing to finish."""
        (self.task.cancel if self.watch.resting else self.stop)()


@dataclass(slots=True)
class Crew:
    """Crew of works that run side by side, and are drained together when the house closes.

    async with Crew(clock, chance) as crew:
        crew.add("courier", courier.run, stop=courier.stop)
    """

    clock: Clock
    chance: Chance
    patience: float = PATIENCE
    members: list[Member] = field(default_factory=list)

    def add(self, name: str, work: Work, stop: Stop | None = None) -> None:
        """Start `work`. Without a `stop` there is nothing to finish, and the work is cancelled at the end."""
        watch = Watch(name, work, self.clock, self.chance)
        task = asyncio.create_task(watch.run(), name=name)
        self.members.append(Member(watch, task, stop or task.cancel))

    @property
    def failures(self) -> dict[str, int]:
        return {member.watch.name: member.watch.failures for member in self.members}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop every member, wait as long as `patience`, and cancel the rest."""
        for member in self.members:
            member.dismiss()
        tasks = [member.task for member in self.members]
        late = (await asyncio.wait(tasks, timeout=self.patience))[1] if tasks else ()
        for task in late:
            log.warning("%s did not finish in time", task.get_name(), extra={"work": task.get_name()})
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
