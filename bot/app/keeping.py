"""What is done with a house besides running it: proved, read for the books, freed of play, its bell mended."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app.planning import plan, secrets
from bot.app.wings import open_wing
from bot.house import House
from bot.settings import Settings
from core.audit import Report, audit
from core.blobs import Blobs
from core.errors import CannotStart, Unavailable
from core.rotation import Standing, know_secret
from core.rotation import look as look_round
from core.schema import open_schema
from core.table import Table
from core.voiding import Voided, void_play
from infra.embedded.blobs import FileBlobs
from infra.embedded.home import BLOBS, SECRET, Home, inspect, look_in
from infra.embedded.pages import VERSION, mended
from infra.local.clock import WallClock
from payments.orders import Order, Orders
from payments.proofs import OrderBooks
from payments.voiding import close_played


@asynccontextmanager
async def looking(settings: Settings) -> AsyncIterator[tuple[Table, Blobs]]:
    """What is kept, to be read and not changed, whether the house is open or shut."""
    if settings.on_aws:
        async with open_wing(settings) as wing:
            yield wing.ports.table, wing.ports.blobs
        return
    table = look_in(settings.home)
    try:
        yield table, FileBlobs(settings.home / BLOBS, looking=True)
    finally:
        await table.close()


async def audit_house(settings: Settings) -> Report:
    """The proof of a house at one moment."""
    if not settings.on_aws:
        return await audit_home(settings.home)
    async with looking(settings) as (table, blobs):
        return await audit(table, blobs, OrderBooks())


async def audit_home(home: Path) -> Report:
    """The same of an embedded home, where what is damaged in the file is named too."""
    inspection = inspect(home)
    try:
        return await audit(inspection, FileBlobs(home / BLOBS, looking=True), OrderBooks(), inspection)
    finally:
        await inspection.close()


async def takes_writes(home: Path) -> bool:
    """Whether a file can be written in the home now; what is written is gone again."""
    try:
        await FileBlobs(home / BLOBS, looking=True).probe()
    except Unavailable:
        return False
    return True


def engine() -> tuple[str, bool]:
    """The version of SQLite, and whether it is one without the fault by which two writers may lose a commit."""
    return VERSION, mended()


async def known_by(settings: Settings) -> Standing:
    """Whether the secrets that are set are those of the house, and who is still known by an earlier one."""
    file = settings.home / SECRET
    homes = file.read_text(errors="replace").strip() if not settings.on_aws and file.exists() else ""
    async with looking(settings) as (table, _):
        return await look_round(table, secrets(settings, homes) or (b"",))


async def accept_home(home: Path) -> None:
    """Go on with a home as it stands: its marker says from now on what its table says."""
    opened = Home.open(home, accept=True)
    try:
        await opened.table().close()
    finally:
        opened.close()


async def paid_in(settings: Settings, day: str) -> list[Order]:
    """What was paid on a day, as the table has it at this moment."""
    async with looking(settings) as (table, _):
        return await Orders(table).paid_on(day)


async def void_played(settings: Settings) -> tuple[Voided, int]:
    """What was played is taken back, in a house that is shut; and how many orders were closed. Nobody is told."""
    if not settings.on_aws:
        await look_in(settings.home).close()  # there is a house to do it in
    async with open_wing(settings) as wing:
        if wing.roll and (others := await wing.roll.others()):
            raise CannotStart(f"{others} processes of this house are running: stop them first, and wait a minute.")
        house = House(wing, plan(settings, wing))
        table = wing.ports.table
        await open_schema(table)
        await know_secret(table, house.addresses.secrets)
        closed = await close_played(table, house.cashier, house.refunds, wing.ports.clock.now())
        return await void_play(table, house.ledger), closed


async def redrive(settings: Settings) -> int:
    """Tickets that were put aside ring again; how many there were."""
    if not settings.on_aws:
        raise CannotStart("There is nothing to redrive in an embedded home: its bell is in its one process.")
    from bot.app.cloud import redrive as bring_back  # noqa: PLC0415 - only where it is switched on

    return await bring_back(settings)


async def look(settings: Settings) -> list[tuple[bool, str, str]]:
    """What stands at AWS: well or not, what it is, what mends it."""
    from bot.app.cloud import look as look_up  # noqa: PLC0415 - same

    return [(seen.well, seen.what, seen.mend) for seen in await look_up(settings)]


def now() -> int:
    """The moment, for those who only look."""
    return WallClock().now()
