"""The played VNPAY over real sockets: pay pages, the API, the control page, and who may come in."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import ClientError, ClientResponse, ClientSession, web
from yarl import URL

from infra.sandbox.vnpay import Clock, Gateway, Played, Terminal, open_vnpay
from tests.infra.sandbox.vnpay_rig import CODE, SECRET, THE_DAY, Shop

HERE = "/paymentv2/Transaction"


@dataclass
class Street:
    """A gateway and a shop on loopback, and a browser that follows no redirect by itself."""

    vnpay: Played
    shop: Shop
    browser: ClientSession

    @property
    def gateway(self) -> Gateway:
        return self.vnpay.gateway

    async def get(self, url: str, **headers: str) -> ClientResponse:
        return await self.browser.get(URL(self._full(url), encoded=True), allow_redirects=False, headers=headers)

    async def post(self, url: str, fields: Mapping[str, str]) -> ClientResponse:
        return await self.browser.post(self._full(url), data=fields, allow_redirects=False)

    async def opens(self, ref: str, **more: str) -> str:
        """Where a pay link leads."""
        link = self.shop.link(ref, **more).partition("?")[2]
        answer = await self.get(f"{self.vnpay.pay_url}?{link}")
        assert answer.status == 302
        return answer.headers["Location"]

    async def control(self, deed: str, asked: object) -> tuple[int, dict[str, object]]:
        answer = await self.browser.post(f"{self.vnpay.control_url}api/{deed}", json=asked)
        return answer.status, await answer.json()

    def _full(self, url: str) -> str:
        return url if url.startswith("http") else self.vnpay.pay_url.partition("/paymentv2")[0] + url


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    shop = Shop()
    async with shop_front(shop) as ipn_url:
        terminal = Terminal(CODE, SECRET, ipn_url)
        async with open_vnpay([terminal], clock=Clock.by_hand(THE_DAY)) as vnpay, ClientSession() as browser:
            shop.gateway = vnpay.gateway
            yield Street(vnpay, shop, browser)


@asynccontextmanager
async def shop_front(shop: Shop) -> AsyncIterator[str]:
    async def ipn(request: web.Request) -> web.Response:
        heard = await shop.line(str(request.rel_url))
        return web.Response(status=heard.status, body=heard.body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/ipn", ipn)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/ipn"
    finally:
        await runner.cleanup()


def token(url: str) -> str:
    return dict(parse_qsl(urlsplit(url).query))["token"]


async def test_a_good_link_leads_to_the_choice_of_methods(street: Street) -> None:
    page = await street.opens("R1")
    text = await (await street.get(page)).text()

    assert page.startswith(f"{HERE}/PaymentMethod.html?token=")
    assert "VNPAY giả lập – không có tiền thật" in text
    assert "50.000 ₫" in text
    assert 'data-left="900"' in text


@pytest.mark.parametrize(
    ("bank", "page"), [("VNPAYQR", "Qr"), ("VNBANK", "Banks"), ("INTCARD", "Bank"), ("VIETCOMBANK", "Bank")]
)
async def test_a_link_that_names_a_way_to_pay_leads_straight_there(street: Street, bank: str, page: str) -> None:
    where = await street.opens("R1", vnp_BankCode=bank)

    assert where.startswith(f"{HERE}/{page}.html?")
    assert (await street.get(where)).status == 200


async def test_a_refused_link_leads_to_a_page_that_leads_nowhere(street: Street) -> None:
    where = await street.opens("R1", vnp_Amount="0", vnp_Locale="en")
    text = await (await street.get(where)).text()

    assert where == "/paymentv2/Payment/Error.html?code=03&locale=en"
    assert "This payment cannot be made" in text
    assert "shop.test" not in text
    assert street.shop.heard == []


async def test_a_payer_succeeds_and_comes_back_after_the_merchant_was_told(street: Street) -> None:
    page = await street.opens("R1")

    back = await street.post(f"{HERE}/Outcome.html", {"token": token(page), "code": "00", "bank": "NCB"})

    assert back.status == 302
    assert back.headers["Location"] == street.gateway.return_url(street.gateway.transactions["R1"])
    assert street.shop.orders["R1"] == "paid"


async def test_who_cancels_at_the_choice_of_methods_has_chosen_no_bank(street: Street) -> None:
    text = await (await street.get(await street.opens("R1"))).text()
    form = re.search(r'<form[^>]*>((?:<input[^>]*>)+)<button[^>]*data-outcome="24"', text)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))

    await street.post(f"{HERE}/Outcome.html", fields)

    assert street.shop.heard[0]["vnp_BankCode"] == "VNPAY"


async def test_a_card_is_typed_in_and_confirmed_by_its_password(street: Street) -> None:
    card = {"token": token(await street.opens("R1")), "bank": "NCB"}
    typed = {**card, "number": "9704 1985 2619 1432 198", "holder": "nguyen van a", "date": "07/15"}

    asked = await street.post(f"{HERE}/Card.html", typed)
    assert "970419xxxxxxxxx2198" in await asked.text()
    otp = {**card, "card": "9704198526191432198"}
    assert "OTP không đúng" in await (await street.post(f"{HERE}/Otp.html", {**otp, "otp": "0"})).text()
    assert street.shop.heard == []
    back = await street.post(f"{HERE}/Otp.html", {**otp, "otp": "123456"})

    assert back.status == 302
    assert street.shop.heard[0]["vnp_ResponseCode"] == "00"


@pytest.mark.parametrize(
    ("page", "fields", "code"),
    [
        ("Card", {"number": "1", "holder": "x", "date": "x"}, "10"),
        ("Otp", {"card": "9704198526191432198", "otp": "0"}, "13"),
    ],
)
async def test_the_third_mistake_ends_a_payment(street: Street, page: str, fields: dict[str, str], code: str) -> None:
    asked = {**fields, "token": token(await street.opens("R1")), "bank": "NCB"}

    statuses = [(await street.post(f"{HERE}/{page}.html", asked)).status for _ in range(3)]

    assert statuses == [200, 200, 302]
    assert street.shop.heard[0]["vnp_ResponseCode"] == code


async def test_the_public_test_cards_have_their_outcomes(street: Street) -> None:
    text = await (await street.get(await street.opens("R1", vnp_BankCode="NCB"))).text()

    forms = re.findall(
        r'name="code" value="(\d\d)"><input[^>]*name="bank"[^>]*><input[^>]*name="card" value="(\d+)"', text
    )

    assert forms == [
        ("00", "9704198526191432198"),
        ("51", "9704195798459170488"),
        ("09", "9704192181368742"),
        ("12", "9704193370791314"),
        ("11", "9704194841945513"),
    ]


async def test_a_page_that_has_run_out_leads_to_error_15(street: Street) -> None:
    page = await street.opens("R1")
    await street.gateway.pass_by(900)

    answers = [await street.get(page), await street.post(f"{HERE}/Outcome.html", {"token": token(page), "code": "00"})]

    assert {one.headers["Location"] for one in answers} == {"/paymentv2/Payment/Error.html?code=15"}
    assert street.shop.heard == []


async def test_a_page_of_an_ended_payment_leads_back_to_the_merchant(street: Street) -> None:
    page = await street.opens("R1")
    first = await street.post(f"{HERE}/Outcome.html", {"token": token(page), "code": "24"})

    second = await street.post(f"{HERE}/Outcome.html", {"token": token(page), "code": "00"})

    assert second.headers["Location"] == first.headers["Location"]
    assert len(street.shop.heard) == 1


async def test_nothing_of_a_link_is_taken_for_a_page(street: Street) -> None:
    refused = await street.opens("R1", vnp_OrderInfo="<b>x</b>")
    error = await (await street.get("/paymentv2/Payment/Error.html?code=%3Cscript%3E&locale=%22%3E")).text()
    strange = await (
        await street.get((await street.opens("R2")).replace("PaymentMethod", "Bank") + "&bank=%3Cb%3E")
    ).text()

    assert refused.endswith("code=03")
    assert "<script>" not in error
    assert "<b>&" not in strange
    assert 'value="<b>"' not in strange


async def test_a_browser_may_do_on_the_pages_what_they_need_and_no_more(street: Street) -> None:
    page = await street.get(await street.opens("R1"))

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("form-action 'self' http://shop.test")
    assert page.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("headers", [{"Host": "evil.test"}, {"Origin": "http://evil.test"}, {"Origin": "null"}])
async def test_a_stranger_s_page_is_not_let_in(street: Street, headers: dict[str, str]) -> None:
    at_gateway = await street.get("/paymentv2/Payment/Error.html", **headers)
    at_control = await street.get(f"{street.vnpay.control_url}api/state", **headers)

    assert {at_gateway.status, at_control.status} <= {403, 421}


async def test_a_code_alone_comes_as_json(street: Street) -> None:
    link = street.shop.link("R1", vnp_Command="genqr").partition("?")[2]

    first = await (await street.get(f"{street.vnpay.pay_url}?{link}")).json()
    again = await (await street.get(f"{street.vnpay.pay_url}?{link}")).json()

    assert (first["code"], first["qrcontent"][:6]) == ("00", "000201")
    assert (again["code"], again["qrcontent"]) == ("01", "")


async def test_the_list_of_banks_is_there_for_whoever_asks(street: Street) -> None:
    banks = await (await street.post("/qrpayauth/api/merchant/get_bank_list", {"tmn_code": CODE})).json()

    assert len(banks) >= 12
    assert banks[0]["bank_code"] == "NCB"


async def test_the_api_answers_over_http_and_can_be_made_to_fail(street: Street) -> None:
    await street.opens("R1")

    async def asks() -> ClientResponse:
        return await street.browser.post(street.vnpay.api_url, json=street.shop.query("R1"))

    assert (await (await asks()).json())["vnp_TransactionStatus"] == "01"
    street.gateway.faults.set("api_5xx", times=1)
    assert (await asks()).status == 503
    street.gateway.faults.set("api_timeout", times=1, seconds=0)
    with pytest.raises(ClientError):
        await asks()


async def test_an_api_that_is_silent_does_not_keep_the_gateway_from_closing() -> None:
    async with open_vnpay([Terminal(CODE, SECRET)], clock=Clock.by_hand(THE_DAY)) as vnpay:
        vnpay.gateway.faults.set("api_timeout", seconds=3_600)
        silence = vnpay.gateway.silence(3_600)
    await silence

    assert vnpay.gateway.transactions == {}


# -- control


async def test_the_control_page_shows_what_there_is(street: Street) -> None:
    await street.opens("R1")
    await street.control("pay", {"ref": "R1", "outcome": "51"})

    page = await street.browser.get(street.vnpay.control_url)
    state = await (await street.browser.get(f"{street.vnpay.control_url}api/state")).json()

    assert "no real money" in await page.text()
    assert state["terminals"][0]["code"] == CODE
    [shown] = state["transactions"]
    assert (shown["ref"], shown["status"], shown["attempts"][0]["outcome"]) == ("R1", "02", "00")
    assert SECRET not in str(state)


async def test_faults_clock_and_addresses_are_set_through_the_control_page(street: Street) -> None:
    await street.opens("R1")
    _, fault = await street.control("fault", {"kind": "ipn_lost", "times": 1})
    await street.control("pay", {"ref": "R1"})
    await street.control("advance", {"seconds": 300})

    assert fault["left"] == 1
    assert street.shop.outcomes("R1") == ["lost", "00"]
    _, terminal = await street.control("terminal", {"code": CODE, "ipn_url": "", "approved": False})
    assert (terminal["ipn_url"], terminal["approved"]) == ("", False)


async def test_held_ipns_and_refunds_are_moved_on_through_the_control_page(street: Street) -> None:
    await street.opens("R1")
    await street.control("fault", {"kind": "ipn_held"})
    await street.control("pay", {"ref": "R1"})

    assert (await street.control("deliver", {}))[1] == {"delivered": 1}
    await street.gateway.settle_ipns()
    assert street.shop.orders["R1"] == "paid"
    await street.shop.asks(street.shop.refund("R1"))
    await street.control("refund", {"ref": "R1", "status": "09"})
    await street.control("resend", {"ref": "R1"})
    await street.control("clear", {})

    assert street.gateway.transactions["R1"].refunds[0].status == "09"
    assert street.gateway.faults.all() == ()


async def test_the_acceptance_suite_takes_the_two_newest_open_transactions(street: Street) -> None:
    await street.opens("R1")
    assert (await street.control("acceptance", {"terminal": CODE}))[0] == 409
    await street.opens("R2")
    await street.opens("R3")

    _, said = await street.control("acceptance", {"terminal": CODE})

    assert (said["failed"], said["paid"], said["passed"]) == ("R2", "R3", True)
    assert street.shop.orders == {"R1": "pending", "R2": "failed", "R3": "paid"}


@pytest.mark.parametrize(
    ("deed", "asked"),
    [
        ("pay", {"ref": "NOBODY"}),
        ("pay", {}),
        ("pay", []),
        ("fault", {"kind": "ipn_eaten"}),
        ("fault", {"kind": "ipn_lost", "times": "many"}),
        ("advance", {}),
        ("terminal", {"code": "NOBODY01", "ipn_url": ""}),
        ("refund", {"ref": "NOBODY", "status": "00"}),
    ],
)
async def test_what_cannot_be_done_is_told_in_a_sentence(street: Street, deed: str, asked: object) -> None:
    status, said = await street.control(deed, asked)

    assert status == 409
    assert said["error"]


async def test_the_control_page_takes_no_form(street: Street) -> None:
    answer = await street.browser.post(f"{street.vnpay.control_url}api/clear", data={"kind": ""})

    assert answer.status == 415


async def test_a_gateway_that_runs_by_itself_sends_what_falls_due() -> None:
    shop = Shop()
    async with shop_front(shop) as ipn_url, open_vnpay([Terminal(CODE, SECRET, ipn_url)], scale=100_000) as vnpay:
        shop.gateway = vnpay.gateway
        vnpay.gateway.faults.set("ipn_lost", times=2)
        shop.opens("R1")
        decided = vnpay.gateway.decide(vnpay.gateway.transaction("R1"), "00")

        await decided.told.wait()
        await shop.rang.wait()  # two retries, three real milliseconds each
        await vnpay.gateway.settle_ipns()

    assert shop.outcomes("R1") == ["lost", "lost", "00"]
