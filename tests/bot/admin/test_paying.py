"""Admins and money: paying back once, with a reason and a second tap; what VNPAY says of it; purses that are frozen."""

import asyncio

import pytest

from bot import alarms
from bot.texts import admin_paying as texts
from core.addresses import audit_owner
from core.news import ALARM, News
from core.table import Row
from payments.orders import Order
from payments.tills import RefundVerdict
from tests.house import Balance, Imagify, Speaker

YES = "Đúng, làm đi"
STALE = "Lệnh này đã làm rồi hoặc đã quá hạn."


async def log(imagify: Imagify) -> list[Row]:
    """What admins did this month."""
    return await imagify.table.list(audit_owner(imagify.clock.now()))


@pytest.fixture
async def paid(an: Speaker) -> Order:
    """Fifty-five credits, bought and paid."""
    return await an.pays(order=await an.checks_out())


async def state_of(imagify: Imagify, order: Order) -> str:
    return (await imagify.house.cashier.orders.order(order.ref)).state


# --- paying back


async def test_a_refund_wants_a_second_tap_and_says_what_it_takes(
    imagify: Imagify, owner: Speaker, an: Speaker, paid: Order
) -> None:
    await owner.says(f"/refund {paid.ref} sorry for the wait")

    assert owner.last_heard == (
        f"Chắc chứ? Hoàn 50.000đ của đơn {paid.ref} và thu lại 55 credit của {an.person.id}. Lý do: sorry for the wait"
    )
    assert imagify.till.refunds == []
    assert await imagify.balance(an) == Balance(free=60, held=0)


async def test_a_refund_that_is_sent_burns_the_credits_and_stands_in_the_log(
    imagify: Imagify, owner: Speaker, an: Speaker, paid: Order
) -> None:
    await owner.says(f"/refund {paid.ref} sorry for the wait")
    await owner.presses(YES)

    assert f"đã gửi tiền của đơn {paid.ref}" in owner.last_heard
    assert await imagify.balance(an) == Balance(free=5, held=0)
    assert await state_of(imagify, paid) == "refunded"
    (noted,) = await log(imagify)
    assert (noted.text("what"), noted.text("reason")) == ("refund", "sorry for the wait")
    assert noted.texts("whom") == [paid.ref, an.person.id]


@pytest.mark.parametrize(
    ("verdict", "words", "balance", "state"),
    [
        ("accepted", "VNPAY đã nhận yêu cầu hoàn đơn", Balance(5, 55), "refunding"),
        ("rejected", "VNPAY từ chối hoàn đơn", Balance(60, 0), "paid"),
        ("unknown", "VNPAY chưa trả lời rõ về việc hoàn đơn", Balance(5, 55), "refunding"),
    ],
)
async def test_whatever_vnpay_says_to_a_refund_is_told_with_what_became_of_the_credits(  # noqa: PLR0917  a row of the table, and the house
    verdict: RefundVerdict,
    words: str,
    balance: Balance,
    state: str,
    imagify: Imagify,
    owner: Speaker,
    an: Speaker,
    paid: Order,
) -> None:
    imagify.till.will_refund(verdict)

    await owner.says(f"/refund {paid.ref} asked for it")
    await owner.presses(YES)

    assert words in owner.last_heard
    assert await imagify.balance(an) == balance
    assert await state_of(imagify, paid) == state


async def test_a_yes_delivered_twice_pays_back_once(imagify: Imagify, owner: Speaker, an: Speaker, paid: Order) -> None:
    await owner.says(f"/refund {paid.ref} once")
    yes = owner.word(action=owner.button(YES).action)

    await imagify.handles(imagify.house, yes)
    await imagify.handles(imagify.house, yes)

    assert imagify.till.refunds == [paid.ref]
    assert owner.last_heard == STALE
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_a_yes_in_two_tabs_at_once_pays_back_once(
    imagify: Imagify, owner: Speaker, an: Speaker, paid: Order
) -> None:
    await owner.says(f"/refund {paid.ref} once")
    yes = owner.button(YES).action

    await asyncio.gather(*(imagify.handles(imagify.house, owner.word(action=yes)) for _ in range(4)))

    assert await imagify.balance(an) == Balance(free=5, held=0)
    assert [row.text("what") for row in await log(imagify)] == ["refund"]
    assert len(await imagify.rows("REFUND#")) == 1


@pytest.mark.parametrize(
    "command", ["refund {ref} why", "refunded {ref} yes why", "freeze {an} why", "unfreeze {an} why"]
)
async def test_a_moderator_moves_no_money(
    command: str, imagify: Imagify, moderator: Speaker, an: Speaker, paid: Order
) -> None:
    await moderator.says(f"/{command.format(ref=paid.ref, an=an.person.id)}")

    assert moderator.last_heard == "Lệnh này dành cho quản trị."
    assert imagify.till.refunds == []
    assert await log(imagify) == []


@pytest.mark.parametrize("words", ["", "{ref}"])
async def test_a_refund_without_a_reason_is_answered_with_how_it_is_used(
    words: str, owner: Speaker, paid: Order
) -> None:
    await owner.says(f"/refund {words.format(ref=paid.ref)}")

    assert owner.last_heard == "Cách dùng: /refund MÃ LÝ_DO"


async def test_an_order_that_nobody_paid_is_not_paid_back(owner: Speaker, an: Speaker) -> None:
    order = await an.checks_out()

    await owner.says(f"/refund {order.ref} why")

    assert owner.last_heard == f"Đơn {order.ref}: đang chờ, nên không hoàn tiền được. Xem: /order {order.ref}"


async def test_an_order_paid_back_between_the_taps_is_not_paid_back_again(
    imagify: Imagify, owner: Speaker, paid: Order
) -> None:
    await owner.says(f"/refund {paid.ref} why")
    await imagify.house.refunds.refund(paid.ref, "somebody", "else")

    await owner.presses(YES)

    assert f"Đơn {paid.ref}: đã hoàn tiền, nên không hoàn tiền được." in owner.last_heard
    assert imagify.till.refunds == [paid.ref]


async def test_credits_that_are_spent_are_not_paid_back_and_the_purse_is_frozen(
    imagify: Imagify, owner: Speaker, an: Speaker, paid: Order
) -> None:
    for _ in range(6):
        await an.says("mèo")
        await imagify.settles()
    await owner.says(f"/refund {paid.ref} changed their mind")
    assert "⚠️ Chỉ còn 54 credit đã mua" in owner.last_heard

    await owner.presses(YES)

    assert "thiếu 1 trong 55 credit" in owner.last_heard
    assert f"/unfreeze {an.person.id}" in owner.last_heard
    assert imagify.till.refunds == []
    assert (await imagify.house.ledger.purse(an.person.id)).frozen
    assert [row.text("reason") for row in await log(imagify)] == ["frozen, spent: changed their mind"]


async def test_an_order_of_a_till_that_is_gone_is_not_begun_to_be_paid_back(
    imagify: Imagify, owner: Speaker, an: Speaker, paid: Order
) -> None:
    imagify.till.terminal = "ANOTHER1"

    await owner.says(f"/refund {paid.ref} why")

    assert "không phải của nhà này nữa" in owner.last_heard
    assert await imagify.balance(an) == Balance(free=60, held=0)


# --- what an admin has seen at VNPAY


@pytest.mark.parametrize(
    ("word", "said", "balance", "state"),
    [
        ("yes", "đã hoàn tiền.", Balance(5, 0), "refunded"),
        ("no", "không được hoàn tiền, credit đã trả lại.", Balance(60, 0), "paid"),
    ],
)
async def test_what_an_admin_has_seen_in_the_portal_ends_a_refund(  # noqa: PLR0917  a row of the table, and the house
    word: str, said: str, balance: Balance, state: str, imagify: Imagify, owner: Speaker, an: Speaker, paid: Order
) -> None:
    imagify.till.will_refund("unknown")
    await owner.says(f"/refund {paid.ref} why")
    await owner.presses(YES)

    await owner.says(f"/refunded {paid.ref} {word} seen in the portal")
    await owner.presses(YES)

    assert said in owner.last_heard
    assert await imagify.balance(an) == balance
    assert await state_of(imagify, paid) == state
    assert [row.text("reason") for row in await log(imagify)] == ["why", f"{word}: seen in the portal"]


async def test_nothing_is_decided_of_an_order_that_is_not_being_paid_back(owner: Speaker, paid: Order) -> None:
    await owner.says(f"/refunded {paid.ref} yes why")
    assert owner.last_heard == f"Đơn {paid.ref}: đã trả, không có việc hoàn tiền nào đang chờ."

    await owner.says(f"/refunded {paid.ref} perhaps why")
    assert owner.last_heard == "Cách dùng: /refunded MÃ yes|no LÝ_DO"


# --- purses


async def test_a_frozen_purse_orders_nothing_until_it_is_opened_again(
    imagify: Imagify, owner: Speaker, an: Speaker
) -> None:
    await owner.says(f"/freeze {an.person.id} chargeback")
    await owner.presses(YES)
    await an.says("mèo")
    assert await an.jobs() == []

    await owner.says(f"/unfreeze {an.person.id} settled")
    await owner.presses(YES)
    await an.says("mèo")

    assert len(await an.jobs()) == 1
    assert [(row.text("what"), row.text("reason")) for row in await log(imagify)] == [
        ("freeze", "chargeback"),
        ("unfreeze", "settled"),
    ]


# --- alarms


def alarm(what: str, **facts: str | int) -> News:
    return News("1", ALARM, "", "telegram", "1", 0, 0, {"what": what, "order": "REF", **facts})


@pytest.mark.parametrize("what", sorted(texts.ALARMS))
def test_every_alarm_names_its_order_and_what_to_type_next(what: str) -> None:
    vi, en = (alarms.told(alarm(what), language) for language in ("vi", "en"))

    assert "REF" in vi.text
    assert vi.text.endswith("/order REF")
    assert vi.text != en.text
    assert [choice.action for choice in vi.choices] == ["inspect:REF"]


def test_alarms_say_why_how_much_and_with_which_code() -> None:
    assert "(suspected of fraud)" in alarms.told(alarm("review", reason="suspect"), "en").text
    assert "60.000đ" in alarms.told(alarm("wrong amount", amount=60_000)).text
    assert "(mã 95)" in alarms.told(alarm("refund refused", code="95")).text
    assert "something new" in alarms.told(alarm("something new")).text
