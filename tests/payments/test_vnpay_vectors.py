"""VNPAY's test vectors, row by row: what six other implementations agree on."""

import re
from typing import Any

import pytest

from payments.tills import Later, NotKnown, Told
from payments.vnpay import (
    Call,
    NotVerified,
    Payment,
    Terminal,
    ascii_info,
    pay_url,
    query_body,
    read_notice,
    read_query_answer,
    read_refund_answer,
    read_vietnam_time,
    refund_body,
)
from payments.vnpay.calls import QUERY_ASKED, REFUND_ASKED, sealed
from payments.vnpay.link import signed_url
from payments.vnpay.notice import parameters, verified
from payments.vnpay.wire import ENCODINGS, SHAPES, encoded
from tests.payments.gateway import VECTORS

Row = dict[str, Any]
ENCODERS = {
    "py_quote_plus": ENCODINGS[0],
    "php_urlencode": ENCODINGS[1],
    "form_urlencoded(URLSearchParams/java)": ENCODINGS[2],
    "node_sample(encodeURIComponent)": ENCODINGS[3],
    "dotnet_WebUtility": ENCODINGS[4],
}


def rows(kind: str) -> pytest.MarkDecorator:
    listed = VECTORS[kind]
    assert listed
    return pytest.mark.parametrize("row", listed, ids=lambda row: row.get("id"))


def terminal_of(row: Row) -> Terminal:
    said = {**row.get("params", {}), **row.get("body_unsigned", {})}
    code = row.get("tmn_code") or said.get("vnp_TmnCode") or "IMGF0001"
    return Terminal(code, row["secret"], row.get("base_url", ""), "")


def names_nobody(row: Row) -> bool:
    """We send no names and addresses of people, which VNPAY would take."""
    return not any(name.startswith(("vnp_Bill_", "vnp_Inv_")) for name in row["params"])


def when(text: str) -> int:
    moment = read_vietnam_time(text)
    assert moment is not None
    return moment


@rows("pay_url")
def test_a_link_is_signed_as_everybody_signs_it(row: Row) -> None:
    assert signed_url(terminal_of(row), row["params"]) == row["expected"]["url"]


@pytest.mark.parametrize("row", [row for row in VECTORS["pay_url"] if names_nobody(row)], ids=lambda row: row["id"])
def test_a_payment_becomes_the_very_same_link_or_is_refused(row: Row) -> None:
    params = row["params"]
    payment = Payment(
        ref=params["vnp_TxnRef"],
        vnd=row["amount_vnd"],
        created=when(params["vnp_CreateDate"]),
        expires=when(params["vnp_ExpireDate"]),
        info=params["vnp_OrderInfo"],
        return_url=params["vnp_ReturnUrl"],
        ip=params["vnp_IpAddr"],
        locale=params["vnp_Locale"],
        bank=params.get("vnp_BankCode", ""),
        order_type=params["vnp_OrderType"],
    )
    ours = params | {"vnp_OrderInfo": ascii_info(params["vnp_OrderInfo"])}

    if "_" in payment.ref:
        with pytest.raises(ValueError, match="vnp_TxnRef"):
            pay_url(terminal_of(row), payment)
    else:
        assert pay_url(terminal_of(row), payment) == signed_url(terminal_of(row), ours)


@rows("ipn_valid")
def test_a_notice_is_verified_however_it_was_disturbed_on_the_way(row: Row) -> None:
    expected, params = row["expected"], row["params"]

    told = read_notice(row["query_string"], terminal_of(row))

    assert (told.ref, told.amount) == (params["vnp_TxnRef"], expected["amount_vnd"])
    assert (told.verdict == "paid") is expected["paid"]
    assert told.number == params["vnp_TransactionNo"].lstrip("0")


@rows("ipn_tampered")
def test_a_notice_that_was_tampered_with_is_not_verified(row: Row) -> None:
    with pytest.raises(NotVerified) as refused:
        read_notice(row["query_string"], terminal_of(row))

    assert not re.search(r"[0-9a-f]{16}", str(refused.value)), "a hash is told to nobody"


@rows("ipn_decision")
def test_a_notice_that_gets_no_credit_is_not_read_as_paid(row: Row) -> None:
    if row["expected"]["RspCode"] == "97":
        with pytest.raises(NotVerified):
            read_notice(row["query_string"], terminal_of(row))
        return

    told = read_notice(row["query_string"], terminal_of(row))

    if row["expected"]["order_status_after"] == "failed":
        assert told.verdict in {"failed", "cancelled"}
    else:
        assert told.verdict == "paid"


@rows("querydr_request")
def test_a_query_is_signed_as_everybody_signs_it(row: Row) -> None:
    body = sealed(terminal_of(row), row["body_unsigned"], QUERY_ASKED)

    assert body["vnp_SecureHash"] == row["expected"]["secure_hash"]


@rows("refund_request")
def test_a_refund_is_signed_as_everybody_signs_it(row: Row) -> None:
    body = sealed(terminal_of(row), row["body_unsigned"], REFUND_ASKED)

    assert body["vnp_SecureHash"] == row["expected"]["secure_hash"]


@pytest.mark.parametrize("kind", ["querydr_request", "refund_request"])
def test_our_own_calls_are_the_very_same_where_they_say_the_same(kind: str) -> None:
    alike = [row for row in VECTORS[kind] if said_as_we_say_it(row["body_unsigned"])]
    assert alike

    for row in alike:
        theirs = row["body_unsigned"]
        call = Call(
            theirs["vnp_TxnRef"],
            when(theirs["vnp_TransactionDate"]),
            when(theirs["vnp_CreateDate"]),
            theirs["vnp_RequestId"],
            theirs["vnp_IpAddr"],
        )
        ours = query_body(terminal_of(row), call) if kind == "querydr_request" else refund_like(row, call)
        assert ours == theirs | {"vnp_SecureHash": row["expected"]["secure_hash"]}


def said_as_we_say_it(body: dict[str, str]) -> bool:
    if body["vnp_Command"] == "querydr":
        return body["vnp_OrderInfo"].startswith("Truy van GD ") and "vnp_TransactionNo" not in body
    return body["vnp_OrderInfo"].startswith("Hoan tien GD ") and body["vnp_TransactionType"] == "02"


def refund_like(row: Row, call: Call) -> dict[str, str]:
    theirs = row["body_unsigned"]
    vnd = int(theirs["vnp_Amount"]) // 100
    return refund_body(terminal_of(row), call, vnd, theirs["vnp_TransactionNo"], theirs["vnp_CreateBy"])


@rows("querydr_response")
def test_the_answer_to_a_query_counts_when_it_is_signed(row: Row) -> None:
    expected, body = row["expected"], row["body"]

    told = read_query_answer(body, terminal_of(row), body.get("vnp_TxnRef", ""))

    assert (isinstance(told, Told) and told.verdict == "paid") is expected["paid"]
    assert isinstance(told, Told | NotKnown) or told == Later("not the payment") or not expected["verify"]
    assert isinstance(told, Later) or expected["verify"]


@rows("refund_response")
def test_the_answer_to_a_refund_counts_when_it_is_signed(row: Row) -> None:
    expected, body = row["expected"], row["body"]

    told = read_refund_answer(body, terminal_of(row), body["vnp_TxnRef"])

    assert (told.verdict == "accepted" and told.code == "00") is expected["accepted"]
    assert told.verdict == "unknown" or expected["verify"]


@rows("order_info_ascii")
def test_vietnamese_loses_its_accents_and_nothing_else(row: Row) -> None:
    plain = ascii_info(row["input"])

    assert plain == row["expected"]["ascii"]
    assert re.fullmatch(SHAPES["vnp_OrderInfo"], plain)


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("row", VECTORS["info_encoding_divergence"], ids=lambda row: row["params"]["vnp_OrderInfo"])
def test_a_hash_counts_whichever_encoder_it_was_made_with(row: Row, encoder: str) -> None:
    params, theirs = row["params"], row["by_encoder"][encoder]
    query = f"{encoded(params, '')}&vnp_SecureHash={theirs['secure_hash']}"

    assert encoded(params, ENCODERS[encoder]) == theirs["hash_data"]
    assert verified(parameters(query), terminal_of(row)) == params
