"""The wing a house stands on, as the settings have it, and who paints there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import Settings
from core.ports import Wing
from infra import embedded


@asynccontextmanager
async def open_wing(settings: Settings) -> AsyncIterator[Wing]:
    """The ports of the house, closed again behind it."""
    async with open_bedrock(settings) as bedrock, open_stores(settings, bedrock) as wing:
        yield wing


@asynccontextmanager
async def open_bedrock(settings: Settings) -> AsyncIterator[str]:
    """Where Bedrock answers, where that is not its own address."""
    if "bedrock" not in settings.plays:
        yield settings.bedrock.endpoint
        return
    from infra.sandbox.bedrock import open_bedrock as play  # noqa: PLC0415 - only where it is played

    async with play() as played:
        yield played.url


@asynccontextmanager
async def open_stores(settings: Settings, bedrock: str) -> AsyncIterator[Wing]:
    """On this machine or at AWS. At home Bedrock paints where it is turned on, else the pocket painter."""
    if settings.on_aws:
        from bot.app.cloud import open_cloud  # noqa: PLC0415 - only where it is switched on

        async with open_cloud(settings, bedrock) as wing:
            yield wing
        return
    async with embedded.open(settings.home, settings.pace) as wing:
        if not settings.on_bedrock:
            yield wing
            return
        from bot.app.cloud import painted_by_bedrock  # noqa: PLC0415 - same

        async with painted_by_bedrock(wing, settings, bedrock) as painted:
            yield painted
