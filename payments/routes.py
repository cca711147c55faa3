"""The route a gateway calls: signed or not, it is answered at once, always with 200 and always in its own codes.

What is slow (a message, a picture) comes after, from the outbox: VNPAY waits a few seconds and then calls again.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from core.cache import Cache
from core.table import TableUnavailable
from payments.calls import Calls
from payments.cashier import Cashier, Outcome
from payments.vnpay import NotVerified, Terminal, Unreadable, read_notice

log = logging.getLogger(__name__)

IPN = "/vnpay/ipn"
WITHIN = 2.5  # seconds we take at most
STRANGERS, STRANGERS_AT_ONCE = 1.0, 30  # unsigned calls of one address that are remembered, a second and in one go

Code = tuple[str, str]
CONFIRMED: Code = ("00", "Confirm Success")
NO_ORDER: Code = ("01", "Order not found")
ALREADY: Code = ("02", "Order already confirmed")
NOT_FROM_HERE: Code = ("03", "IP prohibited")
WRONG_AMOUNT: Code = ("04", "Invalid amount")
NOT_SIGNED: Code = ("97", "Invalid signature")
FAULT: Code = ("99", "Unknown error")

CODES: Mapping[Outcome, Code] = {
    "credited": CONFIRMED,
    "noted": CONFIRMED,
    "clash": CONFIRMED,  # the money is there; which order it is for is an admin's affair
    "already": ALREADY,
    "wrong amount": WRONG_AMOUNT,
    "unknown": NO_ORDER,
}


@dataclass(frozen=True, slots=True)
class Gate:
    """Where VNPAY calls."""

    terminal: Terminal
    cashier: Cashier
    calls: Calls
    cache: Cache
    caller: Callable[[web.Request], str]  # the address that asks, seen past our own proxies
    callers: frozenset[str] = frozenset()  # the only ones that are listened to; none: whoever signs

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get(IPN, self.ipn, allow_head=False)]

    async def ipn(self, request: web.Request) -> web.Response:
        return answered(await self.hear(request.rel_url.raw_query_string, self.caller(request)))

    async def hear(self, raw: str, caller: str) -> Code:
        """What is called, taken down and answered in time; or not at all, and called again."""
        try:
            async with asyncio.timeout(WITHIN):
                code, ref = await self._answer(raw, caller)
                await self._keep(caller, raw, code, ref)
        except (TableUnavailable, TimeoutError):
            log.warning("a payment could not be taken down in time; the gateway will call again")
            return FAULT
        return code

    async def _answer(self, raw: str, caller: str) -> tuple[Code, str]:
        """What the gateway is told, and which order of ours it is about."""
        if self.callers and caller not in self.callers:
            return NOT_FROM_HERE, ""
        try:
            told = read_notice(raw, self.terminal)
        except NotVerified:
            return NOT_SIGNED, ""
        except Unreadable:
            return FAULT, ""
        settled = await self.cashier.settle(told, "call")
        return CODES[settled.outcome], settled.order.ref if settled.order else ""

    async def _keep(self, caller: str, raw: str, code: Code, ref: str) -> None:
        """Strangers are remembered too, but none of them may fill the house with it."""
        if ref or not await self.cache.take(f"strangers:{caller}", STRANGERS, STRANGERS_AT_ONCE):
            await self.calls.keep("call", caller, raw, code[0], ref=ref)


def answered(code: Code) -> web.Response:
    return web.json_response({"RspCode": code[0], "Message": code[1]})


def at_a_loss(_: web.Request, _number: str) -> web.Response:
    """What the gateway is told of a fault that nobody foresaw: to call again."""
    return answered(FAULT)
