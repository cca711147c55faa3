"""The pages of orders at a real door, on a real disk: nothing else runs, and the clock stands until it is moved."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

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
from payments.orders import Order, Place
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
        response = await self.session.post(path, data=data, headers=headers, allow_redirects=False)
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
        routes = [*web_faces(settings, mouth).routes(), *Pages(house.desk, terminal, outer.caller).routes()]
        door.port = await closing.enter_async_context(serve(build_app(outer, house.ready, routes), HOST, port))
        house.counter.base = door.url
        yield door
        report = await audit(ports.table, ports.blobs, OrderBooks())
        assert report.clean, report.violations
