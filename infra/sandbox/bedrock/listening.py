"""The port of the played Bedrock, which can be cut off for a while: nobody connects, and who was connected is not."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from infra.sandbox.door import CLOSES_WITHIN, HOST


class Listening:
    """Keeps the port while nobody is let in, so that no other process takes it."""

    def __init__(self, runner: web.AppRunner, held: socket.socket) -> None:
        self._runner, self._held = runner, held
        self._site: web.TCPSite | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._held.getsockname()[1]}"

    async def begin(self) -> None:
        if self._site is None:
            self._site = web.TCPSite(self._runner, HOST, self._held.getsockname()[1], reuse_port=True)
            await self._site.start()

    async def cut(self) -> None:
        """Connections are refused from now on, and those that stand break off."""
        if self._site is not None:
            site, self._site = self._site, None
            await site.stop()
        server = self._runner.server
        for connection in server.connections if server else ():
            if connection.transport is not None:
                connection.transport.abort()


@asynccontextmanager
async def listening(app: web.Application, port: int) -> AsyncIterator[Listening]:
    """On loopback until the block ends."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSES_WITHIN)
    await runner.setup()
    held = socket.socket()
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((HOST, port))
        here = Listening(runner, held)
        await here.begin()
        yield here
    finally:
        await runner.cleanup()
        held.close()
