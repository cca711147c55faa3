"""The shop that is killed for real: a few people who buy without rest, an admin who pays some of it back, the chores.

VNPAY is in the parent, over HTTP, so it remembers what the killed one does not. Time runs `SPEED` times as fast as on
the wall in both, so that links, grace and the limit on questions have their true lengths and still come round.

python -m tests.storms.killed_till STAGE
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from json import dumps, loads
from pathlib import Path
from random import Random

from bot.server import Door, build_app, serve
from core.chance import Chance
from core.clock import MINUTE
from core.errors import Refusal
from core.people import Person
from core.table import SHELF_INDEX
from infra.embedded.cache import DictCache
from infra.embedded.table import SqliteTable
from payments.orders import ASKING, PENDING, Order, day_of
from payments.refunds import Refund
from payments.routes import IPN, at_a_loss
from payments.vnpay import Terminal
from payments.vnpay_client import Vnpay
from tests.storms.hurried import Hurried
from tests.storms.till import CODE, PACKAGES, SECRET, Shop, link_of, open_shop, place_of

SPEED = 1_800  # five minutes are a sixth of a second
PEOPLE = [f"payer{number}" for number in range(3)]
PAUSE = 0.25  # seconds on the wall a person thinks at most
ASKED_BY = 60 * MINUTE  # after which nobody is on the gateway's pages any more
CHORE = 0.05  # seconds on the wall between two turns of a chore
LIFE = 150.0  # seconds on the wall after which a process that nobody kills ends by itself
CANCELS, REFUNDS = 0.1, 0.2
STUCK_LOOKS = 2  # after so many an admin asks for a refund once more


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one life plays."""

    table: str
    log: str
    seed: int
    life: int
    epoch: int  # milliseconds since 1970: when time began to run fast
    api_url: str
    port: int
    settle: bool = False  # nobody buys any more: finish what was begun, and end

    def written(self) -> str:
        return dumps(asdict(self))


class Log:
    """What somebody was told, outside of the store: a line of a file, and of a pipe by which the killer watches."""

    def __init__(self, path: str, life: int) -> None:
        self._life, self._file = life, os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def tell(self, what: str, ref: str = "", link: str = "") -> None:
        line = f"{dumps([self._life, what, ref, link])}\n".encode()
        os.write(self._file, line)
        os.write(sys.stdout.fileno(), line)


# -- who comes ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Life:
    shop: Shop
    clock: Hurried
    log: Log
    lot: Random

    async def everybody(self) -> None:
        people = {name: await self.shop.meet(name) for name in PEOPLE}
        async with asyncio.TaskGroup() as group:
            for name, person in people.items():
                group.create_task(self._buys(name, person))
            group.create_task(self._pays_back())

    async def _buys(self, name: str, person: Person) -> None:
        cashier = self.shop.cashier
        while True:
            order = await cashier.checkout(person, self.lot.choice(PACKAGES), "vnpay", place_of(name))
            self.log.tell("ordered", order.ref)
            with suppress(Refusal):
                await self._follows(await cashier.open(order.ref))
            await asyncio.sleep(self.lot.uniform(0, PAUSE))

    async def _follows(self, order: Order) -> None:
        self.log.tell("opened", order.ref, link_of(order))
        if self.lot.random() < CANCELS:
            await asyncio.sleep(self.lot.uniform(0, PAUSE))
            await self.shop.cashier.cancel(order)

    async def _pays_back(self) -> None:
        seen: set[str] = set()
        while True:
            await asyncio.sleep(self.lot.uniform(0, 2 * PAUSE))
            for order in await self.shop.cashier.orders.paid_on(day_of(self.clock.now())):
                if order.ref not in seen and self.lot.random() < REFUNDS:
                    await self._refund(order.ref)
                seen.add(order.ref)

    async def _refund(self, ref: str) -> None:
        with suppress(Refusal):
            await self.shop.refunds.refund(ref, "admin", "was asked for")
            self.log.tell("refunding", ref)

    # -- the last life ----------------------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Until nothing is pending, no refund open and whatever may have been paid in silence was asked about; an
        admin helps those that no answer decides.
        """
        while await self._busy():
            for refund in await self.shop.refunds.open():
                await self._press(refund)
            await asyncio.sleep(CHORE)

    async def _busy(self) -> bool:
        pending = await self.shop.table.find(SHELF_INDEX, PENDING, limit=1)
        return bool(pending or await self.shop.refunds.open() or await self._unasked())

    async def _unasked(self) -> bool:
        """On a slow machine even a call that comes may be too late for the gateway: then only asking tells."""
        asking = self.shop.cashier.orders.shelved(ASKING)
        return any([order.due <= order.opened_at + ASKED_BY async for order in asking])

    async def _press(self, refund: Refund) -> None:
        if refund.state == "asked" and refund.looks >= STUCK_LOOKS:
            await self._refund(refund.ref)


async def turns(chore: Callable[[], Awaitable[int]]) -> None:
    while True:
        with suppress(Refusal):
            await chore()
        await asyncio.sleep(CHORE)


async def ready() -> Mapping[str, bool]:
    return {}


async def live(stage: Stage) -> None:
    clock, chance, log = Hurried(SPEED, stage.epoch), Chance(), Log(stage.log, stage.life)
    table = SqliteTable.open(str(Path(stage.table)))
    vnpay = Vnpay(Terminal(CODE, SECRET, "http://127.0.0.1/pay", stage.api_url), clock, chance)
    cache = DictCache(clock)
    shop = open_shop(table, clock, chance, cache, vnpay)
    life = Life(shop, clock, log, Random(f"{stage.seed} {stage.life}"))
    door = Door(cache, chance, vendor_paths=frozenset({IPN}), faults={IPN: at_a_loss})
    async with asyncio.timeout(LIFE), serve(build_app(door, ready, shop.gate.routes()), "127.0.0.1", stage.port):
        log.tell("began")
        chores = [asyncio.create_task(turns(chore)) for chore in shop.chores.values()]
        await (life.settle() if stage.settle else life.everybody())
        for chore in chores:
            chore.cancel()
    await vnpay.close()
    await table.close()


if __name__ == "__main__":
    asyncio.run(live(Stage(**loads(sys.argv[1]))))
