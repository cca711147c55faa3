"""A Telegram that costs next to nothing, on raw sockets: it sends updates to a webhook and hears what is sent back.

An update's words are `n<number>n`, in whatever form a library sends them on; so nobody's parser is measured but theirs.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable
from itertools import count

TOKEN = "123456789:AAbench-bench-bench-bench-bench-bench0"  # in the shape the libraries want; opens nothing
SECRET = "bench-secret"
NUMBER = re.compile(rb"n(\d+)n")
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"transfer-encoding: *chunked", re.IGNORECASE)
END = b"\r\n\r\n"
ME = {"id": 123456789, "is_bot": True, "first_name": "Echo", "username": "echo_bot"}
SENT = {"message_id": 1, "date": 1_700_000_000, "chat": {"id": 42, "type": "private", "first_name": "An"}, "text": "n"}


def answer(result: object) -> bytes:
    body = json.dumps({"ok": True, "result": result}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


YES, WHO, MESSAGE = answer(True), answer(ME), answer({**SENT, "from": ME})


def update(number: int, chats: int) -> bytes:
    """As Telegram writes one, with everything that it tells along."""
    chat = 1_000 + number % chats
    person = {"id": chat, "first_name": "An", "last_name": "Nguyễn", "username": f"an{chat}", "language_code": "vi"}
    said = {
        "message_id": number + 1,
        "from": {**person, "is_bot": False},
        "chat": {**person, "type": "private"},
        "date": 1_700_000_000,
        "text": f"n{number}n",
    }
    return json.dumps({"update_id": number + 1, "message": said}).encode()


class Stub(asyncio.Protocol):
    """The Bot API, as far as an echo needs it."""

    def __init__(self, heard: Callable[[int], None]) -> None:
        self._heard, self._rest = heard, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while call := self._next():
            if b"sendMessage" in call[: call.index(b"\r\n")]:
                self._line.write(MESSAGE)
                for number in NUMBER.findall(call):
                    self._heard(int(number))
            else:
                self._line.write(WHO if b"getMe" in call[: call.index(b"\r\n")] else YES)

    def _next(self) -> bytes:
        call, self._rest = taken(self._rest)
        return call


def taken(rest: bytes) -> tuple[bytes, bytes]:
    """The next call, when the whole of it is there, and what stands behind it."""
    head, end, _ = rest.partition(END)
    if not end:
        return b"", rest
    whole = len(head) + len(END)
    if CHUNKED.search(head):
        last = rest.find(b"0" + END, whole)
        whole = last + len(b"0" + END) if last >= 0 else len(rest) + 1
    elif told := LENGTH.search(head):
        whole += int(told[1])
    return (b"", rest) if len(rest) < whole else (rest[:whole], rest[whole:])


class Caller(asyncio.Protocol):
    """One connection of Telegram's to the webhook: an update, its answer, the next update."""

    def __init__(self) -> None:
        self._answered: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line = transport

    def data_received(self, data: bytes) -> None:
        if self._answered and END in data:
            answered, self._answered = self._answered, None
            answered.set_result(int(data[9:12]))

    def connection_lost(self, _: Exception | None) -> None:
        if self._answered:
            self._answered.set_exception(ConnectionError("the mouth has hung up"))

    async def post(self, port: int, body: bytes) -> int:
        self._answered = asyncio.get_running_loop().create_future()
        self._line.write(
            b"POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
            b"X-Telegram-Bot-Api-Secret-Token: %b\r\nContent-Length: %d\r\n\r\n%b"
            % (port, SECRET.encode(), len(body), body)
        )
        return await self._answered

    def close(self) -> None:
        self._line.close()


class Load:
    """So many updates in flight, each until it is acknowledged and, where there is to be one, its echo is back."""

    def __init__(self, port: int, *, echoes: bool, chats: int) -> None:
        self._port, self._echoes, self._chats = port, echoes, chats
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self.took: list[float] = []

    def listens(self, port: int) -> None:
        """The mouth is open there."""
        self._port = port

    def heard(self, number: int) -> None:
        if waiting := self._waiting.pop(number, None):
            waiting.set_result(None)

    async def run(self, in_flight: int, seconds: float) -> float:
        """Updates a second."""
        self.took = []
        until = time.perf_counter() + seconds
        async with asyncio.TaskGroup() as callers:
            for _ in range(in_flight):
                callers.create_task(self._call(until))
        return len(self.took) / seconds

    async def _call(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        _, caller = await loop.create_connection(Caller, "127.0.0.1", self._port)
        while (began := time.perf_counter()) < until:
            number = next(self._numbers)
            echo = self._waiting[number] = loop.create_future()
            status = await caller.post(self._port, update(number, self._chats))
            assert status == 200, status
            if self._echoes:
                await echo
            self.took.append(time.perf_counter() - began)
        caller.close()
