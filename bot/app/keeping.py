"""What is done with a house besides running it: proved, copied, read for the books, freed of play."""

from pathlib import Path

from bot.app.planning import plan
from bot.house import House
from bot.settings import Settings
from core.audit import Report, audit
from core.schema import open_schema
from core.voiding import Voided, void_play
from infra import embedded
from infra.embedded.blobs import FileBlobs
from infra.embedded.home import BLOBS, look_in
from infra.local.clock import WallClock
from payments.orders import Order, Orders
from payments.proofs import OrderBooks
from payments.voiding import close_played


async def audit_home(home: Path) -> Report:
    """The proof of an embedded home at one moment, whether the house is open or shut."""
    table = look_in(home)
    try:
        return await audit(table, FileBlobs(home / BLOBS, looking=True), OrderBooks())
    finally:
        await table.close()


async def paid_in(home: Path, day: str) -> list[Order]:
    """What was paid on a day, as an embedded home has it at this moment, open or shut."""
    table = look_in(home)
    try:
        return await Orders(table).paid_on(day)
    finally:
        await table.close()


async def void_played(settings: Settings) -> tuple[Voided, int]:
    """What was played is taken back, in a house that is shut; and how many orders were closed. Nobody is told."""
    await look_in(settings.home).close()  # there is a house to do it in
    async with embedded.open(settings.home) as wing:
        house = House(wing, plan(settings, wing))
        table = wing.ports.table
        await open_schema(table)
        closed = await close_played(table, house.cashier, house.refunds, wing.ports.clock.now())
        return await void_play(table, house.ledger), closed


def now() -> int:
    """The moment, for those who only look."""
    return WallClock().now()
