"""A gateway that takes money, played: it knows what became of every payment, and tells it where it is asked."""

import asyncio
from collections import deque
from itertools import count

from payments.orders import Order
from payments.tills import Answer, Later, NotKnown, Reason, RefundTold, RefundVerdict, Told, Verdict

BANK = "NCB"


class PlayedTill:
    """A gateway that knows what became of every payment, and tells it where it is asked.

    Orders it has not been shown it does not know. What it says of one stands until it is made to say something else.
    """

    currency, walked = "VND", False

    def __init__(self, name: str = "vnpay", terminal: str = "PLAYED01") -> None:
        self.name, self.terminal = name, terminal
        self.asked: list[str] = []  # refs, one for every query
        self.refunds: list[str] = []  # refs, one for every refund asked for
        self.books: dict[str, Told] = {}
        self._paid_back: dict[str, RefundTold] = {}
        self._silence: deque[str] = deque()  # why the next queries are not answered
        self._refund_answers: deque[RefundVerdict] = deque()
        self._numbers = count(15_200_001)

    # -- what happens there, and what it says of that

    def opens(self, order: Order) -> Told:
        """Somebody is on its pages."""
        return self._says(order, "pending", Reason.UNFINISHED, number="")

    def takes(self, order: Order, *, amount: int = 0, bank: str = BANK) -> Told:
        """The money is paid."""
        return self._says(order, "paid", Reason.OK, amount=amount, bank=bank)

    def fails(self, order: Order, reason: Reason = Reason.NO_BALANCE) -> Told:
        verdict: Verdict = "cancelled" if reason == Reason.CANCELLED else "failed"
        return self._says(order, verdict, reason, number="" if reason == Reason.CANCELLED else None)

    def suspects(self, order: Order, reason: Reason = Reason.SUSPECT) -> Told:
        """Money was taken, and nobody knows yet whether it stays."""
        return self._says(order, "review", reason)

    def forgets(self, order: Order) -> None:
        self.books.pop(order.ref, None)

    def will_not_answer(self, times: int = 1, why: str = "limit") -> None:
        """The next queries come to nothing: asked too often, or out of reach (`network`)."""
        self._silence.extend([why] * times)

    def will_refund(self, *verdicts: RefundVerdict) -> None:
        """What the next refunds come to, in order; after that they are sent."""
        self._refund_answers.extend(verdicts)

    def pays_back(self, ref: str, verdict: RefundVerdict) -> None:
        """What has become of a refund by now, for whoever asks."""
        self._paid_back[ref] = RefundTold(verdict, code=REFUND_CODES[verdict])

    # -- what it is asked

    def price(self, vnd: int) -> int:
        return vnd

    async def query(self, ref: str, created: int) -> tuple[Answer, RefundTold | None]:
        del created
        self.asked.append(ref)
        await asyncio.sleep(0)
        if self._silence:
            return Later(self._silence.popleft()), None
        return self.books.get(ref, NotKnown()), self._paid_back.get(ref)

    async def refund(self, ref: str, amount: int, number: str, created: int, by: str) -> RefundTold:
        del created, by
        self.refunds.append(ref)
        await asyncio.sleep(0)
        told = self.books.get(ref)
        if told is None or (told.verdict, told.amount, told.number) != ("paid", amount, number):
            return RefundTold("rejected", code="95")
        verdict = self._refund_answers.popleft() if self._refund_answers else "sent"
        if verdict != "unknown":
            self.pays_back(ref, verdict)
        return RefundTold(verdict, code=REFUND_CODES[verdict])

    def _says(
        self,
        order: Order,
        verdict: Verdict,
        reason: Reason,
        *,
        amount: int = 0,
        bank: str = "",
        number: str | None = None,
    ) -> Told:
        told = Told(
            ref=order.ref,
            terminal=order.terminal,
            amount=amount or order.amount,
            verdict=verdict,
            reason=reason,
            currency=order.currency,
            number=str(next(self._numbers)) if number is None else number,
            bank=bank,
        )
        self.books[order.ref] = told
        return told


REFUND_CODES: dict[RefundVerdict, str] = {"accepted": "05", "sent": "00", "rejected": "09", "unknown": "99"}
