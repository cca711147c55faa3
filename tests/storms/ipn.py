"""The IPN storm: the gateway calls again and again, all at once and in any order, among calls that lie.

A real house at a real door on loopback, on whichever table. Every order is told as paid by many calls at the same
moment; some had expired, been cancelled or been told as failed before. Among those calls are some with a broken
signature, of another terminal, of a wrong amount, of no order and of a failure; the return page is opened, the
reconciler asks and orders expire while they come. What we answer 99 is called again, as VNPAY does.

The calls are signed with the played gateway's own code, which shares nothing with ours.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from yarl import URL

from bot.house import House
from bot.pages import RETURN, Pages
from bot.server import Door, build_app, serve
from core.audit import audit, every_row
from core.chance import Chance
from core.clock import SECOND
from core.people import Person
from core.table import Table
from infra.aws.call import Place, SignedRoad
from infra.aws.patience import Patience
from infra.aws.table import DynamoTable, create_table
from infra.embedded.table import SqliteTable
from infra.local.clock import WallClock
from infra.sandbox.vnpay.wire import signed_query
from payments.orders import GRACE, LASTS, Order
from payments.orders import Place as Chat
from payments.packages import PACKAGES
from payments.proofs import OrderBooks
from payments.reconciler import EVERY
from payments.routes import IPN, Gate, at_a_loss
from payments.tills import Reason, Told
from payments.vnpay import Terminal
from tests.bench.steps import CHANNEL, build, meet
from tests.servers import Server, played_keys
from tests.storms.played_till import PlayedTill

SECRET, STRANGE = "THE SECRET OF THE TERMINAL", "A SECRET OF SOMEBODY ELSE"
TERMINAL = Terminal("PLAYED01", SECRET, "https://pay.example/pay", "https://pay.example/api")
ELSEWHERE = "PLAYED02"
EACH = 3  # orders of one person
GROUP = 5  # orders whose calls come at one time
AT_ONCE = 96  # calls under way, of whatever order
RETURNS, LIES = 2, 2  # for each order; lies of each kind
SOON = 15.0  # seconds VNPAY waits for an answer
AGAIN = 40  # times a call is made that is answered 99

DUE: Mapping[str, frozenset[str]] = {
    "paid": frozenset({"00", "02"}),
    "failed": frozenset({"00", "02"}),
    "broken": frozenset({"97"}),
    "a stranger's": frozenset({"97"}),
    "of another terminal": frozenset({"01"}),
    "of no order": frozenset({"01"}),
    "of another amount": frozenset({"04"}),
    "return": frozenset({"200"}),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call on its way, and what it is."""

    kind: str
    ref: str
    query: str

    @property
    def path(self) -> str:
        return f"{RETURN if self.kind == 'return' else IPN}?{self.query}"


@dataclass(slots=True)
class Report:
    """What came of it."""

    orders: int
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)  # by kind and code
    confirmed: Counter[str] = field(default_factory=Counter)  # payments answered 00, by order
    deposits: Counter[str] = field(default_factory=Counter)  # by order
    by_query: int = 0  # orders that the reconciler was quickest with
    kept: int = 0  # calls that stand with their order, word for word
    took: list[float] = field(default_factory=list)  # seconds an answer took
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def calls(self) -> int:
        return len(self.took)

    @property
    def p99(self) -> float:
        return sorted(self.took)[len(self.took) * 99 // 100] * 1_000

    @property
    def again(self) -> int:
        """Calls that were answered 99, and made once more."""
        return sum(count for (_, code), count in self.answers.items() if code == "99")


# -- calls ----------------------------------------------------------------------------------------------------------


def notice(told: Told, code: str = "00") -> dict[str, str]:
    """As VNPAY writes it."""
    return {
        "vnp_Amount": str(told.amount * 100),
        "vnp_BankCode": told.bank,
        "vnp_CardType": "ATM",
        "vnp_OrderInfo": f"Nap credit {told.ref}",
        "vnp_PayDate": "20261120080300",
        "vnp_ResponseCode": code,
        "vnp_TmnCode": told.terminal,
        "vnp_TransactionNo": told.number if code == "00" else "0",
        "vnp_TransactionStatus": "00" if code == "00" else "02",
        "vnp_TxnRef": told.ref,
    }


def deliveries(told: Told, copies: int) -> Iterator[Delivery]:
    """All that is said of one order, true and false."""
    said = notice(told)
    true = signed_query(said, SECRET)
    yield from [Delivery("paid", told.ref, true)] * copies
    yield from [Delivery("return", told.ref, true)] * RETURNS
    lies = {
        "failed": signed_query(notice(told, "24"), SECRET),
        "broken": true.replace(f"vnp_Amount={said['vnp_Amount']}", "vnp_Amount=99900000"),
        "a stranger's": signed_query(said, STRANGE),
        "of another terminal": signed_query({**said, "vnp_TmnCode": ELSEWHERE}, SECRET),
        "of no order": signed_query({**said, "vnp_TxnRef": f"NONE{told.ref}"}, SECRET),
        "of another amount": signed_query({**said, "vnp_Amount": str(told.amount * 100 + 100_000)}, SECRET),
    }
    for kind, query in lies.items():
        yield from [Delivery(kind, told.ref, query)] * LIES


# -- the storm ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Storm:
    house: House
    till: PlayedTill
    base: str
    session: aiohttp.ClientSession
    lot: random.Random
    report: Report

    async def rage(self, orders: Sequence[Order], copies: int) -> None:
        began = time.perf_counter()
        for start in range(0, len(orders), GROUP):
            group = orders[start : start + GROUP]
            calls = [one for told in map(self.till.takes, group) for one in deliveries(told, copies)]
            self.lot.shuffle(calls)
            await self._chores(group[:1])  # the gateway answers about one of them before it calls
            await asyncio.gather(self._chores(group[1:]), *map(self._call, calls))
        self.report.seconds = time.perf_counter() - began

    async def _chores(self, group: Sequence[Order]) -> None:
        """In the midst of the calls people ask what became of their order, so the gateway is asked; time jumps."""
        house = self.house
        for order in group:
            await house.cashier.want(await house.cashier.orders.order(order.ref))
            await asyncio.gather(house.reconciler.run(), house.cashier.expire())
            await house.ports.clock.sleep(EVERY / SECOND + 1)

    async def _call(self, one: Delivery) -> None:
        """Until it is answered with something else than 99."""
        for _ in range(AGAIN):
            began = time.perf_counter()
            code = await self._answer(one)
            self.report.took.append(time.perf_counter() - began)
            self.report.answers[one.kind, code] += 1
            if code != "99":
                break
        self.report.confirmed[one.ref] += (one.kind, code) == ("paid", "00")
        if code not in DUE[one.kind]:
            self.report.wrong.append(f"{one.kind} was answered {code}")

    async def _answer(self, one: Delivery) -> str:
        async with self.session.get(URL(f"{self.base}{one.path}", encoded=True)) as answer:
            if one.kind == "return":
                return str(answer.status)
            return str((await answer.json())["RspCode"])


async def run(table: Table, orders: int = 30, copies: int = 32, seed: int = 0) -> Report:
    till, lot, report = PlayedTill(), random.Random(seed), Report(orders)
    house = build(table, [till])
    await house.wake(alone=False)
    made = await ordered(house, orders)
    async with at_the_door(house) as base, caller() as session:
        storm = Storm(house, till, base, session, lot, report)
        await storm.rage(made, copies)
    await judge(house, report, copies)
    return report


async def ordered(house: House, count: int) -> list[Order]:
    """Orders that somebody has opened: a half has expired by now, and of each half some were cancelled or failed."""
    people = [await meet(house, f"payer{number}") for number in range(-(-count // EACH))]
    early = [await opened(house, people[number // EACH], number) for number in range(count // 2)]
    await house.ports.clock.sleep((LASTS + GRACE) / SECOND + 1)
    await house.cashier.expire()
    return early + [await opened(house, people[number // EACH], number) for number in range(count // 2, count)]


async def opened(house: House, person: Person, number: int) -> Order:
    cashier, chat = house.cashier, Chat(CHANNEL, f"payer{number // EACH}")
    order = await cashier.checkout(person, PACKAGES[number % 2], "vnpay", chat)
    order = await cashier.open(order.ref)
    if number % 4 == 1:
        await cashier.cancel(order)
    elif number % 4 == 2:
        await cashier.settle(Told(order.ref, order.terminal, order.amount, "failed", Reason.NO_BALANCE), "call")
    return order


@asynccontextmanager
async def at_the_door(house: House) -> AsyncIterator[str]:
    ports = house.ports
    door = Door(ports.cache, ports.chance, vendor_paths=frozenset({IPN}), faults={IPN: at_a_loss}, requests=10**9)
    gate = Gate(TERMINAL, house.cashier, house.counter.calls, ports.cache, door.caller)
    pages = Pages(house.desk, TERMINAL, door.caller)
    async with serve(build_app(door, house.ready, [*gate.routes(), *pages.routes()]), "127.0.0.1", 0) as port:
        house.counter.base = f"http://127.0.0.1:{port}"
        yield house.counter.base


@asynccontextmanager
async def caller(at_once: int = AT_ONCE) -> AsyncIterator[aiohttp.ClientSession]:
    line = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=line, timeout=aiohttp.ClientTimeout(sock_read=SOON)) as session:
        yield session


async def judge(house: House, report: Report, copies: int) -> None:
    """One deposit an order, every call about it kept, nothing out of step."""
    about = report.orders * (copies + 2 * LIES)  # paid, failed, of another amount
    async for row in every_row(house.ports.table):
        if row.key.name.startswith("TRANSACTION#") and row.text("ref") and row.text("kind") == "topup":
            report.deposits[row.text("ref")] += 1
        elif row.key.owner.startswith("ORDER#") and row.key.name == "META":
            report.by_query += row.text("source") == "query"
        report.kept += row.key.owner.startswith("ORDER#") and row.text("way") == "call"
    doubled = [ref for ref, count in (report.deposits + report.confirmed).items() if count > 2]
    report.wrong += [f"{ref} was credited or confirmed twice" for ref in doubled]
    if report.deposits != Counter(dict.fromkeys(report.deposits, 1)) or report.deposits.total() != report.orders:
        report.wrong.append(f"{report.deposits.total()} deposits for {report.orders} orders")
    if report.kept < about:
        report.wrong.append(f"{report.kept} of {about} calls were kept")
    proof = await audit(house.ports.table, None, OrderBooks())
    report.wrong += [f"{one.rule}: {one.where} {one.detail}" for one in proof.violations]


# -- tables ---------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def on_sqlite() -> AsyncIterator[Table]:
    with TemporaryDirectory() as folder:
        table = SqliteTable.open(str(Path(folder) / "table.db"))
        try:
            yield table
        finally:
            await table.close()


@asynccontextmanager
async def on_dynamo(where: Place) -> AsyncIterator[Table]:
    """On the wall's time: conflicts are real here, and have to be waited out."""
    clock, chance = WallClock(), Chance(random.Random(0))
    async with SignedRoad(played_keys()) as road:
        await create_table(road, where, "imagify", Patience(clock, chance))
        yield DynamoTable(road, where, "imagify", clock, chance)


async def on_the_wall(where: Server[Place] | None, orders: int, copies: int, seed: int) -> Report:
    """On SQLite, or on this server."""
    if where is None:
        async with on_sqlite() as table:
            return await run(table, orders, copies, seed)
    with where() as place:
        async with on_dynamo(place) as table:
            return await run(table, orders, copies, seed)
