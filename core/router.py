"""Which route paints now, and how many at once. In its simplest true form: the first living route of the model."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from core.errors import Unavailable
from core.models import Catalogue, Route
from core.painter import Painter, Picture
from core.prompts import Prompt


class Router:
    def __init__(self, painter: Painter, catalogue: Catalogue, vendors: Collection[str]) -> None:
        self._painter, self._catalogue, self._vendors = painter, catalogue, vendors
        self._turns: dict[str, asyncio.Semaphore] = {}

    def route(self, model: str, now: int) -> Route:
        """The route that paints as this model. Raises Unavailable when none is alive."""
        known = self._catalogue.models.get(model)
        if known is None or known.ended(now):
            raise Unavailable("misconfigured", "no")
        for route in known.routes:
            if route.vendor in self._vendors:
                return route
        raise Unavailable("misconfigured", "no")

    @asynccontextmanager
    async def turn(self, route: Route) -> AsyncIterator[None]:
        """Wait for one of the places in flight on this route; taken before the attempt is written down."""
        turns = self._turns.setdefault(route.name, asyncio.Semaphore(route.in_flight))
        async with turns:
            yield

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        """One attempt within the route's time. A time-out may have been billed all the same."""
        try:
            async with asyncio.timeout(route.timeout):
                return await self._painter.paint(prompt, route, source)
        except TimeoutError:
            raise Unavailable("timeout", "unknown") from None
