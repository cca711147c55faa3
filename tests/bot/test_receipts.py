"""News of a payment: told in the order's one message, in the person's language, and never what is no longer so."""

from collections import Counter
from dataclasses import replace
from typing import get_args

import pytest

from bot.receipts import TRUE_WHILE, Slip, overtaken
from bot.texts import Language
from bot.texts import paying as texts
from core.clock import DAY, MINUTE
from core.news import OF_AN_ORDER, PAID, RENEWED, REPLACED
from core.tally import day_of
from payments.orders import LASTS, LEGAL, Order
from payments.tills import Reason
from tests.house import Balance, Imagify, Speaker

LANGUAGES: tuple[Language, ...] = get_args(Language)
MADE = 1_798_761_600_000
ORDER = Order("270101ABCDEFGHJKMNPQRS", "an", 55, 50_000, "vnpay", "PLAYED01", 50_000, "VND", MADE, MADE + LASTS)
STATES = (*LEGAL, "refunded")


@pytest.fixture
async def zalo(workshop: Imagify) -> Speaker:
    """Somebody where nothing that was sent can be edited."""
    return await workshop.meets("zalo", gift=5)


def slip(order: Order, language: Language = "vi", channel: str = "telegram") -> Slip:
    return Slip(order, language, "https://imagify.example/p/1", channel, MADE, free=1_060)


async def outcomes(imagify: Imagify) -> Counter[str]:
    await imagify.house.tally.count()
    return Counter(await imagify.house.tally.day(day_of(imagify.clock.now())))


# -- the words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_of_an_order_has_words_with_its_code_and_nothing_left_open(state: str, language: Language) -> None:
    order = replace(ORDER, state=state, reason="no such reason", paid_at=MADE)  # type: ignore[arg-type]  # from LEGAL

    told, other = slip(order, language).reply(), slip(order, "en" if language == "vi" else "vi").reply()

    assert ORDER.ref in told.text
    assert "{" not in told.text
    assert told.text != other.text
    assert bool(told.choices) == (state in ("pending", "failed", "expired"))


def test_every_reason_there_is_has_words() -> None:
    assert set(texts.REASONS) == set(Reason)


def test_a_receipt_has_everything_a_bank_would_ask_for() -> None:
    paid = replace(ORDER, state="paid", paid_at=MADE + MINUTE, number="15200001", bank="NCB")

    assert slip(paid).receipt().text.splitlines() == [
        f"🎉 Nạp thành công! +55 credit (50.000đ). Số dư: 1.060. Mã GD: {ORDER.ref}",
        "🧾 Biên nhận",
        f"• Mã đơn: {ORDER.ref}",
        "• Số tiền: 50.000đ",
        "• Nhận được: 55 credit",
        "• Trả qua: VNPAY · NCB · mã 15200001",
        "• Lúc: 07:01 01/01/2027 (GMT+7)",
    ]
    assert "(50,000đ). Balance: 1,060." in slip(paid, "en").receipt().text


def test_beside_our_own_page_no_qr_is_offered_since_the_page_has_it() -> None:
    on_web, on_telegram = (
        [choice.text for choice in slip(ORDER, channel=channel).reply().choices] for channel in ("web", "telegram")
    )

    assert on_web == ["Thanh toán VNPAY", "Kiểm tra", "Huỷ"]
    assert on_telegram == ["Thanh toán VNPAY", "Mã QR", "Kiểm tra", "Huỷ"]


def test_a_link_whose_time_is_over_is_not_shown_any_more() -> None:
    late = replace(slip(ORDER), now=MADE + LASTS)

    assert late.reply().text == f"⌛ Liên kết đã hết hạn. Mã đơn: {ORDER.ref}"
    assert [choice.action for choice in late.reply().choices] == ["topup:50000"]


def test_every_kind_of_news_knows_when_it_is_still_so() -> None:
    assert TRUE_WHILE.keys() == set(OF_AN_ORDER)
    assert not overtaken(PAID, replace(ORDER, state="refunding"))
    assert overtaken(PAID, replace(ORDER, state="refunded"))
    assert overtaken(RENEWED, replace(ORDER, replaced_by="another"))
    assert not overtaken(REPLACED, replace(ORDER, replaced_by="another"))


# -- told where it belongs --------------------------------------------------------------------------------------------


async def test_the_order_message_becomes_the_receipt(imagify: Imagify, an: Speaker) -> None:
    await an.tops_up()
    message = an.heard[-1].message

    await an.pays(order=await an.newest_order())
    await imagify.settles()

    assert [shown.message for shown in an.heard] == [message]
    assert an.last_heard.startswith("🎉 Nạp thành công!")
    assert an.buttons == []


async def test_where_nothing_can_be_edited_the_receipt_is_a_message_of_its_own(imagify: Imagify, zalo: Speaker) -> None:
    await zalo.pays()
    await imagify.settles()

    assert [shown.text.split()[0] for shown in zalo.heard] == ["💳", "🎉"]


async def test_a_receipt_finds_its_way_when_the_order_message_was_deleted(imagify: Imagify, an: Speaker) -> None:
    await an.tops_up()
    imagify.telegram.deletes(an.chat, an.heard[-1].message)

    order = await an.pays(order=await an.newest_order())
    await imagify.settles()

    assert [shown.text.split()[0] for shown in an.heard] == ["🎉"]
    place = await imagify.house.cashier.orders.place(order)
    assert place
    assert place.message == an.heard[-1].message


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_order_that_was_never_opened_expires_with_a_way_to_a_new_one(
    imagify: Imagify, an: Speaker, language: Language
) -> None:
    await an.speaks(language)
    await an.tops_up()

    await imagify.passes(16 * 60)
    await imagify.settles()

    assert an.last_heard.startswith(texts.EXPIRED[language].split("{")[0])
    assert an.buttons == [texts.NEW_LINK[language]]
    await an.presses(texts.NEW_LINK[language])
    assert an.last_heard.startswith("💳")


async def test_an_opened_order_that_expires_says_not_to_pay_twice(imagify: Imagify, an: Speaker) -> None:
    await an.opens(await an.tops_up())

    await imagify.passes(31 * 60)
    await imagify.settles()

    assert "đừng trả lại: credit tự vào ví khi VNPAY xác nhận" in an.last_heard


async def test_news_that_are_no_longer_so_are_not_told(imagify: Imagify, zalo: Speaker) -> None:
    order = await zalo.opens(await zalo.tops_up())
    imagify.zalo.will(zalo.chat, *("later",) * 3)
    await imagify.house.cashier.settle(imagify.till.fails(order), "call")
    await imagify.passes(1)

    await zalo.pays(order=order)
    await imagify.settles()

    assert [shown.text.split()[0] for shown in zalo.heard] == ["💳", "🎉"]
    assert "⏰ Xác nhận tới muộn" in zalo.last_heard
    assert (await outcomes(imagify))["payment failed/overtaken"] == 1


async def test_a_page_that_makes_a_new_order_moves_the_message_on_to_it(imagify: Imagify, an: Speaker) -> None:
    first = await an.opens(await an.tops_up())

    second = await an.opens(first)
    await imagify.settles()

    assert [shown.text.rpartition(" ")[2] for shown in an.heard] == [second.ref] != [first.ref]
    await an.pays(order=second)
    await imagify.settles()
    assert [shown.text.split()[0] for shown in an.heard] == ["🎉"]


async def test_a_failure_is_not_told_below_the_new_order_that_has_taken_its_message(
    imagify: Imagify, an: Speaker
) -> None:
    first = await an.opens(await an.tops_up())
    await imagify.house.cashier.settle(imagify.till.fails(first), "call")

    second = await an.opens(first)
    await imagify.settles()

    assert [shown.text.rpartition(" ")[2] for shown in an.heard] == [second.ref]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_two_orders_of_one_wish_are_both_credited_and_the_second_says_so(
    imagify: Imagify, an: Speaker, language: Language
) -> None:
    await an.speaks(language)
    first = await an.opens(await an.tops_up())
    second = await an.opens(await an.tops_up())

    for order in (second, first):
        await an.pays(order=order)
        await imagify.settles()

    receipts = [shown.text for shown in an.heard if shown.text.startswith("🎉")]
    assert len(receipts) == 2
    assert [texts.PAID_TWICE[language] in text for text in receipts].count(True) == 1
    assert "/paysupport" in texts.PAID_TWICE[language]
    assert await imagify.balance(an) == Balance(free=115, held=0)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_payment_that_is_being_checked_is_told_to_be(imagify: Imagify, an: Speaker, language: Language) -> None:
    await an.speaks(language)
    order = await an.opens(await an.tops_up())

    await an.is_told(imagify.till.suspects(order))
    await imagify.settles()

    assert texts.REASONS[Reason.SUSPECT][language] in an.last_heard
    assert "/paysupport" in an.last_heard
    assert await imagify.balance(an) == Balance(free=5, held=0)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_was_paid_back_is_told_in_the_same_message(
    imagify: Imagify, an: Speaker, language: Language
) -> None:
    await an.speaks(language)
    order = await an.pays()
    await imagify.settles()

    await imagify.house.refunds.refund(order.ref, "an admin", "asked for it")
    await imagify.settles()

    assert [shown.text.split()[0] for shown in an.heard] == ["↩️"]
    assert {"vi": "Đã hoàn 50.000đ", "en": "50,000đ was paid back"}[language] in an.last_heard
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_a_receipt_that_comes_late_rings_since_nobody_looks_up_there(imagify: Imagify, an: Speaker) -> None:
    order = await an.opens(await an.tops_up())
    await imagify.passes(45 * 60)

    await an.pays(order=order, source="query")
    await imagify.settles()

    assert [shown.text.split()[0] for shown in an.heard] == ["🎉", "🔔"]


async def test_who_has_left_hears_of_their_payment_when_they_are_back(imagify: Imagify, an: Speaker) -> None:
    order = await an.opens(await an.tops_up())
    an.leaves()
    await an.pays(order=order)
    await imagify.settles()
    assert an.heard[0].text.startswith("💳")

    an.returns()
    await an.says("/balance")
    await imagify.settles()

    assert an.heard[0].text.startswith("🎉")


async def test_who_has_left_one_chat_hears_of_it_in_the_other(imagify: Imagify, an: Speaker, zalo: Speaker) -> None:
    linking = imagify.house.linking
    code = await linking.ask_code(an.person)
    await linking.accept(code, zalo.person)
    an.person = (await linking.confirm(code, an.person)).person
    order = await an.opens(await an.tops_up())
    an.leaves()

    await an.pays(order=order)
    await imagify.settles()

    assert zalo.last_heard.startswith("🎉 Nạp thành công!")


async def test_who_was_erased_is_told_of_no_payment(workshop: Imagify, an: Speaker) -> None:
    order = await an.opens(await an.checks_out())
    await an.pays(order=order)
    await workshop.house.privacy.ask_erase(an.person)
    workshop.clock.skip(8 * DAY)
    await workshop.house.privacy.erase_due(workshop.clock.now())

    await workshop.carries()

    assert an.heard == []
    await workshop.house.tally.count()
    assert (await workshop.house.tally.day(day_of(order.created)))["paid/erased"] == 1


async def test_an_admin_hears_of_what_needs_a_look_and_an_absent_one_stops_nothing(
    imagify: Imagify, an: Speaker
) -> None:
    owner, moderator = await imagify.meets(chat="1"), await imagify.meets(chat="2")
    moderator.leaves()
    order = await an.opens(await an.tops_up())

    await an.is_told(imagify.till.suspects(order))
    await imagify.settles()

    assert order.ref in owner.last_heard
    assert (await outcomes(imagify))["alarm/lost"] == 1
    assert (await outcomes(imagify))["alarm/told"] == 1
