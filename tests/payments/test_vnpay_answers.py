"""What VNPAY answers to a query and to a refund, and what each answer is worth."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import HOUR
from payments.tills import Later, NotKnown, Reason, RefundTold, Told
from payments.vnpay import (
    Call,
    query_body,
    read_query_answer,
    read_refund_answer,
    read_refund_status,
    refund_body,
)
from payments.vnpay.calls import QUERY_ASKED, REFUND_ASKED
from tests.clocks import THE_DAY
from tests.payments.gateway import REF, REFUND_ROW, ROW, TERMINAL, answer, hmac_of

CALL = Call(REF, created=THE_DAY, now=THE_DAY + HOUR, request_id="R1", ip="::1")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ROW, "vnp_SecureHash"]), inner),
    max_leaves=20,
)


def told_of(**changes: str | None) -> Any:
    return read_query_answer(answer(ROW, **changes), TERMINAL, REF)


def refund_told(**changes: str | None) -> RefundTold:
    return read_refund_answer(answer(REFUND_ROW, **changes), TERMINAL, REF)


def status_told(**changes: str | None) -> RefundTold | None:
    return read_refund_status(answer(ROW, **changes), TERMINAL, REF)


# -- what is asked


def test_a_query_names_the_second_in_which_its_link_was_made() -> None:
    body = query_body(TERMINAL, CALL)

    assert body["vnp_TransactionDate"] == "20261120070000"
    assert body["vnp_CreateDate"] == "20261120080000"
    assert body["vnp_IpAddr"] == "127.0.0.1"
    assert body["vnp_SecureHash"] == hmac_of("|".join(body[name] for name in QUERY_ASKED))


def test_a_refund_asks_for_all_of_it_and_writes_0_for_a_number_it_does_not_know() -> None:
    known = refund_body(TERMINAL, CALL, 50_000, "15200000", "telegram:12")
    unknown = refund_body(TERMINAL, CALL, 50_000, "", "Nguyễn|Ánh")

    assert (known["vnp_TransactionNo"], known["vnp_TransactionType"], known["vnp_Amount"]) == (
        "15200000",
        "02",
        "5000000",
    )
    assert (unknown["vnp_TransactionNo"], unknown["vnp_CreateBy"]) == ("0", "Nguyen Anh")
    assert unknown["vnp_SecureHash"] == hmac_of("|".join(unknown[name] for name in REFUND_ASKED))


def test_a_call_that_vnpay_would_refuse_is_never_made() -> None:
    with pytest.raises(ValueError, match="vnp_RequestId"):
        query_body(TERMINAL, Call(REF, THE_DAY, THE_DAY, "x" * 33, ""))
    with pytest.raises(ValueError, match="vnp_Amount"):
        refund_body(TERMINAL, CALL, 0, "", "admin")


# -- of the payment


def test_a_query_tells_everything_of_a_payment() -> None:
    assert told_of() == Told(
        ref=REF,
        terminal="IMGF0001",
        amount=50_000,
        verdict="paid",
        reason=Reason.OK,
        number="15200000",
        bank="NCB",
        paid_on="20261120080300",
    )


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("00", "paid"), ("01", "pending"), ("02", "failed"), ("04", "review"), ("07", "review"), ("11", "cancelled")],
)
def test_the_status_alone_says_what_became_of_a_payment(status: str, verdict: str) -> None:
    assert told_of(TransactionStatus=status).verdict == verdict


def test_what_vnpay_adds_unsigned_is_left_out() -> None:
    extra = {"vnp_CardNumber": "970419xxxxxxxxx2198", "vnp_FeeAmount": 0, "vnp_Trace": None, "other": ["thing"]}

    assert read_query_answer(answer(ROW) | extra, TERMINAL, REF) == told_of()


def test_an_order_nobody_opened_is_not_known() -> None:
    bare = dict.fromkeys(("Amount", "BankCode", "PayDate", "TransactionNo", "TransactionType", "TransactionStatus"))

    assert told_of(ResponseCode="91", **bare) == NotKnown()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"TransactionType": "02"}, "not the payment"),
        ({"TransactionType": "03"}, "not the payment"),
        ({"TransactionType": None}, "not the payment"),
        ({"ResponseCode": "94"}, "limit"),
        ({"ResponseCode": "08"}, "08"),
        ({"ResponseCode": "97"}, "97"),
        ({"ResponseCode": "99"}, "99"),
        ({"ResponseCode": "<script>"}, "?"),
        ({"ResponseCode": None}, "?"),
        ({"Amount": None}, "unreadable"),
        ({"Amount": "5000050"}, "unreadable"),
        ({"TmnCode": "OTHER001"}, "not verified"),
        ({"TxnRef": "ANOTHER"}, "not verified"),
        ({"TxnRef": None}, "not verified"),
        ({"Command": "refund"}, "not verified"),
    ],
)
def test_an_answer_that_does_not_count_is_asked_for_again(changes: dict[str, str | None], why: str) -> None:
    assert told_of(**changes) == Later(why)


def test_the_limit_is_told_without_a_signature() -> None:
    told = {"vnp_ResponseCode": "94", "vnp_Message": "Request is duplicated"}

    assert read_query_answer(told, TERMINAL, REF) == Later("limit")
    assert read_refund_status(told, TERMINAL, REF) is None


@pytest.mark.parametrize("code", ["00", "91"])
@pytest.mark.parametrize("given_hash", [None, "", 0, [], "0" * 128, "\ud800"])
def test_an_unsigned_answer_is_worth_nothing(code: str, given_hash: object) -> None:
    body = {**answer(ROW, ResponseCode=code), "vnp_SecureHash": given_hash}

    assert read_query_answer(body, TERMINAL, REF) == Later("not verified")
    assert read_refund_status({**body, "vnp_TransactionType": "02"}, TERMINAL, REF) is None


@given(st.sampled_from(sorted(ROW)), st.text(max_size=10) | st.none() | st.integers())
def test_one_changed_field_makes_an_answer_worthless(name: str, value: object) -> None:
    body: dict[str, object] = {**answer(ROW), name: value}
    if (
        body[name] in {ROW[name], "94"}
        or (value is None and not ROW[name])
        or (isinstance(value, int) and not ROW[name])
    ):
        return

    assert read_query_answer(body, TERMINAL, REF) == Later("not verified")
    assert read_refund_status(body, TERMINAL, REF) is None


@given(JSON)
def test_whatever_is_answered_nothing_breaks_and_nothing_is_believed(body: object) -> None:
    assert isinstance(read_query_answer(body, TERMINAL, REF), Later)
    assert read_refund_status(body, TERMINAL, REF) is None
    assert read_refund_answer(body, TERMINAL, REF).verdict == "unknown"


# -- of the refund


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("05", "accepted"), ("06", "accepted"), ("00", "sent"), ("09", "rejected"), ("02", "unknown")],
)
def test_a_query_tells_how_a_refund_stands(status: str, verdict: str) -> None:
    for kind in ("02", "03"):
        told = status_told(TransactionType=kind, TransactionStatus=status)

        assert told is not None
        assert (told.verdict, told.number, told.code) == (verdict, "15200000", status)


def test_a_query_that_tells_of_the_payment_tells_nothing_of_a_refund() -> None:
    assert status_told() is None
    assert status_told(TransactionType="02", ResponseCode="91") is None


@pytest.mark.parametrize(
    ("code", "status", "verdict"),
    [
        ("00", "05", "accepted"),
        ("00", "06", "accepted"),
        ("00", "00", "sent"),
        ("00", "09", "rejected"),
        ("00", None, "accepted"),
        ("94", "05", "accepted"),
        *((code, None, "rejected") for code in ("02", "03", "04", "13", "16", "91", "93", "95")),
        *((code, None, "unknown") for code in ("08", "97", "98", "99", "42")),
    ],
)
def test_a_refund_is_refused_only_by_a_clear_no(code: str, status: str | None, verdict: str) -> None:
    told = refund_told(ResponseCode=code, TransactionStatus=status)

    assert (told.verdict, told.code) == (verdict, code)


@pytest.mark.parametrize("code", ["00", "91", "94", "95"])
@pytest.mark.parametrize("change", [{"vnp_TxnRef": "ANOTHER"}, {"vnp_SecureHash": None}, {"vnp_Amount": "1"}])
def test_an_answer_to_a_refund_that_is_not_signed_leaves_it_open(code: str, change: dict[str, object]) -> None:
    body = {**answer(REFUND_ROW, ResponseCode=code), **change}

    assert read_refund_answer(body, TERMINAL, REF) == RefundTold("unknown", code=code)


def test_the_answer_to_a_query_is_none_to_a_refund() -> None:
    assert read_refund_answer(answer(ROW, TransactionType="02"), TERMINAL, REF).verdict == "unknown"
    assert refund_told(Command="querydr").verdict == "unknown"
