"""AWS played by a few lines on loopback: it answers what a test has put on its script, and remembers what it heard."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import pytest
from aiohttp import web

from infra.aws.call import Bounds, Place, SignedRoad, place
from tests.servers import REGION, on_ministack, played_keys

__all__ = ["on_ministack"]  # a fixture, found by its name

Line: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Heard:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PlayedAws:
    """Line after line of its script is played; the last one stays."""

    url: str = ""
    script: list[Line] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    hearing: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.heard.append(Heard(request.method, request.raw_path, headers, await request.read()))
        self.hearing.set()
        line = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return await line(request)

    def says(self, body: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        async def line(_: web.Request) -> web.StreamResponse:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            return web.Response(body=raw, status=status, headers=headers)

        self.script.append(line)

    def hangs(self) -> None:
        async def line(_: web.Request) -> web.StreamResponse:
            await self.closing.wait()
            return web.Response()

        self.script.append(line)

    def hangs_up(self, after: bytes = b"") -> None:
        """Ends the connection, before the answer or in the midst of it."""

        async def line(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            if after:
                await response.prepare(request)
                await response.write(after)
            assert request.transport
            request.transport.abort()
            return response

        self.script.append(line)

    def place(self, bounds: Bounds | None = None) -> Place:
        return place("dynamodb", REGION, self.url, bounds)


@pytest.fixture
async def aws() -> AsyncIterator[PlayedAws]:
    played = PlayedAws()
    house = web.Application(client_max_size=30_000_000)
    house.router.add_route("*", "/{path:.*}", played.answer)
    runner = web.AppRunner(house, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    played.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield played
    played.closing.set()
    await runner.cleanup()


@pytest.fixture
async def road() -> AsyncIterator[SignedRoad]:
    async with SignedRoad(played_keys()) as opened:
        yield opened
