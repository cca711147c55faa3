"""Telegram's counter for Stars, played: what it took stands in its list, and goes back once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from bot.house import House
from core.clock import MINUTE
from payments.orders import Order, Orders
from payments.stars import TOLD_WITHIN, NotTold, StarsRow, StarsTill
from payments.tills import RefundTold
from tests.house import Imagify, Speaker
from tests.storms.loop import SimClock

BOT = "123456"
A_WHILE = (TOLD_WITHIN + MINUTE) / 1_000  # seconds after which a walk looks at it


@dataclass
class PlayedStars:
    """Telegram as the till speaks to it."""

    clock: SimClock
    rows: list[StarsRow | None] = field(default_factory=list)
    deaf: int = 0  # one more than there are walks without an answer
    asked: list[int] = field(default_factory=list)  # offsets
    given_back: list[str] = field(default_factory=list)
    silent_refunds: int = 0  # one more than go without an answer
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def takes(self, order: Order, payer: str, **other: object) -> StarsRow:
        """Somebody has paid."""
        number = f"stx{next(self.numbers):04}" + "A" * 80
        row = StarsRow(order.ref, payer, order.amount, number, at=self.clock.now())
        row = replace(row, **other)  # type: ignore[arg-type]  # fields of a row
        self.rows.append(row)
        return row

    def gives_back(self, row: StarsRow) -> StarsRow:
        """In Telegram's own app, or because we asked."""
        back = replace(row, back=True, at=self.clock.now())
        self.rows.append(back)
        return back

    async def refund(self, payer: str, number: str) -> RefundTold:
        self.silent_refunds -= self.silent_refunds > 0
        if self.silent_refunds:
            return RefundTold("unknown")
        row = next((one for one in self.rows if one and (one.number, one.payer) == (number, payer)), None)
        if row is None:
            return RefundTold("rejected", code="CHARGE_ID_INVALID")
        if not any(one and one.back and one.number == number for one in self.rows):
            self.gives_back(row)
            self.given_back.append(number)
        return RefundTold("sent", number)

    async def transactions(self, offset: int, limit: int) -> Sequence[StarsRow | None]:
        self.asked.append(offset)
        self.deaf -= self.deaf > 0
        if self.deaf:
            raise NotTold("network")
        return self.rows[offset : offset + limit]


@dataclass
class StarsDesk:
    """A house that takes Stars, and a person in its Telegram."""

    imagify: Imagify
    telegram: PlayedStars
    an: Speaker

    @property
    def house(self) -> House:
        return self.imagify.house

    async def orders(self, vnd: int = 50_000) -> Order:
        """By the buttons: the package, then the way."""
        await self.an.acts(f"topup:{vnd}:stars")
        return await self.an.newest_order()

    async def is_told(self, row: StarsRow, update: str = "") -> None:
        """The update comes in as Telegram's mouth hands it over."""
        kind = "stars_refunded" if row.back else "stars_paid"
        await self.an.acts(f"{kind}:{row.currency}:{row.amount}:{row.number}:{row.ref}", update)

    async def pays(self, order: Order) -> StarsRow:
        row = self.telegram.takes(order, self.an.address.id)
        await self.is_told(row)
        return row

    async def now(self, order: Order) -> Order:
        return await self.house.cashier.orders.order(order.ref)

    async def paid_credits(self) -> tuple[int, int]:
        purse = await self.house.ledger.purse(self.an.person.id)
        return purse.paid, purse.held

    async def walks(self) -> int:
        """Once what happened is old enough to be worth finding."""
        await self.imagify.passes(A_WHILE)
        assert self.house.stars
        return await self.house.stars.walk()


def with_stars(workshop: Imagify) -> PlayedStars:
    """The same house with a second till."""
    telegram = PlayedStars(workshop.clock)
    till = StarsTill(telegram, BOT, Orders(workshop.table))
    workshop.house = workshop.build(tills=(workshop.till, till))
    return telegram


async def opened(workshop: Imagify) -> StarsDesk:
    """With everything in it running."""
    telegram = with_stars(workshop)
    await workshop.opens()
    return StarsDesk(workshop, telegram, await workshop.meets())
