"""The pages of orders at a real door, on a real disk: nothing else runs, and the clock stands until it is moved."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientResponse, ClientSession
from yarl import URL

from bot.app import plan, web_faces
from bot.house import House
from bot.pages import Pages
from bot.progress import Progresses
from bot.server import Door, build_app, serve
from bot.web.live import Mouth
from bot.web.messages import Messages
from bot.web.tokens import Signer
from core.audit import audit
from core.people import CONSENT_VERSION, Person
from core.ports import Wing
from infra import embedded
from payments.orders import GRACE, LASTS, Order, Place
from payments.packages import Package
from payments.proofs import OrderBooks
from payments.tills import Reason, RefundTold, Told
from payments.vnpay import Terminal
from payments.vnpay_client import Vnpay
from tests.bot.homes import settings_of
from tests.clocks import SetClock
from tests.payments.gateway import NOTICE, TERMINAL, notice

FIFTY = Package(50_000, 55)
HOST = "127.0.0.1"
A_WHILE = LASTS // 1_000 + 1  # seconds after which a link is over
LONG = A_WHILE + GRACE // 1_000  # and nobody can still be at the gateway


class NeverAsked(Vnpay):
    """The till as the pages see it. Its vendor takes whatever it is asked to pay back."""

    async def refund(self, *_: object, **__: object) -> RefundTold:
        return RefundTold("accepted", number="15300000")


@dataclass
class TillDoor:
    house: House
    clock: SetClock
    session: ClientSession
    person: Person
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    # -- what a person does -------------------------------------------------------------------------------------------

    async def orders(self, package: Package = FIFTY, channel: str = "web") -> Order:
        """The button of a package, pressed in a chat."""
        return await self.house.cashier.checkout(self.person, package, "vnpay", Place(channel, "chat", "m1"))

    async def opens(self) -> Order:
        return await self.house.cashier.open((await self.orders()).ref)

    async def asks(self, path: str, method: str = "GET", **headers: str) -> ClientResponse:
        """What is answered there, read to its end."""
        whole = URL(f"{self.url}{path}", encoded=True)
        response = await self.session.request(method, whole, headers=headers, allow_redirects=False)
        await response.read()
        return response

    async def sees(self, order: Order, language: str = "vi") -> str:
        return await (await self.asks(f"/p/{order.ref}?lang={language}")).text()

    async def pays(self, order: Order, form: Mapping[str, str] | str = "", **headers: str) -> ClientResponse:
        """The button of its page, pressed."""
        path, data = f"{self.url}/p/{order.ref}/pay", form if isinstance(form, str) else dict(form)
        where = headers or {"Origin": self.url}  # as a browser says it
        response = await self.session.post(path, data=data, headers=where, allow_redirects=False)
        await response.read()
        return response

    async def comes_back(self, order: Order, code: str = "00", **changes: str) -> ClientResponse:
        """From the gateway, which signs what it says."""
        return await self.asks(f"/vnpay/return?{returning(order, code, **changes)}")

    # -- what a gateway says ------------------------------------------------------------------------------------------

    def told(self, order: Order, **facts: object) -> Told:
        paid = Told(order.ref, order.terminal, order.amount, "paid", Reason.OK, number="15200000", bank="NCB")
        return replace(paid, **facts)  # type: ignore[arg-type]  # fields of what is told

    async def is_told(self, order: Order, **facts: object) -> Order:
        await self.house.cashier.settle(self.told(order, **facts), "call")
        return await self.stands(order)

    # -- how things stand ---------------------------------------------------------------------------------------------

    async def stands(self, order: Order) -> Order:
        return await self.house.cashier.orders.order(order.ref)

    async def newest(self) -> Order:
        order = await self.house.cashier.orders.newest(self.person.id)
        assert order
        return order

    async def free(self) -> int:
        return (await self.house.ledger.purse(self.person.id)).free


def returning(order: Order, code: str = "00", **changes: str) -> str:
    """What the gateway's page carries back, in its own hand."""
    status = "00" if code == "00" else "02"
    said = {"vnp_TxnRef": order.ref, "vnp_Amount": f"{order.amount}00", "vnp_ResponseCode": code}
    return notice({**NOTICE, **said, "vnp_TransactionStatus": status, **changes})


@asynccontextmanager
async def till_door(
    home: Path, *, play: bool = False, terminal: Terminal = TERMINAL, port: int = 0
) -> AsyncIterator[TillDoor]:
    """Afterwards the whole ledger is proved."""
    async with AsyncExitStack() as closing:
        wing = await closing.enter_async_context(embedded.open(home))
        clock = SetClock()
        ports = replace(wing.ports, clock=clock)
        till = NeverAsked(terminal, clock, ports.chance)
        closing.push_async_callback(till.close)
        settings = settings_of(home)
        house = House(
            Wing(ports, wing.secret, wing.vendors, alone=True), replace(plan(settings, wing), play=play), [], [till]
        )
        await house.wake(alone=True)
        met = await house.people.greet("web", "5550123", "vi")
        session = await closing.enter_async_context(ClientSession())
        door = TillDoor(house, clock, session, await house.people.agree(met, CONSENT_VERSION, "web"))
        signer = Signer((b"known to the tests",))
        mouth = Mouth(
            house.desk,
            house.inbox,
            Messages(ports.table, ports.cache, clock, signer),
            signer,
            Progresses(clock, house.places, house.pace),
        )
        outer = Door(cache=ports.cache, chance=ports.chance, requests=100_000)
        routes = [
            *web_faces(settings, mouth).routes(),
            *Pages(house.desk, terminal, outer.caller).routes(),
        ]
        door.port = await closing.enter_async_context(serve(build_app(outer, house.ready, routes), HOST, port))
        house.counter.base = door.url
        yield door
        report = await audit(ports.table, ports.blobs, OrderBooks())
        assert report.clean, report.violations


# --- what is read, and orders that have come a way


class Words(HTMLParser):
    """What is read on a page, and what is on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", list[tuple[str, Mapping[str, str | None]]]()
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += f" {data.strip()}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str, name: str) -> list[str | None]:
        """The attribute of that name of every such tag."""
        return [attrs.get(name) for one, attrs in self.tags if one == tag]


async def reaches(door: TillDoor, standing: str) -> Order:
    """An order that has come to stand so."""
    match standing:
        case "open":
            return await door.orders()
        case "opened":
            return await door.opens()
        case "expired":
            order = await door.orders()
            door.clock.pass_by(A_WHILE)
            return order
        case "cancelled":
            return await door.house.cashier.cancel(await door.orders())
        case "failed":
            return await door.is_told(await door.opens(), verdict="failed", reason=Reason.WRONG_OTP, number="")
        case "replaced":
            order = await door.opens()
            await door.house.cashier.open(order.ref)
            return order
        case "review":
            return await door.is_told(await door.opens(), verdict="review", reason=Reason.SUSPECT)
        case "paid":
            return await door.is_told(await door.opens())
    return await is_paid_back(door, done=standing == "refunded")


async def is_paid_back(door: TillDoor, *, done: bool) -> Order:
    order = await door.is_told(await door.opens())
    refund = await door.house.refunds.refund(order.ref, by="boss", why="asked")
    if done:
        await door.house.refunds.decide(refund, RefundTold("sent"))
    return await door.stands(order)


async def back_from(door: TillDoor, standing: str) -> Order:
    """An order that was opened at the gateway and has come to stand so since."""
    order = await door.opens()
    match standing:
        case "expired":
            door.clock.pass_by(LONG)
            await door.house.cashier.expire()
        case "cancelled":
            await door.house.cashier.cancel(order)
        case "replaced":
            await door.house.cashier.open(order.ref)
    return await door.stands(order)


def query_of(answer: ClientResponse) -> dict[str, str]:
    said = parse_qs(urlsplit(answer.headers["Location"]).query, strict_parsing=True)
    return {name: value for name, (value,) in said.items()}
