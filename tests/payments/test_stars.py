"""Telegram Stars: asked about before they are paid, credited once, found where nobody told of them, taken back."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.table import Delete
from payments.orders import LASTS, gateway_key, pointer_key
from payments.packages import PACKAGES, TILLS, VND_PER_STAR, Package, in_stars
from payments.stars import BACK, MOST_STARS, PAGE, StarsRow, Wont, mark_key
from tests.house import Imagify
from tests.payments.stars_rig import BOT, PlayedStars, StarsDesk, with_stars


@pytest.fixture
async def telegram(workshop: Imagify) -> PlayedStars:
    played = with_stars(workshop)
    await workshop.opens()
    return played


@pytest.fixture
async def desk(workshop: Imagify, telegram: PlayedStars) -> StarsDesk:
    return StarsDesk(workshop, telegram, await workshop.meets())


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


async def test_stars_are_offered_in_telegram_alone(workshop: Imagify, telegram: PlayedStars) -> None:
    del telegram
    on_zalo = await workshop.meets("zalo")

    await on_zalo.acts("topup:50000")

    assert (await on_zalo.newest_order()).till == "vnpay"
    assert workshop.house.counter.tills_of("web") == ["vnpay"]


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


# -- taken back -----------------------------------------------------------------------------------------------------


async def refunded_by(desk: StarsDesk, row: StarsRow, way: str) -> None:
    """Whichever way the word of it comes."""
    back = desk.telegram.gives_back(row)
    await (desk.is_told(back) if way == "told" else desk.walks())


@pytest.mark.parametrize("way", ["told", "found"])
async def test_stars_given_back_in_telegrams_own_app_take_the_credits_back(way: str, desk: StarsDesk) -> None:
    order = await desk.orders()
    row = await desk.pays(order)

    await refunded_by(desk, row, way)
    await refunded_by(desk, row, way)
    await desk.imagify.settles()

    assert (await desk.now(order)).state == "refunded"
    assert await desk.paid_credits() == (0, 0)
    assert desk.an.last_heard.startswith("↩️ Đã hoàn 167 ⭐ qua Telegram Stars và thu lại 55 credit.")


@pytest.mark.parametrize("way", ["told", "found"])
async def test_stars_taken_back_after_their_credits_were_spent_freeze_the_purse_once(way: str, desk: StarsDesk) -> None:
    owner = await desk.imagify.meets(chat="1")
    order = await desk.orders(20_000)
    row = await desk.pays(order)
    await desk.an.says("một con mèo")
    await desk.imagify.settles()

    await refunded_by(desk, row, way)
    assert (await desk.house.ledger.purse(desk.an.person.id)).frozen
    await desk.house.ledger.freeze(desk.an.person.id, frozen=False)
    await refunded_by(desk, row, way)
    await desk.imagify.settles()

    assert not (await desk.house.ledger.purse(desk.an.person.id)).frozen, "the owner has decided"
    assert len([shown for shown in owner.heard if shown.text.startswith("🧊 Telegram đã hoàn 67 ⭐")]) == 1
    assert (await desk.now(order)).state == "paid"


async def test_a_payment_and_its_way_back_that_nobody_told_of_come_to_nothing(desk: StarsDesk) -> None:
    order = await desk.orders()
    desk.telegram.gives_back(desk.telegram.takes(order, desk.an.address.id))

    await desk.walks()

    assert (await desk.now(order)).state == "refunded"
    assert await desk.paid_credits() == (0, 0)


async def test_an_owner_pays_stars_back_and_telegrams_own_word_of_it_changes_nothing(desk: StarsDesk) -> None:
    order = await desk.orders()
    row = await desk.pays(order)

    refund = await desk.house.refunds.refund(order.ref, "an admin", "asked for it")
    await desk.is_told(replace(row, back=True))

    assert refund.state == "done"
    assert desk.telegram.given_back == [row.number]
    assert await desk.paid_credits() == (0, 0)


async def test_a_refund_without_an_answer_is_asked_for_again(desk: StarsDesk) -> None:
    order = await desk.orders()
    row = await desk.pays(order)
    desk.telegram.silent_refunds = 2

    refund = await desk.house.refunds.refund(order.ref, "an admin", "asked for it")
    assert refund.state == "asked"
    assert await desk.paid_credits() == (0, 55)
    await desk.imagify.passes(2 * 60 * 60)

    assert (await desk.now(order)).state == "refunded"
    assert desk.telegram.given_back == [row.number]


async def test_nobody_can_be_paid_back_once_they_were_erased(desk: StarsDesk) -> None:
    order = await desk.orders()
    await desk.pays(order)
    await desk.imagify.table.write(Delete(pointer_key(order)))

    refund = await desk.house.refunds.refund(order.ref, "an admin", "asked for it")

    assert (refund.state, refund.code) == ("refused", "no payer")
    assert await desk.paid_credits() == (55, 0)


# -- the reconciler -------------------------------------------------------------------------------------------------


async def test_nobody_asks_telegram_about_one_order(desk: StarsDesk) -> None:
    order = await desk.orders()

    await desk.imagify.passes(40 * 60)

    assert (await desk.now(order)).state == "expired"
    assert (await desk.now(order)).asked == 0
    assert desk.an.last_heard.startswith("⌛ Hoá đơn đã hết hạn, không trả được nữa.")
    assert desk.an.buttons == ["Tạo hoá đơn mới"]

    await desk.an.presses("Tạo hoá đơn mới")
    assert (await desk.an.newest_order()).till == "stars"


async def test_an_admin_who_asks_has_the_list_walked_at_once(desk: StarsDesk) -> None:
    owner = await desk.imagify.meets(chat="1")
    order = await desk.orders()
    desk.telegram.takes(order, desk.an.address.id)
    await desk.imagify.passes(130)

    await owner.says(f"/recheck {order.ref}")

    assert "mình hỏi Telegram Stars" in owner.last_heard
    assert await desk.paid_credits() == (55, 0)


async def test_a_payment_of_stars_is_no_business_of_vnpays_list(desk: StarsDesk) -> None:
    owner = await desk.imagify.meets(chat="1")
    await desk.pays(await desk.orders())
    await desk.an.acts("topup:20000:vnpay")
    order = await desk.an.pays(order=await desk.an.newest_order())

    await owner.says(f"/recon today order,number,amount\n{order.ref},{order.number},20000")

    assert "khớp 1 · chỉ mình có 0" in owner.last_heard


async def test_support_speaks_of_stars_where_they_are_taken(desk: StarsDesk) -> None:
    await desk.orders()

    await desk.an.says("/paysupport")

    assert "⭐ Telegram Stars" in desk.an.last_heard
    assert "167 ⭐ · đang chờ" in desk.an.last_heard


async def test_an_admin_sees_the_stars_and_telegrams_number_cut(desk: StarsDesk) -> None:
    owner = await desk.imagify.meets(chat="1")
    order = await desk.orders()
    row = await desk.pays(order)

    await owner.says(f"/order {order.ref}")

    assert "167 ⭐" in owner.last_heard
    assert row.number not in owner.last_heard
    assert "stx0001AAAAAAAAAA…AAAAAA" in owner.last_heard
