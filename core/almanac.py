"""Almanac port – says on which day a vendor ends a model."""

from datetime import date
from typing import Protocol

from core.models import Route


class Almanac(Protocol):
    async def ends(self, route: Route) -> date | None:
        """Day from which the model of `route` is gone, or None where no day is set. Raises Unavailable."""
        ...
