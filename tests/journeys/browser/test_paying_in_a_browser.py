"""Paying, as people do it: a chat in one tab, the page of an order and VNPAY in another; now and then VNPAY's own side.

VNPAY is played; docs/sandbox.md tells what can be done there. No journey waits for a quarter of an hour to pass: the
rows are told that it has.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from core.chores import chore_key
from core.table import Change, Write
from infra.embedded.home import DATABASE, Home
from infra.embedded.table import SqliteTable
from payments.orders import Orders, order_key
from payments.refunds import refund_key
from tests.journeys.browser.rig import PHONE, SHOP, Lodging, Payer, Visitor, lodging, visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GOOD_CARD, EMPTY_CARD = "9704198526191432198", "9704195798459170488"  # both of NCB's
BUFFALOES = "con trâu --n 2"
LONG_AGO = 1  # a moment that has come for everybody


@dataclass(frozen=True, slots=True)
class Words:
    """What one journey reads, in a language."""

    browser: str
    agree: str
    short: str
    package: str
    pay: str
    credits: str
    by_card: str
    paid: str
    go_on: str


VIETNAMESE = Words(
    browser="vi-VN",
    agree="Đồng ý",
    short="Cần 2 credit, bạn đang có 1 (thiếu 1)",
    package="20.000đ",
    pay="Thanh toán VNPAY",
    credits="20 credit",
    by_card="Thẻ nội địa",
    paid="+20 credit (20.000đ). Số dư: 21",
    go_on="Tiếp tục",
)
ENGLISH = Words(
    browser="en-US",
    agree="I agree",
    short="It takes 2 credits, you have 1 (1 short)",
    package="20,000đ",
    pay="Pay with VNPAY",
    credits="20 credits",
    by_card="Domestic card",
    paid="+20 credits (20,000đ). Balance: 21",
    go_on="Continue",
)


async def orders(buyer: Visitor, sum_: str = "20k") -> Payer:
    """Has the page of a new order open."""
    message = await buyer.next_reply()
    await buyer.says(f"nạp {sum_}")
    await message.wait_for()
    payer = await buyer.opens("Thanh toán VNPAY")
    await payer.stands("open")
    return payer


async def pays(buyer: Visitor) -> str:
    """Which order has been paid."""
    payer = await orders(buyer)
    ref = payer.ref
    await payer.goes_to_vnpay("NCB")
    await payer.taps(GOOD_CARD)
    await payer.stands("paid")
    await buyer.has(21)
    return ref


async def written(house: Lodging, *writes: Write) -> None:
    """Write into the rows of the open `house` from outside."""
    table = SqliteTable.inline(str(house.home / DATABASE))
    try:
        await table.write(*writes)
    finally:
        await table.close()


async def written_while_shut(house: Lodging, *writes: Write) -> None:
    """Write into the rows of the closed `house` through its home, which keeps the marker true."""
    home = Home.open(house.home)
    table = home.table()
    try:
        await table.write(*writes)
    finally:
        await table.close()
        home.close()


async def runs_out(house: Lodging, ref: str, write: Callable[..., Awaitable[None]] = written) -> None:
    """The time in which an order can be paid is over, and it is time to say so."""
    table = SqliteTable.read_only(str(house.home / DATABASE))
    order = await Orders(table).order(ref)
    await table.close()
    over = {"expires": order.created + 1, "due": order.created + 1}
    sweep = Change(chore_key("expire orders"), set={"next_at": LONG_AGO}, or_create=True)
    await write(house, Change(order_key(ref), set=over), sweep)


@asynccontextmanager
async def side_of_vnpay(browser: Browser, house: Lodging) -> AsyncIterator[Page]:
    """The page on which things go as VNPAY wants them to."""
    async with visitor(browser) as one:
        await one.page.goto(house.vnpay)
        await one.sees("[data-suite]")
        yield one.page


async def in_both_lights(payer: Visitor) -> list[str]:
    """What bars the way, by day and by night."""
    found = await payer.barriers()
    await payer.page.emulate_media(color_scheme="dark")
    found += [f"dark: {barrier}" for barrier in await payer.barriers()]
    await payer.page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("words", [VIETNAMESE, ENGLISH], ids=["Vietnamese", "English"])
async def test_whoever_runs_out_of_credits_on_a_phone_pays_and_gets_the_picture_they_wanted(
    browser: Browser, shop: Lodging, words: Words
) -> None:
    async with visitor(browser, PHONE, locale=words.browser) as an:
        await an.comes(shop)
        await an.presses(words.agree)
        await an.has(1)
        await an.says(BUFFALOES)
        await an.sees(f"#said >> text={words.short}")

        await an.presses(words.package)
        payer = await an.opens(words.pay)
        await payer.stands("open")
        assert await payer.page.text_content(".sum") == f"{words.package} {words.credits}"
        await payer.has_in_sight("[data-expires] [role=timer]")
        assert await payer.width() == PHONE["width"]
        ref, before = payer.ref, len(await an.story())

        await payer.goes_to_vnpay()
        await payer.chooses(words.by_card)
        await payer.chooses("NCB")
        assert await payer.width() == PHONE["width"]
        await payer.taps(GOOD_CARD)
        await payer.stands("paid")
        assert await payer.width() == PHONE["width"]

        await an.has(21)
        story = await an.story()
        assert len(story) == before
        assert words.paid in story[-1]
        assert ref in story[-1]
        await an.presses(words.go_on)
        await an.arrives(1)
        await an.has(19)
        assert await an.overflow() == 0


async def test_a_card_without_money_is_named_as_the_reason_and_another_try_is_paid(buyer: Visitor) -> None:
    payer = await orders(buyer)
    await payer.goes_to_vnpay("NCB")
    await payer.taps(EMPTY_CARD)
    await payer.stands("failed")
    assert "Tài khoản không đủ số dư." in str(await payer.page.text_content(".reason"))

    await buyer.sees("#said >> text=Tài khoản không đủ số dư. Bạn chưa bị trừ tiền.")
    await buyer.has(1)
    await buyer.presses("Thử lại")
    again = await buyer.opens("Thanh toán VNPAY")
    await again.goes_to_vnpay("NCB")
    await again.taps(GOOD_CARD)

    await again.stands("paid")
    await buyer.has(21)
    told = [line.partition(".")[0] for line in (await buyer.story())[-2:]]
    assert told == ["reply: 😔 Thanh toán chưa thành công", "reply: 🎉 Nạp thành công! +20 credit (20"]


async def test_an_order_that_was_cancelled_and_is_paid_all_the_same_is_credited_and_said_to_be_late(
    buyer: Visitor,
) -> None:
    payer = await orders(buyer)
    await payer.goes_to_vnpay()

    await buyer.presses("Huỷ")
    await buyer.sees("#said >> text=Nếu bạn đã lỡ trả tiền, credit vẫn tự vào ví")
    await payer.ends("00")

    await payer.stands("paid")
    await buyer.has(21)
    await buyer.sees("#said >> text=Xác nhận tới muộn, sau khi đơn đã đóng")


async def test_a_payment_given_up_at_vnpay_costs_nothing_and_says_so(buyer: Visitor) -> None:
    payer = await orders(buyer)
    await payer.goes_to_vnpay()

    await payer.ends("24")

    await payer.stands("failed")
    await buyer.sees("#said >> text=Bạn đã huỷ ở trang thanh toán. Bạn chưa bị trừ tiền.")
    await buyer.has(1)


async def test_a_link_that_ran_out_is_told_in_both_tabs_and_the_page_makes_a_new_one(
    buyer: Visitor, shop: Lodging
) -> None:
    payer = await orders(buyer)
    told = len(await buyer.story())

    shop.is_killed()
    await runs_out(shop, payer.ref, written_while_shut)
    shop.opens()
    await buyer.sees("#said >> text=Liên kết đã hết hạn")
    await payer.stands("expired")
    await payer.goes_to_vnpay()
    await payer.ends("00")

    await payer.stands("paid")
    await buyer.has(21)
    assert len(await buyer.story()) == told


async def test_what_vnpay_forgot_to_say_is_found_out_by_a_tap_on_check(
    browser: Browser, buyer: Visitor, shop: Lodging
) -> None:
    payer = await orders(buyer)
    ref = payer.ref
    await payer.goes_to_vnpay()
    async with side_of_vnpay(browser, shop) as control:
        await control.select_option("[name=kind]", "ipn_lost")
        await control.fill("[name=times]", "1")
        await control.click("#fault button")
        await control.click(f"details[data-key='PLAYED01 {ref}'] summary")
        await control.get_by_role("button", name="00 Paid").first.click()
        await control.locator(f"details[data-key='PLAYED01 {ref}'] td", has_text="1 of 10").wait_for()

    await buyer.has(1)
    await buyer.presses("Kiểm tra")

    await buyer.has(21)
    await buyer.sees("#said >> text=Nạp thành công!")
    await payer.page.goto(f"{shop.url}/p/{ref}")
    await payer.stands("paid")


async def test_an_owner_pays_an_order_back_and_its_person_is_told(browser: Browser, tmp_path: Path) -> None:
    """In a house of its own: ten minutes go by at VNPAY."""
    with lodging(tmp_path / "home", SHOP) as house:
        async with visitor(browser) as person, visitor(browser) as owner:
            await person.comes(house)
            await person.agrees(gift=1)
            ref = await pays(person)
            await owner.comes(house, house.owner)
            await owner.agrees(gift=1)

            await owner.says(f"/order {ref}")
            await owner.sees(f"#said >> text=Đơn {ref} · đã trả")
            await owner.says(f"/refund {ref} người mua đổi ý")
            await owner.presses("Đúng, làm đi")
            await owner.sees("#said >> text=VNPAY đã nhận yêu cầu hoàn đơn")
            await person.sees("#balance[data-balance='1']")
            async with side_of_vnpay(browser, house) as control:
                for _ in ("sent to the bank", "done"):
                    async with control.expect_response("**/api/advance"):
                        await control.click("text=+ 5 minutes")
            await written(house, Change(refund_key(ref), set={"due": LONG_AGO}))

            await person.sees("#said >> text=Đã hoàn 20.000đ qua VNPAY và thu lại 20 credit. Số dư: 1.")
            await person.has(1)
            await owner.sees(f"#said >> text=Đã hoàn tiền đơn {ref}")


async def test_the_six_cases_of_vnpays_acceptance_suite_are_passed_at_the_press_of_its_button(
    browser: Browser, buyer: Visitor, shop: Lodging
) -> None:
    for sum_ in ("20k", "50k"):
        payer = await orders(buyer, sum_)
        await payer.goes_to_vnpay()

    async with side_of_vnpay(browser, shop) as control:
        await control.click("[data-suite='PLAYED01']")
        await control.locator("#cases tbody tr:nth-child(6)").wait_for()
        rows = await control.locator("#cases tbody tr").all_inner_texts()

    assert [row.split("\t")[1:] for row in rows] == [
        [code, code, "passed"] for code in ("97", "01", "04", "00", "00", "02")
    ]
    await buyer.has(56)


async def test_the_pages_of_paying_serve_those_who_cannot_see_them_well(buyer: Visitor, shop: Lodging) -> None:
    payer = await orders(buyer)
    found = {"pending": await in_both_lights(payer)}
    await runs_out(shop, payer.ref)
    await payer.reloads()
    await payer.stands("expired")
    found["expired"] = await in_both_lights(payer)

    await payer.goes_to_vnpay()
    found["at VNPAY"] = await payer.barriers()
    await payer.ends("24")
    await payer.stands("failed")
    found["failed"] = await in_both_lights(payer)
    await payer.goes_to_vnpay()
    await payer.chooses("Thẻ nội địa")
    await payer.chooses("NCB")
    found["at the bank"] = await payer.barriers()
    await payer.taps(GOOD_CARD)
    await payer.stands("paid")
    found["paid"] = await in_both_lights(payer)

    await buyer.has(21)
    found["receipt"] = await in_both_lights(buyer)
    assert {where: barriers for where, barriers in found.items() if barriers} == {}
