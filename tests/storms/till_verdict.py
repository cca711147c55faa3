"""What must hold once a storm at the till is over: of the gateway's books beside ours, each rule a function.

The gateway's books are the truth: what it holds as paid is credited once, what it has paid back is burnt once.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import parse_qsl

from core.audit import audit, every_row
from core.errors import ImagifyError
from core.news import EXPIRED, PAID, REFUNDED, News
from core.table import Refused, Row, Table, TableUnavailable
from infra.sandbox.vnpay import Transaction
from infra.sandbox.vnpay.wire import is_signed
from payments.orders import ASKING, SETTLED, Order
from payments.proofs import OrderBooks
from tests.storms.till import SECRET
from tests.storms.till_storm import TillStorm

MONEY_BACK = "00"
REFUSED = "09"
LIMIT = 300.0  # seconds between two questions that the gateway answers
BROKEN = (AssertionError, ImagifyError, LookupError, Refused, RuntimeError, TableUnavailable, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run came to; two runs of one seed have equal verdicts."""

    digest: str
    points: int
    kills: int
    wrong: tuple[str, ...] = ()
    orders: tuple[tuple[str, int], ...] = ()  # by state
    late: int = 0
    double: int = 0
    refunds: int = 0
    queries: int = 0
    rechecked: int = 0


@dataclass(slots=True)
class Evidence:
    """Both sides' books, and what people were told."""

    theirs: Mapping[str, Transaction]
    books: OrderBooks = field(default_factory=OrderBooks)
    topups: Counter[str] = field(default_factory=Counter)  # entries by order
    told: Counter[tuple[str, str]] = field(default_factory=Counter)  # news by kind and order
    held: dict[str, int] = field(default_factory=dict)  # what a purse holds

    @property
    def ours(self) -> Mapping[str, Order]:
        return self.books.orders

    def take(self, row: Row) -> None:
        self.books.take(row)
        kind, _, owner = row.key.owner.partition("#")
        if kind == "OUTBOX" and not owner.startswith("tally#"):
            news = News.of(row)
            self.told[news.kind, news.order] += 1
        elif row.key.name.startswith("TRANSACTION#") and row.text("kind") == "topup":
            self.topups[row.text("ref")] += 1
        elif row.key.name == "PURSE":
            self.held[owner] = row.number("held")


async def gathered(table: Table, theirs: Mapping[str, Transaction]) -> Evidence:
    evidence = Evidence(theirs)
    async for row in every_row(table):
        evidence.take(row)
    return evidence


# -- rules ----------------------------------------------------------------------------------------------------------


def taken(one: Transaction) -> bool:
    return one.outcome is not None and one.outcome.status == "00"


def what_was_paid_is_credited_once(evidence: Evidence) -> Iterator[str]:
    """One of those to which the gateway gave one number; the others wait for an admin."""
    by_number: dict[str, list[str]] = {}
    for ref, one in evidence.theirs.items():
        if taken(one) and one.outcome:
            by_number.setdefault(one.outcome.number, []).append(ref)
    for number, refs in by_number.items():
        credited = [ref for ref in refs if evidence.ours[ref].state in SETTLED]
        if len(credited) != 1 or evidence.topups[credited[0]] != 1:
            yield f"{number} paid for {refs}, credited {[(ref, evidence.topups[ref]) for ref in credited]}"
        yield from (
            f"{ref} shares a number and is {evidence.ours[ref].state}"
            for ref in refs
            if ref not in credited and evidence.ours[ref].state != "review"
        )


def what_was_not_paid_is_not_credited(evidence: Evidence) -> Iterator[str]:
    for ref, order in evidence.ours.items():
        theirs = evidence.theirs.get(ref)
        if order.state in SETTLED and not (theirs and taken(theirs)):
            yield f"{ref} is {order.state} and nobody paid for it"
        if order.state in SETTLED and theirs and theirs.outcome and order.number != theirs.outcome.number:
            yield f"{ref} was paid as {theirs.outcome.number}, and says {order.number}"
    yield from (f"{ref} was credited {count} times" for ref, count in evidence.topups.items() if count > 1)


def what_was_paid_back_is_burnt(evidence: Evidence) -> Iterator[str]:
    for ref, theirs in evidence.theirs.items():
        going = [one for one in theirs.refunds if one.status != REFUSED]
        if len(going) > 1:
            yield f"{ref} was paid back {len(going)} times"
        back = any(one.status == MONEY_BACK for one in going)
        if back != (evidence.ours[ref].state == "refunded"):
            yield f"{ref} is {evidence.ours[ref].state}, refunds {[one.status for one in theirs.refunds]}"


def nothing_is_left_open(evidence: Evidence) -> Iterator[str]:
    for ref, order in evidence.ours.items():
        if order.state in ("pending", "refunding") or order.shelf == ASKING:
            yield f"{ref} is still {order.state}, due {order.due}"
    yield from (f"{ref} is still being refunded" for ref, one in evidence.books.refunds.items() if one.open)
    yield from (f"{person} has {held} held for ever" for person, held in evidence.held.items() if held)


def everybody_is_told_once(evidence: Evidence) -> Iterator[str]:
    for ref, order in evidence.ours.items():
        receipts, back = evidence.told[PAID, ref], evidence.told[REFUNDED, ref]
        if receipts != (order.state in SETTLED):
            yield f"{ref} is {order.state}, and {receipts} receipts were sent"
        if back != (order.state == "refunded"):
            yield f"{ref} is {order.state}, and its refund was told {back} times"
        if evidence.told[EXPIRED, ref] > 1:
            yield f"{ref} expired {evidence.told[EXPIRED, ref]} times"


def two_payments_of_one_wish_are_said_so(evidence: Evidence) -> Iterator[str]:
    for ref, order in evidence.ours.items():
        beside = evidence.ours.get(order.replaces)
        if beside and order.state in SETTLED and beside.state in SETTLED and not (order.double or beside.double):
            yield f"{ref} and {beside.ref} were both paid, and neither says so"


def notices_are_answered_in_their_order(evidence: Evidence) -> Iterator[str]:
    """A bad signature is answered 97, another amount 04, anything else 00 or 02; 99 and silence call it again."""
    for one in evidence.theirs.values():
        for attempt in one.attempts:
            due = answers_to(attempt.query, one)
            if attempt.outcome.isdecimal() and attempt.outcome not in {*due, "99"}:
                yield f"{one.ref} was answered {attempt.outcome}, not {due}"


def answers_to(query: str, one: Transaction) -> tuple[str, ...]:
    said = dict(parse_qsl(query))
    if not is_signed(said, SECRET):
        return ("97",)
    return ("00", "02") if int(said["vnp_Amount"]) == one.wish.amount else ("04",)


RULES = (
    what_was_paid_is_credited_once,
    what_was_not_paid_is_not_credited,
    what_was_paid_back_is_burnt,
    everybody_is_told_once,
    two_payments_of_one_wish_are_said_so,
    notices_are_answered_in_their_order,
)


# -- the verdict ----------------------------------------------------------------------------------------------------


def judged(storm: TillStorm) -> Verdict:
    """Let it rage, and say what it came to."""
    try:
        storm.rage()
        return asyncio.run(reckoned(storm))
    except BROKEN as broken:  # a story that breaks off is as wrong as one that ends badly
        return Verdict(*passed(storm), wrong=(f"{type(broken).__name__}: {broken}",))


def passed(storm: TillStorm) -> tuple[str, int, int]:
    report = storm.world.report()
    return report.digest, report.points, len(report.deaths)


async def proved(table: Table) -> list[str]:
    proof = await audit(table, None, OrderBooks())
    return [f"{one.rule}: {one.where} {one.detail}" for one in proof.violations]


def of_the_run(storm: TillStorm) -> Iterator[str]:
    """It came to rest, and the gateway was not asked more often than it wants."""
    if not storm.quiet:
        yield "stuck: something was still to be done after days of calm"
    close = [later - earlier for earlier, later in pairwise(storm.bank.api.queries) if later - earlier < LIMIT]
    if close or storm.bank.api.too_often:
        yield f"asked after {close} seconds, {storm.bank.api.too_often} times turned away"


async def reckoned(storm: TillStorm) -> Verdict:
    evidence = await gathered(storm.world.table, storm.bank.gateway.transactions)
    wrong = await proved(storm.world.table)
    wrong += [told for rule in (*RULES, nothing_is_left_open) for told in rule(evidence)]
    wrong += of_the_run(storm)
    ours = evidence.ours.values()
    return Verdict(
        *passed(storm),
        wrong=tuple(wrong),
        orders=tuple(sorted(Counter(order.state for order in ours).items())),
        late=sum(order.late for order in ours),
        double=sum(order.double for order in ours),
        refunds=sum(len(one.refunds) for one in evidence.theirs.values()),
        queries=len(storm.bank.api.queries),
        rechecked=storm.rechecked,
    )
