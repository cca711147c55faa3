"""What tests of the till stand on: orders made by hand, and a gateway's word of them."""

from dataclasses import replace

from core.ledger import Purse
from core.news import News
from payments.orders import Order, Place
from payments.packages import Package
from payments.tills import Reason, Told
from tests.house import Imagify, Speaker

FIFTY = Package(50_000, 55)
TWENTY = Package(20_000, 20)


class Desk:
    """A person at the till, step by step."""

    def __init__(self, imagify: Imagify, an: Speaker) -> None:
        self.imagify, self.an = imagify, an
        self.cashier = imagify.house.cashier
        self._numbers = 14_000_000

    async def orders(self, package: Package = FIFTY) -> Order:
        return await self.cashier.checkout(self.an.person, package, "vnpay", self.place)

    async def opens(self, package: Package = FIFTY) -> Order:
        return await self.cashier.open((await self.orders(package)).ref)

    @property
    def place(self) -> Place:
        return Place(self.an.address.channel, self.an.chat)

    def told(self, order: Order, **facts: object) -> Told:
        """The gateway's word that it was paid, unless it says otherwise."""
        self._numbers += 1
        paid = Told(order.ref, order.terminal, order.amount, "paid", Reason.OK, number=str(self._numbers), bank="NCB")
        return replace(paid, **facts)  # type: ignore[arg-type]  # fields of what is told

    def failure(self, order: Order, reason: Reason = Reason.CANCELLED) -> Told:
        return self.told(order, verdict="failed", reason=reason, number="")

    async def pays(self, order: Order, source: str = "call") -> str:
        return (await self.cashier.settle(self.told(order), source)).outcome

    async def now(self, order: Order) -> Order:
        """As it stands."""
        return await self.cashier.orders.order(order.ref)

    async def purse(self) -> Purse:
        return await self.imagify.house.ledger.purse(self.an.person.id)

    async def news(self) -> list[News]:
        return [news for news in await self.imagify.due() if news.order]

    async def told_of(self) -> list[str]:
        """What waits to be told, by kind, the oldest first."""
        return [news.kind for news in sorted(await self.news(), key=lambda news: news.id)]
