"""VNPAY's acceptance suite: the six calls a merchant's IPN must answer rightly before it may go live."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from infra.sandbox.vnpay.book import Transaction
from infra.sandbox.vnpay.ipn import TOO_MUCH, Messenger, broken
from infra.sandbox.vnpay.wire import signed_query

NOBODY = "NOSUCHREF0000"
Told: TypeAlias = tuple[Transaction, Mapping[str, str]]  # a transaction, and what is told of it


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    expected: str
    got: str

    @property
    def passed(self) -> bool:
        return self.got == self.expected


class Suite:
    def __init__(self, messenger: Messenger, secret: str) -> None:
        self._messenger, self._secret = messenger, secret

    async def run(self, failed: Told, paid: Told) -> list[Case]:
        """In VNPAY's order; the failed order is another than the paid one."""
        success = self._query(paid)
        too_much = str(int(paid[1]["vnp_Amount"]) + TOO_MUCH)
        cases = (
            ("bad signature", "97", paid, broken(success)),
            ("unknown reference", "01", paid, self._query(paid, vnp_TxnRef=NOBODY)),
            ("amount 1,000 VND too high", "04", paid, self._query(paid, vnp_Amount=too_much)),
            ("failed payment (24/02)", "00", failed, self._query(failed)),
            ("successful payment", "00", paid, success),
            ("the same again", "02", paid, success),
        )
        return [
            Case(name, expected, await self._messenger.ask(told[0], query)) for name, expected, told, query in cases
        ]

    def _query(self, told: Told, **instead: str) -> str:
        return signed_query({**told[1], **instead}, self._secret)
