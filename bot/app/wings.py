"""The wing a house stands on, as the settings have it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import Settings
from core.errors import CannotStart
from core.ports import Wing
from infra import embedded


@asynccontextmanager
async def open_wing(settings: Settings) -> AsyncIterator[Wing]:
    """The ports of the house, closed again behind it."""
    if settings.on_aws:
        raise CannotStart("IMAGIFY_AWS__TABLE is set, but this version cannot open the AWS wing yet: unset it.")
    async with embedded.open(settings.home, settings.pace) as wing:
        yield wing
