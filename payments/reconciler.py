"""The reconciler: asks the gateway for whatever it has not told us, as seldom as it wants to be asked.

One question for each terminal in five minutes is all VNPAY answers, whichever order it is about, so there is one queue
for each: first what a person asks about now, then refunds and orders by how long they are due. An answer that does
not count changes nothing; the order is asked about again when its turn comes. A till that is walked is asked about
refunds alone: what it took is found in its own list.
"""

from dataclasses import dataclass

from core.clock import HOUR, MINUTE, SECOND, Clock, come
from core.table import Change, Key, Refused, Table
from payments.cashier import Cashier
from payments.orders import ASKING, AT_ONCE, PENDING, REVIEW, Order, changing
from payments.refunds import Refund, Refunds
from payments.tills import Later, NotKnown, Till, Told

EVERY = 5 * MINUTE + 10 * SECOND  # between two questions; a little more than the gateway wants
ELSEWHERE = HOUR  # when an order of a terminal that is not ours is looked at again


@dataclass(frozen=True, slots=True)
class Turn:
    """What is asked about next."""

    due: int
    order: Order | None = None
    refund: Refund | None = None


class Reconciler:
    def __init__(self, table: Table, clock: Clock, cashier: Cashier, refunds: Refunds, *, every: int = EVERY) -> None:
        self._table, self._clock, self._cashier, self._refunds = table, clock, cashier, refunds
        self._every = every

    async def run(self) -> int:
        """One question for each till whose gateway may be asked; how many were."""
        return sum([await self._ask(till) for till in self._cashier.tills.values()])

    async def next_slot(self, till: Till) -> int:
        """When the gateway may be asked again."""
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
        """Whatever has been due for longest."""
        now = self._clock.now()
        turns = [Turn(refund.due, refund=refund) async for refund in self._refunds.due(till, now)]
        shelves = () if till.walked else ((PENDING, now), (ASKING, now), (REVIEW, AT_ONCE))
        for shelf, until in shelves:
            async for order in self._cashier.orders.shelved(shelf, until=until):
                if order.opened_at and order.till == till.name and await self._ours(order, till):
                    turns.append(Turn(order.due, order=order))
                    break  # they come by due, so the first is the one
        return min(turns, key=lambda turn: turn.due, default=None)

    async def _ours(self, order: Order, till: Till) -> bool:
        """An order of a terminal we no longer have cannot be asked about, and must not stand in the way."""
        if order.terminal == till.terminal:
            return True
        await self._put_off(order, self._clock.now() + ELSEWHERE)
        return False

    async def _put_off(self, order: Order, due: int) -> None:
        await self._wrote(Change(changing(order, order).key, set={"due": due}, when={"state": order.state}))

    async def _taken(self, till: Till) -> bool:
        """The slot, for one process; it is used up by asking, whatever comes of it."""
        key = slot_key(till.terminal)
        row = await self._table.get(key)
        now, next_at = self._clock.now(), row.number("next_at") if row else 0
        if not come(next_at, now, self._every):
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
        """Too often is not about this order: it keeps its turn. Anything else has used it."""
        if answer.why != "limit":
            await self._asked(order, gone=False)

    async def _asked(self, before: Order, *, gone: bool) -> None:
        """What is still open is asked about again at its next time; what the gateway will never know is not."""
        order, now = await self._cashier.orders.order(before.ref), self._clock.now()
        if not order.payable or order.asked != before.asked:
            return
        if order.state == "pending" and order.over(now):
            return  # about to expire, which has to find it on its shelf; after that it is asked about once more
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
