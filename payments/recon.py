"""Reconciliation – compares a day's payments with the gateway's own list.

The result has four parts: matched, only ours, only theirs, and differing amounts.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.errors import Refusal
from payments.orders import Order

COLUMNS = ("order", "number", "vnd", "credits", "paid_at", "bank", "state", "late", "source", "play")
INVOICED = ("order", "paid_at", "vnd", "credits", "bank", "state", "play")  # columns for an e-invoice
REF, NUMBER, AMOUNT, STATE = "order", "number", "vnd", "state"
# Names of the columns in a gateway's list: its portal, its letters and our own export differ.
KNOWN_AS = {
    REF: ("order", "vnp_txnref", "txnref", "order_id", "ma don hang", "mã đơn hàng", "ma tham chieu", "mã tham chiếu"),
    NUMBER: ("number", "vnp_transactionno", "transactionno", "transaction_id", "ma giao dich", "mã giao dịch"),
    AMOUNT: ("vnd", "vnp_amount", "amount", "so tien", "số tiền"),
}
FRACTION = re.compile(r"[.,]\d{1,2}(?=\D*$)")  # hundredths: a thousands group has three digits

Moment = Callable[[int], str]  # how a time is written


class UnreadableList(Refusal):
    """The gateway's list has no columns by which to find payments among ours."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """Payment in the gateway's list."""

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
    """Compare payment by payment, by our reference or else by the gateway's number."""
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


def exported(orders: Iterable[Order], when: Moment, columns: Sequence[str] = COLUMNS) -> str:
    """CSV of a day's payments, for bookkeeping, e-invoices and the gateway's own comparison."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(line_of(order, when) for order in orders)
    return out.getvalue()


def line_of(order: Order, when: Moment) -> dict[str, object]:
    said = {"order": order.ref, "number": order.number, "paid_at": when(order.paid_at), "bank": order.bank}
    marks = {"state": order.state, "source": order.source}
    flags = {"late": "late" if order.late else "", "play": "play" if order.play else ""}
    words = {name: harmless(word) for name, word in {**said, **marks, **flags}.items()}
    return {**words, "vnd": order.vnd, "credits": order.credits}


def harmless(cell: str) -> str:
    """Foreign text on one line, marked so that no spreadsheet takes `cell` for a formula."""
    line = " ".join(cell.split())
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line


def read_list(text: str) -> list[Theirs]:
    """Payments in the gateway's list, with commas, semicolons or tabs between columns. Raises UnreadableList."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    if not lines:
        raise UnreadableList
    head, *rows = csv.reader(lines, delimiter=max(",;\t", key=lines[0].count))
    columns = columns_of(head)
    return list(payments_of(rows, columns, hundredths=head[columns[AMOUNT]].strip().lower() == "vnp_amount"))


def columns_of(head: Sequence[str]) -> Mapping[str, int]:
    """Columns of our reference, the gateway's number and the sum. Raises UnreadableList."""
    names = [name.strip().lower().removeprefix("\ufeff") for name in head]
    found = {what: names.index(name) for what, known in KNOWN_AS.items() for name in known if name in names}
    if AMOUNT not in found or not found.keys() & {REF, NUMBER}:
        raise UnreadableList
    return found


def payments_of(rows: Iterable[Sequence[str]], columns: Mapping[str, int], *, hundredths: bool) -> Iterator[Theirs]:
    """Payments in `rows`. With `hundredths` the sums are hundredths of a đồng. A row without reference is a total."""
    for row in rows:
        said = {what: row[place].strip() if place < len(row) else "" for what, place in columns.items()}
        ref, number = said.get(REF, ""), said.get(NUMBER, "")
        if ref or number:
            yield Theirs(ref, number, whole(said[AMOUNT]) // (100 if hundredths else 1))


def whole(amount: str) -> int:
    """Sum in whole đồng: `50.000,00` and `50,000.00` are both fifty thousand. Raises UnreadableList."""
    vnd = "".join(letter for letter in FRACTION.sub("", amount) if letter.isdecimal())
    if not vnd:
        raise UnreadableList
    return int(vnd)


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum over orders."""

    count: int
    vnd: int
    credits: int

    @classmethod
    def of(cls, orders: Iterable[Order]) -> "Sum":
        orders = list(orders)
        return cls(len(orders), sum(order.vnd for order in orders), sum(order.credits for order in orders))


@dataclass(frozen=True, slots=True)
class Day:
    """Totals of a day: real money, the part that goes back, and play money apart."""

    paid: Sum
    back: Sum
    played: Sum

    @classmethod
    def of(cls, orders: Sequence[Order]) -> "Day":
        real = [order for order in orders if not order.play]
        back = [order for order in real if order.state in ("refunding", "refunded")]
        return cls(Sum.of(real), Sum.of(back), Sum.of(order for order in orders if order.play))
