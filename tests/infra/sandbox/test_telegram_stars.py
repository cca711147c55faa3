"""Buttons that are pressed and Stars that are paid at the played Telegram."""

import pytest

from infra.sandbox.telegram import Impossible, Message, Payment
from tests.infra.sandbox.telegram_rig import BOT, OTHER, Rig, button, buttons

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
INVOICE: dict[str, object] = {
    "chat_id": 101,
    "title": "50 credit",
    "description": "Năm mươi credit",
    "payload": "order:1",
    "provider_token": "",
    "currency": "XTR",
    "prices": [{"label": "50 credit", "amount": 75}],
}


async def offered(rig: Rig, **instead: object) -> Message:
    await rig.gets("sendInvoice", **{**INVOICE, **instead})
    return rig.telegram.chat(101).last


async def asked(rig: Rig) -> str:
    """The number of the question that waits for the bot's yes."""
    queries = [update["pre_checkout_query"] for update in await rig.updates() if "pre_checkout_query" in update]
    return str(queries[-1]["id"])


async def paid(rig: Rig) -> Payment:
    payment = await rig.an.pays(await offered(rig))
    await rig.gets("answerPreCheckoutQuery", pre_checkout_query_id=await asked(rig), ok=True)
    return payment


# -- buttons


async def test_a_press_waits_for_its_answer_and_shows_it() -> None:
    rig = Rig()
    sent = await rig.sends("a", reply_markup=buttons([button("Vẽ lại", callback_data="again:1")]))

    pressed = await rig.an.presses("Vẽ lại")
    query = (await rig.updates())[0]["callback_query"]
    await rig.gets("answerCallbackQuery", callback_query_id=query["id"], text="Đang vẽ", show_alert=True)

    assert (query["data"], query["message"]["message_id"]) == ("again:1", sent.id)
    assert (pressed.text, pressed.alert, pressed.answered.is_set()) == ("Đang vẽ", True, True)


async def test_a_press_can_be_answered_for_a_quarter_of_an_hour_by_its_own_bot() -> None:
    rig = Rig(BOT, OTHER)
    await rig.sends("a", reply_markup=buttons([button()]))
    pressed = await rig.an.presses("Vẽ")

    stranger = await rig.telegram.call(OTHER.token, "answerCallbackQuery", {"callback_query_id": pressed.query})
    await rig.telegram.pass_by(15 * 60 + 1)

    assert stranger.words == TOO_OLD
    assert await rig.refused("answerCallbackQuery", callback_query_id=pressed.query) == TOO_OLD
    assert await rig.refused("answerCallbackQuery", callback_query_id="nonsense") == TOO_OLD


async def test_some_buttons_tell_no_bot() -> None:
    rig = Rig()
    rows = buttons([button("Trang", url="https://imagify.vn/p/1"), button("Chép", copy_text={"text": "mèo"})])
    await rig.sends("a", reply_markup=rows)

    assert (await rig.an.presses("Trang")).url == "https://imagify.vn/p/1"
    assert (await rig.an.presses("Chép")).copied == "mèo"
    assert await rig.updates() == []


async def test_a_button_that_was_edited_away_cannot_be_pressed() -> None:
    rig = Rig()
    sent = await rig.sends("a", reply_markup=buttons([button()]))
    await rig.gets("editMessageReplyMarkup", chat_id=101, message_id=sent.id)

    with pytest.raises(Impossible, match="no button"):
        await rig.an.presses("Vẽ", sent)


async def test_who_has_blocked_the_bot_neither_writes_nor_presses() -> None:
    rig = Rig()
    await rig.sends("a", reply_markup=buttons([button()]))
    await rig.an.blocks()

    with pytest.raises(Impossible, match="blocked"):
        await rig.an.says("chào")
    with pytest.raises(Impossible, match="blocked"):
        await rig.an.presses("Vẽ")


# -- Stars


async def test_a_payment_is_checked_by_the_bot_and_told_once() -> None:
    rig = Rig()

    payment = await paid(rig)

    assert (payment.state, rig.an.stars) == ("paid", 10_000 - 75)
    told = [update["message"]["successful_payment"] for update in await rig.updates() if "message" in update]
    assert told == [
        {
            "currency": "XTR",
            "total_amount": 75,
            "invoice_payload": "order:1",
            "telegram_payment_charge_id": payment.charge,
            "provider_payment_charge_id": told[0]["provider_payment_charge_id"],
        }
    ]
    assert await rig.gets("getMyStarBalance") == {"amount": 75}


async def test_a_bot_that_says_no_is_quoted_and_nothing_is_paid() -> None:
    rig = Rig()
    payment = await rig.an.pays(await offered(rig))
    query = await asked(rig)

    without = await rig.refused("answerPreCheckoutQuery", pre_checkout_query_id=query, ok=False)
    await rig.gets("answerPreCheckoutQuery", pre_checkout_query_id=query, ok=False, error_message="Đã hết hạn")

    assert without == "Bad Request: error message must be non-empty"
    assert (payment.state, payment.why, rig.an.stars) == ("refused", "Đã hết hạn", 10_000)


async def test_a_bot_that_is_silent_for_ten_seconds_loses_the_payment() -> None:
    rig = Rig()
    payment = await rig.an.pays(await offered(rig))
    query = await asked(rig)

    await rig.telegram.pass_by(9.9)
    assert payment.state == "checking"
    await rig.telegram.pass_by(0.1)

    assert (payment.state, payment.over.is_set(), rig.an.stars) == ("lapsed", True, 10_000)
    assert await rig.refused("answerPreCheckoutQuery", pre_checkout_query_id=query, ok=True) == TOO_OLD


async def test_who_has_too_few_stars_pays_nothing_and_no_bot_is_asked() -> None:
    rig = Rig()
    rig.an.known.stars = 74

    payment = await rig.an.pays(await offered(rig))

    assert (payment.state, await rig.updates()) == ("refused", [])


async def test_a_payment_may_be_told_twice_or_not_at_all_and_stands_in_the_list_once() -> None:
    rig = Rig()
    rig.telegram.faults.set("payment_doubled", times=1)
    twice = await paid(rig)
    rig.telegram.faults.set("payment_untold", times=1)
    silent = await paid(rig)

    told = [
        u["message"]["successful_payment"]["telegram_payment_charge_id"] for u in await rig.updates() if "message" in u
    ]
    listed = (await rig.gets("getStarTransactions"))["transactions"]

    assert told == [twice.charge, twice.charge]
    assert [one["id"] for one in listed] == [twice.charge, silent.charge]


async def test_stars_are_given_back_once_and_stand_in_the_list_with_a_receiver() -> None:
    rig = Rig()
    payment = await paid(rig)
    back: dict[str, object] = {"user_id": 101, "telegram_payment_charge_id": payment.charge}

    await rig.gets("refundStarPayment", **back)

    assert await rig.refused("refundStarPayment", **back) == "Bad Request: CHARGE_ALREADY_REFUNDED"
    assert (rig.an.stars, await rig.gets("getMyStarBalance")) == (10_000, {"amount": 0})
    came, went = (await rig.gets("getStarTransactions"))["transactions"]
    assert (came["id"], came["amount"], came["source"]["invoice_payload"]) == (payment.charge, 75, "order:1")
    assert (went["id"], went["amount"], went["receiver"]["user"]["id"]) == (payment.charge, 75, 101)
    assert (await rig.updates())[-1]["message"]["refunded_payment"]["telegram_payment_charge_id"] == payment.charge


async def test_nothing_is_given_back_to_somebody_else() -> None:
    rig = Rig()
    payment = await paid(rig)
    rig.telegram.person(102, "Bình")

    said = await rig.refused("refundStarPayment", user_id=102, telegram_payment_charge_id=payment.charge)

    assert said == "Bad Request: CHARGE_ID_INVALID"


async def test_the_list_can_be_read_from_anywhere_on() -> None:
    rig = Rig()
    charges = [(await paid(rig)).charge for _ in range(3)]

    listed = (await rig.gets("getStarTransactions", offset=1, limit=1))["transactions"]

    assert [one["id"] for one in listed] == charges[1:2]


async def test_an_invoice_can_be_paid_by_its_link() -> None:
    rig = Rig()
    link = await rig.gets("createInvoiceLink", **{name: said for name, said in INVOICE.items() if name != "chat_id"})

    payment = await rig.an.pays(link)
    await rig.gets("answerPreCheckoutQuery", pre_checkout_query_id=await asked(rig), ok="true")

    assert payment.state == "paid"


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        ({"title": ""}, "title must be non-empty"),
        ({"title": "a" * 33}, "INVOICE_TITLE_INVALID"),
        ({"description": "a" * 256}, "INVOICE_DESCRIPTION_INVALID"),
        ({"payload": ""}, "INVOICE_PAYLOAD_INVALID"),
        ({"payload": "ạ" * 43}, "INVOICE_PAYLOAD_INVALID"),
        ({"currency": "VND"}, "CURRENCY_INVALID"),
        ({"provider_token": "1:TEST"}, "STARS_INVOICE_INVALID"),
        ({"prices": [{"label": "a", "amount": 1}] * 2}, "STARS_INVOICE_INVALID"),
        ({"prices": []}, "prices must be non-empty"),
        ({"prices": [{"label": "a", "amount": 0}]}, "STARS_INVOICE_INVALID"),
    ],
)
async def test_an_invoice_telegram_does_not_take_is_refused(instead: dict[str, object], words: str) -> None:
    assert await Rig().refused("sendInvoice", **{**INVOICE, **instead}) == f"Bad Request: {words}"
