"""VNPAY played on loopback, wire-true: pay pages, IPNs with VNPAY's retries, the query and refund API, and faults.

It shares nothing with the house, so that a mistake in the house's signer is not forgiven here. `open_vnpay` serves the
gateway and, on a port of its own, its control page. `Gateway` is the same without sockets: give it a `Line` (who calls
an IPN address) and a `Clock`, and it runs in any test, on any event loop.

    async with open_vnpay([Terminal("IMGF0001", secret, ipn_url)]) as vnpay:
        vnpay.pay_url, vnpay.api_url                # what a merchant is told
        vnpay.control_url                           # the control page; its JSON lies under /api

        gateway = vnpay.gateway
        gateway.open(link)                          # what a browser does with a pay link; Turned(code) when refused
        back = await gateway.pay(ref, "24", bank="")    # cancelled before a bank was chosen; where the payer goes
        await gateway.settle_ipns()                 # until all that is due has been sent and answered
        await gateway.pass_by(300)                  # five minutes later, retries and refunds done on the way
        gateway.transactions[ref].attempts          # what was sent, and what came back
        gateway.faults.set("ipn_lost", times=2)     # see faults.KINDS
        await gateway.run_acceptance(code, failed_ref, paid_ref)    # VNPAY's six cases

Everything is kept in memory alone, at most 10,000 transactions. docs/sandbox.md tells the rest.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

import aiohttp
from yarl import URL

from infra.sandbox.clock import Clock
from infra.sandbox.door import served
from infra.sandbox.vnpay.acceptance import Case
from infra.sandbox.vnpay.api import Answer
from infra.sandbox.vnpay.book import Attempt, Outcome, Refund, Terminal, Transaction
from infra.sandbox.vnpay.control import control_app
from infra.sandbox.vnpay.faults import KINDS, Fault, Faults
from infra.sandbox.vnpay.gateway import Finished, Gateway, Unknown
from infra.sandbox.vnpay.ipn import Heard, Line
from infra.sandbox.vnpay.request import Turned
from infra.sandbox.vnpay.routes import API, PAY, gateway_app

__all__ = [
    "KINDS",
    "Answer",
    "Attempt",
    "Case",
    "Clock",
    "Fault",
    "Faults",
    "Finished",
    "Gateway",
    "Heard",
    "Line",
    "Outcome",
    "Played",
    "Refund",
    "Terminal",
    "Transaction",
    "Turned",
    "Unknown",
    "open_vnpay",
]


@dataclass(frozen=True, slots=True)
class Played:
    """The gateway as it stands: what a merchant is told, the control page, and the gateway itself."""

    pay_url: str
    api_url: str
    control_url: str
    gateway: Gateway


@asynccontextmanager
async def open_vnpay(
    terminals: Sequence[Terminal],
    *,
    port: int = 0,
    control_port: int = 0,
    scale: float = 1.0,
    clock: Clock | None = None,
) -> AsyncIterator[Played]:
    """On loopback until the block ends. `scale`: how many seconds of its own waits go into a real one; 0: by hand."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        gateway = Gateway(terminals, _line(session), clock=clock or Clock(scale))
        stack.push_async_callback(gateway.close)
        url = await stack.enter_async_context(served(gateway_app(gateway), port))
        control = await stack.enter_async_context(served(control_app(gateway, url), control_port))
        await stack.enter_async_context(_running(gateway))
        yield Played(f"{url}{PAY}", f"{url}{API}", f"{control}/", gateway)


def _line(session: aiohttp.ClientSession) -> Line:
    """How an IPN goes out: one GET, letter by letter as it was signed, no redirect followed."""

    async def ask(url: str) -> Heard:
        try:
            async with session.get(URL(url, encoded=True), allow_redirects=False) as answer:
                return Heard(answer.status, await answer.content.read(BIGGEST_ANSWER))
        except aiohttp.ClientError as fault:
            raise ConnectionError(str(fault)) from fault

    return ask


BIGGEST_ANSWER = 64 * 1024  # bytes


@asynccontextmanager
async def _running(gateway: Gateway) -> AsyncIterator[None]:
    running = asyncio.create_task(gateway.agenda.run())
    try:
        yield
    finally:
        await gateway.close()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
