"""Comparing a day's payments with the gateway's own list of them: matched, only ours, only theirs, amounts differ."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.errors import Refusal
from payments.orders import Order

COLUMNS = ("order", "number", "vnd", "credits", "paid_at", "bank", "state", "late", "source", "play")
REF, NUMBER, AMOUNT, STATE = "order", "number", "vnd", "state"
# What the columns of a gateway's list may be called; its portal, its letters and our own export differ.
KNOWN_AS = {
    REF: ("order", "vnp_txnref", "txnref", "order_id", "ma don hang", "mã đơn hàng", "ma tham chieu", "mã tham chiếu"),
    NUMBER: ("number", "vnp_transactionno", "transactionno", "transaction_id", "ma giao dich", "mã giao dịch"),
    AMOUNT: ("vnd", "vnp_amount", "amount", "so tien", "số tiền"),
}


Moment = Callable[[int], str]  # how a time is written


class UnreadableList(Refusal):
    """The gateway's list has no columns by which its payments could be found among ours."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """One payment as the gateway lists it."""

    ref: str
    number: str
    vnd: int


@dataclass(frozen=True, slots=True)
class Comparison:
    matched: tuple[Order, ...]
    only_ours: tuple[Order, ...]
    only_theirs: tuple[Theirs, ...]
    differ: tuple[tuple[Order, Theirs], ...]

    @property
    def clean(self) -> bool:
        return not (self.only_ours or self.only_theirs or self.differ)


def compare(ours: Sequence[Order], theirs: Iterable[Theirs]) -> Comparison:
    """Payment by payment, by our reference or else by the gateway's number."""
    left = {order.ref: order for order in ours}
    by_number = {order.number: order.ref for order in ours if order.number}
    matched: list[Order] = []
    unknown: list[Theirs] = []
    differ: list[tuple[Order, Theirs]] = []
    for one in theirs:
        order = left.pop(one.ref, None) or left.pop(by_number.get(one.number, ""), None)
        if order is None:
            unknown.append(one)
        elif order.vnd != one.vnd:
            differ.append((order, one))
        else:
            matched.append(order)
    return Comparison(tuple(matched), tuple(left.values()), tuple(unknown), tuple(differ))


def exported(orders: Iterable[Order], when: Moment) -> str:
    """A day's payments as CSV, for bookkeeping, e-invoices and the gateway's own comparison."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(line_of(order, when) for order in orders)
    return out.getvalue()


def line_of(order: Order, when: Moment) -> list[object]:
    marks = ("late" if order.late else "", order.source, "play" if order.play else "")
    return [order.ref, order.number, order.vnd, order.credits, when(order.paid_at), order.bank, order.state, *marks]


def read_list(text: str) -> list[Theirs]:
    """The gateway's list, with commas, semicolons or tabs between its columns. Raises UnreadableList."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    if not lines:
        raise UnreadableList
    head, *rows = csv.reader(lines, delimiter=max(",;\t", key=lines[0].count))
    columns = columns_of(head)
    return list(payments_of(rows, columns, hundredths=head[columns[AMOUNT]].strip().lower() == "vnp_amount"))


def columns_of(head: Sequence[str]) -> Mapping[str, int]:
    """Where our reference, the gateway's number and the sum stand; a reference or a number is needed, and the sum."""
    names = [name.strip().lower().removeprefix("\ufeff") for name in head]
    found = {what: names.index(name) for what, known in KNOWN_AS.items() for name in known if name in names}
    if AMOUNT not in found or not found.keys() & {REF, NUMBER}:
        raise UnreadableList
    return found


def payments_of(rows: Iterable[Sequence[str]], columns: Mapping[str, int], *, hundredths: bool) -> Iterator[Theirs]:
    """On the wire VNPAY counts in hundredths of a đồng, in its lists in đồng."""
    for row in rows:
        said = {what: row[place].strip() if place < len(row) else "" for what, place in columns.items()}
        vnd = "".join(letter for letter in said[AMOUNT] if letter.isdecimal())
        if not vnd:
            raise UnreadableList
        yield Theirs(said.get(REF, ""), said.get(NUMBER, ""), int(vnd) // (100 if hundredths else 1))
