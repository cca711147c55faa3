"""Told – what VNPAY's codes mean: the state of an order, and the reason."""

from collections.abc import Mapping

from core.errors import Failure
from payments.tills import Reason, RefundVerdict, Told, Verdict
from payments.vnpay.wire import read_amount

CODES = {
    "00": Reason.OK,
    "07": Reason.SUSPECT,
    "09": Reason.NO_BANKING,
    "10": Reason.WRONG_CARD,
    "11": Reason.TIMED_OUT,
    "12": Reason.LOCKED,
    "13": Reason.WRONG_OTP,
    "24": Reason.CANCELLED,
    "51": Reason.NO_BALANCE,
    "65": Reason.DAILY_LIMIT,
    "75": Reason.MAINTENANCE,
    "79": Reason.WRONG_PASSWORD,
    "99": Reason.OTHER,
}
STATUSES: dict[str, tuple[Verdict, Reason]] = {
    "00": ("paid", Reason.OK),
    "01": ("pending", Reason.UNFINISHED),
    "02": ("failed", Reason.OTHER),
    "04": ("review", Reason.REVERSED),
    "07": ("review", Reason.SUSPECT),
    "08": ("failed", Reason.TIMED_OUT),
    "11": ("cancelled", Reason.CANCELLED),
}
# Some of the other codes move money (05, 06 and 09 are refunds, 20 is paid out to the shop): an admin looks.
ANOTHER: tuple[Verdict, Reason] = ("review", Reason.OTHER)
# 06: handed to the bank, which may still say no; burning the credits then could take both from the person.
REFUND_STATUSES: dict[str, RefundVerdict] = {"00": "sent", "05": "accepted", "06": "accepted", "09": "rejected"}


class Unreadable(Failure):
    """VNPAY wrote this, but the order, the amount or the result is missing."""


def read_payment(told: Mapping[str, str], code: str) -> Told:
    """Word on an order from verified parameters, which the return page and a query name alike. Raises Unreadable."""
    ref, amount = told.get("vnp_TxnRef", ""), read_amount(told.get("vnp_Amount", ""))
    if not ref or not code or amount is None:
        raise Unreadable("a reference, a code or an amount is missing")
    status = told.get("vnp_TransactionStatus", "")
    return Told(
        ref=ref,
        terminal=told.get("vnp_TmnCode", ""),
        amount=amount,
        verdict=verdict_of(code, status),
        reason=reason_of(code, status),
        number=number_in(told),
        bank=told.get("vnp_BankCode", ""),
        card=told.get("vnp_CardType", ""),
        bank_number=told.get("vnp_BankTranNo", ""),
        paid_on=told.get("vnp_PayDate", ""),
    )


def number_in(told: Mapping[str, str]) -> str:
    """Payment number of VNPAY, or "" where VNPAY writes 0."""
    number = told.get("vnp_TransactionNo", "")
    return number if number.strip("0") else ""


def verdict_of(code: str, status: str) -> Verdict:
    """Verdict from code and status: `paid` needs both. Money taken under suspicion or taken back needs a review."""
    if code == "00":
        return STATUSES.get(status, ANOTHER)[0]
    if code == "07" or status in {"04", "07"}:
        return "review"
    return "cancelled" if code == "24" or status == "11" else "failed"


def reason_of(code: str, status: str) -> Reason:
    """Reason by the code, or by the status where only that one knows."""
    by_code, by_status = CODES.get(code, Reason.OTHER), STATUSES.get(status, ANOTHER)[1]
    if code == "00" or status in {"04", "07"}:
        return by_status
    return by_status if by_code is Reason.OTHER and status in {"08", "11"} else by_code
