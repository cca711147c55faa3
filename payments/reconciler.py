"""Reconciler – asks the gateway for payments not told, as seldom as the gateway allows.

VNPAY answers one question per terminal in five minutes, whichever order it is about, so each terminal has one queue:
first what a person asks about now, then refunds and orders by how long they are due. An answer that does not count
changes no state, and the order is asked about again in its turn. A till that is walked is asked about refunds alone:
payments are found in the gateway's list.
"""

from dataclasses import dataclass

from core.clock import HOUR, MINUTE, SECOND, Clock, come
from core.table import Change, Key, Refused, Table
from payments.cashier import Cashier
from payments.orders import ASKING, AT_ONCE, PENDING, REVIEW, Order, changing
from payments.refunds import Refund, Refunds
from payments.tills import Later, NotKnown, Till, Told

SKEW = MINUTE  # a slot written by a clock that is ahead of ours by less than this still counts
EVERY = 5 * MINUTE + 10 * SECOND  # between two questions: a little more than the gateway wants
ELSEWHERE = HOUR  # delay for an order of a terminal that is not ours


@dataclass(frozen=True, slots=True)
class Turn:
    """Turn of one `order` or `refund` to be asked about."""

    due: int
    order: Order | None = None
    refund: Refund | None = None


class Reconciler:
    def __init__(self, table: Table, clock: Clock, cashier: Cashier, refunds: Refunds, *, every: int = EVERY) -> None:
        self._table, self._clock, self._cashier, self._refunds = table, clock, cashier, refunds
        self._every = every

    async def run(self) -> int:
        """Ask one question per till whose gateway may be asked, and return the count."""
        return sum([await self._ask(till) for till in self._cashier.tills.values()])

    async def next_slot(self, till: Till) -> int:
        """Time at which the gateway may be asked again."""
        row = await self._table.get(slot_key(till.terminal))
        return row.number("next_at") if row else 0

    async def _ask(self, till: Till) -> bool:
        turn = await self._next(till)
        if turn is None or not await self._taken(till):
            return False
        if turn.refund:
            await self._refunds.look(turn.refund, till)
        elif turn.order:
            await self._look(turn.order, till)
        return True

    async def _next(self, till: Till) -> Turn | None:
        """Order or refund that has been due for longest."""
        now = self._clock.now()
        turns = [Turn(refund.due, refund=refund) async for refund in self._refunds.due(till, now)]
        shelves = () if till.walked else ((PENDING, now), (ASKING, now), (REVIEW, AT_ONCE))
        for shelf, until in shelves:
            async for order in self._cashier.orders.shelved(shelf, until=until):
                if order.opened_at and order.till == till.name and await self._ours(order, till):
                    turns.append(Turn(order.due, order=order))
                    break  # orders come by due time, so the first is enough
        return min(turns, key=lambda turn: turn.due, default=None)

    async def _ours(self, order: Order, till: Till) -> bool:
        """True for an order of this till's terminal. Any other one is put off and blocks no queue."""
        if order.terminal == till.terminal:
            return True
        await self._put_off(order, self._clock.now() + ELSEWHERE)
        return False

    async def _put_off(self, order: Order, due: int) -> None:
        await self._wrote(Change(changing(order, order).key, set={"due": due}, when={"state": order.state}))

    async def _taken(self, till: Till) -> bool:
        """True if this process got the slot, which counts as used whatever the answer."""
        key = slot_key(till.terminal)
        row = await self._table.get(key)
        now, next_at = self._clock.now(), row.number("next_at") if row else 0
        if not come(next_at, now, self._every + SKEW):
            return False
        taking = Change(key, set={"next_at": now + self._every}, when={"next_at": next_at or None}, or_create=True)
        return await self._wrote(taking)

    async def _look(self, order: Order, till: Till) -> None:
        answer, _ = await till.query(order.ref, order.created)
        if isinstance(answer, Later):
            await self._later(order, answer)
            return
        if isinstance(answer, Told):
            await self._cashier.settle(answer, "query")
        await self._asked(order, gone=isinstance(answer, NotKnown))

    async def _later(self, order: Order, answer: Later) -> None:
        """Keep the turn of `order` if the gateway was asked too often. Any other failure has used the turn."""
        if answer.why != "limit":
            await self._asked(order, gone=False)

    async def _asked(self, before: Order, *, gone: bool) -> None:
        """Plan the next question about an order that is still open, and none for one the gateway will never know."""
        order, now = await self._cashier.orders.order(before.ref), self._clock.now()
        if not order.payable or order.asked != before.asked:
            return
        if order.state == "pending" and order.over(now):
            return  # about to expire, which looks for it on this shelf; asked about once more after that
        if order.state in ("failed", "review"):
            await self._wrote(changing(order, order.rested()))
        elif gone and order.over(now):
            await self._wrote(changing(order, order.forgotten()))
        else:
            await self._wrote(changing(order, order.asked_again(now)))

    async def _wrote(self, write: Change) -> bool:
        try:
            await self._table.write(write)
        except Refused:
            return False
        return True


def slot_key(terminal: str) -> Key:
    return Key(f"QUERIES#{terminal}", "META")
