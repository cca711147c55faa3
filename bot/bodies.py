"""Bodies of requests, read piece by piece: no more of them, and no longer, than was granted."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.strangers import CROWD, Crowd

TORN = (web.RequestPayloadError, ClientPayloadError, HttpProcessingError, ConnectionError)

AnyAnswer = TypeVar("AnyAnswer", bound=web.HTTPException)


async def pieces_of(request: web.Request, most: int) -> AsyncIterator[bytes]:
    """Every piece as it comes. Raises 413 beyond `most` bytes, 408 where hardly anything comes, 400 where it tears."""
    limits = request.app.get(CROWD, Crowd()).limits
    loop = asyncio.get_running_loop()
    total, fresh = request.content_length or 0, 0
    if total > most:
        raise closing(web.HTTPRequestEntityTooLarge(most, total))
    total, ends = 0, loop.time() + limits.body_pause
    while piece := await next_piece(request, ends):
        total, fresh = total + len(piece), fresh + len(piece)
        if total > most:
            raise closing(web.HTTPRequestEntityTooLarge(most, total))
        yield piece
        if fresh >= limits.body_least:
            ends, fresh = loop.time() + limits.body_pause, 0


async def next_piece(request: web.Request, ends: float) -> bytes:
    try:
        async with asyncio.timeout_at(ends):
            return await request.content.readany()
    except TimeoutError:
        raise closing(web.HTTPRequestTimeout()) from None
    except TORN:
        raise closing(web.HTTPBadRequest()) from None


async def body_of(request: web.Request, most: int) -> bytes:
    """All of a short one."""
    whole = bytearray()
    async for piece in pieces_of(request, most):
        whole += piece
    return bytes(whole)


def closing(answer: AnyAnswer) -> AnyAnswer:
    """The last answer on its connection."""
    answer.force_close()
    return answer
