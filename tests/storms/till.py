"""The shop alone, and VNPAY beside it: the nouns of paying as one process has them, and a gateway that outlives it.

The gateway is infra/sandbox/vnpay without its sockets, so both ends of the wire are real: what the house signs is
verified by code that shares nothing with it, and the other way round. What it holds as paid is the truth.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Context
from dataclasses import dataclass
from typing import Any, TypeVar

from yarl import URL

from core.addresses import Addresses
from core.alarms import Alarms
from core.cache import Cache
from core.chance import Chance
from core.clock import SECOND, Clock
from core.ledger import Ledger
from core.people import CONSENT_VERSION, People, Person
from core.table import Table
from infra.sandbox.vnpay import Answer, Gateway, Heard
from infra.sandbox.vnpay import Clock as BankClock
from infra.sandbox.vnpay import Terminal as PlayedTerminal
from payments.calls import Calls
from payments.cashier import Cashier
from payments.orders import Order, Place
from payments.packages import Package
from payments.reconciler import Reconciler
from payments.refunds import Refunds
from payments.routes import IPN, Gate
from payments.tills import Till
from payments.vnpay import Payment, Terminal, pay_url
from payments.vnpay_client import OutOfReach, Vnpay, read_json
from tests.storms.mortal import OWNER, Process

T = TypeVar("T")

CODE, SECRET = "PLAYED01", "A SECRET OF THE PLAYED TERMINAL"
TERMINAL = Terminal(CODE, SECRET, "http://127.0.0.1/pay", "http://127.0.0.1/api")
HERE, BACK = f"http://127.0.0.1{IPN}", "http://127.0.0.1/vnpay/return"
CHANNEL = "telegram"
PACKAGES = (Package(20_000, 20), Package(50_000, 55))
SILENCE = 15.0  # seconds the house waits for an answer that does not come


# -- ours -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything that selling takes."""

    table: Table
    ledger: Ledger
    people: People
    cashier: Cashier
    refunds: Refunds
    reconciler: Reconciler
    gate: Gate

    @property
    def chores(self) -> Mapping[str, Callable[[], Awaitable[int]]]:
        return {"expire": self.cashier.expire, "reconcile": self.reconciler.run, "revive": self.refunds.revive}

    async def meet(self, name: str) -> Person:
        """Somebody who has agreed, and has nothing yet."""
        person = await self.people.greet(CHANNEL, name, "vi")
        return await self.people.agree(person, CONSENT_VERSION, CHANNEL)


def open_shop(
    table: Table,
    clock: Clock,
    chance: Chance,
    cache: Cache,
    till: Till,
    *,
    cashier: type[Cashier] = Cashier,
    callers: frozenset[str] = frozenset(),
) -> Shop:
    ledger = Ledger(table, clock)
    addresses = Addresses(table, clock, chance, (b"a till",), {})
    alarms = Alarms(table, addresses, clock, chance, frozenset({CHANNEL}))
    desk = cashier(table, clock, chance, ledger, alarms, [till])
    refunds = Refunds(table, clock, ledger, desk, alarms)
    return Shop(
        table=table,
        ledger=ledger,
        people=People(table, clock, chance, ledger, addresses),
        cashier=desk,
        refunds=refunds,
        reconciler=Reconciler(table, clock, desk, refunds),
        gate=Gate(TERMINAL, desk, Calls(table, clock, chance), cache, lambda _: "127.0.0.1", callers),
    )


def link_of(order: Order) -> str:
    """Where the person goes, as our pages send them."""
    payment = Payment(order.ref, order.amount, order.created, order.expires, "Imagify credit", BACK, "127.0.0.1")
    return pay_url(TERMINAL, payment)


def place_of(name: str) -> Place:
    return Place(CHANNEL, name)


class NearVnpay(Vnpay):
    """The house's own client, whose two calls go along a line of this world instead of the network."""

    def __init__(self, clock: Clock, chance: Chance, line: "ApiLine") -> None:
        super().__init__(TERMINAL, clock, chance)
        self._line = line

    async def _asked(self, body: Mapping[str, str]) -> object:
        answer = await self._line.post(json.dumps(body).encode())
        if answer.wait is not None or answer.status != 200:
            raise OutOfReach(f"status {answer.status}")
        return read_json(answer.body)


class Knock:
    """As much of a request as the gate looks at."""

    def __init__(self, url: str) -> None:
        self.rel_url = URL(url, encoded=True)


async def called(gate: Gate, url: str) -> Heard:
    """The gate, as a caller over HTTP finds it."""
    knock: Any = Knock(url)
    answer = await gate.ipn(knock)
    assert isinstance(answer.body, bytes)
    return Heard(answer.status, answer.body)


# -- theirs ---------------------------------------------------------------------------------------------------------


class ApiLine:
    """The way to VNPAY's two calls; remembers when it was asked what became of an order."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.queries: list[float] = []
        self.too_often = 0

    async def post(self, raw: bytes) -> Answer:
        asks = json.loads(raw)["vnp_Command"] == "querydr"
        if asks:
            self.queries.append(self._gateway.clock.now())
        answer = await self._gateway.answer(raw)
        self.too_often += asks and b'"94"' in answer.body
        if answer.wait is not None:
            await asyncio.sleep(SILENCE)
        return answer


class Bank:
    """VNPAY for as long as a world stands: on its time, its lots drawn from the world's seed."""

    def __init__(self, clock: Clock, seed: int, ring: Callable[[str], Awaitable[Heard]]) -> None:
        terminal = PlayedTerminal(CODE, SECRET, HERE)
        time = BankClock(1.0, wall=lambda: clock.now() / SECOND)
        self.gateway = Gateway([terminal], ring, clock=time, lot=random.Random(f"bank {seed}"))
        self.api = ApiLine(self.gateway)


def within(process: Process, work: Callable[[], Awaitable[T]]) -> "asyncio.Task[T]":
    """Work that a process does because somebody outside asked for it; it ends with the process."""

    async def run() -> T:
        return await work()

    context = Context()
    context.run(OWNER.set, process)
    return asyncio.get_running_loop().create_task(run(), context=context)
