"""Telegram Stars on their way back, whoever sends them; and what admins and people read of them."""

from dataclasses import replace

import pytest

from core.table import Delete
from payments.orders import pointer_key
from payments.stars import StarsRow
from tests.house import Imagify
from tests.payments.stars_rig import StarsDesk, opened


@pytest.fixture
async def desk(workshop: Imagify) -> StarsDesk:
    return await opened(workshop)


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
