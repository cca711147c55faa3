"""What VNPAY's numbers mean: how an order stands, and why."""

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
# Money has moved under some of the others (05, 06 and 09 are refunds, 20 is paid out to the shop): an admin looks.
ANOTHER: tuple[Verdict, Reason] = ("review", Reason.OTHER)
# 06: handed to the bank, which may still say no; whoever burnt the credits then would take both from the person.
REFUND_STATUSES: dict[str, RefundVerdict] = {"00": "sent", "05": "accepted", "06": "accepted", "09": "rejected"}


class Unreadable(Failure):
    """VNPAY wrote it, but it does not say which order, how much, or what became of it."""


def read_payment(told: Mapping[str, str], code: str) -> Told:
    """An order as verified parameters tell it; both the return page's and a query's have these names."""
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
    """VNPAY's own number; it writes 0 for none."""
    number = told.get("vnp_TransactionNo", "")
    return number if number.strip("0") else ""


def verdict_of(code: str, status: str) -> Verdict:
    """Paid is what both say. Money that was taken under a suspicion, or taken back, is looked at."""
    if code == "00":
        return STATUSES.get(status, ANOTHER)[0]
    if code == "07" or status in {"04", "07"}:
        return "review"
    return "cancelled" if code == "24" or status == "11" else "failed"


def reason_of(code: str, status: str) -> Reason:
    """The code's, but for what only the status knows."""
    by_code, by_status = CODES.get(code, Reason.OTHER), STATUSES.get(status, ANOTHER)[1]
    if code == "00" or status in {"04", "07"}:
        return by_status
    return by_status if by_code is Reason.OTHER and status in {"08", "11"} else by_code
