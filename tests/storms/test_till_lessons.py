"""What the storms at the till have taught, each lesson in its shortest form."""

import asyncio

import pytest

from core.clock import SECOND
from payments.orders import GRACE, LASTS, Order
from payments.reconciler import EVERY
from payments.vnpay.told import REFUND_STATUSES
from tests.house import Imagify, Speaker
from tests.payments.rig import Desk
from tests.storms.loop import SimClock


@pytest.fixture
def desk(workshop: Imagify, an: Speaker) -> Desk:
    return Desk(workshop, an)


async def two_of_one_wish(desk: Desk) -> tuple[Order, Order]:
    first = await desk.an.opens(await desk.orders())
    second = await desk.cashier.open(first.ref)
    return first, second


async def test_two_payments_of_one_wish_at_the_same_moment_are_known_as_such(workshop: Imagify) -> None:
    for _ in range(9):  # by lot the two do not always meet
        desk = Desk(workshop, await workshop.meets())
        orders = await two_of_one_wish(desk)

        told = [desk.told(order, number=f"15{order.created}{number}") for number, order in enumerate(orders)]
        await asyncio.gather(*(desk.cashier.settle(one, "call") for one in told))
        await workshop.passes(1)

        standing = [await desk.now(order) for order in orders]
        assert [order.state for order in standing] == ["paid", "paid"]
        assert any(order.double for order in standing)


async def test_a_cancelled_order_still_says_what_stands_for_it(desk: Desk) -> None:
    first, second = await two_of_one_wish(desk)

    await desk.cashier.cancel(await desk.now(first))

    assert (await desk.now(first)).replaced_by == second.ref


async def test_however_often_somebody_asks_about_a_pending_order_it_expires(desk: Desk) -> None:
    order = await desk.an.opens(await desk.orders())
    desk.imagify.till.opens(order)
    for _ in range(6):
        await desk.cashier.want(await desk.now(order))
        await desk.imagify.house.reconciler.run()
        await desk.imagify.passes(EVERY / SECOND)

    await desk.imagify.passes(LASTS / SECOND)
    await desk.cashier.expire()

    after = await desk.now(order)
    assert after.asked == 6
    assert after.state == "expired"
    assert after.due, "and is asked about again"


async def test_an_order_that_the_gateway_never_saw_expires_even_if_it_was_asked_about_first(desk: Desk) -> None:
    order = await desk.an.opens(await desk.orders())
    desk.imagify.till.forgets(order)
    await desk.imagify.passes((LASTS + GRACE) / SECOND)

    await desk.imagify.house.reconciler.run()
    await desk.cashier.expire()

    assert (await desk.now(order)).state == "expired"


async def test_a_slow_clock_beside_a_quick_one_asks_the_gateway_no_sooner(desk: Desk) -> None:
    workshop = desk.imagify
    order = await desk.an.opens(await desk.orders())
    await workshop.passes(200)
    await workshop.house.reconciler.run()

    slow = workshop.build(clock=SimClock(workshop.loop, offset=-2 * SECOND))
    await slow.cashier.want(await desk.now(order))

    assert await slow.reconciler.run() == 0
    assert len(workshop.till.asked) == 1


def test_a_refund_is_not_over_while_the_bank_may_still_refuse_it() -> None:
    assert REFUND_STATUSES["06"] == "accepted"
