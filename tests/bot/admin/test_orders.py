"""Admins and orders: what wants a look, everything about one with its raw log, and asking VNPAY again."""

from collections.abc import Awaitable, Callable

import pytest

from core.clock import DAY, MINUTE
from payments.orders import Order
from payments.tills import Reason
from tests.house import Imagify, Speaker

SIGNED = "vnp_Amount=5000000&vnp_TxnRef={ref}&vnp_SecureHash=" + "ab12" * 32


async def opened(an: Speaker, vnd: int = 50_000) -> Order:
    return await an.opens(await an.checks_out(vnd))


async def paid(an: Speaker, vnd: int = 50_000, source: str = "call") -> Order:
    return await an.pays(order=await an.checks_out(vnd), source=source)


async def in_review(an: Speaker) -> Order:
    return await an.is_told(an.imagify.till.suspects(await opened(an)))


async def paid_late(an: Speaker) -> Order:
    order = await opened(an)
    await an.imagify.house.cashier.cancel(order)
    return await an.pays(order=order)


# --- lists


async def test_the_overview_counts_every_kind_and_shows_the_newest_that_wants_a_look(
    moderator: Speaker, an: Speaker, binh: Speaker
) -> None:
    await paid(an)
    late, waiting, held_up = await paid_late(an), await opened(an), await in_review(binh)

    await moderator.says("/orders")

    said = moderator.last_heard.splitlines()
    assert "⏳ Đang chờ: 1" in said
    assert "🕵️ Cần xem xét: 1" in said
    assert "⏰ Trả muộn (7 ngày): 1" in said
    assert "💸 Đang hoàn tiền: 0" in said
    assert "💰 Hôm nay: 2" in said
    assert "Hôm nay: 100.000đ" in said
    assert held_up.ref in moderator.last_heard
    assert late.ref in moderator.last_heard
    assert waiting.ref not in moderator.last_heard


async def test_where_nothing_wants_a_look_that_is_said(moderator: Speaker) -> None:
    await moderator.says("/orders")

    assert moderator.last_heard.endswith("Mới nhất cần để ý:\nkhông có gì")


async def test_orders_of_a_kind_are_listed_with_sum_age_state_and_bank(
    imagify: Imagify, moderator: Speaker, an: Speaker
) -> None:
    order = await paid(an)
    await imagify.passes(3 * MINUTE / 1_000)

    await moderator.says("/orders today")

    assert moderator.last_heard == f"💰 Hôm nay: 1 đơn\n• {order.ref} · 50.000đ · 3 phút trước · đã trả · NCB"


async def test_orders_paid_late_are_found_for_a_week(imagify: Imagify, moderator: Speaker, an: Speaker) -> None:
    order = await paid_late(an)
    imagify.clock.skip(5 * DAY)

    await moderator.says("/orders late")
    assert f"• {order.ref} · 50.000đ · 5 ngày trước · đã trả · NCB · ⏰ trả muộn" in moderator.last_heard

    imagify.clock.skip(3 * DAY)
    await moderator.says("/orders late")
    assert moderator.last_heard == "⏰ Trả muộn (7 ngày): 0 đơn\nkhông có gì"


async def test_orders_that_are_being_paid_back_are_listed(imagify: Imagify, moderator: Speaker, an: Speaker) -> None:
    order = await paid(an)
    imagify.till.will_refund("accepted")
    await imagify.house.refunds.refund(order.ref, "somebody", "why")

    await moderator.says("/orders refunding")

    assert f"• {order.ref} · 50.000đ · 1 giây trước · đang hoàn tiền" in moderator.last_heard


async def test_a_kind_nobody_knows_is_answered_with_those_there_are(moderator: Speaker) -> None:
    await moderator.says("/orders strange")

    assert moderator.last_heard == "Cách dùng: /orders hoặc thêm pending, review, late, refunding, today"


# --- one of them


async def test_an_order_is_shown_with_everything_there_is_to_know(moderator: Speaker, an: Speaker) -> None:
    order = await paid(an, source="query")

    await moderator.says(f"/order {order.ref.lower()}")

    said = moderator.last_heard
    assert said.startswith(f"🧾 Đơn {order.ref} · đã trả\nNgười mua: {an.person.id}\nGói: 55 credit – 50.000đ\n")
    assert "Cổng: vnpay PLAYED01" in said
    assert f"Mã GD VNPAY: {order.number}" in said
    assert "Ngân hàng, thẻ: NCB" in said
    assert "Biết nhờ: mình hỏi VNPAY" in said
    assert "Mở ở VNPAY: 07:0" in said  # midnight UTC is seven in the morning in Vietnam
    assert "Thay cho" not in said


async def test_an_order_says_what_it_replaces_and_why_it_failed(moderator: Speaker, an: Speaker) -> None:
    old = await opened(an)
    new = await an.checks_out(20_000)
    await an.is_told(an.imagify.till.fails(old, Reason.NO_BALANCE))

    await moderator.says(f"/order {old.ref}")

    assert f"Được thay bởi: {new.ref}" in moderator.last_heard
    assert "Lý do: không đủ tiền" in moderator.last_heard


async def test_the_raw_log_is_shown_without_a_signature_that_could_be_used_again(
    imagify: Imagify, moderator: Speaker, an: Speaker
) -> None:
    order = await paid(an)
    await imagify.house.counter.calls.keep("call", "113.160.92.202", SIGNED.format(ref=order.ref), "00", ref=order.ref)

    await moderator.says(f"/order {order.ref}")

    assert "📜 Nhật ký (1/1)" in moderator.last_heard
    assert "call từ 113.160.92.202 → 00" in moderator.last_heard
    assert "vnp_SecureHash=ab12ab…" in moderator.last_heard
    assert "ab12ab12" not in moderator.last_heard


async def test_a_long_log_is_cut_to_what_fits_a_chat(imagify: Imagify, moderator: Speaker, an: Speaker) -> None:
    order = await paid(an)
    for number in range(20):
        await imagify.house.counter.calls.keep(
            "call", "10.0.0.1", f"number={number}&{'x' * 4_000}", "02", ref=order.ref
        )

    await moderator.says(f"/order {order.ref}")

    assert "📜 Nhật ký (5/20)" in moderator.last_heard
    assert "number=19&" in moderator.last_heard
    assert "number=14&" not in moderator.last_heard
    assert len(moderator.last_heard) < 4_096


@pytest.mark.parametrize("make", [opened, paid, in_review])
async def test_an_order_is_found_by_its_last_eight_letters_while_it_is_at_hand(
    make: Callable[[Speaker], Awaitable[Order]], moderator: Speaker, an: Speaker
) -> None:
    order = await make(an)

    await moderator.says(f"/order {order.ref[-8:].lower()}")

    assert moderator.last_heard.startswith(f"🧾 Đơn {order.ref}")


@pytest.mark.parametrize("word", ["NOTHING", "ABCDEFGH", "12345678"])
async def test_an_order_that_nobody_made_is_not_found(word: str, moderator: Speaker, an: Speaker) -> None:
    await opened(an)

    await moderator.says(f"/order {word}")

    assert moderator.last_heard == f"🔎 Không tìm thấy {word} của bạn."


async def test_the_button_of_an_alarm_shows_its_order_to_admins_alone(
    imagify: Imagify, moderator: Speaker, an: Speaker
) -> None:
    order = await in_review(an)
    await imagify.settles()
    assert moderator.last_heard.startswith(f"🕵️ Đơn {order.ref} cần xem xét (nghi ngờ gian lận)")

    await moderator.presses("🔎 Xem đơn")
    await an.acts(f"inspect:{order.ref}")

    assert moderator.last_heard.startswith(f"🧾 Đơn {order.ref} · cần xem xét")
    assert an.last_heard == "Lệnh này dành cho quản trị."


# --- asking again


async def test_vnpay_is_asked_about_an_order_in_review_when_an_admin_wants_it(
    imagify: Imagify, moderator: Speaker, an: Speaker
) -> None:
    order = await in_review(an)
    await imagify.passes(3 * 3_600)
    assert order.ref not in imagify.till.asked
    imagify.till.takes(order)

    await moderator.says(f"/recheck {order.ref}")
    assert moderator.last_heard.startswith(f"🔄 Sẽ hỏi VNPAY về đơn {order.ref} lúc ")
    await imagify.passes(10)

    assert imagify.till.asked == [order.ref]
    assert (await imagify.house.cashier.orders.order(order.ref)).state == "paid"


async def test_an_order_that_stays_in_review_is_asked_about_once_for_each_wish(
    imagify: Imagify, moderator: Speaker, an: Speaker
) -> None:
    order = await in_review(an)

    for _ in range(2):
        await moderator.says(f"/recheck {order.ref}")
        await imagify.passes(3_600)

    assert imagify.till.asked == [order.ref] * 2
    now = await imagify.house.cashier.orders.order(order.ref)
    assert (now.state, now.asked) == ("review", 2)


async def test_a_failed_order_can_be_asked_about_and_is_then_let_be(
    imagify: Imagify, moderator: Speaker, an: Speaker
) -> None:
    order = await an.is_told(imagify.till.fails(await opened(an)))

    await moderator.says(f"/recheck {order.ref}")
    await imagify.passes(2 * 3_600)

    assert imagify.till.asked == [order.ref]


async def test_an_admin_is_told_when_vnpay_may_be_asked_again(
    imagify: Imagify, moderator: Speaker, an: Speaker, binh: Speaker
) -> None:
    first, second = await opened(an), await opened(binh)
    await imagify.house.cashier.want(first)
    await imagify.passes(5)
    at = await imagify.house.reconciler.next_slot(imagify.till)

    await moderator.says(f"/recheck {second.ref}")

    assert at > imagify.clock.now()
    assert "lúc 07:05" in moderator.last_heard


async def test_there_is_nothing_to_ask_about_what_was_paid_or_never_opened(
    imagify: Imagify, moderator: Speaker, an: Speaker, binh: Speaker
) -> None:
    done, unopened = await paid(an), await binh.checks_out()

    await moderator.says(f"/recheck {done.ref}")
    assert moderator.last_heard == f"Đơn {done.ref}: đã trả. Không cần hỏi VNPAY nữa."
    await moderator.says(f"/recheck {unopened.ref}")
    assert moderator.last_heard == f"Đơn {unopened.ref} chưa được mở ở VNPAY, nên không có gì để hỏi."
    assert imagify.till.asked == []


async def test_an_order_of_another_terminal_cannot_be_asked_about(
    imagify: Imagify, moderator: Speaker, an: Speaker
) -> None:
    order = await opened(an)
    imagify.till.terminal = "ANOTHER1"

    await moderator.says(f"/recheck {order.ref}")

    assert "thuộc terminal PLAYED01" in moderator.last_heard
