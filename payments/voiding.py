"""Voiding play, the orders: what was begun at a played till and is still open is closed, for nobody can end it there.

An order that waits is cancelled, one that is asked about is let be, and a refund ends with a no, so that the credits it
held are voided with the rest. Paid orders stay as they are, with their mark; so does what is in review.
"""

from core.table import Table
from payments.cashier import Cashier
from payments.orders import ASKING, PENDING, Order, changing
from payments.refunds import Refunds
from payments.tills import RefundTold

CODE = "void"  # of a refund that a played till can no longer answer


async def close_played(table: Table, cashier: Cashier, refunds: Refunds, now: int) -> int:
    """How many orders were closed."""
    open_ = [order for shelf in (PENDING, ASKING) async for order in cashier.orders.shelved(shelf) if order.play]
    for order in open_:
        await table.write(changing(order, closed(order, now)))
    return len(open_) + await refuse_played(cashier, refunds)


def closed(order: Order, now: int) -> Order:
    return (order.cancelled(now) if order.state == "pending" else order).forgotten()


async def refuse_played(cashier: Cashier, refunds: Refunds) -> int:
    """Page by page; each is looked at once, whatever comes of it."""
    seen: set[str] = set()
    count = 0
    while found := [one for one in await refunds.open() if one.ref not in seen]:
        seen |= {refund.ref for refund in found}
        played = [refund for refund in found if (await cashier.orders.order(refund.ref)).play]
        for refund in played:
            await refunds.decide(refund, RefundTold("rejected", code=CODE))
        count += len(played)
    return count
