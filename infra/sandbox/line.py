"""How a played vendor reaches a bot: one POST, no redirect followed; and how its own lines are cut."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import aiohttp
from aiohttp import web

BIGGEST_ANSWER = 1024 * 1024  # bytes of a webhook's
PATIENCE = 60.0  # real seconds a webhook has to answer, where its vendor has no less patience


@dataclass(frozen=True, slots=True)
class Heard:
    """A webhook's answer over HTTP."""

    status: int
    body: bytes = b""
    kind: str = "application/json"
    retry_after: str = ""
    reason: str = ""


# Posts to a bot's address; raises OSError where nobody listens, TimeoutError where nobody answers.
Line: TypeAlias = Callable[[str, bytes, Mapping[str, str]], Awaitable[Heard]]


class Cut(ConnectionResetError):
    """The line was cut, with perhaps the first part of an answer on it."""

    def __init__(self, begun: bytes = b"") -> None:
        super().__init__("the line was cut")
        self.begun = begun


class Played(Protocol):
    """A vendor that does things as time passes."""

    async def run(self) -> None: ...

    async def close(self) -> None: ...


async def no_line(url: str, body: bytes, headers: Mapping[str, str]) -> Heard:
    raise ConnectionRefusedError(url, len(body), len(headers))


def line(session: aiohttp.ClientSession) -> Line:
    async def post(url: str, body: bytes, headers: Mapping[str, str]) -> Heard:
        try:
            async with asyncio.timeout(PATIENCE):
                return await _posted(session, url, body, headers)
        except aiohttp.ClientError as fault:
            raise ConnectionError(str(fault)) from fault

    return post


async def _posted(session: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str]) -> Heard:
    async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
        said = await answer.content.read(BIGGEST_ANSWER)
        again = answer.headers.get("Retry-After", "")
        return Heard(answer.status, said, answer.content_type, again, answer.reason or "")


@asynccontextmanager
async def running(played: Played) -> AsyncIterator[None]:
    """Whatever falls due is done, until the block ends."""
    task = asyncio.create_task(played.run())
    try:
        yield
    finally:
        await played.close()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def torn(request: web.Request, cut: Cut) -> web.StreamResponse:
    """The line goes dead, perhaps in the middle of the answer."""
    answer = web.StreamResponse(headers={"Content-Type": "application/json"})
    if cut.begun:
        answer.content_length = len(cut.begun) * 2
        await answer.prepare(request)
        await answer.write(cut.begun)
    if request.transport:
        request.transport.abort()
    return answer if cut.begun else web.Response(status=504)  # to nobody
