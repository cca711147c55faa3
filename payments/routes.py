"""Routes – the route a gateway calls: answered at once, with 200 and in the gateway's codes.

Calls are answered whether signed or not. Slow work (a message, a picture) comes later, from the outbox: VNPAY waits a
few seconds and then calls again.
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
WITHIN = 2.5  # seconds until our answer, at most
STRANGERS, STRANGERS_AT_ONCE = 1.0, 30  # unsigned calls kept per address: a second, and at once

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
    "clash": CONFIRMED,  # the money is there, and an admin finds its order
    "already": ALREADY,
    "wrong amount": WRONG_AMOUNT,
    "unknown": NO_ORDER,
}


@dataclass(frozen=True, slots=True)
class Gate:
    """Gate for VNPAY's calls."""

    terminal: Terminal
    cashier: Cashier
    calls: Calls
    cache: Cache
    caller: Callable[[web.Request], str]  # the caller's address, seen past our own proxies
    callers: frozenset[str] = frozenset()  # the only addresses served; empty: any caller with a signature

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get(IPN, self.ipn, allow_head=False)]

    async def ipn(self, request: web.Request) -> web.Response:
        return answered(await self.hear(request.rel_url.raw_query_string, self.caller(request)))

    async def hear(self, raw: str, caller: str) -> Code:
        """Answer and keep a call, all within `WITHIN`. After a failure the gateway calls again."""
        try:
            async with asyncio.timeout(WITHIN):
                code, ref = await self._answer(raw, caller)
                await self._keep(caller, raw, code, ref)
        except (TableUnavailable, TimeoutError):
            log.warning("a payment could not be taken down in time; the gateway will call again")
            return FAULT
        return code

    async def _answer(self, raw: str, caller: str) -> tuple[Code, str]:
        """Code for the gateway, and the reference of our order, or ""."""
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
        """Keep a call. Calls from strangers are limited per `caller`."""
        if ref or not await self.cache.take(f"strangers:{caller}", STRANGERS, STRANGERS_AT_ONCE):
            await self.calls.keep("call", caller, raw, code[0], ref=ref)


def answered(code: Code) -> web.Response:
    return web.json_response({"RspCode": code[0], "Message": code[1]})


def at_a_loss(_: web.Request, _number: str) -> web.Response:
    """Answer to a call that met an unforeseen fault: VNPAY will call again."""
    return answered(FAULT)
