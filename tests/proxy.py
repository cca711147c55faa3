"""A proxy of ours between the house and its stores: cuts one of them off, or loses an answer of its.

All of AWS stands behind one port here, so a request is known by what it is signed for; Redis has a port of its own.
"""

import asyncio
import re
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

How: TypeAlias = Literal["reset", "silence"]  # nobody is let in, or whoever is never hears anything

SIGNED_FOR = re.compile(rb"Credential=[^/]+/\d+/[^/]+/(\w+)/aws4_request")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
AT_ONCE_CLOSED = struct.pack("ii", 1, 0)  # no linger: the other end is told with a reset
CHUNK, MOST = 65_536, 1 << 20  # bytes
LOST = (ConnectionError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)


def signed_for(head: bytes) -> str:
    """Which of AWS's offers is meant: dynamodb, s3, sqs, bedrock, rekognition."""
    found = SIGNED_FOR.search(head)
    return found[1].decode() if found else "unsigned"


@dataclass(eq=False, slots=True)
class Line:
    """One connection, and which store it speaks to now."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    store: str
    loses: bool = False  # the answer that comes next

    def tear(self) -> None:
        for end in (self.near, self.far):
            held = end.get_extra_info("socket")
            if held is not None and end is self.near:
                with suppress(OSError):
                    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE_CLOSED)
            end.transport.abort()


@dataclass(slots=True)
class Proxy:
    """Stands before one port. `store`: what everything there belongs to, where no request says so itself."""

    target: int
    store: str = ""
    port: int = 0
    cuts: dict[str, How] = field(default_factory=dict)
    loses: Counter[str] = field(default_factory=Counter)  # answers to be lost yet, by store
    asked: Counter[str] = field(default_factory=Counter)  # requests by store
    lines: set[Line] = field(default_factory=set)
    _door: asyncio.Server | None = None
    _serving: set[asyncio.Task[None]] = field(default_factory=set)
    _mended: asyncio.Event = field(default_factory=asyncio.Event)

    def cut(self, store: str, how: How) -> None:
        """From now on, what is under way included. Where all of a port is cut off, nobody can even connect."""
        self.cuts[store] = how
        if self.store and self._door and how == "reset":
            self._door.close()
        for line in [one for one in self.lines if one.store == store]:
            line.tear()

    async def restore(self, store: str) -> None:
        self.cuts.pop(store, None)
        mended, self._mended = self._mended, asyncio.Event()
        mended.set()
        await self.open()

    async def open(self) -> None:
        if self._door is None or not self._door.is_serving():
            self._door = await asyncio.start_server(self.opened, "127.0.0.1", self.port, limit=MOST)
            self.port = self._door.sockets[0].getsockname()[1]

    def opened(self, near: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = asyncio.create_task(self._serve(near, writer))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)

    async def close(self) -> None:
        """Whoever is served is let go."""
        if self._door:
            self._door.close()
        self._mended.set()
        for line in list(self.lines):
            line.tear()
        await asyncio.gather(*self._serving)

    async def _serve(self, near: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*LOST):
            far, to_far = await asyncio.open_connection("127.0.0.1", self.target)
            line = Line(writer, to_far, self.store)
            self.lines.add(line)
            back = asyncio.create_task(self._answers(far, line))
            try:
                await self._asks(near, line)
            finally:
                back.cancel()
                self.lines.discard(line)
                to_far.close()
                writer.close()

    async def _asks(self, near: asyncio.StreamReader, line: Line) -> None:
        while True:
            said = await (self._raw(near) if self.store else self._request(near, line))
            if not said:
                return
            self.asked[line.store] += 1
            await self._pass(line)
            line.loses = self.loses[line.store] > 0
            self.loses[line.store] -= line.loses
            line.far.write(said)
            await line.far.drain()

    async def _raw(self, near: asyncio.StreamReader) -> bytes:
        return await near.read(CHUNK)

    async def _request(self, near: asyncio.StreamReader, line: Line) -> bytes:
        head = await near.readuntil(b"\r\n\r\n")
        line.store = signed_for(head)
        length = LENGTH.search(head)
        return head + await near.readexactly(int(length[1]) if length else 0)

    async def _pass(self, line: Line) -> None:
        """Where its store is cut off, nobody gets through."""
        match self.cuts.get(line.store):
            case "reset":
                line.tear()
                raise ConnectionResetError
            case "silence":
                await self._mended.wait()
                line.tear()
                raise ConnectionResetError

    async def _answers(self, far: asyncio.StreamReader, line: Line) -> None:
        with suppress(*LOST):
            while data := await far.read(CHUNK):
                if line.loses:
                    break
                line.near.write(data)
                await line.near.drain()
        line.tear()


@asynccontextmanager
async def proxy(target: int, store: str = "") -> AsyncIterator[Proxy]:
    between = Proxy(target, store)
    await between.open()
    try:
        yield between
    finally:
        await between.close()
