"""Money under storm: people buy, VNPAY takes or takes not, tells or tells not, and processes die where fate says.

In the storm, forty minutes long, everything may happen: links opened twice, payments that fail and are made after
all, that come after their time, that are held under suspicion; notices lost, doubled, late, badly signed or of another
amount; a number of the gateway's that comes twice; calls that are not answered, or done without an answer; refunds
asked for by two admins at once. Then it grows calm: a morning process does the chores until nothing is left to do.
till_verdict says what must hold then.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar

from core.clock import MINUTE, SECOND
from core.errors import Refusal
from core.people import Person
from core.table import SHELF_INDEX, Table, TableUnavailable
from infra.sandbox.vnpay import Heard, Transaction, Turned
from payments.cashier import Cashier
from payments.orders import ASKING, PENDING, Order, day_of, gateway_key
from payments.reconciler import EVERY
from payments.refunds import OPEN, Refund
from payments.tills import RefundTold
from tests.storms.mortal import PACES, Killed, Pace, Plan, Process, mortal
from tests.storms.played import Trouble
from tests.storms.simulation import Hands, Report, World
from tests.storms.till import (
    CODE,
    PACKAGES,
    Bank,
    NearVnpay,
    Shop,
    called,
    link_of,
    open_shop,
    place_of,
    within,
)

T = TypeVar("T")

STORMY = 40 * 60  # virtual seconds: a link's time, the grace after it, and the looks at a refund
LONGEST = 10 * 24 * 3_600
CHORE = 60.0  # seconds between two turns of a chore; the house's own are shorter, and do the same more often
AGAIN = (2.0, 9.0)  # seconds after which somebody asks again who was not answered
MOST_ROUNDS = 400  # of the morning; each at least as long as the gateway wants between two questions
TORN = 0.15  # how often somebody cancels at the moment in which something happens at the gateway
DECIDES = 0.5  # how often an admin is quicker than the next query
STUCK_LOOKS = 3  # after so many looks an admin reads the alarm and asks for a refund once more
TILL_PACES = {**PACES, "till": Pace((0.05, 0.4), (0.05, 0.4))}

BEFALLS = (  # what the gateway can be made to do
    "ipn_lost", "ipn_never", "ipn_delayed", "ipn_doubled", "ipn_held", "ipn_bad_hash", "ipn_bad_amount", "ipn_timeout",
    "ipn_reply_lost", "api_5xx", "api_timeout", "api_reply_lost", "api_bad_signature", "api_garbage",
    "refund_99", "refund_99_done", "refund_rejected",
)  # fmt: skip
ENDS = {"paid": 8, "again": 2, "late": 2, "twice": 2, "reused": 1, "24": 2, "51": 1, "07": 1, "left": 2}  # by lot


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad it gets."""

    plan: Plan = field(default_factory=lambda: Plan(most=0))
    people: int = 2
    buys: int = 2  # times each of them comes
    shops: int = 1  # processes
    faults: int = 3  # kinds of them
    table: float = 0.0  # share of its calls that give no sure answer
    refunds: float = 0.5  # share of what was paid
    silent: bool = False  # no notice ever comes


@dataclass(slots=True)
class TillStorm:
    """One run, from the first button to the morning after."""

    world: World
    weather: Weather
    cashier: type[Cashier] = Cashier
    stormy: int = 0  # points passed before it grew calm
    quiet: bool = False  # and in the end nothing was left to do
    rechecked: int = 0  # times an admin asked about what was failed or in review, and paid after all without a notice
    bank: Bank = field(init=False)
    dusk: asyncio.Event = field(init=False)
    lot: random.Random = field(init=False)
    _open: dict[str, tuple[Process, Shop]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lot = random.Random(f"till {self.world.seed}")
        self.bank = Bank(self.world.clock, self.world.seed, self._ring)

    @classmethod
    def brewing(
        cls, seed: int, weather: Weather, table: Table | None = None, cashier: type[Cashier] = Cashier
    ) -> "TillStorm":
        trouble = Trouble(table=weather.table)
        return cls(World(seed, weather.plan, trouble, mouths={}, paces=TILL_PACES, table=table), weather, cashier)

    def rage(self) -> Report:
        with unheard():
            self.world.run(self._tell, until=LONGEST)
        return self.world.report()

    # -- the story --------------------------------------------------------------------------------------------------

    async def _tell(self, world: World) -> None:
        engine = asyncio.create_task(self.bank.gateway.agenda.run())
        self.dusk = asyncio.Event()
        people = await self._acquainted()
        self._befall()
        processes = [world.start(f"shop-{number}", self._live) for number in range(self.weather.shops)]
        lives = [Payer(self, name, person, self.weather.buys).live() for name, person in people.items()]
        await asyncio.gather(*lives, self._refund_by_lot(), asyncio.sleep(STORMY))
        self.stormy = len(world.fate.path)
        self._calm_down()
        self.dusk.set()
        await asyncio.gather(*processes)
        await world.start("morning", self._finish, mortal=False)
        engine.cancel()
        await self.bank.gateway.close()

    async def _acquainted(self) -> dict[str, Person]:
        people: dict[str, Person] = {}

        async def meet(hands: Hands) -> None:
            shop = self._shop(hands)
            people.update({name: await shop.meet(name) for name in map("payer-{}".format, range(self.weather.people))})

        self._doubt(0)
        await self.world.start("notary", meet, mortal=False)
        self._doubt(self.weather.table)
        return people

    def _doubt(self, share: float) -> None:
        if self.weather.table:
            self.world._line._trouble = share  # type: ignore[attr-defined]  # the doubtful line of this world

    def _befall(self) -> None:
        faults = self.bank.gateway.faults
        if self.weather.silent:
            faults.set("ipn_never")
        for kind in self.lot.sample(BEFALLS, self.weather.faults):
            faults.set(kind, times=self.lot.randint(1, 3), copies=3)

    def _calm_down(self) -> None:
        self.world.fate.plan = replace(self.world.fate.plan, most=0)
        self._doubt(0)
        gateway = self.bank.gateway
        gateway.faults.clear("" if not self.weather.silent else "api_5xx")
        gateway.messenger.let_go()

    # -- processes --------------------------------------------------------------------------------------------------

    def _shop(self, hands: Hands) -> Shop:
        line = mortal(self.bank.api, hands.process, "till", TILL_PACES["till"])
        till = NearVnpay(hands.clock, hands.chance, line)
        return open_shop(hands.table, hands.clock, hands.chance, hands.cache, till, cashier=self.cashier)

    async def _live(self, hands: Hands) -> None:
        """One life of a process: whoever comes is served, and the chores are done, until dusk."""
        shop = self._shop(hands)
        self._open[hands.process.name] = hands.process, shop
        turns = [asyncio.create_task(self._turn(hands, chore)) for chore in shop.chores.values()]
        over = asyncio.create_task(self.dusk.wait())
        await asyncio.wait([*turns, over], return_when=asyncio.FIRST_COMPLETED)
        for turn in turns:
            turn.cancel()
        broken = await asyncio.gather(*turns, return_exceptions=True)
        raise_first(broken)

    async def _turn(self, hands: Hands, chore: Callable[[], Awaitable[int]]) -> None:
        while True:
            with suppress(TableUnavailable):
                await chore()
            await hands.clock.sleep(CHORE)

    async def _finish(self, hands: Hands) -> None:
        """The chores until there is nothing to do; an admin looks at the refunds that no answer decides."""
        shop = self._shop(hands)
        self._open = {"morning": (hands.process, shop)}
        for _ in range(MOST_ROUNDS):
            for chore in shop.chores.values():
                await chore()
            for refund in await shop.refunds.open():
                await self._press(shop, refund)
            due = await self._earliest()
            if not due and not self.bank.gateway.agenda._waiting and not await self._recheck(shop):
                self.quiet = True
                return
            await hands.clock.sleep(max(EVERY, due - hands.clock.now()) / SECOND)

    async def _recheck(self, shop: Shop) -> bool:
        """What only their books have as paid, and no notice of ours will bring any more, is asked about by an admin."""
        missing = 0
        for one in self.bank.gateway.all():
            order = await shop.cashier.orders.order(one.ref)
            astray = order.state in ("failed", "review") and one.outcome is not None and one.outcome.status == "00"
            if astray and one.outcome and await self._unused(one.outcome.number):
                await shop.cashier.want(order)
                missing += 1
        self.rechecked += missing
        return bool(missing)

    async def _unused(self, number: str) -> bool:
        """No order of ours was paid under it."""
        return await self.world.table.get(gateway_key(CODE, number)) is None

    async def _press(self, shop: Shop, refund: Refund) -> None:
        if refund.state == "asked" and refund.looks >= STUCK_LOOKS:
            await shop.refunds.refund(refund.ref, "admin", "again")

    async def _earliest(self) -> int:
        """When something is to be done next; 0: nothing is."""
        rows = [await self.world.table.find(SHELF_INDEX, shelf, limit=1) for shelf in (PENDING, ASKING, OPEN)]
        return min((row.number("due") for found in rows for row in found), default=0)

    # -- whoever comes from outside -----------------------------------------------------------------------------------

    async def ask(self, work: Callable[[Shop], Awaitable[T]]) -> T:
        """Asked until a process lives long enough to answer; what it did before it died stands."""
        while True:
            task = self._within(work)
            if task:
                await asyncio.wait({task})
                if not fell(task):
                    return task.result()
            await asyncio.sleep(self.lot.uniform(*AGAIN))

    def _within(self, work: Callable[[Shop], Awaitable[T]]) -> "asyncio.Task[T] | None":
        living = [(process, shop) for process, shop in self._open.values() if not process.dead]
        if not living:
            return None
        process, shop = self.lot.choice(living)
        return within(process, lambda: work(shop))

    async def _ring(self, url: str) -> Heard:
        """The gateway calls; whoever dies over it has not answered."""
        task = self._within(lambda shop: called(shop.gate, url))
        if task is None:
            raise ConnectionError("nobody listens")
        await asyncio.wait({task})
        if fell(task):
            raise ConnectionError("hung up")
        return task.result()

    async def _refund_by_lot(self) -> None:
        """Now and then somebody looks at what was paid, and pays some of it back; sometimes two do at once."""
        seen: set[str] = set()
        while self.world.loop.time() < STORMY:
            await asyncio.sleep(90)
            for order in await self.ask(lambda shop: shop.cashier.orders.paid_on(day_of(self.world.clock.now()))):
                if order.ref not in seen and self.lot.random() < self.weather.refunds:
                    await self._both(lambda ref=order.ref: self._refund(ref))  # type: ignore[misc]  # of this turn
                seen.add(order.ref)
            for refund in await self.ask(lambda shop: shop.refunds.open()):
                await self._decide(refund)

    async def _both(self, deed: Callable[[], Awaitable[object]]) -> None:
        await asyncio.gather(*(deed() for _ in range(self.lot.choice((1, 1, 2)))))

    async def _decide(self, refund: Refund) -> None:
        """Who has looked into the gateway's own books may say what became of it, whatever a query is about to tell."""
        ends = {one.status for one in self.bank.gateway.transaction(refund.ref).refunds}
        if ends and ends <= {"00", "09"} and self.lot.random() < DECIDES:
            told = RefundTold("sent" if "00" in ends else "rejected", code="by hand")
            await self._both(lambda: self.ask(lambda shop: shop.refunds.decide(refund, told)))

    async def _refund(self, ref: str) -> None:
        with suppress(Refusal):
            await self.ask(lambda shop: shop.refunds.refund(ref, "admin", "was asked for"))


@dataclass(slots=True)
class Payer:
    """Somebody who buys, and changes their mind."""

    storm: TillStorm
    name: str
    person: Person
    buys: int

    @property
    def lot(self) -> random.Random:
        return self.storm.lot

    async def live(self) -> None:
        for _ in range(self.buys):
            await asyncio.sleep(self.lot.uniform(0, 120))
            with suppress(Refusal):
                await self._buy()

    async def _buy(self) -> None:
        ends: Sequence[str] = list(ENDS)
        end = self.lot.choices(ends, list(ENDS.values()))[0]
        order = await self._checkout()
        if self.lot.random() < 0.1:
            await asyncio.gather(self._cancel(order), self._follow(order, "paid"))
        elif end == "twice":
            await asyncio.gather(self._follow(order, "paid"), self._follow(order, "paid"))
        else:
            await self._follow(order, end)

    async def _checkout(self) -> Order:
        package, place = self.lot.choice(PACKAGES), place_of(self.name)
        return await self.storm.ask(lambda shop: shop.cashier.checkout(self.person, package, "vnpay", place))

    async def _cancel(self, order: Order) -> None:
        await self.storm.ask(lambda shop: shop.cashier.cancel(order))

    async def _follow(self, order: Order, end: str) -> None:
        """The link, the gateway's pages, and what happens there; then a look at what became of it."""
        opened = await self.storm.ask(lambda shop: shop.cashier.open(order.ref))
        try:
            found = self.storm.bank.gateway.open(link_of(opened))
        except Turned:
            return  # it took so long that the link is over
        await asyncio.sleep(self.lot.choice((5, 40, 100)))
        await asyncio.gather(self._end(found, end), *([self._cancel(opened)] if self.lot.random() < TORN else ()))
        if self.lot.random() < 0.3:
            await self._look_after(opened)

    async def _look_after(self, order: Order) -> None:
        for _ in range(self.lot.choice((1, 2, 7))):
            await self.storm.ask(lambda shop: self._want(shop, order.ref))
            await asyncio.sleep(self.lot.choice((1, 200)))
        if self.lot.random() < 0.5:
            await self._cancel(await self.storm.ask(lambda shop: shop.cashier.orders.order(order.ref)))

    async def _want(self, shop: Shop, ref: str) -> None:
        await shop.cashier.want(await shop.cashier.orders.order(ref))

    async def _end(self, found: Transaction, end: str) -> None:
        gateway = self.storm.bank.gateway
        match end:
            case "left":
                return
            case "paid" | "twice":
                gateway.decide(found, "00")
            case "reused":
                self._reuse(found)
            case "again":  # it failed, and the bank says otherwise later
                gateway.decide(found, self.lot.choice(("51", "24", "07")))
                await asyncio.sleep(self.lot.choice((1, 300)))
                gateway.decide(found, "00", late=True)
            case "late":
                await asyncio.sleep(self.lot.choice((16, 31)) * MINUTE / SECOND)
                gateway.decide(found, "00", late=True)
            case code:
                gateway.decide(found, code)

    def _reuse(self, found: Transaction) -> None:
        """VNPAY gives a number twice: it should never, and must not harm us when it does."""
        gateway = self.storm.bank.gateway
        gateway.end(found, "00")
        others = [one.outcome.number for one in gateway.all() if one.outcome and one.outcome.code == "00"]
        if found.outcome:
            found.outcome = replace(found.outcome, number=self.lot.choice(others))
        gateway.resend(found.ref)


@contextmanager
def unheard() -> Iterator[None]:
    """What the gate says of a table that was too slow is said in every storm."""
    log = logging.getLogger("payments.routes")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False


def fell(task: "asyncio.Task[T]") -> bool:
    """Whether no answer came of it: its process died, or the table gave no sure answer."""
    return task.cancelled() or isinstance(task.exception(), Killed | TableUnavailable)


def raise_first(ended: Sequence[object]) -> None:
    for one in ended:
        if isinstance(one, Exception) and not isinstance(one, asyncio.CancelledError):
            raise one
