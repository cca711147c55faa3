"""Asking the gateway for what it has not told us: as seldom as it wants, until nothing can come any more."""

import pytest

from core.clock import SECOND
from core.table import Change
from payments.orders import ASKING, order_key
from payments.reconciler import EVERY
from tests.house import Imagify, Speaker
from tests.payments.rig import TWENTY, Desk


@pytest.fixture
def desk(workshop: Imagify, an: Speaker) -> Desk:
    return Desk(workshop, an)


async def looks(desk: Desk, hours: float) -> int:
    """Let so much time pass, with the chores of the till at work; how often the gateway was asked."""
    before, house = len(desk.imagify.till.asked), desk.imagify.house
    for _ in range(int(hours * 3600 / 30)):
        await desk.imagify.passes(30)
        await house.cashier.expire()
        await house.reconciler.run()
    return len(desk.imagify.till.asked) - before


async def test_a_payment_that_nobody_told_us_of_is_found_and_credited(desk: Desk) -> None:
    order = await desk.an.opens(await desk.orders())
    desk.imagify.till.takes(order)

    await looks(desk, 0.2)

    after = await desk.now(order)
    assert (after.state, after.source) == ("paid", "query")
    assert (await desk.purse()).paid == 55


async def test_thirty_payments_that_nobody_told_us_of_are_all_found_within_the_gateways_limit(
    workshop: Imagify,
) -> None:
    desks = [Desk(workshop, await workshop.meets()) for _ in range(30)]
    for desk in desks:
        workshop.till.takes(await desk.an.opens(await desk.orders()))

    asked = await looks(desks[0], 3)

    assert [(await desk.purse()).paid for desk in desks] == [55] * 30
    assert asked == 30


async def test_the_gateway_is_asked_no_more_than_once_in_five_minutes(desk: Desk) -> None:
    for _ in range(3):
        await desk.an.opens(await desk.orders())

    asked = await looks(desk, 1)

    assert asked <= 3600 // (EVERY // SECOND) + 1


async def test_an_order_that_nobody_opened_is_never_asked_about(desk: Desk) -> None:
    await desk.orders()

    assert await looks(desk, 1) == 0


async def test_whoever_presses_check_comes_before_those_who_wait(workshop: Imagify, desk: Desk) -> None:
    waiting = Desk(workshop, await workshop.meets())
    early = await waiting.an.opens(await waiting.orders())
    await workshop.passes(200)
    order = await desk.an.opens(await desk.orders())

    await desk.cashier.want(order)
    await workshop.house.reconciler.run()

    assert workshop.till.asked == [order.ref]
    assert (await desk.now(early)).asked == 0


async def test_a_limit_costs_no_turn_and_silence_does(desk: Desk) -> None:
    order = await desk.an.opens(await desk.orders())
    desk.imagify.till.will_not_answer(why="limit")
    await looks(desk, 0.05)
    limited = await desk.now(order)

    desk.imagify.till.will_not_answer(why="network")
    await looks(desk, 0.1)
    silent = await desk.now(order)

    assert (limited.asked, silent.asked) == (0, 1)
    assert silent.state == "pending"


async def test_an_order_that_is_never_paid_is_asked_about_a_few_times_and_then_no_more(desk: Desk) -> None:
    order = await desk.an.opens(await desk.orders())

    asked = await looks(desk, 26)

    after = await desk.now(order)
    assert asked == 6
    assert (after.state, after.shelf) == ("expired", "")


async def test_an_order_that_the_gateway_never_heard_of_is_let_go(desk: Desk) -> None:
    order = await desk.opens()  # our page was left, the gateway's never opened

    asked = await looks(desk, 26)

    assert (await desk.now(order)).state == "expired"
    assert asked < 6


async def test_a_payment_that_comes_a_day_late_is_still_found(desk: Desk) -> None:
    order = await desk.an.opens(await desk.orders())
    await looks(desk, 20)

    desk.imagify.till.takes(order)
    await looks(desk, 6)

    after = await desk.now(order)
    assert (after.state, after.late) == ("paid", True)


async def test_an_order_of_a_terminal_we_no_longer_have_stands_in_nobodys_way(desk: Desk, workshop: Imagify) -> None:
    old = await desk.an.opens(await desk.orders())
    await workshop.table.write(Change(order_key(old.ref), set={"terminal": "GONE0001"}))
    await workshop.passes(150)
    other = Desk(workshop, await workshop.meets())
    order = await other.an.opens(await other.orders(TWENTY))
    workshop.till.takes(order)

    await looks(desk, 0.2)

    assert (await desk.now(order)).state == "paid"
    assert old.ref not in workshop.till.asked


async def test_two_processes_ask_once(desk: Desk, workshop: Imagify) -> None:
    await desk.an.opens(await desk.orders())
    await workshop.passes(150)
    other = workshop.build(hands=0)

    asked = [await house.reconciler.run() for house in (workshop.house, other)]

    assert asked == [1, 0]
    assert len(workshop.till.asked) == 1


async def test_a_cancelled_order_that_was_paid_all_the_same_is_credited(desk: Desk) -> None:
    order = await desk.cashier.cancel(await desk.an.opens(await desk.orders()))
    desk.imagify.till.takes(order)
    shelf = order.shelf

    await looks(desk, 0.2)

    assert shelf == ASKING
    assert (await desk.now(order)).state == "paid"
