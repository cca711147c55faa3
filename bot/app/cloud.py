"""AWS as the settings have it. Imported only where it is switched on: its libraries take half a second."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

from bot.settings import Settings
from core.models import Catalogue
from core.ports import Wing
from infra import aws
from infra.aws import Account, Models
from infra.aws.health import Seen
from infra.embedded.cache import DictCache
from infra.embedded.scribe import PocketScribe
from infra.local.clock import WallClock


def open_cloud(settings: Settings, bedrock: str) -> AbstractAsyncContextManager[Wing]:
    """Everything at AWS; what has no address there is spared by what is at home."""
    return aws.open(account_of(settings), models_of(settings, bedrock), PocketScribe, DictCache)


@asynccontextmanager
async def painted_by_bedrock(wing: Wing, settings: Settings, bedrock: str) -> AsyncIterator[Wing]:
    """A house at home whose painters are Bedrock's."""
    async with aws.hire(models_of(settings, bedrock), wing.ports.darkroom, PocketScribe) as hired:
        ports = replace(
            wing.ports, painter=hired.painter, scribe=hired.remembering(wing.ports.cache), judge=hired.judge
        )
        yield replace(wing, ports=ports, vendors=frozenset({"bedrock"}), measures=hired.measures, almanac=hired.almanac)


async def redrive(settings: Settings) -> int:
    """Tickets that SQS put aside, because whoever heard them died five times, ring again."""
    return await aws.redrive(account_of(settings))


async def look(settings: Settings) -> list[Seen]:
    """Everything at AWS, as an owner wants to know it."""
    models = models_of(settings, settings.bedrock.endpoint)
    painters = Catalogue.open().ladder(WallClock().now(), frozenset({"bedrock"}))
    return await aws.look(account_of(settings), models, painters)


def account_of(settings: Settings) -> Account:
    own = settings.aws
    return Account(
        region=own.region,
        table=own.table,
        bucket=own.bucket,
        queue=own.queue,
        secret=settings.secret.get_secret_value(),
        home=settings.home,
        lease=settings.lease,
        redis=own.redis,
        stream=own.stream,
        endpoint=own.endpoint,
    )


def models_of(settings: Settings, bedrock: str) -> Models:
    return Models(settings.aws.region, settings.bedrock.region, bedrock, played="bedrock" in settings.plays)
