"""What the gateway knows: its terminals, the transactions opened with it, and how each of them went."""

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.sandbox.clock import Clock
from infra.sandbox.vnpay.codes import LAPSED, PENDING
from infra.sandbox.vnpay.request import Wish

MOST = 10_000  # transactions kept; the oldest go
MOST_ATTEMPTS = 100  # of one transaction
EPOCH = 1_700_000_000  # numbers count hundredths of a second since then, so that none comes again after a restart


@dataclass(frozen=True, slots=True)
class Terminal:
    """A merchant's terminal: its code, its key, and where its IPNs go (may be told later)."""

    code: str
    secret: str = field(repr=False)
    ipn_url: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One IPN call."""

    at: float  # date, in seconds since 1970
    number: int  # of VNPAY's ten; 0: a copy, or one from the acceptance suite
    query: str
    outcome: str  # the RspCode, or: "timeout", "lost", "HTTP 500", "not JSON", "unreachable", "no address"
    answer: str = ""  # as it came, cut


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a payment ended."""

    code: str  # vnp_ResponseCode
    status: str  # vnp_TransactionStatus
    bank: str
    card_type: str
    number: str  # vnp_TransactionNo
    bank_number: str  # vnp_BankTranNo
    date: str
    card: str = ""  # masked
    holder: str = ""
    issuer: str = ""


@dataclass(slots=True)
class Refund:
    request: str
    number: str
    kind: str  # 02 full, 03 partial
    amount: int
    info: str
    by: str
    date: str
    status: str  # 05 in process, 06 sent to the bank, 00 done, 09 rejected


@dataclass(slots=True)
class Transaction:
    """A payment request the gateway took, and everything that came of it."""

    wish: Wish
    token: str
    opened: float  # date
    outcome: Outcome | None = None
    attempts: deque[Attempt] = field(default_factory=lambda: deque(maxlen=MOST_ATTEMPTS))
    refunds: list[Refund] = field(default_factory=list)
    mistakes: int = 0  # wrong cards and OTPs typed in

    @property
    def ref(self) -> str:
        return self.wish.ref

    @property
    def terminal(self) -> str:
        return self.wish.terminal

    @property
    def vnd(self) -> int:
        return self.wish.amount // 100

    def status(self, date: float) -> str:
        """vnp_TransactionStatus of the payment. One that ran out unpaid reads as the live sandbox has shown it."""
        if self.outcome:
            return self.outcome.status
        return LAPSED if self.lapsed(date) else PENDING

    def lapsed(self, date: float) -> bool:
        return self.outcome is None and date >= self.wish.expires


class Book:
    def __init__(self, terminals: Mapping[str, Terminal], clock: Clock, lot: random.Random) -> None:
        self.terminals = dict(terminals)
        self.unapproved: set[str] = set()
        self.clock = clock
        self._lot = lot
        self._number = int((clock.date() - EPOCH) * 100)
        self._kept: dict[tuple[str, str], Transaction] = {}  # oldest first
        self._by_token: dict[str, Transaction] = {}

    def keep(self, wish: Wish) -> Transaction:
        self._forget((wish.terminal, wish.ref))  # of another day
        while len(self._kept) >= MOST:
            self._forget(next(iter(self._kept)))
        kept = Transaction(wish, self.code(), self.clock.date())
        self._kept[wish.terminal, wish.ref] = self._by_token[kept.token] = kept
        return kept

    def _forget(self, key: tuple[str, str]) -> None:
        gone = self._kept.pop(key, None)
        if gone:
            del self._by_token[gone.token]

    def all(self) -> tuple[Transaction, ...]:
        """Oldest first."""
        return tuple(self._kept.values())

    def find(self, terminal: str, ref: str) -> Transaction | None:
        return self._kept.get((terminal, ref))

    def by_token(self, token: str) -> Transaction | None:
        return self._by_token.get(token)

    def number(self) -> str:
        """A transaction's number at VNPAY, never given twice."""
        self._number += 1
        return str(self._number)

    def code(self) -> str:
        """Nobody guesses it."""
        return f"{self._lot.getrandbits(128):032x}"
