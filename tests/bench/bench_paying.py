"""What paying takes: from the package's button to its link, to the gateway, and from the gateway's call to its answer.

The house is the embedded one in a folder of its own, with its real table and inbox; the gateway is played. The bills
are those of DynamoDB, as bench_dynamo counts them.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import aiohttp
from yarl import URL

from bot import settings
from bot.app import plan
from bot.channel import Heard
from bot.house import House
from bot.replies import Reply
from core.people import CONSENT_VERSION, Person
from core.supervise import Crew
from infra import embedded
from infra.sandbox.vnpay.wire import signed_query
from payments.orders import Order, Place
from payments.packages import PACKAGES, Package
from payments.routes import IPN
from tests.bench.bench_dynamo import Bill, counting, once
from tests.bench.paper import Cell, Paper
from tests.bench.steps import build, meet, there
from tests.storms.ipn import SECRET, at_the_door, caller, notice
from tests.storms.played import PlayedChannel
from tests.storms.played_till import PlayedTill

T = TypeVar("T")

PEOPLE = 400
CONNECTIONS = 32
CHANNEL = "telegram"
SPEED = ("on the embedded house", "times", "p50 ms", "p99 ms", "a second")
COST = ("on DynamoDB", "trips", "reads", "writes", "parts", "read units", "write units")


class Doorbell(PlayedChannel):
    """A channel that says when something has reached it."""

    def __init__(self) -> None:
        super().__init__(CHANNEL, random.Random(1))
        self.rang = asyncio.Event()

    async def send(self, chat: str, reply: Reply, replaces: str = "", once: str = "") -> str:
        message = await super().send(chat, reply, replaces, once)
        self.rang.set()
        return message


async def measure() -> list[Paper]:
    async with opened() as (house, channel, till):
        people = [await met(house, number) for number in range(PEOPLE)]
        lines = [
            await pressed(house, channel, people),
            *await followed(house, till, people),
            *await settled(house, till, people),
        ]
    return [Paper(SPEED, lines), Paper(COST, [costs(name, bill) for name, bill in (await bills()).items()])]


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[House, Doorbell, PlayedTill]]:
    channel, till = Doorbell(), PlayedTill()
    with tempfile.TemporaryDirectory() as home:
        async with embedded.open(Path(home)) as wing:
            house = House(wing, plan(settings.read(home=Path(home)), wing), [channel], [till])
            await house.wake(alone=True)
            house.counter.base = "https://imagify.example"
            async with Crew(wing.ports.clock, wing.ports.chance) as crew:
                crew.add("inbox", house.inbox.run)
                yield house, channel, till


async def met(house: House, number: int) -> Person:
    person = await house.people.greet(CHANNEL, f"{1_000 + number}", "vi")
    return await house.people.agree(person, CONSENT_VERSION, CHANNEL)


# -- how long it takes ----------------------------------------------------------------------------------------------


async def pressed(house: House, channel: Doorbell, people: Sequence[Person]) -> tuple[Cell, ...]:
    """A package's button, as a mouth hands it over, until the answer with the link is with the channel."""
    took = []
    for number, person in enumerate(people):
        heard = Heard(person.addresses[0], f"{number:09}", action=f"topup:{PACKAGES[0].vnd}", language="vi")
        channel.rang.clear()
        began = time.perf_counter()
        await house.inbox.keep(f"{CHANNEL}:{person.addresses[0].chat}", heard.update, heard.row())
        await channel.rang.wait()
        took.append(time.perf_counter() - began)
    assert all("/p/" in str(channel.shown(person.addresses[0].chat)[-1]) for person in people), "no link was shown"
    return line("package pressed to its link", took)


async def followed(house: House, till: PlayedTill, people: Sequence[Person]) -> list[tuple[Cell, ...]]:
    """The page's button to the redirect; then the gateway calls, along one connection and along many."""
    orders = [there(await house.cashier.orders.newest(person.id)) for person in people]
    async with at_the_door(house) as base, caller(CONNECTIONS) as session:
        opening = await one_by_one(lambda order: posted(session, f"{base}/p/{order.ref}/pay"), orders)
        links = [f"{base}{IPN}?{signed_query(notice(till.takes(order)), SECRET)}" for order in orders]
        first, half = links[: PEOPLE // 2], links[PEOPLE // 2 :]
        alone = await one_by_one(lambda url: got(session, url), first)
        together, seconds = await at_once(lambda url: got(session, url), half)
        again, seconds_again = await at_once(lambda url: got(session, url), links * 4)
    return [
        line("POST /p/…/pay to the 303", opening),
        line("IPN to its answer, 1 connection", alone),
        line(f"IPN to its answer, {CONNECTIONS} connections", together, seconds),
        line(f"the same told again, {CONNECTIONS} connections", again, seconds_again),
    ]


async def settled(house: House, till: PlayedTill, people: Sequence[Person]) -> list[tuple[Cell, ...]]:
    """The move alone, one after the other and many at once."""
    half = PEOPLE // 2
    lines = []
    for name, some in (("settle, one by one", people[:half]), (f"settle, {CONNECTIONS} at once", people[half:])):
        told = [till.takes(order) for order in [await ordered(house, person, PACKAGES[1]) for person in some]]
        if name.endswith("once"):
            lines.append(line(name, *await at_once(lambda one: house.cashier.settle(one, "call"), told)))
        else:
            lines.append(line(name, await one_by_one(lambda one: house.cashier.settle(one, "call"), told)))
    return lines


async def ordered(house: House, person: Person, package: Package) -> Order:
    address = person.addresses[0]
    order = await house.cashier.checkout(person, package, "vnpay", Place(address.channel, address.chat))
    return await house.cashier.open(order.ref)


async def posted(session: aiohttp.ClientSession, url: str) -> None:
    by = {"Origin": url.partition("/p/")[0]}
    async with session.post(url, headers=by, allow_redirects=False) as answer:
        assert answer.status == 303, f"status {answer.status}"


async def got(session: aiohttp.ClientSession, url: str) -> None:
    async with session.get(URL(url, encoded=True)) as answer:
        assert (await answer.json())["RspCode"] in ("00", "02")


# -- timing ---------------------------------------------------------------------------------------------------------


async def one_by_one(do: Callable[[T], Awaitable[object]], all_: Sequence[T]) -> list[float]:
    return [await timed(do(one)) for one in all_]


async def at_once(do: Callable[[T], Awaitable[object]], all_: Sequence[T]) -> tuple[list[float], float]:
    """So many at a time, and the seconds of all together."""
    took: list[float] = []
    waiting: Iterator[T] = iter(all_)

    async def hand() -> None:
        took.extend([await timed(do(one)) for one in waiting])

    seconds = await timed(asyncio.gather(*(hand() for _ in range(CONNECTIONS))))
    return took, seconds


async def timed(what: Awaitable[object]) -> float:
    began = time.perf_counter()
    await what
    return time.perf_counter() - began


def line(name: str, took: Sequence[float], seconds: float = 0.0) -> tuple[Cell, ...]:
    sorted_ = sorted(one * 1_000 for one in took)
    p50, p99 = (sorted_[len(sorted_) * part // 100] for part in (50, 99))
    return name, len(took), p50, p99, round(len(took) / (seconds or sum(took)))


# -- what it costs --------------------------------------------------------------------------------------------------


async def bills() -> dict[str, Bill]:
    """Each step of an order on a table that counts."""
    async with counting() as table:
        till = PlayedTill()
        till.will_refund("accepted")
        house = build(table, [till])
        person = await meet(house, "5550123")
        made: list[Order] = []
        place = Place("zalo", "5550123")

        async def checkout() -> None:
            made.append(await house.cashier.checkout(person, PACKAGES[1], "vnpay", place))

        cashier, refunds = house.cashier, house.refunds
        found = {"checkout": await once(table, checkout)}
        order = made[0]
        found["open"] = await once(table, lambda: cashier.open(order.ref))
        told = till.takes(await cashier.orders.order(order.ref))
        found["settle"] = await once(table, lambda: cashier.settle(told, "call"))
        found["settle, told again"] = await once(table, lambda: cashier.settle(told, "call"))
        found["refund, begun and asked for"] = await once(table, lambda: refunds.refund(order.ref, "admin", "why"))
        till.pays_back(order.ref, "sent")
        (refund,) = await refunds.open()
        found["refund, done"] = await once(table, lambda: refunds.look(refund, till))
    return {**found, "= all of the above": sum(found.values(), Bill())}


def costs(name: str, bill: Bill) -> tuple[Cell, ...]:
    reads = bill.round_trips - bill.writes
    return name, bill.round_trips, reads, bill.writes, bill.parts, bill.read_units, bill.write_units
