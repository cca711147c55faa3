"""Refunds – pays back a whole order, or no part.

    begin     paid -> refunding: the credits are held first, so that the person cannot spend them meanwhile
    ask       the gateway is asked, written down before. An unclear answer leaves the credits held
    done      refunding -> refunded: the credits are burnt          refused   refunding -> paid: they are free again

The process may die between any two steps: the row tells what to do next, and the reconciler does it. An admin who has
looked into the gateway's own books may decide what no answer does.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from core.alarms import Alarms
from core.clock import DAY, MINUTE, Clock
from core.errors import Busy, NotEnoughCredits, TooLate
from core.ledger import Draft, Ledger, Lost, Purse, burning, restoring, setting_aside
from core.news import REFUNDED
from core.proofs import ASIDE
from core.table import SHELF_INDEX, Change, Create, Fields, Key, Refused, Row, Table, Value, Write
from payments.cashier import Cashier
from payments.orders import Order, changing
from payments.tills import RefundTold, Till, Told

State = Literal["held", "asked", "accepted", "done", "refused"]
OPEN = "REFUNDS#open"  # the shelf of all open refunds
WAITS = (5, 10, 30, 60, 6 * 60)  # minutes between looks, then daily
PATIENCE = 3 * DAY  # after that an admin is reminded


@dataclass(frozen=True, slots=True)
class Refund:
    """Refund of one order, in the present `state`."""

    ref: str
    person: str  # person whose purse holds the credits
    credits: int
    amount: int
    till: str
    by: str
    why: str
    begun: int
    due: int
    state: State = "held"
    round: int = 1  # a refused refund may be tried again
    looks: int = 0
    code: str = ""  # the gateway's last code
    number: str = ""

    @classmethod
    def of(cls, row: Row) -> "Refund":
        said = {name: row.fields[name] for name in STORED & set(row.fields)}
        return cls(row.key.owner.removeprefix("REFUND#"), **said)  # type: ignore[arg-type]  # the row keeps `fields`

    @property
    def hold(self) -> str:
        return f"{ASIDE}{self.ref}:{self.round}"

    @property
    def open(self) -> bool:
        return self.state in ("held", "asked", "accepted")

    def fields(self) -> dict[str, Value]:
        shelf: dict[str, Value] = {"shelf": OPEN} if self.open else {}
        return {**{name: getattr(self, name) for name in STORED}, **shelf}

    def looked_at(self, now: int, told: RefundTold | None) -> "Refund":
        """Refund after a look without a final answer. Each next look comes later."""
        wait = WAITS[self.looks] * MINUTE if self.looks < len(WAITS) else DAY
        accepted = told is not None and told.verdict == "accepted"
        state: State = "accepted" if accepted else self.state
        code = told.code if told else self.code
        return replace(self, state=state, looks=self.looks + 1, due=now + wait, code=code)


STORED = frozenset(name for name in Refund.__dataclass_fields__ if name != "ref")


class Refunds:
    def __init__(self, table: Table, clock: Clock, ledger: Ledger, cashier: Cashier, alarms: Alarms) -> None:
        self._table, self._clock, self._ledger = table, clock, ledger
        self._cashier, self._alarms, self.orders = cashier, alarms, cashier.orders

    async def find(self, ref: str) -> Refund | None:
        row = await self._table.get(refund_key(ref))
        return Refund.of(row) if row else None

    async def open(self) -> list[Refund]:
        """Refunds that are not final, the longest due first."""
        return [Refund.of(row) for row in await self._table.find(SHELF_INDEX, OPEN)]

    async def due(self, till: Till, now: int) -> AsyncIterator[Refund]:
        for row in await self._table.find(SHELF_INDEX, OPEN, until=now):
            if (refund := Refund.of(row)).till == till.name and refund.state != "held":
                yield refund

    # -- begun by an admin --------------------------------------------------------------------------------------------

    async def refund(self, ref: str, by: str, why: str, *also: Write) -> Refund:
        """Pay the order `ref` back. A repeat asks the gateway again. Raises TooLate, Busy or NotEnoughCredits."""
        order = await self.orders.order(ref)
        if order.state == "paid":
            await self._begin(order, by, why, also)
        refund = await self.find(ref)
        if refund is None or not refund.open:
            raise TooLate((await self.orders.order(ref)).state)
        return await self._ask(refund)

    async def _begin(self, order: Order, by: str, why: str, also: tuple[Write, ...]) -> None:
        standing, now = await self.find(order.ref), self._clock.now()
        after = order.moved("refunding", now)

        def draft(purse: Purse) -> Draft:
            refund = Refund(
                order.ref, purse.person, order.credits, order.amount, order.till, by, why, now, now,
                round=standing.round + 1 if standing else 1,
            )  # fmt: skip
            money = setting_aside(purse, refund.hold, order.credits, order.ref)
            return Draft(money.lines, (changing(order, after), beginning(standing, refund), *money.also, *also))

        try:
            await self._ledger.commit(order.person, draft)
        except NotEnoughCredits:
            if (await self.orders.order(order.ref)).state != "paid":
                raise Busy("raced") from None  # another request has just held the credits
            await self._ledger.freeze(order.person)
            raise
        except Lost:
            raise Busy("raced") from None

    async def _ask(self, refund: Refund) -> Refund:
        """Ask the gateway, after a write: a row in state `asked` means that the gateway may have heard."""
        order, till = await self.orders.order(refund.ref), self._cashier.tills.get(refund.till)
        if till is None:
            raise Busy("no till")
        asked = replace(refund, state="asked", due=self._clock.now() + WAITS[0] * MINUTE)
        if not await self._wrote(moving(refund, asked)):
            raise Busy("raced")
        told = await till.refund(order.ref, order.amount, order.number, order.created, refund.by)
        return await self.apply(asked, told if refund.state == "held" else of_a_repeat(told))

    async def taken_back(self, order: Order, last: RefundTold) -> None:
        """Burn the credits of an order that the gateway has refunded on its own."""
        if order.state == "paid":
            await self._begin(order, order.till, last.code, ())
        refund = await self.find(order.ref)
        if refund and refund.open:
            await self.decide(refund, last)

    # -- what becomes of it -------------------------------------------------------------------------------------------

    async def look(self, refund: Refund, till: Till) -> None:
        """Ask the gateway about a refund. If only the payment is known, ask for the refund again."""
        order = await self.orders.order(refund.ref)
        answer, told = await till.query(order.ref, order.created)
        after = await self.apply(refund, told)
        if told is None and isinstance(answer, Told) and after.state == "asked":
            await self._ask(after)

    async def revive(self) -> int:
        """Ask for refunds left in state `held` by a process that died."""
        now = self._clock.now()
        rows = await self._table.find(SHELF_INDEX, OPEN, until=now - MINUTE)
        left = [refund for row in rows if (refund := Refund.of(row)).state == "held"]
        for refund in left:
            with suppress(Busy):  # another process is at it, or its till is not set up today
                await self._ask(refund)
        return len(left)

    async def apply(self, refund: Refund, told: RefundTold | None) -> Refund:
        """Apply an answer: a final yes burns the credits, a final no frees them, any other keeps the hold."""
        if told and told.verdict in ("sent", "rejected"):
            return await self.decide(refund, told)
        after = refund.looked_at(self._clock.now(), told)
        late = self._clock.now() > refund.begun + PATIENCE and after.looks > len(WAITS)
        alarm = await self._alarms.posting("refund pending", order=refund.ref, till=refund.till) if late else []
        await self._wrote(moving(refund, after), *alarm)
        return await self.find(refund.ref) or after

    async def decide(self, refund: Refund, last: RefundTold, *also: Write) -> Refund:
        """Close a refund by the final word `last` (`sent` or `rejected`), of the gateway or of an admin."""
        order, now = await self.orders.order(refund.ref), self._clock.now()
        if order.state != "refunding":
            return await self.find(refund.ref) or refund
        back = last.verdict == "sent"
        after = replace(refund, state="done" if back else "refused", code=last.code, number=last.number, due=now)
        moved = order.moved("refunded" if back else "paid", now)
        money = (burning if back else restoring)(refund.person, refund.hold, refund.credits, refund.ref)
        writes = (moving(refund, after), changing(order, moved), *money.also, *await self._told(moved, last), *also)
        try:
            await self._ledger.commit(refund.person, lambda _: Draft(money.lines, writes))
        except Lost:
            return await self.find(refund.ref) or after  # another process was told the same
        return after

    async def _told(self, order: Order, last: RefundTold) -> list[Write]:
        """News for the person of money that comes back, and alarms for admins in either case."""
        if order.state == "paid":
            return [*await self._alarms.posting("refund refused", order=order.ref, till=order.till, code=last.code)]
        done = await self._alarms.posting("refunded", order=order.ref, code=last.code)
        return [*await self._cashier.telling(REFUNDED, order), *done]

    async def _wrote(self, *writes: Write) -> bool:
        try:
            await self._table.write(*writes)
        except Refused:
            return False
        return True


def of_a_repeat(told: RefundTold) -> RefundTold:
    """Answer to a repeated request: a no may mean that the first one was done, so only a query or an admin knows."""
    return replace(told, verdict="unknown") if told.verdict == "rejected" else told


def refund_key(ref: str) -> Key:
    return Key(f"REFUND#{ref}", "META")


def beginning(standing: Refund | None, refund: Refund) -> Write:
    if standing is None:
        return Create(refund_key(refund.ref), refund.fields())
    return Change(refund_key(refund.ref), set=refund.fields(), when={"state": "refused", "round": standing.round})


def moving(before: Refund, after: Refund) -> Change:
    """Write of a step, refused if the refund changed since the read."""
    set_: Fields = after.fields()
    gone = () if after.open else ("shelf",)
    when = {"state": before.state, "looks": before.looks, "round": before.round}
    return Change(refund_key(before.ref), set=set_, unset=gone, when=when)
