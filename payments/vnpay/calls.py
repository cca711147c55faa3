"""Calls – bodies and answers of VNPAY's two calls: query and refund."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from payments.tills import Answer, Later, NotKnown, RefundTold, RefundVerdict
from payments.vnpay.told import REFUND_STATUSES, Unreadable, number_in, read_payment
from payments.vnpay.wire import HASH, VERSION, Terminal, address_of, amount_of, ascii_info, checked, vietnam_time

QUERY, REFUND = "querydr", "refund"
PAYMENT, WHOLE_REFUND, PART_REFUND = "01", "02", "03"  # types of what a query tells of
NOT_FOUND, AGAIN = "91", "94"
LONGEST_NAME = 245


def fields(names: str) -> tuple[str, ...]:
    return tuple(f"vnp_{name}" for name in names.split())


# Fields that are signed, in VNPAY's order.
QUERY_ASKED = fields("RequestId Version Command TmnCode TxnRef TransactionDate CreateDate IpAddr OrderInfo")
REFUND_ASKED = fields(
    "RequestId Version Command TmnCode TransactionType TxnRef Amount TransactionNo TransactionDate "
    "CreateBy CreateDate IpAddr OrderInfo"
)
REFUND_TOLD = fields(
    "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate TransactionNo "
    "TransactionType TransactionStatus OrderInfo"
)
QUERY_TOLD = (*REFUND_TOLD, *fields("PromotionCode PromotionAmount"))

# A definite no: the terminal, the form, the amount or the payment is not one that can be paid back.
REFUSED = {"02", "03", "04", "13", "16", NOT_FOUND, "93", "95"}


@dataclass(frozen=True, slots=True)
class Call:
    """Call about an order, known to VNPAY by `ref` and the second in which the link was `created`."""

    ref: str
    created: int
    now: int
    request_id: str  # of this call alone
    ip: str


def query_body(terminal: Terminal, call: Call) -> dict[str, str]:
    body = body_of(QUERY, terminal, call) | {"vnp_OrderInfo": f"Truy van GD {call.ref}"}
    return sealed(terminal, checked(body), QUERY_ASKED)


def refund_body(terminal: Terminal, call: Call, vnd: int, number: str, by: str) -> dict[str, str]:
    """Body of a request to pay all of the order back. `number`: VNPAY's payment number, or "" where unknown."""
    body = body_of(REFUND, terminal, call) | {
        "vnp_OrderInfo": f"Hoan tien GD {call.ref}",
        "vnp_TransactionType": WHOLE_REFUND,
        "vnp_Amount": amount_of(vnd),
        "vnp_TransactionNo": number or "0",
        "vnp_CreateBy": ascii_info(by)[:LONGEST_NAME] or "admin",
    }
    return sealed(terminal, checked(body), REFUND_ASKED)


def body_of(command: str, terminal: Terminal, call: Call) -> dict[str, str]:
    return {
        "vnp_RequestId": call.request_id,
        "vnp_Version": VERSION,
        "vnp_Command": command,
        "vnp_TmnCode": terminal.code,
        "vnp_TxnRef": call.ref,
        "vnp_TransactionDate": vietnam_time(call.created),
        "vnp_CreateDate": vietnam_time(call.now),
        "vnp_IpAddr": address_of(call.ip),
    }


def sealed(terminal: Terminal, body: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    return {**body, HASH: terminal.sign(piped(body, names))}


def piped(body: Mapping[str, str], names: Sequence[str]) -> str:
    return "|".join(body.get(name, "") for name in names)


# -- what it answers


def read_query_answer(body: object, terminal: Terminal, ref: str) -> Answer:
    """Answer on a payment, where VNPAY gives one."""
    code = code_in(body)
    if code == AGAIN:  # one question in five minutes for the whole terminal; this answer is never signed
        return Later("limit")
    told = told_by(body, QUERY, terminal, ref)
    if told is None:
        return Later("not verified")
    if code == NOT_FOUND:
        return NotKnown()
    return read_row(told) if code == "00" else Later(code)


def read_row(told: Mapping[str, str]) -> Answer:
    """Answer from a verified row. Only the payment's own counts, as a refund's row also says 00."""
    if told.get("vnp_TransactionType") != PAYMENT:
        return Later("not the payment")
    try:
        return read_payment(told, "00")
    except Unreadable:
        return Later("unreadable")


def read_refund_status(body: object, terminal: Terminal, ref: str) -> RefundTold | None:
    """Word on a refund in the answer to a query, or None."""
    told = told_by(body, QUERY, terminal, ref)
    if told is None or code_in(told) != "00" or told.get("vnp_TransactionType") not in {WHOLE_REFUND, PART_REFUND}:
        return None
    status = told.get("vnp_TransactionStatus", "")
    return RefundTold(REFUND_STATUSES.get(status, "unknown"), number_in(told), status)


def read_refund_answer(body: object, terminal: Terminal, ref: str) -> RefundTold:
    """Answer to a refund request. Only a signed yes or no is final: after any other one a query has to tell."""
    told, code = told_by(body, REFUND, terminal, ref), code_in(body)
    if told is None:
        return RefundTold("unknown", code=code)
    return RefundTold(refund_verdict(code, told.get("vnp_TransactionStatus", "")), number_in(told), code)


def refund_verdict(code: str, status: str) -> RefundVerdict:
    if code == "00":
        return REFUND_STATUSES.get(status, "accepted")
    if code == AGAIN:  # asked for before, and in process
        return "accepted"
    return "rejected" if code in REFUSED else "unknown"


def code_in(body: object) -> str:
    """Code of an answer, signed or not, or `?`."""
    code = body.get("vnp_ResponseCode") if isinstance(body, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[0-9A-Za-z]{2}", code) else "?"


def told_by(body: object, command: str, terminal: Terminal, ref: str) -> dict[str, str] | None:
    """Signed fields of the answer to this very question, or None. Fields that VNPAY adds unsigned are left out."""
    if not isinstance(body, dict):
        return None
    names = QUERY_TOLD if command == QUERY else REFUND_TOLD
    told = {name: text for name in names if isinstance(text := body.get(name), str)}
    ours = {"vnp_Command": command, "vnp_TmnCode": terminal.code, "vnp_TxnRef": ref}
    given = body.get(HASH)
    if not isinstance(given, str) or not terminal.signed(piped(told, names), given):
        return None
    return told if told.items() >= ours.items() else None
