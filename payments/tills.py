"""Tills – ways to pay, and the words in which every till says what a gateway told."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

Verdict: TypeAlias = Literal["paid", "pending", "failed", "cancelled", "review"]
RefundVerdict: TypeAlias = Literal["accepted", "sent", "rejected", "unknown"]


class Reason(StrEnum):
    """Reasons why a payment did not go through, whatever the vendor's code."""

    OK = "ok"
    SUSPECT = "suspect"  # money was taken and is held for a check
    NO_BANKING = "no banking"
    WRONG_CARD = "wrong card"
    TIMED_OUT = "timed out"
    LOCKED = "locked"
    WRONG_OTP = "wrong otp"
    CANCELLED = "cancelled"
    NO_BALANCE = "no balance"
    DAILY_LIMIT = "daily limit"
    MAINTENANCE = "maintenance"
    WRONG_PASSWORD = "wrong password"  # noqa: S105  the name of a reason
    REVERSED = "reversed"  # the bank has debited, the gateway has not been paid
    UNFINISHED = "unfinished"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Told:
    """Word of a gateway on one order, once proved to be the gateway's."""

    ref: str
    terminal: str
    amount: int
    verdict: Verdict
    reason: Reason
    currency: str = "VND"
    number: str = ""  # the gateway's payment number; none for what never became a payment there
    bank: str = ""
    card: str = ""
    bank_number: str = ""
    paid_on: str = ""  # as the gateway wrote it


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The gateway knows no such order."""


@dataclass(frozen=True, slots=True)
class Later:
    """No answer that counts: too often, out of reach, not signed. So the question must be repeated."""

    why: str


Answer: TypeAlias = Told | NotKnown | Later


@dataclass(frozen=True, slots=True)
class RefundTold:
    """Word of a gateway on a refund."""

    verdict: RefundVerdict
    number: str = ""
    code: str = ""  # the vendor's, for an admin


class Till(Protocol):
    """Till: one terminal of one gateway."""

    name: str
    terminal: str  # payment numbers are unique within it
    currency: str  # currency that the till takes
    walked: bool  # True: its gateway lists payments, and answers no question about one order

    def price(self, vnd: int) -> int:
        """Price at this till of a package of `vnd`, in the till's `currency`, or 0 for a sum not taken."""
        ...

    async def query(self, ref: str, created: int) -> tuple[Answer, RefundTold | None]:
        """Ask what became of an order, and of a refund if known. Never raises for what the gateway does."""
        ...

    async def refund(self, ref: str, amount: int, number: str, created: int, by: str) -> RefundTold:
        """Ask the gateway to pay all of an order back."""
        ...
