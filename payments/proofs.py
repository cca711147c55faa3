"""Proofs – what must hold of orders and ledger: paid means credited, a refund is held.

of an order    paid, refunding or refunded means one top-up entry of its credits, and no other state has one
of a gateway   a payment number belongs to one order, which has the same number and is paid
of a refund    while open its credits are held, when done they are burnt, when refused they are free again
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.proofs import Books, Violation
from core.table import Key, Row
from payments.orders import SETTLED, Order, in_key
from payments.refunds import Refund

HELD_WHILE = {"held": "held", "asked": "held", "accepted": "held", "done": "captured", "refused": "released"}


@dataclass(slots=True)
class OrderBooks:
    """Books of the tills, read by `core.audit` along with the rest."""

    name: str = "orders"
    orders: dict[str, Order] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)  # terminal and number -> order
    unread: list[Key] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.orders)

    def take(self, row: Row) -> None:
        kind, _, owner = row.key.owner.partition("#")
        if row.key.name != "META":
            return
        try:
            self._take(kind, owner, row)
        except (KeyError, TypeError, ValueError):
            self.unread.append(row.key)

    def _take(self, kind: str, owner: str, row: Row) -> None:
        match kind:
            case "ORDER":
                self.orders[owner] = Order.of(row)
            case "REFUND":
                self.refunds[owner] = Refund.of(row)
            case "GATEWAY":
                terminal, _, number = owner.partition("#")
                self.numbers[terminal, number] = row.text("order")

    def violations(self, books: Books) -> Iterator[Violation]:
        yield from (Violation("a row can be read", key.owner, key.name) for key in self.unread)
        yield from self._credited_once(books)
        yield from self._numbers_agree()
        yield from self._refunds_agree(books)

    def _credited_once(self, books: Books) -> Iterator[Violation]:
        brought = {row.text("ref"): row.number("paid") for row in entries(books, "topup") if row.text("ref")}
        settled = {ref: order.credits for ref, order in self.orders.items() if order.state in SETTLED}
        for ref in brought.keys() | settled.keys():
            if brought.get(ref) != settled.get(ref):
                yield Violation("paid means credited", ref, f"{settled.get(ref)} paid for, {brought.get(ref)} credited")

    def _numbers_agree(self) -> Iterator[Violation]:
        told = {
            (order.terminal, in_key(order.number)): ref
            for ref, order in self.orders.items()
            if order.state in SETTLED and order.number
        }
        for number in told.keys() | self.numbers.keys():
            if told.get(number) != self.numbers.get(number):
                yield Violation("a payment number has one order", "#".join(number))

    def _refunds_agree(self, books: Books) -> Iterator[Violation]:
        for ref, refund in self.refunds.items():
            hold = books.aside.get(refund.hold)
            if hold is None or hold.text("state") != HELD_WHILE[refund.state] or hold.number("paid") != refund.credits:
                yield Violation("a refund has its hold", ref, refund.state)
            order = self.orders.get(ref)
            due = {"done": "refunded", "refused": "paid"}.get(refund.state, "refunding")
            if order is None or order.state != due:
                yield Violation("a refund and its order agree", ref, f"{refund.state}, {order and order.state}")
        known = {refund.hold.rpartition(":")[0] for refund in self.refunds.values()}
        yield from (
            Violation("a hold has its refund", name) for name in books.aside if name.rpartition(":")[0] not in known
        )
        open_ = {ref for ref, order in self.orders.items() if order.state in ("refunding", "refunded")}
        yield from (Violation("a refund stands", ref) for ref in open_ - self.refunds.keys())


def entries(books: Books, kind: str) -> Iterator[Row]:
    for rows in books.entries.values():
        yield from (row for row in rows if row.text("kind") == kind)
