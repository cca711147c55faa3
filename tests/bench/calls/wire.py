"""An AWS that costs next to nothing, on raw sockets: it reads a call to its end and answers what it always answers."""

import asyncio
import base64
import json

from tests.bench.echo.wire import taken

ITEM = {
    "owner": {"S": "JOB#01JD3Y5V0000000000000000AB"},
    "name": {"S": "META"},
    "words": {"S": "một con mèo mướp đội nón lá ngồi bên hồ Gươm lúc hoàng hôn, màu nước"},
    "state": {"S": "painting"},
    "price": {"N": "4"},
    "fence": {"N": "1"},
    "asked": {"BOOL": True},
    "attempts": {"L": [{"M": {"route": {"S": "core@us-west-2"}, "at": {"N": "1763700000000"}}}]},
}
SLOW = 2.0  # seconds a held call takes
HELD, LARGE = b"/held/", b"/large/"  # in the name of a model
PICTURE, BIG_PICTURE = 450, 1_500_000  # bytes of the picture in an answer


def answer(said: object) -> bytes:
    body = json.dumps(said).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-amzn-RequestId: bench\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


def painted(size: int) -> bytes:
    return answer({"images": [base64.b64encode(bytes(size)).decode()], "seeds": [7], "finish_reasons": [None]})


FOUND, WRITTEN, SMALL, BIG = answer({"Item": ITEM}), answer({}), painted(PICTURE), painted(BIG_PICTURE)


class Stub(asyncio.Protocol):
    def __init__(self) -> None:
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while call := self._next():
            if HELD in call[:200]:
                asyncio.get_running_loop().call_later(SLOW, self._line.write, SMALL)
            else:
                self._line.write(answer_to(call))

    def _next(self) -> bytes:
        call, self._rest = taken(self._rest)
        return call


def answer_to(call: bytes) -> bytes:
    line = call[: call.index(b"\r\n")]
    if b"/model/" in line:
        return BIG if LARGE in line else SMALL
    return FOUND if b"GetItem" in call else WRITTEN
