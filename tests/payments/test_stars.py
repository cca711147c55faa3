"""Telegram Stars: asked about before they are paid, credited once, found where nobody told of them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.orders import LASTS, gateway_key
from payments.packages import PACKAGES, TILLS, VND_PER_STAR, Package, in_stars
from payments.stars import BACK, MOST_STARS, PAGE, StarsRow, Wont, mark_key
from tests.house import Imagify
from tests.payments.stars_rig import BOT, StarsDesk, opened, with_stars


@pytest.fixture
async def desk(workshop: Imagify) -> StarsDesk:
    return await opened(workshop)


def asks(desk: StarsDesk, ref: str, amount: int = 167, payer: str = "", currency: str = "XTR") -> StarsRow:
    """Telegram's question before a payment."""
    return StarsRow(ref, payer or desk.an.address.id, amount, currency=currency)


async def may_pay(desk: StarsDesk, row: StarsRow) -> Wont | None:
    assert desk.house.stars
    return await desk.house.stars.may_pay(row)


# -- the price ------------------------------------------------------------------------------------------------------


@given(st.integers(10_000, 50_000_000), st.integers(1, 5_000))
def test_a_package_costs_as_many_stars_as_pay_for_all_of_it(vnd: int, vnd_per_star: int) -> None:
    stars = in_stars(vnd, vnd_per_star)

    assert (stars - 1) * vnd_per_star < vnd <= stars * vnd_per_star


@pytest.mark.parametrize("package", PACKAGES)
def test_a_credit_bought_with_stars_brings_no_less_than_prices_are_made_from(package: Package) -> None:
    counted_on = next(till for till in TILLS if till.name == "stars")

    brought = Fraction(in_stars(package.vnd, VND_PER_STAR) * VND_PER_STAR, package.credits)

    assert brought >= package.net(counted_on)


async def test_what_is_dearer_than_any_invoice_is_not_sold_for_stars(desk: StarsDesk) -> None:
    dear = Package((MOST_STARS + 1) * VND_PER_STAR, 40_000)

    assert desk.house.counter.ways("telegram", PACKAGES[0]) == ["vnpay", "stars"]
    assert desk.house.counter.ways("telegram", dear) == ["vnpay"]


# -- an order -------------------------------------------------------------------------------------------------------


async def test_the_chat_offers_both_ways_and_says_what_each_costs(desk: StarsDesk) -> None:
    await desk.an.acts("topup:50000")
    assert desk.an.buttons == ["VNPAY", "Telegram Stars · 167 ⭐"]

    await desk.an.presses("Telegram Stars")

    order = await desk.an.newest_order()
    assert (order.till, order.amount, order.currency, order.terminal) == ("stars", 167, "XTR", f"stars:{BOT}")
    invoice = desk.imagify.telegram.delivered[-1].reply.invoice
    assert invoice
    assert (invoice.ref, invoice.stars, invoice.title, invoice.pay) == (
        order.ref,
        167,
        "Imagify: 55 credit",
        "Trả 167 ⭐",
    )
    assert desk.an.buttons == ["Huỷ"]


async def test_stars_are_offered_in_telegram_alone(workshop: Imagify, desk: StarsDesk) -> None:
    on_zalo = await workshop.meets("zalo")

    await on_zalo.acts("topup:50000")

    assert (await on_zalo.newest_order()).till == "vnpay"
    assert desk.house.counter.tills_of("web") == ["vnpay"]


async def test_the_owner_says_which_ways_there_are_and_in_which_order(desk: StarsDesk) -> None:
    desk.house.counter.tills = {"telegram": ("stars", "vnpay")}
    await desk.an.acts("topup:50000")
    assert desk.an.buttons[0].startswith("Telegram Stars")

    desk.house.counter.tills = {"telegram": ("stars",)}
    await desk.an.acts("topup:20000")

    assert (await desk.an.newest_order()).amount == 67


async def test_the_order_itself_does_not_say_who_pays(desk: StarsDesk) -> None:
    order = await desk.orders()

    (row,) = await desk.imagify.rows(f"ORDER#{order.ref}")
    assert desk.an.address.id not in [str(value) for value in row.fields.values()]
    place = await desk.house.cashier.orders.place(order)
    assert place
    assert place.payer == desk.an.address.id


# -- may it be paid -------------------------------------------------------------------------------------------------


async def test_an_invoice_may_be_paid_by_whoever_asked_for_it(desk: StarsDesk) -> None:
    order = await desk.orders()

    assert await may_pay(desk, asks(desk, order.ref)) is None
    assert await may_pay(desk, asks(desk, order.ref)) is None, "the person looked at it and tries again"


async def test_an_invoice_is_not_paid_by_a_stranger(desk: StarsDesk) -> None:
    order = await desk.orders()

    assert await may_pay(desk, asks(desk, order.ref, payer="666")) == Wont.NOT_THEIRS


async def test_an_invoice_is_not_paid_at_another_price(desk: StarsDesk) -> None:
    order = await desk.orders()

    assert await may_pay(desk, asks(desk, order.ref, 166)) == Wont.UNEQUAL
    assert await may_pay(desk, asks(desk, order.ref, currency="VND")) == Wont.UNEQUAL


async def test_an_invoice_is_not_paid_twice_nor_late_nor_when_another_stands_for_it(desk: StarsDesk) -> None:
    old = await desk.orders()
    new = await desk.orders(100_000)
    assert await may_pay(desk, asks(desk, old.ref)) == Wont.REPLACED
    assert await may_pay(desk, asks(desk, new.ref, new.amount)) is None

    await desk.pays(new)
    assert await may_pay(desk, asks(desk, new.ref, new.amount)) == Wont.PAID

    late = await desk.orders()
    await desk.imagify.passes(LASTS / 1_000)
    assert await may_pay(desk, asks(desk, late.ref)) == Wont.OVER


async def test_what_was_cancelled_or_never_was_is_not_paid(desk: StarsDesk) -> None:
    order = await desk.orders()
    await desk.an.presses("Huỷ")

    assert await may_pay(desk, asks(desk, order.ref)) == Wont.OVER
    assert await may_pay(desk, asks(desk, "261121AAAAAAAAAAAAAAAA")) == Wont.UNKNOWN


async def test_an_order_of_vnpay_is_not_paid_with_stars(desk: StarsDesk) -> None:
    await desk.an.acts("topup:50000:vnpay")
    order = await desk.an.newest_order()

    assert await may_pay(desk, asks(desk, order.ref)) == Wont.UNKNOWN


# -- paid -----------------------------------------------------------------------------------------------------------


async def test_stars_bring_the_credits_and_a_receipt_of_its_own(desk: StarsDesk) -> None:
    order = await desk.orders()

    await desk.pays(order)
    await desk.imagify.settles()

    assert await desk.paid_credits() == (55, 0)
    assert (await desk.now(order)).state == "paid"
    assert desk.an.last_heard.startswith(f"🎉 Nạp thành công! +55 credit (167 ⭐). Số dư: 55. Mã GD: {order.ref}")
    assert "• Số tiền: 167 ⭐" in desk.an.last_heard
    assert "• Trả qua: Telegram Stars · mã stx0001AAAAAAAAAA…AAAAAA" in desk.an.last_heard
    assert len(desk.an.heard) == 2, "the invoice, and the receipt below it"


async def test_a_payment_told_twice_counts_once(desk: StarsDesk) -> None:
    order = await desk.orders()
    row = await desk.pays(order)

    await desk.is_told(row)
    await desk.walks()

    assert await desk.paid_credits() == (55, 0)
    assert await desk.imagify.table.get(gateway_key(order.terminal, row.number))
    assert desk.telegram.given_back == []


async def test_a_payment_that_comes_after_its_order_was_given_up_is_credited(desk: StarsDesk) -> None:
    order = await desk.orders()
    row = desk.telegram.takes(order, desk.an.address.id)
    await desk.an.presses("Huỷ")

    await desk.is_told(row)

    assert (await desk.now(order)).late
    assert await desk.paid_credits() == (55, 0)


async def test_money_is_heard_of_while_the_house_is_closed_to_everybody(desk: StarsDesk) -> None:
    order = await desk.orders()
    row = desk.telegram.takes(order, desk.an.address.id)
    await desk.house.addresses.ban(desk.an.address, reason="spam", actor=desk.an.address)

    await desk.is_told(row)

    assert await desk.paid_credits() == (55, 0)


@pytest.mark.parametrize("other", [{"currency": "VND"}, {"amount": 166}])
async def test_another_currency_or_sum_never_brings_credits(other: dict[str, object], desk: StarsDesk) -> None:
    order = await desk.orders()
    row = desk.telegram.takes(order, desk.an.address.id, **other)

    await desk.is_told(row)
    await desk.is_told(row)
    await desk.walks()

    assert await desk.paid_credits() == (0, 0)
    assert (await desk.now(order)).state != "paid"
    assert "chưa khớp với đơn nào" in "".join(shown.text for shown in desk.an.heard)


async def test_stars_for_no_order_of_ours_are_told_to_an_admin_once(desk: StarsDesk) -> None:
    owner = await desk.imagify.meets(chat="1")
    stray = StarsRow("somebody else's", desk.an.address.id, 50, "stx-stray")
    desk.telegram.rows.append(stray)

    await desk.is_told(stray)
    await desk.walks()
    await desk.imagify.settles()

    told = [shown.text for shown in owner.heard if shown.text.startswith("🌠 Có người trả 50 ⭐")]
    assert len(told) == 1
    assert await desk.paid_credits() == (0, 0)


async def test_one_invoice_paid_on_two_telephones_at_one_moment_is_paid_back_once(desk: StarsDesk) -> None:
    order = await desk.orders()
    await desk.pays(order)
    second = desk.telegram.takes(order, desk.an.address.id)

    await desk.is_told(second)
    await desk.is_told(second)
    await desk.is_told(desk.telegram.rows[-1] or second)  # that it is back
    await desk.walks()

    assert desk.telegram.given_back == [second.number]
    assert await desk.paid_credits() == (55, 0)
    assert (await desk.now(order)).state == "paid"


# -- found ----------------------------------------------------------------------------------------------------------


async def test_a_payment_that_nobody_told_of_is_found(desk: StarsDesk) -> None:
    order = await desk.orders()
    desk.telegram.takes(order, desk.an.address.id)

    await desk.imagify.passes(10 * 60)

    paid = await desk.now(order)
    assert (paid.state, paid.source) == ("paid", "query")
    assert await desk.paid_credits() == (55, 0)


async def test_what_has_just_been_paid_is_on_its_way_and_left_for_the_next_walk(desk: StarsDesk) -> None:
    order = await desk.orders()
    desk.telegram.takes(order, desk.an.address.id)

    assert desk.house.stars
    assert await desk.house.stars.walk() == 0

    assert (await desk.now(order)).state == "pending"


async def test_a_walk_goes_on_where_the_last_one_came_to(workshop: Imagify) -> None:
    telegram = with_stars(workshop)
    desk = StarsDesk(workshop, telegram, await workshop.meets())
    telegram.rows += [None] * (2 * PAGE + 7)  # gifts, withdrawals

    assert await desk.walks() == 2 * PAGE + 7
    telegram.rows += [None]
    assert await desk.walks() == BACK + 1

    assert telegram.asked == [0, PAGE, 2 * PAGE, 2 * PAGE + 7 - BACK]


async def test_a_list_that_was_begun_anew_is_walked_anew(workshop: Imagify) -> None:
    telegram = with_stars(workshop)
    desk = StarsDesk(workshop, telegram, await workshop.meets())
    telegram.rows += [None] * (2 * BACK)
    await desk.walks()

    telegram.rows.clear()
    await desk.walks()

    row = await workshop.table.get(mark_key(f"stars:{BOT}"))
    assert row
    assert row.number("seen") == 0


async def test_where_telegram_says_nothing_the_walk_is_made_later(desk: StarsDesk) -> None:
    order = await desk.orders()
    desk.telegram.takes(order, desk.an.address.id)
    desk.telegram.deaf = 3

    await desk.imagify.passes(30 * 60)

    assert await desk.paid_credits() == (55, 0)


async def test_what_waits_for_telegram_holds_up_nobody_else(desk: StarsDesk) -> None:
    order = await desk.orders()
    await desk.pays(order)
    desk.telegram.takes(order, desk.an.address.id)  # once more, so it is to go back
    other = StarsDesk(desk.imagify, desk.telegram, await desk.imagify.meets())
    desk.telegram.takes(await other.orders(), other.an.address.id)
    desk.telegram.silent_refunds = 100

    await desk.walks()
    assert await other.paid_credits() == (55, 0)
    assert desk.telegram.given_back == []
    desk.telegram.silent_refunds = 0
    await desk.imagify.passes(15 * 60)

    assert len(desk.telegram.given_back) == 1
    assert await desk.paid_credits() == (55, 0)
