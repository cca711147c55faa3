"""Port: what a vendor says of the lives of its models."""

from datetime import date
from typing import Protocol

from core.models import Route


class Almanac(Protocol):
    async def ends(self, route: Route) -> date | None:
        """The day from which it is gone; nothing where none is set. Raises Unavailable."""
        ...
