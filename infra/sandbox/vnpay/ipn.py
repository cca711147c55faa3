"""How the gateway tells a merchant: the IPN, and the engine that tries again every five minutes, ten times at most."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from infra.sandbox.clock import Agenda
from infra.sandbox.vnpay.book import Attempt, Book, Outcome, Transaction
from infra.sandbox.vnpay.faults import Fault, Faults
from infra.sandbox.vnpay.wire import joined, signed_query

MOST_CALLS = 10
BETWEEN = 300.0  # seconds of the gateway between two calls
PATIENCE = 15.0  # real seconds a merchant has to answer
STOPS = frozenset({"00", "02", "03"})  # whatever else is answered, or nothing at all, is tried again
TOO_MUCH = 1_000 * 100  # what a wrong amount is wrong by
SHOWN = 300  # characters of an answer that are kept


@dataclass(frozen=True, slots=True)
class Heard:
    """A merchant's answer over HTTP."""

    status: int
    body: bytes


# Asks a merchant's address; raises OSError where nobody listens. Who calls it sets the time it may take.
Line: TypeAlias = Callable[[str], Awaitable[Heard]]


def notice(transaction: Transaction, outcome: Outcome) -> dict[str, str]:
    """What is told of an outcome, to the merchant's IPN and with the payer who comes back. Empty ones are not sent."""
    return {
        "vnp_Amount": str(transaction.wish.amount),
        "vnp_BankCode": outcome.bank,
        "vnp_BankTranNo": outcome.bank_number,
        "vnp_CardType": outcome.card_type,
        "vnp_OrderInfo": transaction.wish.info,
        "vnp_PayDate": outcome.date,
        "vnp_ResponseCode": outcome.code,
        "vnp_TmnCode": transaction.terminal,
        "vnp_TransactionNo": outcome.number,
        "vnp_TransactionStatus": outcome.status,
        "vnp_TxnRef": transaction.ref,
    }


def verdict(heard: Heard) -> str:
    """The RspCode, or what is wrong with the answer."""
    if heard.status != 200:
        return f"HTTP {heard.status}"
    try:
        said = json.loads(heard.body)
    except (ValueError, RecursionError):  # the latter of brackets without end
        return "not JSON"
    code = said.get("RspCode") if isinstance(said, dict) else None
    return code if isinstance(code, str) else "no RspCode"


def broken(query: str) -> str:
    """The same with a signature that does not fit."""
    head, _, mac = query.rpartition("=")
    return f"{head}={'0' if mac[0] != '0' else '1'}{mac[1:]}"


@dataclass(slots=True)
class Call:
    """One notice on its way: which transaction, what it says, and how many calls it has had."""

    transaction: Transaction
    params: Mapping[str, str]
    number: int = 1
    over: asyncio.Event = field(default_factory=asyncio.Event)  # the first try is, or there is none for now


class Messenger:
    def __init__(self, book: Book, faults: Faults, agenda: Agenda, line: Line) -> None:
        self.patience = PATIENCE
        self._book, self._faults, self._agenda, self._line = book, faults, agenda, line
        self._held: list[Call] = []

    @property
    def held(self) -> tuple[Transaction, ...]:
        return tuple(call.transaction for call in self._held)

    def tell(self, transaction: Transaction, outcome: Outcome) -> asyncio.Event:
        """Begins to; the event is set when the first call is over, or at once when there will be none for now."""
        call = Call(transaction, notice(transaction, outcome))
        if self._meets("ipn_never", call):
            call.over.set()
        elif self._meets("ipn_held", call):
            self._held.append(call)
            call.over.set()
        else:
            self._begin(call)
        return call.over

    def _begin(self, call: Call) -> None:
        late = self._meets("ipn_delayed", call) or self._meets("ipn_after_return", call)
        if late:
            call.over.set()
        self._agenda.after(late.seconds if late else 0.0, partial(self._try, call))

    def let_go(self, terminal: str = "") -> int:
        """Sends what was held back; how many there were."""
        going = [call for call in self._held if terminal in {"", call.transaction.terminal}]
        self._held = [call for call in self._held if call not in going]
        for call in going:
            self._agenda.after(0.0, partial(self._try, call))
        return len(going)

    async def ask(self, transaction: Transaction, query: str, number: int = 0) -> str:
        """Calls the terminal's address once, keeps what came of it, and tells the verdict."""
        outcome, answer = await self._asked(transaction, query, self.patience)
        return self._note(transaction, number, query, outcome, answer)

    async def _try(self, call: Call) -> None:
        outcome = await self._delivered(call)
        call.over.set()
        if outcome not in STOPS and call.number < MOST_CALLS:
            self._agenda.after(BETWEEN, partial(self._try, replace(call, number=call.number + 1)))
        self.let_go(call.transaction.terminal)

    async def _delivered(self, call: Call) -> str:
        query = self._query(call)
        if self._meets("ipn_lost", call):
            return self._note(call.transaction, call.number, query, "lost")
        doubled = self._meets("ipn_doubled", call)
        copies = [self.ask(call.transaction, query) for _ in range(doubled.copies if doubled else 0)]
        outcome, *_ = await asyncio.gather(self._called(call, query), *copies)
        return outcome

    async def _called(self, call: Call, query: str) -> str:
        hurried, deaf = self._meets("ipn_timeout", call), self._meets("ipn_reply_lost", call)
        patience = hurried.seconds if hurried else self.patience
        outcome, answer = await self._asked(call.transaction, query, patience)
        if hurried or deaf:
            outcome, answer = "timeout", f"(not heard) {answer}"
        return self._note(call.transaction, call.number, query, outcome, answer)

    async def _asked(self, transaction: Transaction, query: str, patience: float) -> tuple[str, str]:
        url = self._book.terminals[transaction.terminal].ipn_url
        if not url:
            return "no address", ""
        try:
            async with asyncio.timeout(patience):
                heard = await self._line(joined(url, query))
        except TimeoutError:
            return "timeout", ""
        except OSError:
            return "unreachable", ""
        return verdict(heard), heard.body.decode(errors="replace")[:SHOWN]

    def _query(self, call: Call) -> str:
        """Signed anew for each call: a fault lasts no longer than it was set for."""
        secret = self._book.terminals[call.transaction.terminal].secret
        params = dict(call.params)
        if self._meets("ipn_bad_amount", call):
            params["vnp_Amount"] = str(int(params["vnp_Amount"]) + TOO_MUCH)
        query = signed_query(params, secret)
        return broken(query) if self._meets("ipn_bad_hash", call) else query

    def _meets(self, kind: str, call: Call) -> Fault | None:
        return self._faults.meet(kind, call.transaction.terminal)

    def _note(self, transaction: Transaction, number: int, query: str, outcome: str, answer: str = "") -> str:
        transaction.attempts.append(Attempt(self._book.clock.date(), number, query, outcome, answer))
        return outcome
