"""Stars – Telegram Stars, the other till: an invoice in the chat itself.

People pay with Stars bought from Telegram.

    may pay      Telegram asks before it takes a payment: is the order open, this person's, at this price
    paid         Telegram says that it took Stars           taken back   Telegram says that it gave them back
    walk         Telegram lists both, the oldest first: there we find what we were not told

Telegram cannot be asked about one order. So its list is walked on from the end of the last walk, each time from a
little before, and rows found there go the same way as rows told.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from core.alarms import Alarms
from core.clock import MINUTE, Clock
from core.errors import Busy, Failure, NotEnoughCredits
from core.table import Change, Create, Key, Refused, Table, Value, Write
from payments.cashier import Cashier, taken_by
from payments.orders import SETTLED, Order, Orders, gateway_key, in_key, order_key
from payments.packages import VND_PER_STAR, in_stars
from payments.refunds import Refunds
from payments.tills import Answer, NotKnown, Reason, RefundTold, Told

log = logging.getLogger(__name__)

STARS = "XTR"
MOST_STARS = 100_000  # of one invoice
PAGE, MOST_PAGES = 100, 20  # rows per answer of Telegram's list, and answers per walk
BACK = 30  # rows that every walk looks at once more
TOLD_WITHIN = 2 * MINUTE  # after that a payment we were not told of is worth finding
WALK_EVERY = 180.0  # seconds
OF_ITSELF = "taken back"  # the code of a refund that we did not ask for

Became = Literal["done", "stray", "later"]  # later: Telegram must act for this, and cannot be reached


class NotTold(Failure):
    """Telegram gave no answer."""


class Wont(StrEnum):
    """Reasons not to let an invoice be paid."""

    UNKNOWN = "unknown"
    NOT_THEIRS = "not theirs"
    PAID = "paid"
    REPLACED = "replaced"
    OVER = "over"
    UNEQUAL = "unequal"


@dataclass(frozen=True, slots=True)
class StarsRow:
    """Payment in Telegram's words, or the way `back`."""

    ref: str  # what the invoice carries: the order's reference, if it is ours
    payer: str
    amount: int
    number: str = ""  # Telegram's own; none before it is paid
    back: bool = False
    currency: str = STARS
    at: int = 0


class StarsWire(Protocol):
    """Port for Telegram's Stars: refunds, and the list of payments."""

    async def refund(self, payer: str, number: str) -> RefundTold:
        """Give a payment back. A repeat for one that is back already returns `sent` too."""
        ...

    async def transactions(self, offset: int, limit: int) -> Sequence[StarsRow | None]:
        """Up to `limit` rows of Telegram's list, oldest first, None for no payment of a person's. Raises NotTold."""
        ...


class StarsTill:
    name, currency, walked = "stars", STARS, True

    def __init__(self, wire: StarsWire, bot: str, orders: Orders, vnd_per_star: int = VND_PER_STAR) -> None:
        """Take `bot`: the id at Telegram. Only the bot that took a payment can give it back."""
        self.terminal, self.wire = f"stars:{bot}", wire
        self._orders, self._vnd_per_star = orders, vnd_per_star

    def price(self, vnd: int) -> int:
        stars = in_stars(vnd, self._vnd_per_star)
        return stars if stars <= MOST_STARS else 0

    async def query(self, ref: str, created: int) -> tuple[Answer, RefundTold | None]:
        """Answer from our own rows. A refund without an answer is thus asked for once more."""
        del created
        order = await self._orders.find(ref)
        if order is None or not order.number:
            return NotKnown(), None
        return Told(ref, self.terminal, order.amount, "paid", Reason.OK, STARS, number=order.number), None

    async def refund(self, ref: str, amount: int, number: str, created: int, by: str) -> RefundTold:
        """Give back all of the payment, the only way Telegram knows. Telegram needs the payer."""
        del amount, created, by
        place = await self._orders.place(await self._orders.order(ref))
        if place is None or not place.payer:
            return RefundTold("rejected", code="no payer")
        return await self.wire.refund(place.payer, number)


class Stars:
    """Handler of what Telegram says of Stars."""

    def __init__(
        self, table: Table, clock: Clock, cashier: Cashier, refunds: Refunds, alarms: Alarms, till: StarsTill
    ) -> None:
        self._table, self._clock, self._cashier, self._refunds = table, clock, cashier, refunds
        self._alarms, self._till = alarms, till

    async def may_pay(self, row: StarsRow) -> Wont | None:
        """Reason why an invoice must not be paid, or None. Checks every fact, as a payment follows at once."""
        order = await self._cashier.orders.find(row.ref)
        if order is None or order.terminal != self._till.terminal:
            return Wont.UNKNOWN
        place = await self._cashier.orders.place(order)
        if place is None or place.payer != row.payer:
            return Wont.NOT_THEIRS
        if (order.amount, order.currency) != (row.amount, row.currency):
            return Wont.UNEQUAL
        if order.state in SETTLED:
            return Wont.PAID
        if order.replaced_by:
            return Wont.REPLACED
        return None if order.fresh(self._clock.now()) else Wont.OVER

    async def hear(self, row: StarsRow, source: str) -> Became:
        """Apply a row, told (`call`) or found (`query`), however often."""
        return await (self._taken_back(row) if row.back else self._paid(row, source))

    # -- paid ---------------------------------------------------------------------------------------------------------

    async def _paid(self, row: StarsRow, source: str) -> Became:
        told = Told(row.ref, self._till.terminal, row.amount, "paid", Reason.OK, row.currency, number=row.number)
        settled = await self._cashier.settle(told, source)
        if settled.outcome == "unknown":
            await self._once(
                stray_key(self._till.terminal, row.number), "stars stray", amount=row.amount, currency=row.currency
            )
        if settled.outcome in ("unknown", "wrong amount"):
            return "stray"
        if settled.outcome == "already" and settled.order and settled.order.number != row.number:
            return await self._twice(settled.order, row)
        return "done"

    async def _twice(self, order: Order, row: StarsRow) -> Became:
        """Give back the second payment of one invoice, let through on two phones at one moment."""
        once = Key(order_key(order.ref).owner, f"TWICE#{in_key(row.number)}")
        if await self._table.get(once):
            return "done"
        told = await self._till.wire.refund(row.payer, row.number)
        if told.verdict not in ("sent", "rejected"):
            return "later"
        what = "stars paid twice" if told.verdict == "sent" else "stars kept twice"
        await self._once(once, what, order=order.ref, amount=row.amount, currency=STARS, code=told.code)
        return "done"

    async def _once(self, key: Key, what: str, **facts: Value) -> None:
        alarm = await self._alarms.posting(what, **facts)
        await self._wrote(Create(key, {"at": self._clock.now()}), *alarm)

    # -- taken back ---------------------------------------------------------------------------------------------------

    async def _taken_back(self, row: StarsRow) -> Became:
        """Burn the credits of a payment taken back. Spent ones raise an alarm, once. Uncredited rows do nothing."""
        order = await self._paid_by(row.number)
        if order is None or order.state not in ("paid", "refunding"):
            return "done"
        if await self._cashier.alarmed("stars taken back", order):
            return "done"
        try:
            await self._refunds.taken_back(order, RefundTold("sent", row.number, OF_ITSELF))
        except NotEnoughCredits:
            await self._cashier.alarm("stars taken back", order, amount=row.amount, currency=STARS)
        except Busy:
            return "later"
        return "done"

    async def _paid_by(self, number: str) -> Order | None:
        row = await self._table.get(gateway_key(self._till.terminal, number))
        return await self._cashier.orders.find(taken_by(row))

    # -- the walk -----------------------------------------------------------------------------------------------------

    async def walk(self) -> int:
        """Walk through new rows of Telegram's list, and return the count."""
        row = await self._table.get(mark_key(self._till.terminal))
        seen = row.number("seen") if row else 0
        start = max(0, seen - BACK)
        try:
            end = await self._from(start)
        except NotTold as error:
            log.info("Telegram did not say what Stars it took: %s", error)
            return 0
        await self._mark(seen, max(seen, end) if end else 0)  # a list that is gone is walked anew
        return max(0, end - start)

    async def _from(self, start: int) -> int:
        """Handle rows from `start` on, and return where the next walk must begin.

        Very new rows, and all after, are left for the next walk, as the call is on its way. A row that must wait holds
        back only this mark.
        """
        young, waits = self._clock.now() - TOLD_WITHIN, list[int]()
        for offset in range(start, start + MOST_PAGES * PAGE, PAGE):
            page = await self._till.wire.transactions(offset, PAGE)
            for place, row in enumerate(page, offset):
                if row and row.at > young:
                    return min([*waits, place])
                if row and await self.hear(row, "query") == "later":
                    waits.append(place)
            if len(page) < PAGE:
                end = offset + len(page)
                return min([*waits, end]) if end > start else 0
        return min([*waits, start + MOST_PAGES * PAGE])

    async def _mark(self, seen: int, end: int) -> None:
        if end != seen:
            key, stood = mark_key(self._till.terminal), {"seen": seen or None}
            await self._wrote(Change(key, set={"seen": end}, when=stood, or_create=True))

    async def _wrote(self, *writes: Write) -> None:
        with suppress(Refused):  # another process has written the same
            await self._table.write(*writes)


def mark_key(terminal: str) -> Key:
    """Key of the row that keeps how far the list was walked."""
    return Key(f"STARS#{terminal}", "META")


def stray_key(terminal: str, number: str) -> Key:
    return Key(f"STARS#{terminal}", f"STRAY#{in_key(number)}")
