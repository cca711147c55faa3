"""Voiding play, the orders: nothing that was begun at a played till can be ended at a real one."""

from core.news import News
from core.play import mark_played
from core.voiding import void_play
from payments.orders import Order
from payments.voiding import close_played
from tests.house import Balance, Imagify, Speaker


async def a_played_house(workshop: Imagify) -> Speaker:
    workshop.house = workshop.build(play=True)
    await mark_played(workshop.table)
    return await workshop.meets()


async def paid(an: Speaker, vnd: int = 50_000) -> Order:
    return await an.pays(order=await an.checks_out(vnd))


async def shut_and_voided(workshop: Imagify) -> int:
    """As the command line does it: no till and no channel is there."""
    house = workshop.build(tills=())
    closed = await close_played(workshop.table, house.cashier, house.refunds, workshop.clock.now())
    await void_play(workshop.table, house.ledger)
    return closed


async def now(workshop: Imagify, order: Order) -> Order:
    return await workshop.house.cashier.orders.order(order.ref)


async def told(workshop: Imagify, an: Speaker) -> list[News]:
    return [news for news in await workshop.due() if news.person == an.person.id]


async def test_a_paid_order_stays_paid_and_its_credits_go(workshop: Imagify) -> None:
    an = await a_played_house(workshop)
    order = await paid(an)

    assert await shut_and_voided(workshop) == 0

    assert (await now(workshop, order)).state == "paid"
    assert await workshop.balance(an) == Balance(free=0, held=0)


async def test_an_order_that_waits_is_cancelled_and_one_that_is_asked_about_is_let_be(workshop: Imagify) -> None:
    an, binh = await a_played_house(workshop), await workshop.meets()
    waiting = await an.checks_out()
    opened = await binh.opens(await binh.checks_out())
    await workshop.house.cashier.cancel(opened)

    assert await shut_and_voided(workshop) == 2

    assert [(one.state, one.due) for one in (await now(workshop, waiting), await now(workshop, opened))] == [
        ("cancelled", 0),
        ("cancelled", 0),
    ]


async def test_whoever_follows_an_old_link_in_a_real_house_is_given_a_new_order(workshop: Imagify) -> None:
    an = await a_played_house(workshop)
    old = await an.checks_out()
    await shut_and_voided(workshop)
    workshop.till.terminal = "REALONE1"
    workshop.house = workshop.build()

    new = await workshop.house.cashier.open(old.ref)

    assert (new.ref != old.ref, new.terminal, new.play) == (True, "REALONE1", False)


async def test_a_refund_under_way_ends_without_a_word_and_its_credits_go_with_the_rest(workshop: Imagify) -> None:
    an = await a_played_house(workshop)
    order = await paid(an)
    workshop.till.will_refund("accepted")
    await workshop.house.refunds.refund(order.ref, "somebody", "why")
    before = await told(workshop, an)

    assert await shut_and_voided(workshop) == 1

    assert (await now(workshop, order)).state == "paid"
    assert await workshop.balance(an) == Balance(free=0, held=0)
    assert await told(workshop, an) == before


async def test_orders_of_a_real_till_are_left_as_they_are(workshop: Imagify) -> None:
    an = await workshop.meets()
    order = await an.opens(await an.checks_out())

    assert await shut_and_voided(workshop) == 0

    assert await now(workshop, order) == order
