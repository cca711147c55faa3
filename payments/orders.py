"""Orders – credits for money, from the button to the receipt, and how an order may move.

    pending -> paid | failed | cancelled | expired | review        failed, cancelled, expired, review -> paid
    expired, review -> failed
    paid -> refunding -> refunded | paid

A person who has paid is credited, however late the word comes. For other orders the reconciler asks until no payment
can come any more. An order opened at the gateway is never used again: another press makes a new one.

    ORDER#ref META          the order, without any address of the person
    USER#person ORDER#…     the pointer: the chat and the message of the order, deleted with the person
    USER#person TILL        which order of the person is the newest
    GATEWAY#terminal#number which order a payment of the gateway has settled: never two
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from core.chance import letters
from core.clock import HOUR, MINUTE
from core.errors import Unknown
from core.ledger import owner_of
from core.table import SHELF_INDEX, Change, Condition, Create, Key, Row, Rows, Table, Value
from payments.tills import Reason, Told

State = Literal["pending", "paid", "failed", "cancelled", "expired", "review", "refunding", "refunded"]
LEGAL: Mapping[str, tuple[str, ...]] = {
    "pending": ("paid", "failed", "cancelled", "expired", "review"),
    "expired": ("paid", "failed", "review"),
    "failed": ("paid", "review"),
    "cancelled": ("paid", "review"),
    "review": ("paid", "failed"),
    "paid": ("refunding",),
    "refunding": ("refunded", "paid"),
}
PAYABLE = ("pending", "expired", "failed", "cancelled", "review")  # a success that comes now is a payment
SETTLED = ("paid", "refunding", "refunded")
PENDING, ASKING, REVIEW = "ORDERS#pending", "ORDERS#asking", "ORDERS#review"  # shelves; a paid one stands on its day's
LASTS = 15 * MINUTE  # a link
GRACE = 15 * MINUTE  # after that no person can still be at the gateway
ASKS = (2, 10, 30, 60, 6 * 60, 24 * 60)  # minutes after opening at which the gateway is asked
VIETNAM = 7 * HOUR
REF_LETTERS = 16  # 80 bits, so that no person can guess another's order
LONGEST_NUMBER = 64  # of a gateway's payment number, in a key


@dataclass(frozen=True, slots=True)
class Order:
    ref: str
    person: str
    credits: int
    vnd: int  # what the package costs
    till: str
    terminal: str
    amount: int  # what the gateway must take, in its currency
    currency: str
    created: int
    expires: int
    state: State = "pending"
    opened_at: int = 0  # at the gateway; 0: not yet
    closed_at: int = 0  # when it got its present state
    paid_at: int = 0
    number: str = ""  # the gateway's payment number
    bank: str = ""
    card: str = ""
    reason: str = ""
    source: str = ""  # how the word came: call, query or return
    replaces: str = ""
    replaced_by: str = ""
    late: bool = False  # paid after it was closed
    double: bool = False  # paid, and so was the order it replaces
    asked: int = 0  # times the gateway was asked
    due: int = 0  # when to look at it next
    play: bool = False  # at a played till

    @classmethod
    def of(cls, row: Row) -> "Order":
        said = {name: row.fields[name] for name in STORED & set(row.fields)}
        return cls(row.key.owner.removeprefix("ORDER#"), **said)  # type: ignore[arg-type]  # the row keeps `fields`

    def fields(self) -> dict[str, Value]:
        """Fields of the row, without empty ones."""
        said = {name: getattr(self, name) for name in STORED}
        shelf: dict[str, Value] = {"shelf": self.shelf} if self.shelf else {}
        return {**{name: value for name, value in said.items() if value or name == "state"}, **shelf}

    @property
    def shelf(self) -> str:
        """Shelf of the order: by state while something is to be done, by day once paid."""
        if self.paid_at:
            return paid_shelf(day_of(self.paid_at))
        if self.state == "review":
            return REVIEW
        if not self.due:
            return ""
        return PENDING if self.state == "pending" else ASKING

    @property
    def payable(self) -> bool:
        return self.state in PAYABLE

    def fresh(self, now: int) -> bool:
        """True if the link can still be followed."""
        return self.state == "pending" and not self.opened_at and not self.replaced_by and now < self.expires

    def over(self, now: int) -> bool:
        """True if the order can no longer be paid, as far as we know without asking the gateway."""
        return now >= self.expires + (GRACE if self.opened_at else 0)

    def moved(self, to: State, now: int, **more: object) -> "Order":
        if to not in LEGAL.get(self.state, ()):
            raise ValueError(f"an order does not go from {self.state} to {to}")
        return replace(self, state=to, closed_at=now, **more)  # type: ignore[arg-type]  # fields of an order

    # -- moves ------------------------------------------------------------------------------------------------------

    def opened(self, now: int) -> "Order":
        """Order opened at the gateway, and payable from now on."""
        return replace(self, opened_at=now, due=next_ask(now, now))

    def paid(self, told: Told, now: int, source: str, *, double: bool) -> "Order":
        late = self.state in ("expired", "failed", "cancelled")
        facts = {"number": told.number, "bank": told.bank, "card": told.card, "reason": "", "due": now}
        return self.moved("paid", now, source=source, late=late, double=double, paid_at=now, **facts)

    def failed(self, told: Told, now: int, source: str) -> "Order":
        """Order failed by the gateway's word."""
        facts = {"number": told.number, "bank": told.bank, "card": told.card}
        return self.moved("failed", now, source=source, reason=str(told.reason), due=0, **facts)

    def held_up(self, told: Told, now: int, source: str, reason: Reason) -> "Order":
        """Order in review: money may have been taken, and an admin must decide."""
        return self.moved("review", now, source=source, number=told.number, bank=told.bank, reason=str(reason), due=now)

    def cancelled(self, now: int, replaced_by: str = "") -> "Order":
        """Order cancelled. The gateway is still asked about an opened one, which may be paid."""
        beside, due = replaced_by or self.replaced_by, self.due if self.opened_at else 0
        return self.moved("cancelled", now, replaced_by=beside, due=due)

    def expired(self, now: int) -> "Order":
        return self.moved("expired", now, due=self.due if self.opened_at else 0)

    def asked_again(self, now: int) -> "Order":
        """Order after a question that brought no news, with the time of the next one, if any."""
        return replace(self, asked=self.asked + 1, due=next_ask(self.opened_at, now))

    def forgotten(self) -> "Order":
        """Order that the gateway will never know, with no more questions."""
        return replace(self, due=0)

    def wanted(self, now: int) -> "Order":
        """Order to ask about now, before all that merely wait. One in review is asked about only on demand."""
        return replace(self, due=AT_ONCE if self.state == "review" else max(AT_ONCE, now - PRESSED))

    def rested(self) -> "Order":
        """Order after a question on demand, in the same state."""
        return replace(self, asked=self.asked + 1, due=self.closed_at if self.state == "review" else 0)


STORED = frozenset(name for name in Order.__dataclass_fields__ if name != "ref")
PRESSED = 30 * 24 * HOUR  # further back than any order that waits for a question
AT_ONCE = 1  # due before all others


def next_ask(opened_at: int, now: int) -> int:
    """Time of the next question to the gateway, or 0 for none."""
    return next((due for minutes in ASKS if (due := opened_at + minutes * MINUTE) > now), 0)


def new_ref(now: int, lot: int) -> str:
    """Reference made of the day and 80 random bits: unique for ever, and not to be guessed."""
    return f"{day_of(now)[2:]}{letters(lot, REF_LETTERS)}"


def day_of(ms: int) -> str:
    """Day in Việt Nam as yyyymmdd, whatever zone this host is set to."""
    return datetime.fromtimestamp((ms + VIETNAM) / 1000, UTC).strftime("%Y%m%d")


def paid_shelf(day: str) -> str:
    return f"PAID#{day}"


def order_key(ref: str) -> Key:
    return Key(f"ORDER#{ref}", "META")


def pointer_key(order: Order) -> Key:
    return Key(owner_of(order.person), f"ORDER#{order.created:013d}#{order.ref}")


def newest_key(person: str) -> Key:
    return Key(owner_of(person), "TILL")


def gateway_key(terminal: str, number: str) -> Key:
    return Key(f"GATEWAY#{terminal}#{in_key(number)}", "META")


def in_key(number: str) -> str:
    """Payment number as part of a key: a long one as a digest."""
    return number if len(number) <= LONGEST_NUMBER else sha256(number.encode()).hexdigest()


def creating(order: Order) -> Create:
    return Create(order_key(order.ref), order.fields())


def changing(before: Order, after: Order) -> Change:
    """Write of the difference, refused if the order changed since the read."""
    was, is_ = before.fields(), after.fields()
    changed = {name: value for name, value in is_.items() if was.get(name) != value}
    gone = tuple(sorted(was.keys() - is_.keys()))
    stood: dict[str, Condition] = {
        "state": before.state,
        "opened_at": before.opened_at or None,
        "replaced_by": before.replaced_by or None,
        "asked": before.asked or None,
    }
    return Change(order_key(before.ref), set=changed, unset=gone, when=stood)


def settling(before: Order, after: Order, told: Told) -> Change:
    """Write as of `changing`, also refused unless sum, currency and terminal are the order's."""
    write = changing(before, after)
    agreed: dict[str, Condition] = {"amount": told.amount, "terminal": told.terminal, "currency": told.currency}
    return replace(write, when={**write.when, **agreed})


@dataclass(frozen=True, slots=True)
class Place:
    """Place of an order for the person: the chat of the order and the message that shows it."""

    channel: str
    chat: str
    message: str = ""
    payer: str = ""  # the only one who may pay, by the channel's id, where the chat itself takes the money

    @classmethod
    def of(cls, row: Row) -> "Place":
        return cls(row.text("channel"), row.text("chat"), row.text("message"), row.text("payer"))

    def fields(self) -> dict[str, Value]:
        payer: dict[str, Value] = {"payer": self.payer} if self.payer else {}
        return {"channel": self.channel, "chat": self.chat, "message": self.message, **payer}


class Orders:
    """Orders in the table, to be looked up."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def find(self, ref: str) -> Order | None:
        row = await self._table.get(order_key(ref)) if ref else None
        return Order.of(row) if row else None

    async def order(self, ref: str) -> Order:
        order = await self.find(ref)
        if order is None:
            raise Unknown("order", ref)
        return order

    async def place(self, order: Order) -> Place | None:
        """Place of the order's news, or None after erasure."""
        row = await self._table.get(pointer_key(order))
        return Place.of(row) if row else None

    async def stands_in(self, order: Order, message: str, chat: str = "") -> None:
        """Note the `message` that shows the order, unless moved from `chat` since. The receipt replaces the message."""
        here: dict[str, Condition] = {"chat": chat} if chat else {}
        await self._table.write(Change(pointer_key(order), set={"message": message}, when=here))

    async def newest(self, person: str) -> Order | None:
        """Last order that `person` made, or None."""
        row = await self._table.get(newest_key(person))
        return await self.find(row.text("ref")) if row else None

    async def of_person(self, *people: str, limit: int = 20) -> list[Order]:
        """Orders of a person under all ids, the newest first."""
        rows: Rows = []
        for person in people:
            rows += await self._table.list(owner_of(person), "ORDER#", limit=limit, newest_first=True)
        refs = [name.rpartition("#")[2] for name in sorted((row.key.name for row in rows), reverse=True)[:limit]]
        return [order for ref in refs if (order := await self.find(ref))]

    async def shelved(self, shelf: str, until: int | None = None) -> AsyncIterator[Order]:
        """Orders on `shelf`, the longest due first."""
        after: Row | None = None
        while rows := await self._table.find(SHELF_INDEX, shelf, until=until, after=after):
            for row in rows:
                yield Order.of(row)
            after = rows[-1]

    async def paid_on(self, day: str) -> list[Order]:
        """Orders paid on a `day` of Việt Nam, with refunded ones, in the order of payment."""
        return [order async for order in self.shelved(paid_shelf(day))]
