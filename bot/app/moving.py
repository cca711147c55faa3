"""Moving an embedded home to the AWS wing: what must hold before it may, and what both sides stand on."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.app.planning import plan
from bot.house import House
from bot.settings import LOOPBACK, Settings
from bot.vendors import host_of
from core.addresses import Address, Addresses, address_key
from core.audit import every_row
from core.chance import Chance
from core.errors import CannotStart, Unavailable
from core.moving import Ground, Moved, move, stay
from core.people import Person
from core.play import was_played
from core.ports import Wing
from core.table import Table, TableUnavailable
from infra import embedded
from infra.embedded.home import look_in
from infra.local.clock import WallClock
from payments.proofs import OrderBooks


async def migrate(settings: Settings) -> Moved:
    """Everything of an embedded home that is shut, to the table and the bucket of the settings."""
    if not settings.on_aws:
        raise CannotStart(
            "Where to? Set IMAGIFY_AWS__TABLE and the rest of IMAGIFY_AWS__ as the house there will have it."
        )
    async with lived_in(settings.home) as wing, on_aws(settings) as new:
        with answering(settings):
            await refuse_play(wing.ports.table, settings)
            house = House(wing, plan(settings, wing))
            await know_everyone(house.addresses, wing, settings)
            await house.studio.rescue()  # what is still on this disk alone is paid for
            old = Ground(wing.ports.table, wing.ports.blobs)
            return await move(old, new, place_of(settings), wing.ports.chance.token(), lambda: [OrderBooks()])


async def undo_migrate(home: Path) -> str:
    """The home opens again; where it had gone."""
    async with lived_in(home) as wing:
        return await stay(wing.ports.table)


async def secret_of(home: Path) -> str:
    """By which people are known in this home."""
    async with lived_in(home) as wing:
        return wing.secret


def place_of(settings: Settings) -> str:
    aws = settings.aws
    where = f" at {aws.endpoint}" if aws.endpoint else ""
    return f"table {aws.table} and bucket {aws.bucket} in {aws.region}{where}"


@asynccontextmanager
async def lived_in(home: Path) -> AsyncIterator[Wing]:
    """A home that is there, and ours alone for as long as this takes."""
    await look_in(home).close()
    async with embedded.open(home) as wing:
        yield wing


@asynccontextmanager
async def on_aws(settings: Settings) -> AsyncIterator[Ground]:
    """The table and the bucket alone: nothing rings, paints or is cached while a house moves."""
    from infra.aws.blobs import S3Blobs  # noqa: PLC0415 - botocore takes its time to import
    from infra.aws.call import SignedRoad, place  # noqa: PLC0415 - same
    from infra.aws.table import DynamoTable  # noqa: PLC0415 - same

    aws, clock, chance = settings.aws, WallClock(), Chance()
    table, bucket = (place(name, aws.region, aws.endpoint) for name in ("dynamodb", "s3"))
    async with SignedRoad() as road:
        yield Ground(
            DynamoTable(road, table, aws.table, clock, chance), S3Blobs(road, bucket, aws.bucket, clock, chance)
        )


@contextmanager
def answering(settings: Settings) -> Iterator[None]:
    """Whatever has been carried stands there, so a place that stopped answering costs nothing but time."""
    try:
        yield
    except (TableUnavailable, Unavailable) as error:
        raise CannotStart(
            f"The move to {place_of(settings)} has stopped ({error}): run it again, and it goes on where it was."
        ) from error


async def refuse_play(table: Table, settings: Settings) -> None:
    """Credits that were bought with nothing buy no real pictures. A look-alike on this machine is no matter."""
    if host_of(settings.aws.endpoint) not in LOOPBACK and await was_played(table):
        raise CannotStart(
            f"The home {settings.home} has credits from the played till, so it does not move to AWS: "
            f"run `imagify void-play --home {settings.home}` once, which voids them."
        )


async def know_everyone(addresses: Addresses, wing: Wing, settings: Settings) -> None:
    """People are found by a digest under the secret: under another one, every one of them would be a stranger."""
    table, secret = wing.ports.table, settings.secret.get_secret_value()
    here = await addresses_in(table)
    if secret != wing.secret and await strangers(table, secret, here) == len(here):
        raise CannotStart(
            "People of this home are known by its secret, so IMAGIFY_SECRET must be the same on AWS: "
            f"`imagify migrate --secret --home {settings.home}` prints the line."
        )
    await addresses.renew(*here)
    if unknown := await strangers(table, secret, here):
        raise CannotStart(
            f"{unknown} of {len(here)} addresses in this home are known by another IMAGIFY_SECRET, "
            "with which it was run before: set that one."
        )


async def addresses_in(table: Table) -> list[Address]:
    people = [row async for row in every_row(table) if row.key.name == "PROFILE"]
    return [address for row in people for address in Person.of(row.key.owner, row).addresses]


async def strangers(table: Table, secret: str, whose: list[Address]) -> int:
    """How many of them do not stand under that secret."""
    keys = [address_key(secret.encode(), address) for address in whose]
    return len([key for key in keys if await table.get(key) is None])
