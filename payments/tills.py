"""Tills: ways to pay. What a gateway says of an order comes back from every till in these words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

Verdict: TypeAlias = Literal["paid", "pending", "failed", "cancelled", "review"]
RefundVerdict: TypeAlias = Literal["accepted", "sent", "rejected", "unknown"]


class Reason(StrEnum):
    """Why a payment did not go through, whatever the vendor's number for it."""

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
    """What the gateway said of one order, once it is sure that the gateway said it."""

    ref: str
    terminal: str
    amount: int
    verdict: Verdict
    reason: Reason
    currency: str = "VND"
    number: str = ""  # the gateway's own; none for what never became a payment there
    bank: str = ""
    card: str = ""
    bank_number: str = ""
    paid_on: str = ""  # as the gateway wrote it


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The gateway knows no such order."""


@dataclass(frozen=True, slots=True)
class Later:
    """No answer that counts: too often, out of reach, not signed. Nothing is known, so it is asked again."""

    why: str


Answer: TypeAlias = Told | NotKnown | Later


@dataclass(frozen=True, slots=True)
class RefundTold:
    """What the gateway said of paying an order back."""

    verdict: RefundVerdict
    number: str = ""
    code: str = ""  # the vendor's, for an admin


class Till(Protocol):
    """One terminal of one gateway."""

    name: str
    terminal: str  # under which its payment numbers are unique
    currency: str  # that it takes
    walked: bool  # its gateway lists what it took, and is asked about no order by itself

    def price(self, vnd: int) -> int:
        """What a package of so many đồng costs here, in its currency; 0: it takes no such sum."""
        ...

    async def query(self, ref: str, created: int) -> tuple[Answer, RefundTold | None]:
        """What became of an order, and of its refund where one is known. Never raises for what the gateway does."""
        ...

    async def refund(self, ref: str, amount: int, number: str, created: int, by: str) -> RefundTold:
        """Ask for all of it to be paid back."""
        ...
