"""Paying an order back: the credits are held first, and burnt or set free once the gateway's last word is there."""

import pytest

from core.clock import MINUTE
from core.errors import NotEnoughCredits, TooLate
from core.ledger import Purse
from core.news import REFUNDED
from payments.orders import Order
from payments.refunds import Refund
from payments.tills import RefundTold, RefundVerdict
from tests.house import Imagify, Speaker
from tests.payments.rig import Desk

UNKNOWN: list[RefundVerdict] = ["unknown"] * 20


@pytest.fixture
def desk(workshop: Imagify, an: Speaker) -> Desk:
    return Desk(workshop, an)


async def paid(desk: Desk) -> Order:
    return await desk.an.pays(order=await desk.orders())


async def refunds(desk: Desk, order: Order) -> Refund:
    return await desk.imagify.house.refunds.refund(order.ref, "an admin", "asked for it")


def pockets(purse: Purse) -> tuple[int, int]:
    return purse.paid, purse.held


async def test_a_refund_that_the_gateway_makes_takes_the_credits(desk: Desk) -> None:
    order = await paid(desk)

    refund = await refunds(desk, order)

    assert refund.state == "done"
    assert (await desk.now(order)).state == "refunded"
    assert pockets(await desk.purse()) == (0, 0)
    assert (await desk.told_of())[-1] == REFUNDED


async def test_while_the_gateway_is_at_it_the_credits_cannot_be_spent(desk: Desk) -> None:
    desk.imagify.till.will_refund("accepted")
    order = await paid(desk)

    refund = await refunds(desk, order)

    assert refund.state == "accepted"
    assert (await desk.now(order)).state == "refunding"
    assert pockets(await desk.purse()) == (0, 55)


async def test_a_refund_that_the_gateway_will_not_make_sets_the_credits_free(desk: Desk) -> None:
    desk.imagify.till.will_refund("rejected")
    order = await paid(desk)

    refund = await refunds(desk, order)

    assert refund.state == "refused"
    assert (await desk.now(order)).state == "paid"
    assert pockets(await desk.purse()) == (55, 0)


async def test_a_refused_refund_may_be_tried_anew(desk: Desk) -> None:
    desk.imagify.till.will_refund("rejected", "sent")
    order = await paid(desk)
    await refunds(desk, order)

    refund = await refunds(desk, order)

    assert (refund.state, refund.round) == ("done", 2)
    assert pockets(await desk.purse()) == (0, 0)


async def test_an_answer_that_is_none_leaves_everything_held_until_the_gateway_says_more(desk: Desk) -> None:
    desk.imagify.till.will_refund("unknown")
    order = await paid(desk)
    await refunds(desk, order)
    held = pockets(await desk.purse())

    desk.imagify.till.pays_back(order.ref, "sent")
    await desk.imagify.passes(6 * 60)
    await desk.imagify.house.reconciler.run()

    assert held == (0, 55)
    assert pockets(await desk.purse()) == (0, 0)
    assert (await desk.now(order)).state == "refunded"


async def test_credits_that_are_spent_are_not_paid_back_and_no_more_of_them_are_spent(desk: Desk) -> None:
    order = await paid(desk)
    for number in range(6):
        (job,) = await desk.an.orders(f"mèo {number}")
        await desk.imagify.paints(job)

    with pytest.raises(NotEnoughCredits):
        await refunds(desk, order)

    assert (await desk.now(order)).state == "paid"
    assert desk.imagify.till.refunds == []
    assert (await desk.purse()).frozen


async def test_what_was_never_paid_or_is_paid_back_already_is_not_paid_back(desk: Desk) -> None:
    pending, order = await desk.opens(), await paid(desk)
    await refunds(desk, order)

    for one in (pending, order):
        with pytest.raises(TooLate):
            await refunds(desk, one)


async def test_a_refund_whose_admin_left_before_the_gateway_was_asked_is_asked_for_later(desk: Desk) -> None:
    order = await paid(desk)
    house = desk.imagify.house
    await house.refunds._begin(order, "an admin", "asked for it", ())

    await desk.imagify.passes(2 * MINUTE / 1000)
    await house.refunds.revive()

    assert (await desk.now(order)).state == "refunded"
    assert desk.imagify.till.refunds == [order.ref]


async def test_asking_again_for_a_refund_under_way_asks_the_gateway_again(desk: Desk) -> None:
    desk.imagify.till.will_refund("unknown", "sent")
    order = await paid(desk)
    await refunds(desk, order)

    refund = await refunds(desk, order)

    assert refund.state == "done"
    assert len(desk.imagify.till.refunds) == 2


async def test_a_no_to_a_second_asking_may_mean_that_the_first_was_done_and_sets_nothing_free(desk: Desk) -> None:
    desk.imagify.till.will_refund("unknown", "rejected")
    order = await paid(desk)
    await refunds(desk, order)

    refund = await refunds(desk, order)

    assert refund.state == "asked"
    assert pockets(await desk.purse()) == (0, 55)


async def test_a_refund_that_never_reached_the_gateway_is_asked_for_again(desk: Desk) -> None:
    desk.imagify.till.will_refund("unknown")
    order = await paid(desk)
    await refunds(desk, order)

    await desk.imagify.passes(6 * 60)
    await desk.imagify.house.reconciler.run()

    assert len(desk.imagify.till.refunds) == 2
    assert (await desk.now(order)).state == "refunded"


async def test_an_admin_who_looked_into_the_gateways_books_has_the_last_word(desk: Desk) -> None:
    desk.imagify.till.will_refund("unknown")
    order = await paid(desk)
    refund = await refunds(desk, order)

    decided = await desk.imagify.house.refunds.decide(refund, RefundTold("rejected", code="portal"))
    again = await desk.imagify.house.refunds.decide(refund, RefundTold("sent", code="portal"))

    assert (decided.state, again.state) == ("refused", "refused")
    assert pockets(await desk.purse()) == (55, 0)


async def test_after_days_without_an_answer_an_admin_hears_of_it(desk: Desk) -> None:
    desk.imagify.till.will_refund(*UNKNOWN)
    order = await paid(desk)
    await refunds(desk, order)

    for _ in range(8):
        await desk.imagify.passes(24 * 3600)
        await desk.imagify.house.reconciler.run()

    alarms = {str(news.facts["what"]) for news in await desk.imagify.due() if news.kind == "alarm"}
    assert "refund pending" in alarms
    assert pockets(await desk.purse()) == (0, 55)
