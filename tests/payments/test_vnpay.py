"""Links to VNPAY and what comes back with a person: shapes, times, signatures, verdicts."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import MINUTE
from payments.tills import Reason, Told
from payments.vnpay import (
    NotVerified,
    Payment,
    Unreadable,
    ascii_info,
    pay_url,
    read_notice,
    read_vietnam_time,
    reason_of,
    verdict_of,
    vietnam_time,
)
from payments.vnpay.told import CODES
from payments.vnpay.wire import ENCODINGS, address_of, encoded
from tests.clocks import THE_DAY
from tests.payments.gateway import NOTICE, REF, SECRET, TERMINAL, hmac_of, link_is_signed, notice

ROOT = Path(__file__).parents[2]
PAYMENT = Payment(
    ref=REF,
    vnd=50_000,
    created=THE_DAY,
    expires=THE_DAY + 15 * MINUTE,
    info="Nạp 55 credit Imagify",
    return_url="https://imagify.example/vnpay/return",
    ip="113.160.92.1",
)
LOCALES: tuple[Literal["vn"], Literal["en"]] = ("vn", "en")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
IN_ANOTHER_ZONE = """
from dataclasses import replace
from payments.vnpay import pay_url, read_vietnam_time
from tests.payments.gateway import TERMINAL
from tests.payments.test_vnpay import MOMENTS, PAYMENT
print(*(pay_url(TERMINAL, replace(PAYMENT, created=at, expires=at + 900_000)) for at in MOMENTS), sep="\\n")
print(*map(read_vietnam_time, ("20261120070000", "20260308023000")))
"""
# The last is an hour that New York's clocks leave out in spring.
MOMENTS = (THE_DAY, THE_DAY - 1, THE_DAY + 17 * 60 * MINUTE - 1, 1_772_955_000_000)


def value(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query)[name][0]


# -- the link


@given(
    vnd=st.integers(1, 9_999_999_999),
    info=WORDS,
    minutes=st.integers(1, 60),
    locale=st.sampled_from(LOCALES),
    bank=st.sampled_from(["", "VNPAYQR", "NCB"]),
    path=st.from_regex(r"[A-Za-z0-9/?=&%_.-]{1,200}", fullmatch=True),
)
def test_a_link_is_signed_whatever_is_paid(
    vnd: int, info: str, minutes: int, locale: Literal["vn", "en"], bank: str, path: str
) -> None:
    payment = replace(
        PAYMENT,
        vnd=vnd,
        info=f"Imagify {info}",
        expires=THE_DAY + minutes * MINUTE,
        locale=locale,
        bank=bank,
        return_url=f"https://imagify.example/{path}",
    )

    url = pay_url(TERMINAL, payment)

    assert link_is_signed(url)
    assert value(url, "vnp_Amount") == f"{vnd}00"
    assert value(url, "vnp_ReturnUrl") == payment.return_url


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"ref": ""}, "vnp_TxnRef"),
        ({"ref": "x" * 101}, "vnp_TxnRef"),
        ({"ref": "ord_1"}, "vnp_TxnRef"),
        ({"vnd": 0}, "vnp_Amount"),
        ({"vnd": -50_000}, "vnp_Amount"),
        ({"vnd": 10_000_000_000}, "vnp_Amount"),
        ({"info": "!!!"}, "vnp_OrderInfo"),
        ({"return_url": "ftp://imagify.example/return"}, "vnp_ReturnUrl"),
        ({"return_url": "https://imagify.example/~an"}, "vnp_ReturnUrl"),
        ({"return_url": f"https://imagify.example/{'x' * 240}"}, "vnp_ReturnUrl"),
        ({"return_url": "http://a"}, "vnp_ReturnUrl"),
        ({"bank": "N"}, "vnp_BankCode"),
        ({"locale": "vi"}, "vnp_Locale"),
        ({"order_type": ""}, "vnp_OrderType"),
        ({"expires": THE_DAY}, "over before it began"),
    ],
)
def test_a_link_that_vnpay_would_refuse_is_never_made(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        pay_url(TERMINAL, replace(PAYMENT, **change))  # type: ignore[arg-type]  # one change of many types


def test_a_terminal_code_has_eight_letters_and_a_secret_is_never_shown() -> None:
    with pytest.raises(ValueError, match="vnp_TmnCode"):
        pay_url(replace(TERMINAL, code="IMGF1"), PAYMENT)

    with pytest.raises(ValueError, match="without a secret"):
        replace(TERMINAL, secret="")
    assert SECRET not in repr(TERMINAL)


@pytest.mark.parametrize(
    ("ip", "sent"),
    [
        ("113.160.92.1", "113.160.92.1"),
        ("::ffff:113.160.92.1", "113.160.92.1"),
        ("::1", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("unknown", "127.0.0.1"),
        ("1.2.3.4, 5.6.7.8", "127.0.0.1"),
        ("2001:DB8::8a2e:370:7334", "2001:db8::8a2e:370:7334"),
        ("2001:db8:1111:2222:3333:4444:5555:6666", "2001:db8:1111:2222:3333:4444:5555:6666"),
        ("fe80::1%eth0", "fe80::1"),
        ("1::2", "0001:0000:0000:0000:0000:0000:0000:0002"),
    ],
)
def test_an_address_is_one_that_vnpay_takes(ip: str, sent: str) -> None:
    assert address_of(ip) == sent
    assert value(pay_url(TERMINAL, replace(PAYMENT, ip=ip)), "vnp_IpAddr") == sent


@given(st.text(max_size=400))
def test_the_line_that_describes_an_order_holds_only_what_vnpay_takes(text: str) -> None:
    plain = ascii_info(text)

    assert len(plain) <= 255
    assert set(plain) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:_-")
    assert ascii_info(plain) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [("a&b=c", "a b c"), ("it's (50%)!", "it s 50"), ("  Gói\n\tảnh  ", "Goi anh"), ("😀", ""), ("x" * 300, "x" * 255)],
)
def test_what_vnpay_does_not_take_becomes_a_space(text: str, plain: str) -> None:
    assert ascii_info(text) == plain


# -- times


def test_times_are_those_of_viet_nam() -> None:
    assert vietnam_time(THE_DAY) == "20261120070000"
    assert vietnam_time(THE_DAY + 999) == "20261120070000"
    assert vietnam_time(THE_DAY + 17 * 60 * MINUTE) == "20261121000000"


@given(st.integers(0, 2**41))
def test_a_time_reads_back_to_the_second(ms: int) -> None:
    assert read_vietnam_time(vietnam_time(ms)) == ms - ms % 1_000


@pytest.mark.parametrize(
    "text", ["", "2026112007000", "20261320070000", "2026112007000x", "２０261120070000", "0" * 14]
)
def test_what_is_no_time_is_not_read_as_one(text: str) -> None:
    assert read_vietnam_time(text) is None


def test_the_host_s_time_zone_changes_no_byte_of_a_link() -> None:
    told = {zone: links_in(zone) for zone in ("UTC", "Asia/Ho_Chi_Minh", "America/New_York")}

    assert len(told["UTC"].splitlines()) == len(MOMENTS) + 1
    assert len(set(told.values())) == 1, told
    assert told["UTC"].startswith(pay_url(TERMINAL, PAYMENT))


def links_in(zone: str) -> str:
    env = {**os.environ, "TZ": zone, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-P", "-c", IN_ANOTHER_ZONE], env=env, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


# -- the notice


def test_a_notice_tells_everything_of_a_payment() -> None:
    assert read_notice(notice(NOTICE), TERMINAL) == Told(
        ref=REF,
        terminal="IMGF0001",
        amount=50_000,
        verdict="paid",
        reason=Reason.OK,
        number="15200000",
        bank="NCB",
        card="ATM",
        bank_number="VNP15200000",
        paid_on="20261120080300",
    )


@given(
    st.permutations(notice(NOTICE).split("&")),
    st.dictionaries(st.from_regex(r"[a-uw-z]\w{0,8}", fullmatch=True), WORDS, max_size=3),
)
def test_neither_order_nor_foreign_parameters_matter(parts: list[str], foreign: dict[str, str]) -> None:
    riding = [f"{quote_plus(name)}={quote_plus(text)}" for name, text in foreign.items()]

    told = read_notice("&".join([*riding, *parts, *riding]), TERMINAL)

    assert told == read_notice(notice(NOTICE), TERMINAL)


@given(changed=st.sampled_from(sorted(NOTICE)), text=WORDS)
def test_one_changed_parameter_makes_a_notice_worthless(changed: str, text: str) -> None:
    given_hash = notice(NOTICE).rpartition("=")[2]
    forged = {**NOTICE, changed: text if text != NOTICE[changed] else f"{text}x", "vnp_SecureHash": given_hash}

    with pytest.raises(NotVerified):
        read_notice(encoded(forged), TERMINAL)


@pytest.mark.parametrize("dropped", [*NOTICE, "vnp_SecureHash"])
def test_one_dropped_parameter_makes_a_notice_worthless(dropped: str) -> None:
    parts = [part for part in notice(NOTICE).split("&") if not part.startswith(f"{dropped}=")]

    assert len(parts) == len(NOTICE)
    with pytest.raises(NotVerified):
        read_notice("&".join(parts), TERMINAL)


@given(name=st.from_regex(r"vnp_[A-Za-z]{0,12}", fullmatch=True), text=WORDS)
def test_one_added_parameter_makes_a_notice_worthless(name: str, text: str) -> None:
    if name == "vnp_SecureHashType":
        name = "vnp_SecureHashTypes"

    with pytest.raises(NotVerified):
        read_notice(f"{notice(NOTICE)}&{name}={quote_plus(text)}", TERMINAL)


@given(twice=st.sampled_from([*sorted(NOTICE), "vnp_SecureHash"]), first=st.booleans(), escaped=st.booleans())
def test_a_parameter_that_comes_twice_makes_a_notice_worthless(twice: str, *, first: bool, escaped: bool) -> None:
    query = notice(NOTICE)
    part = next(part for part in query.split("&") if part.startswith(f"{twice}="))
    again = part.replace("_", "%5F", 1) if escaped else part

    with pytest.raises(NotVerified, match="twice"):
        read_notice(f"{again}&{query}" if first else f"{query}&{again}", TERMINAL)


@given(info=WORDS, plain=st.sampled_from(ENCODINGS), upper=st.booleans())
def test_a_notice_is_verified_whichever_encoder_signed_it(info: str, plain: str, *, upper: bool) -> None:
    params = {**NOTICE, "vnp_OrderInfo": info}
    given_hash = hmac_of(encoded(params, plain))
    query = f"{encoded(params, '')}&vnp_SecureHash={given_hash.upper() if upper else given_hash}"

    assert read_notice(query, TERMINAL).ref == REF


@given(st.text(max_size=300))
def test_whatever_a_stranger_sends_is_not_verified(text: str) -> None:
    for query in (text, quote_plus(text, "&="), f"vnp_SecureHash={text}", f"{notice(NOTICE)}{text or '0'}"):
        if "&" in query.removeprefix(notice(NOTICE)) and query.startswith(notice(NOTICE)):
            continue  # a foreign parameter rides along

        with pytest.raises(NotVerified):
            read_notice(query, TERMINAL)


def test_bytes_that_are_no_text_are_not_read_as_other_text() -> None:
    query = notice({**NOTICE, "vnp_OrderInfo": "\ufffd"})

    assert read_notice(query, TERMINAL).ref == REF
    with pytest.raises(NotVerified):
        read_notice(query.replace("%EF%BF%BD", "%FF"), TERMINAL)


def test_a_notice_beyond_all_measure_is_not_looked_at() -> None:
    query = notice(NOTICE)
    padding = "x" * (4_096 - len(query) - len("&pad="))

    assert read_notice(f"{query}&pad={padding}", TERMINAL).ref == REF
    with pytest.raises(NotVerified):
        read_notice(f"{query}&pad={padding}x", TERMINAL)


def test_another_s_secret_signs_nothing_here_and_an_empty_one_neither() -> None:
    for secret in ("PWO15D0XC77U434YRZXA3C7TGNKEJVSV", ""):
        with pytest.raises(NotVerified):
            read_notice(notice(NOTICE, secret), TERMINAL)


def test_a_notice_says_which_terminal_it_is_of() -> None:
    assert read_notice(notice({**NOTICE, "vnp_TmnCode": "OTHER001"}), TERMINAL).terminal == "OTHER001"


@pytest.mark.parametrize(
    "change",
    [
        {"vnp_Amount": ""},
        {"vnp_Amount": "0"},
        {"vnp_Amount": "5000050"},
        {"vnp_Amount": "05000000"},
        {"vnp_Amount": "-5000000"},
        {"vnp_Amount": "5e6"},
        {"vnp_Amount": "٥٠٠٠٠٠٠"},
        {"vnp_Amount": "1" + "0" * 12},
        {"vnp_TxnRef": ""},
        {"vnp_ResponseCode": ""},
    ],
)
def test_a_notice_of_vnpay_s_that_leaves_something_out_is_unreadable(change: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        read_notice(notice({**NOTICE, **change}), TERMINAL)


@pytest.mark.parametrize(("number", "told"), [("0", ""), ("", ""), ("00", ""), ("15200000", "15200000")])
def test_a_payment_that_never_was_has_no_number(number: str, told: str) -> None:
    assert read_notice(notice({**NOTICE, "vnp_TransactionNo": number}), TERMINAL).number == told


# -- verdicts and reasons


@pytest.mark.parametrize(
    ("code", "status", "verdict", "reason"),
    [
        ("00", "00", "paid", Reason.OK),
        ("00", "01", "pending", Reason.UNFINISHED),
        ("00", "02", "failed", Reason.OTHER),
        ("00", "04", "review", Reason.REVERSED),
        ("00", "05", "review", Reason.OTHER),
        ("00", "07", "review", Reason.SUSPECT),
        ("00", "08", "failed", Reason.TIMED_OUT),
        ("00", "11", "cancelled", Reason.CANCELLED),
        ("00", "20", "review", Reason.OTHER),
        ("00", "", "review", Reason.OTHER),
        ("07", "00", "review", Reason.SUSPECT),
        ("07", "02", "review", Reason.SUSPECT),
        ("24", "02", "cancelled", Reason.CANCELLED),
        ("24", "00", "cancelled", Reason.CANCELLED),
        ("24", "04", "review", Reason.REVERSED),
        ("51", "02", "failed", Reason.NO_BALANCE),
        ("51", "00", "failed", Reason.NO_BALANCE),
        ("99", "11", "cancelled", Reason.CANCELLED),
        ("99", "00", "failed", Reason.OTHER),
        ("42", "02", "failed", Reason.OTHER),
        ("", "00", "failed", Reason.OTHER),
    ],
)
def test_a_verdict_and_its_reason_follow_from_code_and_status(
    code: str, status: str, verdict: str, reason: Reason
) -> None:
    assert (verdict_of(code, status), reason_of(code, status)) == (verdict, reason)


@given(st.text("0123456789", max_size=2), st.text("0123456789", max_size=2))
def test_only_two_zeros_of_both_are_paid_and_only_what_is_paid_is_ok(code: str, status: str) -> None:
    assert (verdict_of(code, status) == "paid") is ((code, status) == ("00", "00"))
    assert (reason_of(code, status) is Reason.OK) is ((code, status) == ("00", "00"))


def test_every_code_of_vnpay_s_has_a_reason_of_its_own() -> None:
    listed = ["00", "07", "09", "10", "11", "12", "13", "24", "51", "65", "75", "79", "99"]
    reasons = [reason_of(code, "00" if code == "00" else "02") for code in listed]

    assert sorted(CODES) == listed
    assert len(set(reasons)) == len(listed)
