"""The way in for pictures: posted, spooled piece by piece, and looked at once they are whole and have their turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO

from aiohttp import web

from bot.bodies import pieces_of
from bot.strangers import Seats
from bot.web.ear import Rude

WAY = "/live/picture"
HEAVIEST = 20 * 1024 * 1024  # bytes of a picture
LONGEST_HEAD = 64 * 1024  # bytes of the line before it
IN_ALL, OF_ONE = 16, 4  # that come at once: to the house, from one chat or address
HELD = 2  # whole ones in memory
AGAIN = "5"  # seconds


@dataclass(slots=True)
class Posts:
    """Pictures on their way in, no more of them at once than there is room for."""

    seats: Seats = field(default_factory=Seats)
    memory: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HELD))

    @asynccontextmanager
    async def spooled(self, request: web.Request, *senders: str) -> AsyncIterator["Spooled"]:
        """The whole of it. Raises 503 where too many are on their way."""
        places = {"": IN_ALL} | dict.fromkeys(senders, OF_ONE)
        with self.seats.take(places) as free, TemporaryFile() as spool:
            if not free:
                raise web.HTTPServiceUnavailable(headers={"Retry-After": AGAIN})
            yield Spooled(await spool_of(request, spool), spool)


@dataclass(frozen=True, slots=True)
class Spooled:
    """A line of words, and a picture on the disk."""

    head: bytes
    spool: IO[bytes]

    def picture(self) -> bytes:
        self.spool.seek(0)
        return self.spool.read()


async def spool_of(request: web.Request, spool: IO[bytes]) -> bytes:
    """Everything behind the first line goes to the disk; the line is handed over."""
    head, ended = bytearray(), False
    async for piece in pieces_of(request, HEAVIEST + LONGEST_HEAD):
        rest = piece
        if not ended:
            words, newline, rest = piece.partition(b"\n")
            head, ended = head + words, bool(newline)
        if len(head) > LONGEST_HEAD:
            raise Rude
        await asyncio.to_thread(spool.write, rest)
    return bytes(head)
