"""Faults put in the way to AWS: what no look-alike does by itself, drawn by lot from a seed.

`FaultyRoad` stands where the road stands and knows what each fault means for the effect; `faulty_wire` stands
between the road and a server, and only breaks connections.
"""

import asyncio
import json
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any, TypeAlias

from infra.aws.call import Answer, AwsError, ErrorAnswer, NoAnswer, NotSent, Place, Request, Road

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
Fault: TypeAlias = Callable[[Request], AwsError]


def said(request: Request, status: int, code: str, body: Mapping[str, Any] | None = None) -> ErrorAnswer:
    """What AWS says when it says no."""
    told = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "words of the vendor", **(body or {})}
    return ErrorAnswer(request, Answer(status, {}, json.dumps(told).encode()))


def cancelled(request: Request, *codes: str) -> ErrorAnswer:
    """A cancelled transaction, with one reason a part; the last one stands for all that follow."""
    parts = len(json.loads(request.body)["TransactItems"])
    padded = [*codes, *([codes[-1]] * parts)][:parts]
    return said(request, 400, "TransactionCanceledException", {"CancellationReasons": [{"Code": c} for c in padded]})


BEFORE: Mapping[str, Fault] = {
    "not sent": lambda request: NotSent(request, "no connection"),
    "outage": lambda request: said(request, 500, "InternalServerError"),
    "unavailable": lambda request: said(request, 503, "ServiceUnavailable"),
    "throttled": lambda request: said(request, 400, "ThrottlingException"),
    "over capacity": lambda request: said(request, 400, "ProvisionedThroughputExceededException"),
}
BEFORE_A_WRITE: Mapping[str, Fault] = {
    "conflict": lambda request: cancelled(request, "None", "TransactionConflict"),
    "throttled parts": lambda request: cancelled(request, "ThrottlingError"),
    "in progress": lambda request: said(request, 400, "TransactionInProgressException"),
}
AFTER: Mapping[str, Fault] = {
    "lost reply": lambda request: NoAnswer(request, "no answer"),
    "outage after the effect": lambda request: said(request, 500, "InternalServerError"),
}


class FaultyRoad:
    """A road on which one call in so many goes wrong, before its effect or after it."""

    def __init__(self, road: Road, lot: Random, injected: Counter[str], share: float = 0.2) -> None:
        self.counts = road.counts
        self.share = share
        self._road, self._lot, self._injected = road, lot, injected

    async def send(self, request: Request) -> Answer:
        fault = self._drawn(request)
        if fault in AFTER:
            await self._unheard(request)
            raise AFTER[fault](request)
        if fault:
            raise {**BEFORE, **BEFORE_A_WRITE}[fault](request)
        return await self._road.send(request)

    async def _unheard(self, request: Request) -> None:
        """Done or refused as ever, but nobody hears of it."""
        try:
            await self._road.send(request)
        except ErrorAnswer:
            self._injected["lost refusal"] += 1

    def _drawn(self, request: Request) -> str:
        if self._lot.random() >= self.share:
            return ""
        writing = request.operation == "TransactWriteItems"
        fault: str = self._lot.choice([*BEFORE, *AFTER, *(BEFORE_A_WRITE if writing else ())])
        self._injected[fault] += 1
        return fault


@asynccontextmanager
async def faulty_wire(where: Place, lot: Random, injected: Counter[str], share: float = 0.1) -> AsyncIterator[Place]:
    """The place, behind a proxy that resets connections before a request gets through or before its answer does."""
    port = int(where.url.rpartition(":")[2])

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        try:
            while await exchange(reader, writer, there, back):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # one side has hung up, as is its right
        finally:
            back.close()
            writer.close()

    async def exchange(
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        back: asyncio.StreamWriter,
    ) -> bool:
        asked = await message(reader)
        if lot.random() < share:
            return reset(writer, "request cut")
        back.write(asked)
        answer = await message(there)
        if lot.random() < share:
            return reset(writer, "answer cut")
        writer.write(answer)
        return True

    def reset(writer: asyncio.StreamWriter, fault: str) -> bool:
        injected[fault] += 1
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        writer.transport.abort()
        return False

    proxy = await asyncio.start_server(carry, "127.0.0.1", 0)
    async with proxy:
        yield replace(where, url=f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}")


async def message(reader: asyncio.StreamReader) -> bytes:
    """One request or answer, whole, by its length or by its chunks."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.partition(b":")[2]))
    if b"transfer-encoding: chunked" not in head.lower():
        return head
    return head + await chunks(reader)


async def chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while not body.endswith(b"\r\n0\r\n\r\n") and body != b"0\r\n\r\n":
        line = await reader.readuntil(b"\r\n")
        body += line + await reader.readexactly(int(line, 16) + 2)
    return body
