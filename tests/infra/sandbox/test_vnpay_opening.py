"""A pay link at the played VNPAY: taken, or turned away with the code the gateway would show."""

import random
from dataclasses import replace

import pytest

from infra.sandbox.vnpay import Turned
from infra.sandbox.vnpay.book import MOST, Book
from infra.sandbox.vnpay.ipn import broken
from infra.sandbox.vnpay.wire import signed_query, stamp
from tests.infra.sandbox.vnpay_rig import CODE, PAY_URL, SECRET, THE_DAY, Shop


def refused(shop: Shop, link: str) -> str:
    with pytest.raises(Turned) as turned:
        shop.gateway.open(link)
    return turned.value.code


def test_a_good_link_opens_a_transaction_that_is_not_finished() -> None:
    shop = Shop()

    opened = shop.gateway.open(shop.link("R1"))

    assert (opened.ref, opened.vnd) == ("R1", 50_000)
    assert shop.gateway.status("R1") == "01"


def test_a_wrong_signature_is_turned_away_with_70() -> None:
    shop = Shop()

    assert refused(shop, broken(shop.link("R1"))) == "70"
    assert refused(shop, shop.link("R1").partition("&vnp_SecureHash=")[0]) == "70"
    assert refused(shop, shop.link("R1").replace("Amount=5000000", "Amount=500000")) == "70"


def test_a_terminal_that_is_not_approved_is_turned_away_with_71() -> None:
    shop = Shop()
    shop.gateway.approve(CODE, approved=False)

    assert refused(shop, shop.link("R1")) == "71"
    shop.gateway.approve(CODE)
    assert shop.gateway.open(shop.link("R1")).ref == "R1"


def test_an_unknown_terminal_is_turned_away_with_72() -> None:
    shop = Shop()

    assert refused(shop, shop.link("R1", vnp_TmnCode="NOBODY01")) == "72"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vnp_Version", "2.0.0"),
        ("vnp_Command", "refund"),
        ("vnp_Amount", "0"),
        ("vnp_Amount", "05000000"),
        ("vnp_Amount", "50000.00"),
        ("vnp_Amount", "1" * 13),
        ("vnp_BankCode", "NOBANK"),
        ("vnp_CreateDate", "2026112007000"),
        ("vnp_CreateDate", ""),
        ("vnp_ExpireDate", "20261320070000"),
        ("vnp_CurrCode", "USD"),
        ("vnp_IpAddr", "::1"),
        ("vnp_IpAddr", "::ffff:1.2.3.4"),
        ("vnp_IpAddr", "localhost"),
        ("vnp_IpAddr", ""),
        ("vnp_Locale", "vi"),
        ("vnp_OrderInfo", ""),
        ("vnp_OrderInfo", "Nạp tiền"),
        ("vnp_OrderInfo", "50% off"),
        ("vnp_OrderInfo", "x" * 256),
        ("vnp_OrderType", ""),
        ("vnp_OrderType", "x" * 101),
        ("vnp_ReturnUrl", "http://a"),
        ("vnp_ReturnUrl", "javascript:alert(1)"),
        ("vnp_ReturnUrl", f"http://shop.test/{'x' * 255}"),
        ("vnp_TxnRef", ""),
        ("vnp_TxnRef", "R 1"),
        ("vnp_TxnRef", "R" * 101),
    ],
)
def test_data_that_does_not_fit_is_turned_away_with_03(name: str, value: str) -> None:
    shop = Shop()

    assert refused(shop, shop.link("R1", **{name: value})) == "03"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vnp_Amount", "9" * 12),
        ("vnp_IpAddr", "2001:db8::8a2e:370:7334"),
        ("vnp_OrderInfo", "x" * 255),
        ("vnp_TxnRef", "R" * 100),
        ("vnp_ReturnUrl", f"http://shop.test/{'x' * 238}"),
        ("vnp_Bill_City", "Hà Nội"),
        ("vnp_BankCode", "VNPAYQR"),
    ],
)
def test_data_that_just_fits_is_taken(name: str, value: str) -> None:
    shop = Shop()

    opened = shop.gateway.open(shop.link("R1", **{name: value}))

    assert opened.terminal == CODE


def test_a_parameter_that_comes_twice_is_turned_away_with_03() -> None:
    shop = Shop()

    assert refused(shop, f"{shop.link('R1')}&vnp_Amount=1") == "03"


def test_a_link_that_has_run_out_is_turned_away_with_15() -> None:
    shop = Shop()

    assert refused(shop, shop.link("R1", vnp_ExpireDate=stamp(THE_DAY))) == "15"
    assert shop.gateway.open(shop.link("R2", vnp_ExpireDate=stamp(THE_DAY + 1))).wish.expires == THE_DAY + 1


def test_a_reference_opens_once_a_day() -> None:
    shop = Shop()
    shop.opens("R1")

    assert refused(shop, shop.link("R1")) == "01"
    shop.gateway.advance(86_400)
    assert shop.gateway.open(shop.link("R1")).outcome is None


async def test_a_link_without_an_end_runs_out_after_a_quarter_of_an_hour() -> None:
    shop = Shop()
    shop.opens("R1")

    await shop.gateway.pass_by(15 * 60 - 1)
    assert shop.gateway.status("R1") == "01"
    await shop.gateway.pass_by(1)

    assert shop.gateway.status("R1") == "11"
    assert shop.heard == []


def test_what_is_no_parameter_of_vnpay_does_not_disturb_a_link() -> None:
    shop = Shop()
    link = f"{PAY_URL}?utm_source=chat&{signed_query(shop.params('R1'), SECRET)}"

    assert shop.gateway.open(link).ref == "R1"


def test_only_the_newest_ten_thousand_transactions_are_kept() -> None:
    shop = Shop()
    wish = shop.gateway.open(shop.link("R0")).wish
    book = Book(shop.gateway.terminals, shop.gateway.clock, random.Random(1))

    tokens = [book.keep(replace(wish, ref=f"R{number}")).token for number in range(MOST + 1)]

    assert len(book.all()) == MOST
    assert book.by_token(tokens[0]) is None
    assert book.by_token(tokens[-1]) is book.find(CODE, f"R{MOST}")
