"""The API a merchant asks: query a transaction, refund one. Checked, limited and signed as VNPAY does it."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from infra.sandbox.clock import Agenda
from infra.sandbox.vnpay.book import Book, Refund, Terminal, Transaction
from infra.sandbox.vnpay.codes import DOMESTIC, DONE, IN_PROCESS, REJECTED, SENT
from infra.sandbox.vnpay.faults import Fault, Faults
from infra.sandbox.vnpay.request import is_address
from infra.sandbox.vnpay.wire import (
    HASH,
    QUERY_ANSWERED,
    QUERY_ASKED,
    REFUND_ANSWERED,
    REFUND_ASKED,
    checksum,
    moment_of,
    same,
    stamp,
)

LIMIT = 300.0  # seconds between two queries of one terminal, whatever they ask for
TO_BANK, BY_BANK = 60.0, 300.0  # seconds until a refund is sent to the bank, and until the bank has done it
FULL, PARTIAL = "02", "03"
GOING = frozenset({IN_PROCESS, SENT})
DUPLICATE = {"vnp_ResponseCode": "94", "vnp_Message": "Request is duplicated"}

SAYS: Mapping[str, str] = {
    "02": "Invalid TmnCode",
    "03": "Invalid data format",
    "04": "Full refund is not allowed after a partial one",
    "91": "Transaction_not_found",
    "93": "Invalid amount",
    "94": "Refund request is processing",
    "95": "Transaction is not success",
    "97": "Invalid checksum",
    "99": "Unexpected error",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP. `wait` seconds that are not None: nothing does, and the line is cut after them."""

    status: int = 200
    body: bytes = b""
    wait: float | None = None


def _is_moment(value: str) -> bool:
    return moment_of(value) is not None


def _pattern(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda value: compiled.fullmatch(value) is not None


_RULES: Mapping[str, Callable[[str], bool]] = {
    "vnp_RequestId": _pattern("[A-Za-z0-9]{1,32}"),
    "vnp_Version": _pattern(r"2\.1\.0"),
    "vnp_Command": _pattern("querydr|refund"),
    "vnp_TmnCode": _pattern("[A-Za-z0-9]{1,8}"),
    "vnp_TransactionType": _pattern("02|03"),
    "vnp_TxnRef": _pattern("[A-Za-z0-9._-]{1,100}"),
    "vnp_Amount": _pattern("[1-9][0-9]{0,11}"),
    "vnp_TransactionNo": _pattern("[0-9]{0,15}"),
    "vnp_TransactionDate": _is_moment,
    "vnp_CreateBy": _pattern(".{1,245}"),
    "vnp_CreateDate": _is_moment,
    "vnp_IpAddr": is_address,
    "vnp_OrderInfo": _pattern(".{1,255}"),
}


AFTERWARDS = frozenset({"api_reply_lost", "api_bad_signature"})  # they befall what has been done already


class Api:
    def __init__(self, book: Book, faults: Faults, agenda: Agenda) -> None:
        self._book, self._faults, self._agenda = book, faults, agenda
        self._asked: dict[str, float] = {}  # terminal -> when it last had a query answered
        self._day, self._requests = "", set[tuple[str, str]]()

    async def answer(self, raw: bytes) -> Answer:
        """What a POST to /merchant_webapi/api/transaction gets."""
        await asyncio.sleep(0)
        body = _read(raw)
        terminal = self._book.terminals.get(body.get("vnp_TmnCode", ""))
        fault = self._befalls(terminal.code if terminal else "")
        if fault and fault.kind not in AFTERWARDS:
            return _spoiled(fault)
        said = self._said(body, terminal)
        if fault and fault.kind == "api_reply_lost":
            return Answer(wait=fault.seconds)
        if fault and HASH in said:
            said[HASH] = said[HASH][::-1]
        return Answer(body=json.dumps(said, ensure_ascii=False).encode())

    def _befalls(self, terminal: str) -> Fault | None:
        kinds = ("api_5xx", "api_timeout", "api_garbage", "api_reply_lost", "api_bad_signature")
        return next((fault for kind in kinds if (fault := self._faults.meet(kind, terminal))), None)

    def _said(self, body: Mapping[str, str], terminal: Terminal | None) -> dict[str, str]:
        """The checks in VNPAY's order. What cannot be trusted to come from the merchant is answered unsigned."""
        refund = body.get("vnp_Command") == "refund"
        names = REFUND_ASKED if refund else QUERY_ASKED
        if not all(_RULES[name](body.get(name, "")) for name in names):
            return _unsigned("03")
        if terminal is None:
            return _unsigned("02")
        if not same(checksum(body, names, terminal.secret), body.get(HASH, "")):
            return _unsigned("97")
        if self._repeated(terminal, body["vnp_RequestId"]):
            return dict(DUPLICATE)
        return self._refund(body, terminal) if refund else self._query(body, terminal)

    def _repeated(self, terminal: Terminal, request: str) -> bool:
        day = stamp(self._book.clock.date())[:8]
        if day != self._day:
            self._day, self._requests = day, set()
        known = (terminal.code, request) in self._requests
        self._requests.add((terminal.code, request))
        return known

    # -- query

    def _query(self, body: Mapping[str, str], terminal: Terminal) -> dict[str, str]:
        now = self._book.clock.now()
        too_soon = now - self._asked.get(terminal.code, -LIMIT) < LIMIT
        if too_soon or self._faults.meet("api_94", terminal.code):
            return dict(DUPLICATE)
        self._asked[terminal.code] = now
        found = self._found(body)
        if found is None:
            return self._signed(body, terminal, "91", QUERY_ANSWERED, {})
        facts = _of_refund(found, found.refunds[-1]) if found.refunds else self._of_payment(found)
        return self._signed(body, terminal, "00", QUERY_ANSWERED, facts) | _unsigned_facts(found)

    def _found(self, body: Mapping[str, str]) -> Transaction | None:
        """By its reference and the date it was made with; a number that is not its own finds nothing."""
        found = self._book.find(body["vnp_TmnCode"], body["vnp_TxnRef"])
        if found is None or found.wish.create_date != body["vnp_TransactionDate"]:
            return None
        told = body.get("vnp_TransactionNo", "")
        own = found.outcome.number if found.outcome else "0"
        return found if told in {"", "0", own} else None

    def _of_payment(self, found: Transaction) -> dict[str, str]:
        end = found.outcome
        return {
            "vnp_Amount": str(found.wish.amount),
            "vnp_BankCode": end.bank if end else DOMESTIC,
            "vnp_PayDate": end.date if end else "",
            "vnp_TransactionNo": end.number if end else "0",
            "vnp_TransactionType": "01",
            "vnp_TransactionStatus": found.status(self._book.clock.date()),
            "vnp_OrderInfo": found.wish.info,
        }

    # -- refund

    def _refund(self, body: Mapping[str, str], terminal: Terminal) -> dict[str, str]:
        found = self._found(body)
        code = _refusal(found, body["vnp_TransactionType"], int(body["vnp_Amount"]))
        if code or found is None:
            facts = _of_refund(found, found.refunds[-1]) if found and found.refunds else {}
            return self._signed(body, terminal, code, REFUND_ANSWERED, facts)
        if self._faults.meet("refund_99", terminal.code):
            return self._signed(body, terminal, "99", REFUND_ANSWERED, {})
        refund = self._begin(found, body)
        if self._faults.meet("refund_99_done", terminal.code):
            return self._signed(body, terminal, "99", REFUND_ANSWERED, {})
        return self._signed(body, terminal, "00", REFUND_ANSWERED, _of_refund(found, refund))

    def _begin(self, found: Transaction, body: Mapping[str, str]) -> Refund:
        refund = Refund(
            request=body["vnp_RequestId"],
            number=self._book.number(),
            kind=body["vnp_TransactionType"],
            amount=int(body["vnp_Amount"]),
            info=body["vnp_OrderInfo"],
            by=body["vnp_CreateBy"],
            date=stamp(self._book.clock.date()),
            status=IN_PROCESS,
        )
        found.refunds.append(refund)
        if not self._faults.meet("refund_stuck", found.terminal):
            end = REJECTED if self._faults.meet("refund_rejected", found.terminal) else DONE
            self._agenda.after(TO_BANK, partial(_move, refund, SENT))
            self._agenda.after(TO_BANK + BY_BANK, partial(_move, refund, end))
        return refund

    def _signed(
        self, body: Mapping[str, str], terminal: Terminal, code: str, names: Sequence[str], facts: Mapping[str, str]
    ) -> dict[str, str]:
        said = {
            "vnp_ResponseId": self._book.code(),
            "vnp_Command": body["vnp_Command"],
            "vnp_ResponseCode": code,
            "vnp_Message": SAYS.get(code, "Refund success" if names is REFUND_ANSWERED else "QueryDR Success"),
            "vnp_TmnCode": terminal.code,
            "vnp_TxnRef": body["vnp_TxnRef"],
        }
        said |= {name: value for name, value in facts.items() if value}
        return said | {HASH: checksum(said, names, terminal.secret)}


def _read(raw: bytes) -> dict[str, str]:
    """Empty for anything but an object of strings: the checks will find everything missing."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):  # the latter of brackets without end
        return {}
    fits = isinstance(body, dict) and all(isinstance(value, str) for value in body.values())
    return body if fits else {}


def _spoiled(fault: Fault) -> Answer:
    if fault.kind == "api_timeout":
        return Answer(wait=fault.seconds)
    if fault.kind == "api_garbage":
        return Answer(body=b"<html><body>He thong dang bao tri</body></html>")
    return Answer(status=int(fault.code or 503), body=b"<html><body>Unavailable</body></html>")


def _unsigned(code: str) -> dict[str, str]:
    return {"vnp_ResponseCode": code, "vnp_Message": SAYS[code]}


def _refusal(found: Transaction | None, kind: str, amount: int) -> str:
    """The code a refund is refused with, or nothing."""
    if found is None:
        return "91"
    if found.outcome is None or found.outcome.status != DONE:
        return "95"
    given = [refund for refund in found.refunds if refund.status != REJECTED]
    left = found.wish.amount - sum(refund.amount for refund in given)
    if any(refund.status in GOING for refund in given) or (kind == FULL and left == 0):
        return "94"
    if kind == FULL and given:
        return "04"
    return "" if 0 < amount <= left and (kind == PARTIAL or amount == found.wish.amount) else "93"


def _of_refund(found: Transaction, refund: Refund) -> dict[str, str]:
    return {
        "vnp_Amount": str(refund.amount),
        "vnp_BankCode": found.outcome.bank if found.outcome else "",
        "vnp_PayDate": refund.date,
        "vnp_TransactionNo": refund.number,
        "vnp_TransactionType": refund.kind,
        "vnp_TransactionStatus": refund.status,
        "vnp_OrderInfo": refund.info,
    }


def _unsigned_facts(found: Transaction) -> dict[str, str]:
    """What real answers carry besides, outside the signature."""
    end = found.outcome
    facts = {"vnp_FeeAmount": "0"}
    if end and end.card:
        facts |= {"vnp_CardNumber": end.card, "vnp_CardHolder": end.holder, "vnp_Issuer": end.issuer}
        facts |= {"vnp_Trace": end.number[-7:]}
    return facts


async def _move(refund: Refund, status: str) -> None:
    """Unless somebody has finished it by hand."""
    if refund.status in GOING:
        refund.status = status
    await asyncio.sleep(0)
