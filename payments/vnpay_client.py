"""VNPAY client – makes the two calls that VNPAY answers, each once.

The caller decides when to ask again.
"""

import json
import logging
from collections.abc import Mapping

import aiohttp

from core.chance import Chance
from core.clock import Clock
from core.errors import Failure
from payments.tills import Answer, Later, RefundTold, Told
from payments.vnpay import (
    Call,
    Terminal,
    query_body,
    read_query_answer,
    read_refund_answer,
    read_refund_status,
    refund_body,
)
from payments.vnpay.wire import LOCALHOST

log = logging.getLogger(__name__)

PATIENCE = aiohttp.ClientTimeout(total=15)  # seconds
LARGEST = 64 * 1024  # bytes of an answer: a real one has about 700


class OutOfReach(Failure):
    """No readable answer came. VNPAY may have acted on the call all the same."""


class Vnpay:
    """Till at one VNPAY `terminal`. Close with the house."""

    name, currency, walked = "vnpay", "VND", False
    patience = PATIENCE

    def __init__(
        self,
        terminal: Terminal,
        clock: Clock,
        chance: Chance,
        session: aiohttp.ClientSession | None = None,
        ip: str = LOCALHOST,
    ) -> None:
        self.terminal = terminal.code
        self._terminal, self._clock, self._chance, self._ip = terminal, clock, chance, ip
        self._lent = session
        self._own: aiohttp.ClientSession | None = None

    def price(self, vnd: int) -> int:
        return vnd

    async def query(self, ref: str, created: int) -> tuple[Answer, RefundTold | None]:
        """Ask about an order and its refund in one, as VNPAY answers one question in five minutes."""
        try:
            body = await self._asked(query_body(self._terminal, self._call(ref, created)))
        except OutOfReach as error:
            log.info("VNPAY told nothing of %s: %s", ref, error)
            return Later("network"), None
        answer = read_query_answer(body, self._terminal, ref)
        refund = read_refund_status(body, self._terminal, ref)
        log.info("VNPAY told of %s: %s", ref, heard(answer, refund))
        return answer, refund

    async def refund(self, ref: str, amount: int, number: str, created: int, by: str) -> RefundTold:
        """Ask for a refund. The verdict is `unknown` without a clear answer, until a query tells."""
        try:
            body = await self._asked(refund_body(self._terminal, self._call(ref, created), amount, number, by))
        except OutOfReach as error:
            log.info("VNPAY told nothing of the refund of %s: %s", ref, error)
            return RefundTold("unknown")
        told = read_refund_answer(body, self._terminal, ref)
        log.info("VNPAY told of the refund of %s: %s (%s)", ref, told.verdict, told.code)
        return told

    async def close(self) -> None:
        if self._own is not None:
            await self._own.close()

    def _call(self, ref: str, created: int) -> Call:
        return Call(ref, created, self._clock.now(), self._chance.token(), self._ip)

    async def _asked(self, body: Mapping[str, str]) -> object:
        try:
            async with self._session().post(
                self._terminal.api_url, json=body, timeout=self.patience, allow_redirects=False
            ) as answer:
                if answer.status != 200:
                    raise OutOfReach(f"status {answer.status}")
                return read_json(await bounded(answer.content))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise OutOfReach(type(error).__name__) from error

    def _session(self) -> aiohttp.ClientSession:
        """Session, made at the first call, as a running loop is needed."""
        if self._lent is not None:
            return self._lent
        if self._own is None:
            self._own = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._own


async def bounded(content: aiohttp.StreamReader) -> bytes:
    read = bytearray()
    async for chunk in content.iter_any():
        read += chunk
        if len(read) > LARGEST:
            raise OutOfReach("an endless answer")
    return bytes(read)


def read_json(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise OutOfReach("no JSON") from error


def heard(answer: Answer, refund: RefundTold | None) -> str:
    if refund is not None:
        return f"its refund is {refund.verdict}"
    match answer:
        case Told():
            return answer.verdict
        case Later():
            return answer.why
        case _:
            return "not known"
