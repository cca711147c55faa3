"""What a played telephone's page may ask for: deeds with JSON in and out, and 409 for what cannot be done."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from aiohttp import web

Asked: TypeAlias = Mapping[str, Any]
Deed: TypeAlias = Callable[[Asked], Awaitable[object]]


class Impossible(Exception):
    """What nobody could do in a chat: no such button, no such chat, a chat one has left."""


def route(deed: Deed, *refusals: type[Exception]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A deed as a route. Only JSON is read: a stranger's form cannot send that without asking first."""
    known: tuple[type[Exception], ...] = (Impossible, *refusals, ValueError, TypeError, KeyError, OverflowError)

    async def serve(request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="application/json only")
        try:
            asked = await request.json()
            done = await deed(asked if isinstance(asked, dict) else {})
        except known as refused:
            return web.json_response({"error": str(refused)}, status=409)
        return web.json_response(done)

    return serve


def text(asked: Asked, name: str, default: str | None = None) -> str:
    value = asked.get(name, default)
    if not isinstance(value, str):
        raise TypeError(f"{name} is wanted, as text")
    return value


async def wait(event: asyncio.Event, seconds: float) -> None:
    """So many real seconds at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
