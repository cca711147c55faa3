"""The gateway in one piece, without a socket of its own: what a payer, a bank and a merchant can do with it.

The pages, the API and the control page all come here; so can a test or a storm, in process and on any clock.
"""

import asyncio
import random
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from infra.sandbox.clock import Agenda, Clock
from infra.sandbox.vnpay.acceptance import Case, Suite
from infra.sandbox.vnpay.api import Answer, Api
from infra.sandbox.vnpay.book import Book, Outcome, Terminal, Transaction
from infra.sandbox.vnpay.codes import (
    CANCELLED,
    CARDS,
    DOMESTIC,
    DONE,
    INTERNATIONAL,
    OUTCOMES,
    PAID,
    PURSE,
    QR,
    SUSPICIOUS,
    UNCHOSEN,
    Card,
    card_type,
    status_after,
)
from infra.sandbox.vnpay.faults import Faults
from infra.sandbox.vnpay.ipn import Line, Messenger, notice
from infra.sandbox.vnpay.request import Turned, Wish, read_query, wish_of
from infra.sandbox.vnpay.wire import is_signed, joined, signed_query, stamp


class Unknown(Exception):
    """There is no such terminal or transaction here."""


class Finished(Exception):
    """The transaction has ended already, or can no longer end so."""


class Gateway:
    def __init__(
        self, terminals: Iterable[Terminal], line: Line, *, clock: Clock | None = None, lot: random.Random | None = None
    ) -> None:
        self.clock = clock or Clock()
        self.faults = Faults()
        self.agenda = Agenda(self.clock)
        self._book = Book({one.code: one for one in terminals}, self.clock, lot or random.SystemRandom())
        self.messenger = Messenger(self._book, self.faults, self.agenda, line)
        self._api = Api(self._book, self.faults, self.agenda)
        self._closing = asyncio.Event()

    async def close(self) -> None:
        """Nothing more is sent, and nobody kept waiting."""
        self._closing.set()
        await self.agenda.close()

    # -- what it knows

    @property
    def terminals(self) -> Mapping[str, Terminal]:
        return self._book.terminals

    @property
    def transactions(self) -> dict[str, Transaction]:
        """By reference, oldest first."""
        return {one.ref: one for one in self._book.all()}

    def transaction(self, ref: str, terminal: str = "") -> Transaction:
        for code in [terminal] if terminal else self.terminals:
            found = self._book.find(code, ref)
            if found:
                return found
        raise Unknown(f"no transaction {ref}")

    def by_token(self, token: str) -> Transaction:
        found = self._book.by_token(token)
        if found is None:
            raise Unknown("no transaction with this token")
        return found

    def all(self) -> tuple[Transaction, ...]:
        """Oldest first; two terminals may use the same reference."""
        return self._book.all()

    def two_open(self, terminal: str) -> tuple[str, str]:
        """The two newest open transactions: one for the acceptance suite to fail, one to have paid."""
        newest = self.open_ones(terminal)[:2]
        if len(newest) < 2:
            raise Unknown(f"the suite needs two open transactions of {terminal}; there is {len(newest)}")
        return newest[1].ref, newest[0].ref

    def open_ones(self, terminal: str) -> list[Transaction]:
        """Opened, neither finished nor run out; the newest first."""
        date = self.clock.date()
        ours = [one for one in self._book.all() if one.terminal == terminal]
        return [one for one in reversed(ours) if one.outcome is None and not one.lapsed(date)]

    def status(self, ref: str) -> str:
        return self.transaction(ref).status(self.clock.date())

    def is_approved(self, code: str) -> bool:
        return code not in self._book.unapproved

    # -- what a terminal's owner sets

    def set_ipn_url(self, code: str, url: str) -> None:
        self._book.terminals[code] = replace(self._terminal(code), ipn_url=url)

    def approve(self, code: str, *, approved: bool = True) -> None:
        self._terminal(code)
        (self._book.unapproved.discard if approved else self._book.unapproved.add)(code)

    def _terminal(self, code: str) -> Terminal:
        if code not in self.terminals:
            raise Unknown(f"no terminal {code}")
        return self.terminals[code]

    # -- what a payer does

    def open(self, pay_url: str) -> Transaction:
        """What a browser does with a pay link; raises Turned with the error page's code."""
        wish = self._asked(pay_url.partition("?")[2])
        known = self._book.find(wish.terminal, wish.ref)
        if known and known.wish.create_date[:8] == wish.create_date[:8]:
            raise Turned("01", "this reference has been opened before")
        return self._book.keep(wish)

    def _asked(self, query: str) -> Wish:
        params = read_query(query)
        terminal = self.terminals.get(params.get("vnp_TmnCode", ""))
        if terminal is None:
            raise Turned("72", "no such terminal")
        if not self.is_approved(terminal.code):
            raise Turned("71", "the terminal is not approved")
        if not is_signed(params, terminal.secret):
            raise Turned("70", "the signature does not fit")
        wish = wish_of(params, self.clock.date())
        if wish.expires <= self.clock.date():
            raise Turned("15", "the time to pay has run out")
        return wish

    async def pay(
        self, ref: str, outcome: str = PAID, *, bank: str = "NCB", late: bool = False, terminal: str = ""
    ) -> str:
        """Ends a payment so, and begins to tell the merchant; hands over the address the payer is sent back to.

        With bank "" the payer had not chosen one yet. `late` is a bank that says so after the transaction had run
        out, or had ended in something else than success; without it, whatever has ended stays as it is.
        """
        return self.decide(self.transaction(ref, terminal), outcome, bank=bank, late=late).return_url

    def decide(
        self, found: Transaction, outcome: str, *, bank: str = "NCB", card: Card | None = None, late: bool = False
    ) -> "Decided":
        """The same for who has the transaction in hand already."""
        self.end(found, outcome, bank=bank, card=card, late=late)
        waits = self.faults.meet("ipn_before_return", found.terminal) is not None
        return Decided(self.return_url(found), self.messenger.tell(found, _ended(found)), waits)

    def end(
        self, found: Transaction, outcome: str, *, bank: str = "NCB", card: Card | None = None, late: bool = False
    ) -> None:
        """Ends a payment and tells nobody."""
        if outcome not in OUTCOMES:
            raise ValueError(f"no such response code: {outcome}")
        if found.outcome and (not late or found.outcome.status == DONE):
            raise Finished(f"{found.ref} has ended with {found.outcome.code}")
        if found.lapsed(self.clock.date()) and not late:
            raise Finished(f"{found.ref} has run out")
        found.outcome = self._outcome(outcome, bank, card)

    def return_url(self, found: Transaction) -> str:
        """With the same parameters as the IPN, whatever may have befallen that."""
        query = signed_query(notice(found, _ended(found)), self.terminals[found.terminal].secret)
        return joined(found.wish.return_url, query)

    def _outcome(self, code: str, bank: str, card: Card | None) -> Outcome:
        """VNPAY numbers what has reached a bank; of a failure a bank may have a number though VNPAY has none."""
        bank = {"": UNCHOSEN, DOMESTIC: "NCB", INTERNATIONAL: "VISA"}.get(bank, bank)
        moved, left = code in {PAID, SUSPICIOUS}, bank == UNCHOSEN
        number = self._book.number()
        card = card or next((one for one in CARDS if one.bank == bank), PURSE)
        shown = card if not left and bank != QR else None
        return Outcome(
            code=code,
            status=status_after(code),
            bank=bank,
            card_type=card_type(bank),
            number=number if moved or (code == CANCELLED and not left) else "0",
            bank_number="" if left or code == CANCELLED else f"VNP{number}",
            date=stamp(self.clock.date()),
            card=shown.masked if shown else "",
            holder=shown.holder if shown else "",
            issuer=bank if shown else "",
        )

    # -- what a merchant does

    async def answer(self, body: bytes) -> Answer:
        """The API: what a POST of this body gets."""
        return await self._api.answer(body)

    async def silence(self, seconds: float) -> None:
        """Real seconds in which an API call gets no answer; over at once when the gateway closes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    # -- what time and the bank do

    async def settle_ipns(self) -> None:
        """Until everything that is due now has been sent and answered."""
        await self.agenda.settle()

    async def pass_by(self, seconds: float) -> None:
        """Moves the gateway's clock on, and does on the way whatever falls due, each in its moment."""
        await self.agenda.pass_by(seconds)

    def advance(self, seconds: float) -> None:
        """Moves the clock on at once, for a gateway that runs by itself."""
        self.clock.advance(seconds)
        self.agenda.stir()

    def resend(self, ref: str, terminal: str = "") -> None:
        """The IPN once more, with calls of its own."""
        found = self.transaction(ref, terminal)
        self.messenger.tell(found, _ended(found))

    def finish_refund(self, ref: str, status: str = DONE, terminal: str = "") -> None:
        """05 in process, 06 sent to the bank, 00 done, 09 rejected."""
        found = self.transaction(ref, terminal)
        if not found.refunds:
            raise Unknown(f"no refund of {ref}")
        found.refunds[-1].status = status

    # -- VNPAY's acceptance

    async def run_acceptance(self, terminal: str, failed_ref: str, paid_ref: str) -> list[Case]:
        """The six cases in order, on two open transactions: one is to fail, one to be paid."""
        failed, paid = self.transaction(failed_ref, terminal), self.transaction(paid_ref, terminal)
        self.end(failed, CANCELLED, bank="NCB")
        self.end(paid, PAID, bank="NCB")
        suite = Suite(self.messenger, self._terminal(terminal).secret)
        return await suite.run((failed, notice(failed, _ended(failed))), (paid, notice(paid, _ended(paid))))


class Decided:
    """A payment that has just ended: where the payer goes, and when the merchant has heard of it."""

    def __init__(self, return_url: str, told: asyncio.Event, waits: bool) -> None:
        self.return_url, self.told, self.waits = return_url, told, waits


def _ended(found: Transaction) -> Outcome:
    if found.outcome is None:
        raise Finished(f"{found.ref} has not ended yet")
    return found.outcome
