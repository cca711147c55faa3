"""An order has one message, from the button to the receipt; it can be checked, cancelled and found by its code."""

import pytest

from bot.replies import Choice
from bot.texts import paying as texts
from payments.tills import Reason
from tests.house import Balance, Imagify, Speaker


@pytest.fixture
async def zalo(workshop: Imagify) -> Speaker:
    """Somebody where nothing can be edited and there are no slashes."""
    return await workshop.meets("zalo", gift=5)


def urls(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.url for choice in choices if choice.url]


# -- the one message ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("imagify")
async def test_an_order_says_how_much_until_when_and_how_it_is_paid(an: Speaker) -> None:
    order = await an.tops_up()

    assert an.last_heard == (
        "💳 Gói 55 credit – 50.000đ. Bấm nút hoặc quét mã QR để thanh toán qua VNPAY. "
        f"Liên kết hết hạn 07:15 (15 phút). Mã đơn: {order.ref}"
    )
    assert an.buttons == ["Thanh toán VNPAY", "Mã QR", "Kiểm tra", "Huỷ"]
    assert urls(an.heard[-1].choices) == [f"https://imagify.example/p/{order.ref}"]

    await an.speaks("en")
    await an.tops_up(20_000)
    assert "20 credits – 20,000đ" in an.last_heard
    assert "expires at 07:15 (15 min)" in an.last_heard
    assert an.buttons == ["Pay with VNPAY", "QR code", "Check", "Cancel"]


async def test_play_money_is_called_play_money(workshop: Imagify) -> None:
    await workshop.opens(house := workshop.build(play=True))
    workshop.house = house
    an = await workshop.meets()

    await an.tops_up()
    assert an.last_heard.endswith("\n🎭 Đây là quầy chơi thử: không có tiền thật nào được trả.")

    await an.pays(order=await an.newest_order())
    await workshop.settles()
    assert "quầy chơi thử" in an.last_heard


@pytest.mark.usefixtures("imagify")
async def test_the_qr_is_of_the_page_and_says_that_it_is_no_bank_code(an: Speaker) -> None:
    order = await an.tops_up()

    await an.presses("Mã QR")

    assert an.pictures[-1].startswith(b"\x89PNG")
    assert "không phải mã chuyển khoản" in an.last_heard
    assert an.last_heard.endswith(f"https://imagify.example/p/{order.ref}")


@pytest.mark.usefixtures("imagify")
async def test_the_same_package_twice_is_one_order_until_it_is_opened(an: Speaker) -> None:
    first = await an.tops_up()
    again = await an.tops_up()
    opened = await an.opens()
    after = await an.tops_up()

    assert first.ref == again.ref == opened.ref != after.ref
    assert after.replaces == first.ref


async def test_an_order_asked_for_again_stands_in_one_message_the_lowest(imagify: Imagify, an: Speaker) -> None:
    order = await an.tops_up()
    await an.tops_up()

    above, below = an.heard
    assert (above.text, above.choices) == (f"⬇️ Đơn {order.ref} nằm ở tin nhắn mới hơn bên dưới.", ())
    await an.pays(order=order)
    await imagify.settles()

    assert [shown.text.split()[0] for shown in an.heard] == ["⬇️", "🎉"]
    assert an.heard[-1].message == below.message


@pytest.mark.usefixtures("imagify")
async def test_where_nothing_can_be_edited_an_order_asked_for_again_is_just_said_again(zalo: Speaker) -> None:
    await zalo.tops_up()
    await zalo.tops_up()

    assert [shown.text.split()[0] for shown in zalo.heard] == ["💳", "💳"]


async def test_another_package_replaces_an_order_that_waits(imagify: Imagify, an: Speaker) -> None:
    first = await an.tops_up()
    await an.tops_up(100_000)
    await imagify.settles()

    assert an.heard[0].text == f"🔁 Đơn {first.ref} đã được thay bằng đơn mới hơn."
    assert an.heard[0].choices == ()
    assert an.heard[1].text.startswith("💳 Gói 120 credit")


# -- check and cancel -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("imagify")
async def test_before_the_page_was_opened_a_check_points_to_it(an: Speaker) -> None:
    await an.tops_up()

    await an.presses("Kiểm tra")

    assert an.last_heard.startswith("👉 Bạn chưa mở trang thanh toán.")
    assert an.buttons[0] == "Thanh toán VNPAY"
    assert len(an.heard) == 1


async def test_a_check_asks_the_gateway_next_and_its_word_becomes_the_receipt(imagify: Imagify, an: Speaker) -> None:
    order = await an.opens(await an.tops_up())
    imagify.till.takes(order)

    await an.presses("Kiểm tra")
    assert an.last_heard.startswith("⏳ Chưa thấy xác nhận từ VNPAY.")
    await imagify.passes(5)
    await imagify.settles()

    assert imagify.till.asked == [order.ref]
    assert [shown.text.split()[0] for shown in an.heard] == ["🎉"]
    assert await imagify.balance(an) == Balance(free=60, held=0)


async def test_a_check_says_when_the_gateway_may_be_asked_again(imagify: Imagify, an: Speaker) -> None:
    await an.opens(await an.tops_up())
    await an.presses("Kiểm tra")
    await imagify.passes(10)

    await an.presses("Kiểm tra")

    assert "lần tới lúc 07:05" in an.last_heard
    assert len(imagify.till.asked) == 1
    await an.speaks("en")
    await an.acts(f"check:{(await an.newest_order()).ref}")
    assert an.last_heard.startswith("⏳ VNPAY has not confirmed yet.")
    assert "the next time is at 07:05" in an.last_heard


@pytest.mark.usefixtures("imagify")
async def test_the_code_of_an_order_can_be_typed(zalo: Speaker) -> None:
    order = await zalo.tops_up()

    for said in (order.ref, order.ref.lower(), f"/check {order.ref}", "kiểm tra"):
        await zalo.says(said)
        assert zalo.last_heard.startswith("👉 Bạn chưa mở trang thanh toán.")


async def test_a_typed_check_brings_the_order_down_to_where_one_reads(imagify: Imagify, an: Speaker) -> None:
    order = await an.tops_up()
    await an.says("mèo")
    await imagify.settles()

    await an.says(order.ref)

    assert an.heard[0].text.startswith("⬇️")
    assert an.last_heard.startswith("👉")


@pytest.mark.usefixtures("imagify")
async def test_somebody_elses_order_does_not_exist_for_me(an: Speaker, binh: Speaker) -> None:
    order = await binh.tops_up()

    for action in ("check", "unpay", "qr"):
        await an.acts(f"{action}:{order.ref}")
        assert an.last_heard == f"🔎 Không tìm thấy {order.ref} của bạn."
    await an.says(order.ref)

    assert an.last_heard == f"🔎 Không tìm thấy {order.ref} của bạn."
    assert (await binh.newest_order()).state == "pending"


@pytest.mark.usefixtures("imagify")
async def test_what_is_cancelled_says_so_in_its_own_message(an: Speaker) -> None:
    order = await an.tops_up()

    await an.presses("Huỷ")

    assert [shown.text for shown in an.heard] == [f"❌ Giao dịch đã huỷ, bạn chưa bị trừ tiền. Mã đơn: {order.ref}"]
    assert (await an.newest_order()).state == "cancelled"


async def test_what_was_opened_and_is_cancelled_may_still_be_credited_and_says_so(
    imagify: Imagify, an: Speaker
) -> None:
    order = await an.opens(await an.tops_up())
    await an.presses("Huỷ")
    assert "Nếu bạn đã lỡ trả tiền, credit vẫn tự vào ví" in an.last_heard

    await imagify.passes(60 * 60)
    await an.pays(order=order)
    await imagify.settles()

    assert an.heard[0].text.startswith("🎉 Nạp thành công! +55 credit (50.000đ). Số dư: 60.")
    assert "⏰ Xác nhận tới muộn" in an.heard[0].text
    assert an.last_heard == f"🔔 Đơn {order.ref} có tin mới, xem ở tin nhắn của đơn bên trên."


async def test_a_cancel_that_comes_after_the_payment_shows_the_receipt(imagify: Imagify, an: Speaker) -> None:
    order = await an.pays()
    await imagify.settles()

    await an.acts(f"unpay:{order.ref}")

    assert [shown.text.split()[0] for shown in an.heard] == ["🎉"]
    assert (await an.newest_order()).state == "paid"


@pytest.mark.parametrize("reason", list(Reason))
async def test_every_reason_is_told_in_both_languages_and_can_be_tried_again(
    imagify: Imagify, an: Speaker, binh: Speaker, reason: Reason
) -> None:
    await binh.speaks("en")

    for speaker in (an, binh):
        await speaker.fails_to_pay(reason)
    await imagify.settles()

    assert texts.REASONS[reason]["vi"] in an.last_heard
    assert texts.REASONS[reason]["en"] in binh.last_heard
    assert (texts.NO_MONEY_TAKEN["vi"] in an.last_heard) != (texts.MONEY_RETURNS["vi"] in an.last_heard)
    assert (an.buttons, binh.buttons) == (["🔁 Thử lại"], ["🔁 Try again"])
    await an.presses("🔁 Thử lại")
    assert an.last_heard.startswith("💳 Gói 55 credit")
