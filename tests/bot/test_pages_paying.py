"""The way from the page of an order to the gateway, and back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.pages import link_of
from bot.paypage import CODES, Standing
from bot.texts import pages
from core.table import Delete
from payments.orders import LASTS, Order, changing, creating, pointer_key
from payments.packages import Package
from payments.vnpay import Terminal
from tests.bot.till_door import A_WHILE, TillDoor, Words, back_from, query_of, reaches, returning, till_door
from tests.payments.gateway import SECRET, TERMINAL, link_is_signed


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[TillDoor]:
    async with till_door(tmp_path / "home") as door:
        yield door


# --- to the gateway


async def test_the_button_leads_to_the_gateway_with_a_signed_link_for_this_order(door: TillDoor) -> None:
    order = await door.orders()

    answer = await door.pays(order, {"bank": "NCB", "lang": "en"})

    link, said = answer.headers["Location"], query_of(answer)
    assert answer.status == 303
    assert link.startswith(f"{TERMINAL.pay_url}?")
    assert link_is_signed(link)
    assert said["vnp_TxnRef"] == order.ref
    assert said["vnp_Amount"] == "5000000"
    assert said["vnp_BankCode"] == "NCB"
    assert said["vnp_Locale"] == "en"
    assert said["vnp_IpAddr"] == "127.0.0.1"
    assert said["vnp_ReturnUrl"] == f"{door.url}/vnpay/return"
    assert said["vnp_OrderInfo"] == f"Nap 55 credit Imagify {order.ref}"
    assert said["vnp_CreateDate"] == "20261120070000"
    assert said["vnp_ExpireDate"] == "20261120071500"


async def test_whoever_goes_to_the_gateway_is_remembered_without_what_would_open_it_again(door: TillDoor) -> None:
    order = await door.orders()

    answer = await door.pays(order)

    (call,) = await door.house.counter.calls.of(order.ref)
    assert (call.way, call.caller, call.answer) == ("open", "127.0.0.1", "303")
    assert answer.headers["Location"].startswith(f"{TERMINAL.pay_url}?{call.raw}&vnp_SecureHash=")


@pytest.mark.parametrize(
    "form",
    [
        "",
        "bank=&lang=",
        "bank=any",
        "bank=%3Cscript%3E&lang=%22%3E",
        "bank=ncb",
        "bank=NCB%00",
        "bank=\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "=&&&===%",
        "bank=" + "A" * 5_000,
        "&" * 900_000,
    ],
)
async def test_a_form_that_says_nothing_we_know_leaves_the_choice_to_the_gateway(door: TillDoor, form: str) -> None:
    answer = await door.pays(await door.orders(), form)

    assert answer.status == 303
    assert link_is_signed(answer.headers["Location"])
    assert "vnp_BankCode" not in query_of(answer)
    assert query_of(answer)["vnp_Locale"] == "vn"


@pytest.mark.parametrize("bank", sorted(CODES))
def test_every_bank_that_is_offered_can_stand_in_a_link(bank: str) -> None:
    order = Order("261120" + "A" * 16, "p", 55, 50_000, "vnpay", TERMINAL.code, 50_000, "VND", 1, 1 + LASTS)

    link = link_of(order, TERMINAL, "https://imagify.example", "1.2.3.4", "vi", bank)

    assert f"vnp_BankCode={bank}&" in link
    assert link == link_of(order, TERMINAL, "https://imagify.example", "1.2.3.4", "vi", bank)


async def test_an_order_is_opened_once_and_pressing_again_makes_a_new_one(door: TillDoor) -> None:
    order = await door.orders()

    first = query_of(await door.pays(order))["vnp_TxnRef"]
    second = query_of(await door.pays(order))["vnp_TxnRef"]
    third = query_of(await door.pays(order))["vnp_TxnRef"]

    assert first == order.ref
    assert len({first, second, third}) == 3
    assert (await door.stands(order)).replaced_by == second
    assert (await door.newest()).ref == third


async def test_an_order_whose_time_is_over_goes_to_the_gateway_as_a_new_one(door: TillDoor) -> None:
    order = await door.orders()
    door.clock.pass_by(A_WHILE)

    said = query_of(await door.pays(order))

    assert said["vnp_TxnRef"] == (await door.newest()).ref != order.ref
    assert said["vnp_CreateDate"] == "20261120071501"


@pytest.mark.parametrize("standing", ["review", "paid", "refunding", "refunded"])
async def test_what_was_paid_is_not_paid_again(door: TillDoor, standing: Standing) -> None:
    order = await reaches(door, standing)

    answer = await door.pays(order, {"lang": "en"})

    assert answer.status == 409
    assert pages.TITLES[standing]["en"] in Words(await answer.text()).text
    assert await door.stands(order) == order


async def test_an_order_that_was_passed_over_for_another_leads_to_that_one(door: TillDoor) -> None:
    order = await reaches(door, "expired")
    await door.house.cashier.expire()
    other = await door.orders(Package(20_000, 20))

    page, answer = Words(await door.sees(order)), await door.pays(order)

    assert f"/p/{other.ref}?lang=vi" in page.of("a", "href")
    assert page.of("form", "action") == []
    assert answer.status == 409
    assert pages.TITLES["replaced"]["vi"] in Words(await answer.text()).text


async def test_an_order_that_is_over_can_be_had_again_after_another_was_paid(door: TillDoor) -> None:
    order = await reaches(door, "expired")
    await door.house.cashier.expire()
    other = await reaches(door, "paid")

    page, answer = await door.sees(order), await door.pays(order)

    assert other.ref not in page
    assert pages.AGAIN["expired"]["vi"] in page
    assert query_of(answer)["vnp_TxnRef"] == (await door.newest()).ref
    assert (await door.newest()).ref not in (order.ref, other.ref)


async def test_an_order_of_somebody_who_was_erased_can_only_be_looked_at(door: TillDoor) -> None:
    order = await reaches(door, "expired")
    await door.house.ports.table.write(Delete(pointer_key(order)))

    assert pages.NOT_AGAIN["vi"] in await door.sees(order)
    assert (await door.pays(order)).status == 409


async def test_an_order_made_for_another_terminal_is_paid_as_a_new_one_at_this(door: TillDoor) -> None:
    order = await door.orders()
    before = replace(order, terminal="FORMER01")
    await door.house.ports.table.write(changing(order, before))

    said = query_of(await door.pays(before))

    assert said["vnp_TxnRef"] != order.ref
    assert (await door.newest()).terminal == said["vnp_TmnCode"] == TERMINAL.code


async def test_an_order_of_a_till_that_is_closed_is_not_offered_to_be_paid(door: TillDoor) -> None:
    order = await door.orders()
    await door.house.ports.table.write(changing(order, replace(order, till="stars")))

    page, answer = await door.sees(order), await door.pays(order)

    assert pages.NOT_AGAIN["vi"] in page
    assert "<form" not in page
    assert answer.status == 409
    assert "Location" not in answer.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1", "https://127.0.0.1:1"])
async def test_the_form_of_another_site_is_refused(door: TillDoor, origin: str) -> None:
    order = await door.orders()

    answer = await door.pays(order, Origin=origin)

    assert answer.status == 403
    assert "Location" not in answer.headers
    assert await door.stands(order) == order


async def test_our_own_form_is_taken_by_the_host_it_was_asked_from_and_by_the_public_one(door: TillDoor) -> None:
    door.house.counter.base = "https://imagify.example"

    by_host = await door.pays(await door.orders(), Origin=door.url.replace("http:", "https:"))
    by_name = await door.pays(await door.orders(), Origin="https://imagify.example")

    assert (by_host.status, by_name.status) == (303, 303)
    assert query_of(by_name)["vnp_ReturnUrl"] == "https://imagify.example/vnpay/return"


@pytest.mark.parametrize("origin", ["http://imagify.example", "http://127.0.0.1"])
async def test_a_house_behind_https_takes_no_form_of_a_page_that_anybody_could_have_changed_on_its_way(
    door: TillDoor, origin: str
) -> None:
    door.house.counter.base = "https://imagify.example"
    order = await door.orders()

    answer = await door.pays(order, Origin=origin.replace("127.0.0.1", f"127.0.0.1:{door.port}"))

    assert answer.status == 403
    assert await door.stands(order) == order


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 303), ("same-site", 403), ("cross-site", 403), ("none", 403), ("", 403)]
)
async def test_a_form_that_does_not_say_where_it_stood_is_taken_only_if_the_browser_vouches_for_it(
    door: TillDoor, site: str, status: int
) -> None:
    answer = await door.pays(await door.orders(), **{"Sec-Fetch-Site": site})

    assert answer.status == status


async def test_whoever_goes_to_the_gateway_again_and_again_has_to_wait(door: TillDoor) -> None:
    order = await door.orders()
    for _ in range(6):
        order = await door.stands(order) if (await door.pays(order)).status == 303 else order
        order = await door.newest()

    answer = await door.pays(order)

    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert pages.TOO_OFTEN["vi"] in await answer.text()
    assert (await door.newest()).ref == order.ref


# --- and back


@pytest.mark.parametrize("standing", ["opened", "expired", "cancelled", "replaced"])
async def test_coming_back_paid_credits_nothing_and_has_the_gateway_asked_once(door: TillDoor, standing: str) -> None:
    order = await back_from(door, standing)
    before = await door.free()

    answers = [await door.comes_back(order) for _ in range(3)]
    stands = await door.stands(order)

    assert await door.free() == before
    assert stands.state == order.state
    assert stands.due < order.created
    assert [answer.status for answer in answers] == [200] * 3
    page = Words(await answers[0].text())
    assert pages.TITLES["waiting"]["vi"] in page.text
    assert pages.ADVICE["waiting"]["vi"] in page.text
    assert page.of("form", "action") == []
    assert page.of("body", "data-standing") == [(await (await door.asks(f"/p/{order.ref}/state")).json())["state"]]


async def test_the_gateway_is_asked_once_however_often_a_page_is_loaded_again(door: TillDoor) -> None:
    order = await door.opens()
    await door.comes_back(order)
    first = await door.stands(order)
    door.clock.pass_by(60)

    await door.comes_back(order)

    assert (await door.stands(order)).due == first.due


async def test_the_page_turns_into_the_receipt_when_the_word_comes(door: TillDoor) -> None:
    order = await door.opens()
    await door.comes_back(order)
    watched = Words(await (await door.comes_back(order)).text()).of("body", "data-standing")

    await door.is_told(order)

    state = (await (await door.asks(f"/p/{order.ref}/state")).json())["state"]
    assert watched == ["opened"]
    assert state == "paid"
    assert pages.TITLES["paid"]["vi"] in await (await door.comes_back(order)).text()


@pytest.mark.parametrize("standing", ["paid", "failed", "review", "refunded"])
async def test_coming_back_shows_what_the_table_says_whatever_the_link_says(door: TillDoor, standing: Standing) -> None:
    order = await reaches(door, standing)

    page = await (await door.comes_back(order, "24")).text()

    assert pages.TITLES[standing]["vi"] in page
    assert await door.stands(order) == order


async def test_coming_back_from_a_cancelled_payment_of_an_order_that_is_over_offers_a_new_one(door: TillDoor) -> None:
    order = await back_from(door, "expired")

    page = Words(await (await door.comes_back(order, "24")).text())

    assert pages.TITLES["expired"]["vi"] in page.text
    assert pages.PAID_ALL_THE_SAME["vi"] in page.text
    assert page.of("form", "action") == [f"/p/{order.ref}/pay"]


async def test_who_came_back_is_remembered_with_the_order(door: TillDoor) -> None:
    order = await door.opens()

    for _ in range(20):
        await door.comes_back(order)

    calls = await door.house.counter.calls.of(order.ref)
    assert calls[0].way == "return"
    assert calls[0].raw == returning(order)
    assert len(calls) == 6


def forgeries(order: Order) -> list[str]:
    good = returning(order)
    foreign = Terminal("IMGF0001", SECRET[::-1], "https://x", "https://x")
    return [
        "",
        "vnp_TxnRef=" + order.ref,
        good.replace("vnp_Amount=5000000", "vnp_Amount=500000000"),
        good.replace("vnp_ResponseCode=00", "vnp_ResponseCode=24"),
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        f"{good}&vnp_TxnRef={order.ref}",
        f"vnp_SecureHash={foreign.sign('')}",
        "%ED%A0%80=%00&vnp_SecureHash=%ff",
        good + "A" * 5_000,
        returning(order, vnp_ResponseCode=""),
    ]


@pytest.mark.parametrize("number", range(10))
async def test_a_forged_return_says_nothing_of_any_order(door: TillDoor, number: int) -> None:
    order = await door.opens()

    answer = await door.asks(f"/vnpay/return?{forgeries(order)[number]}")
    page = await answer.text()

    assert answer.status == 400
    assert [title for title in pages.NOT_VALID.values() if title not in page] == []
    assert order.ref not in page
    assert "50.000" not in page
    assert await door.house.counter.calls.of(order.ref) == []
    assert await door.stands(order) == order


async def test_a_signed_return_of_no_order_of_ours_is_answered_as_such(door: TillDoor) -> None:
    order = await door.opens()

    for changes in ({"vnp_TxnRef": "261120" + "A" * 16}, {"vnp_TxnRef": "../x"}, {"vnp_TmnCode": "OTHER001"}):
        answer = await door.comes_back(order, **changes)

        assert answer.status == 404
        assert order.ref not in await answer.text()

    assert await door.house.counter.calls.of(order.ref) == []


async def test_a_way_back_is_walked_and_not_looked_at(door: TillDoor) -> None:
    order = await door.opens()

    answer = await door.asks(f"/vnpay/return?{returning(order)}", "HEAD")

    assert answer.status == 405
    assert await door.stands(order) == order


async def test_an_order_that_is_paid_in_its_chat_has_no_page_to_pay_on(door: TillDoor) -> None:
    order = await door.orders()
    stars = replace(order, ref=f"{order.ref[:-1]}0", till="stars", terminal="stars:1", amount=167, currency="XTR")
    await door.house.ports.table.write(creating(stars))

    page, paid = await door.asks(f"/p/{stars.ref}"), await door.pays(stars)

    assert (page.status, paid.status) == (200, 409)
    assert pages.IN_CHAT["vi"] in await page.text()
    assert pages.IN_CHAT["en"] in await paid.text()
    assert (await door.stands(stars)).opened_at == 0
