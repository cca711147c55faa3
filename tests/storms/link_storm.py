"""A world of wallets: a till that outlives everything, and processes that serve whoever asks, until it grows calm."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from core.audit import every_row
from core.errors import NotLinked, Refusal
from core.jobs import OPEN, Job
from core.table import Refused
from payments.tills import RefundTold
from tests.storms.link_desk import Desk
from tests.storms.mortal import PACES, Pace, Plan, Process
from tests.storms.played_till import PlayedTill
from tests.storms.simulation import Hands, World
from tests.storms.till import within

T = TypeVar("T")

LONGEST = 24 * 3_600  # virtual seconds
AGAIN = (1.0, 4.0)  # after which whoever was not answered asks again
LINK_PACES = {**PACES, "table": Pace((0.001, 0.02), (0.0, 0.01))}


@dataclass(slots=True)
class Storm:
    """One world, its till, and processes that serve whoever asks."""

    seed: int
    plan: Plan
    processes: int = 1
    world: World = field(init=False)
    till: PlayedTill = field(init=False)
    lot: random.Random = field(init=False)
    dusk: asyncio.Event = field(init=False)
    refusals: Counter[str] = field(default_factory=Counter)
    stormy: int = 0  # points passed before it grew calm
    _open: dict[str, tuple[Process, Desk]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world = World(self.seed, self.plan, mouths={}, paces=LINK_PACES)
        self.till, self.lot = PlayedTill(), random.Random(f"links {self.seed}")

    def rage(self, story: Callable[["Storm"], Awaitable[None]]) -> None:
        async def told(world: World) -> None:
            self.dusk = asyncio.Event()
            lives = [world.start(f"house-{number}", self._live) for number in range(self.processes)]
            await story(self)
            self.stormy = len(world.fate.path)
            world.fate.plan = replace(world.fate.plan, most=0)
            self.dusk.set()
            await asyncio.gather(*lives)
            await world.start("morning", self._finish, mortal=False)

        self.world.run(told, until=LONGEST)

    async def _live(self, hands: Hands) -> None:
        self._open[hands.process.name] = hands.process, Desk.of(hands, self.till)
        await self.dusk.wait()

    async def ask(self, work: Callable[[Desk], Awaitable[T]]) -> T:
        """Asked again until a process lives long enough to answer; what it did before it died stands."""
        while True:
            living = [(process, desk) for process, desk in self._open.values() if not process.dead]
            if living:
                process, desk = self.lot.choice(living)
                task = within(process, partial(work, desk))
                await asyncio.wait({task})
                if not task.cancelled() and not process.dead:
                    return task.result()
                _ = task.cancelled() or task.exception()
            await asyncio.sleep(self.lot.uniform(*AGAIN))

    async def tries(self, work: Callable[[Desk], Awaitable[T]]) -> T | None:
        """The same, and a refusal is counted: a clear outcome, too."""
        try:
            return await self.ask(work)
        except NotLinked as refusal:
            self.refusals[refusal.why] += 1
        except (Refusal, Refused) as refusal:
            self.refusals[type(refusal).__name__] += 1
        return None

    async def _finish(self, hands: Hands) -> None:
        """The gateway says once more what it took; what is open is closed, and money on its way arrives."""
        desk = Desk.of(hands, self.till)
        for told in list(self.till.books.values()):
            await desk.cashier.settle(told, "query")
        for refund in await desk.refunds.open():
            await desk.refunds.decide(refund, RefundTold("sent", "1", "00"))
        async for row in every_row(hands.table):
            if row.key.owner.startswith("JOB#") and (job := Job.of(row)).state in OPEN:
                await desk.closings.fail(job, "outage")
