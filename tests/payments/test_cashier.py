"""An order's life: what is bought is credited once, whatever the gateway says, however often and however late."""

import asyncio

import pytest

from core.errors import Frozen, NotAgreed, TooLate
from core.news import EXPIRED, PAID, PAYMENT_FAILED, RENEWED, REPLACED
from payments.orders import ASKING, GRACE, LASTS, PENDING, Order
from payments.tills import Reason
from tests.house import Imagify, Speaker
from tests.payments.rig import FIFTY, TWENTY, Desk

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def desk(workshop: Imagify, an: Speaker) -> Desk:
    return Desk(workshop, an)


# -- from the button to the gateway ---------------------------------------------------------------------------------


async def test_the_same_package_pressed_twice_is_one_order_while_nobody_has_opened_it(desk: Desk) -> None:
    first, second = await desk.orders(), await desk.orders()

    assert second.ref == first.ref


async def test_pressed_at_the_same_moment_it_is_still_one_order_that_can_be_paid(desk: Desk) -> None:
    orders = await asyncio.gather(*(desk.orders() for _ in range(5)))

    standing = [await desk.now(order) for order in orders]
    assert len({order.ref for order in standing if order.fresh(desk.imagify.clock.now())}) == 1


async def test_an_order_that_was_opened_is_never_used_again(desk: Desk) -> None:
    opened = await desk.opens()

    again = await desk.orders()

    assert again.ref != opened.ref
    assert again.replaces == opened.ref
    assert (await desk.now(opened)).replaced_by == again.ref


async def test_another_package_closes_the_order_that_nobody_opened(desk: Desk) -> None:
    first = await desk.orders(FIFTY)

    await desk.orders(TWENTY)

    assert (await desk.now(first)).state == "cancelled"
    assert await desk.told_of() == [REPLACED]


async def test_opening_a_link_twice_goes_to_the_gateway_with_two_references(desk: Desk) -> None:
    order = await desk.orders()

    first, second = await desk.cashier.open(order.ref), await desk.cashier.open(order.ref)

    assert first.ref == order.ref
    assert second.ref != order.ref
    assert (second.credits, second.vnd, second.replaces) == (order.credits, order.vnd, order.ref)


async def test_a_link_that_was_replaced_leads_to_the_newest(desk: Desk) -> None:
    order = await desk.opens()
    newer = await desk.orders()

    opened = await desk.cashier.open(order.ref)

    assert opened.ref == newer.ref


async def test_a_new_order_in_the_same_message_takes_the_message_along(desk: Desk) -> None:
    order = await desk.opens()
    await desk.cashier.orders.stands_in(order, "message 7")

    newer = await desk.cashier.renew(order)

    places = [await desk.cashier.orders.place(one) for one in (order, newer)]
    assert [place.message for place in places if place] == ["", "message 7"]
    assert await desk.told_of() == [RENEWED]


async def test_an_old_link_that_ran_out_leads_to_a_new_order_even_where_others_were_made_since(desk: Desk) -> None:
    old = await desk.orders()
    await desk.imagify.passes(LASTS / 1000)
    await desk.cashier.expire()
    since = await desk.opens(TWENTY)

    opened = await desk.cashier.open(old.ref)

    assert opened.ref not in (old.ref, since.ref)
    assert (opened.state, opened.vnd) == ("pending", old.vnd)


async def test_whoever_has_not_agreed_or_is_frozen_buys_nothing(desk: Desk, workshop: Imagify) -> None:
    newcomer = Desk(workshop, await workshop.newcomer())
    await workshop.house.ledger.freeze(desk.an.person.id)

    with pytest.raises(NotAgreed):
        await newcomer.orders()
    with pytest.raises(Frozen):
        await desk.orders()


async def test_what_is_paid_cannot_be_opened_again(desk: Desk) -> None:
    order = await desk.opens()
    await desk.pays(order)

    with pytest.raises(TooLate):
        await desk.cashier.open(order.ref)


# -- paid -----------------------------------------------------------------------------------------------------------


async def test_a_payment_brings_its_credits_once_however_often_it_is_told(desk: Desk) -> None:
    order = await desk.opens()
    told = desk.told(order)

    outcomes = await asyncio.gather(*(desk.cashier.settle(told, "call") for _ in range(20)))

    assert sorted(settled.outcome for settled in outcomes) == ["already"] * 19 + ["credited"]
    assert (await desk.purse()).paid == 55
    assert await desk.told_of() == [PAID]


@pytest.mark.parametrize("before", ["expired", "failed", "cancelled", "review"])
async def test_a_payment_that_comes_late_is_credited_all_the_same(desk: Desk, before: str) -> None:
    order = await closed(desk, await desk.opens(), before)

    outcome = await desk.pays(order)

    after = await desk.now(order)
    assert outcome == "credited"
    assert (after.state, after.late) == ("paid", before != "review")
    assert (await desk.purse()).paid == 55


async def test_another_sum_than_was_asked_for_brings_nothing(desk: Desk) -> None:
    order = await desk.opens()

    settled = await desk.cashier.settle(desk.told(order, amount=order.amount + 1_000), "call")

    assert settled.outcome == "wrong amount"
    assert (await desk.now(order)).state == "pending"


async def test_an_admin_hears_once_of_a_wrong_sum_however_often_the_gateway_says_it(desk: Desk) -> None:
    order = await desk.opens()

    for _ in range(3):
        await desk.cashier.settle(desk.told(order, amount=order.amount + 1_000), "call")

    alarms = [news for news in await desk.imagify.due() if news.kind == "alarm"]
    assert [news.facts["what"] for news in alarms] == ["wrong amount"] * 2  # for each of two admins


async def test_the_word_of_another_terminal_or_of_no_order_of_ours_brings_nothing(desk: Desk) -> None:
    order = await desk.opens()

    strange = [desk.told(order, terminal="OTHER001"), desk.told(order, ref="261121NOBODYSORDER00")]

    assert [(await desk.cashier.settle(told, "call")).outcome for told in strange] == ["unknown", "unknown"]
    assert (await desk.purse()).paid == 0


async def test_a_payment_of_the_gateway_pays_one_order_and_the_second_waits_for_an_admin(desk: Desk) -> None:
    first, second = await desk.opens(FIFTY), await desk.opens(TWENTY)
    told = desk.told(first)
    await desk.cashier.settle(told, "call")

    settled = await desk.cashier.settle(desk.told(second, number=told.number), "call")

    assert settled.outcome == "clash"
    assert (await desk.now(second)).state == "review"
    assert (await desk.purse()).paid == 55


async def test_two_orders_of_one_wish_that_are_both_paid_are_both_credited_and_said_so(desk: Desk) -> None:
    first = await desk.opens()
    second = await desk.opens()

    await desk.pays(second)
    await desk.pays(first)

    assert (await desk.purse()).paid == 110
    assert [(await desk.now(order)).double for order in (second, first)] == [False, True]


async def test_a_purse_that_was_merged_away_is_followed(desk: Desk, workshop: Imagify, an: Speaker) -> None:
    order = await workshop.house.cashier.cancel(await desk.opens())
    other, linking = await workshop.meets("zalo"), workshop.house.linking
    code = await linking.ask_code(other.person)
    await linking.accept(code, an.person)
    await linking.confirm(code, other.person)

    outcome = await desk.pays(order)

    assert outcome == "credited"
    assert (await workshop.balance(other)).free == 55


async def test_whoever_is_frozen_gets_what_they_paid_for(desk: Desk, workshop: Imagify) -> None:
    order = await desk.opens()
    await workshop.house.ledger.freeze(desk.an.person.id)

    assert await desk.pays(order) == "credited"


# -- not paid -------------------------------------------------------------------------------------------------------


async def test_a_payment_that_failed_is_told_with_its_reason_and_told_once(desk: Desk) -> None:
    order = await desk.opens()
    failure = desk.failure(order, Reason.NO_BALANCE)

    outcomes = [(await desk.cashier.settle(failure, "call")).outcome for _ in range(2)]

    assert outcomes == ["noted", "already"]
    assert (await desk.now(order)).reason == "no balance"
    assert [(news.kind, news.facts["reason"]) for news in await desk.news()] == [(PAYMENT_FAILED, "no balance")]


async def test_money_that_is_held_for_a_check_brings_no_credits_yet(desk: Desk) -> None:
    order = await desk.opens()

    await desk.cashier.settle(desk.told(order, verdict="review", reason=Reason.SUSPECT), "call")

    assert (await desk.now(order)).state == "review"
    assert (await desk.purse()).paid == 0


async def test_money_that_was_held_and_is_given_back_by_the_bank_closes_the_order(desk: Desk) -> None:
    order = await closed(desk, await desk.opens(), "review")

    settled = await desk.cashier.settle(desk.failure(order, Reason.OTHER), "query")

    assert (settled.outcome, (await desk.now(order)).state) == ("noted", "failed")
    assert (await desk.purse()).paid == 0


async def test_a_failure_told_after_the_payment_takes_nothing_back(desk: Desk) -> None:
    order = await desk.opens()
    await desk.pays(order)

    settled = await desk.cashier.settle(desk.failure(order), "call")

    assert settled.outcome == "already"
    assert (await desk.purse()).paid == 55


async def test_a_link_runs_out_when_its_time_is_over_and_later_where_it_was_opened(desk: Desk) -> None:
    unopened = await desk.orders()
    await desk.imagify.passes(LASTS / 1000)
    await desk.cashier.expire()
    gone = await desk.now(unopened)

    opened = await desk.opens()
    await desk.imagify.passes(LASTS / 1000)
    await desk.cashier.expire()
    still = await desk.now(opened)
    await desk.imagify.passes(GRACE / 1000)
    await desk.cashier.expire()
    over = await desk.now(opened)

    assert [(order.state, order.shelf) for order in (gone, still, over)] == [
        ("expired", ""),
        ("pending", PENDING),
        ("expired", ASKING),
    ]
    assert await desk.told_of() == [EXPIRED, EXPIRED]


async def test_an_order_that_was_replaced_runs_out_in_silence(desk: Desk) -> None:
    await desk.opens()
    await desk.opens()
    told = await desk.told_of()

    await desk.imagify.passes((LASTS + GRACE) / 1000)
    await desk.cashier.expire()

    assert (await desk.told_of())[len(told) :] == [EXPIRED]


async def test_a_cancelled_order_that_was_opened_is_still_asked_about(desk: Desk) -> None:
    opened = await desk.cashier.cancel(await desk.opens())
    unopened = await desk.cashier.cancel(await desk.orders(TWENTY))

    assert [(order.state, order.shelf) for order in (opened, unopened)] == [("cancelled", ASKING), ("cancelled", "")]


async def closed(desk: Desk, order: Order, state: str) -> Order:
    match state:
        case "expired":
            await desk.imagify.passes((LASTS + GRACE) / 1000)
            await desk.cashier.expire()
        case "failed":
            await desk.cashier.settle(desk.failure(order), "call")
        case "cancelled":
            await desk.cashier.cancel(order)
        case "review":
            await desk.cashier.settle(desk.told(order, verdict="review", reason=Reason.SUSPECT), "call")
    closed = await desk.now(order)
    assert closed.state == state
    return closed
