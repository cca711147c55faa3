"""Voiding – closes the open orders of a played till, which no person can finish.

A pending order is cancelled, one being asked about is asked about no more, and a refund ends with a no, so that the
held credits are voided with the rest. Paid orders and those in review stay as they are, with their mark.
"""

from core.table import Table
from payments.cashier import Cashier
from payments.orders import ASKING, PENDING, Order, changing
from payments.refunds import Refunds
from payments.tills import RefundTold

CODE = "void"  # code of a refund that a played till can no longer answer


async def close_played(table: Table, cashier: Cashier, refunds: Refunds, now: int) -> int:
    """Close open played orders and refunds, and return the count."""
    open_ = [order for shelf in (PENDING, ASKING) async for order in cashier.orders.shelved(shelf) if order.play]
    for order in open_:
        await table.write(changing(order, closed(order, now)))
    return len(open_) + await refuse_played(cashier, refunds)


def closed(order: Order, now: int) -> Order:
    return (order.cancelled(now) if order.state == "pending" else order).forgotten()


async def refuse_played(cashier: Cashier, refunds: Refunds) -> int:
    """Refuse open refunds of played orders page by page, looking at each once."""
    seen: set[str] = set()
    count = 0
    while found := [one for one in await refunds.open() if one.ref not in seen]:
        seen |= {refund.ref for refund in found}
        played = [refund for refund in found if (await cashier.orders.order(refund.ref)).play]
        for refund in played:
            await refunds.decide(refund, RefundTold("rejected", code=CODE))
        count += len(played)
    return count
