"""The house that is killed for real: every noun of bot.app at work, and a few people who give it no rest.

Each person's updates are drawn from the seed, so a new process goes on where the witness says the old one was
stopped, and sends again, as a channel does, what was never acknowledged. Time runs `SPEED` times as fast as on the
wall, so that leases, sweeps and chores have their production lengths and still come round within a life.

python -m tests.storms.killed_house

reads a stage a line and lives there, each time in a process of its own. It is forked from this one, in which all is
loaded already, so a life begins at once.
"""

import asyncio
import hashlib
import logging
import os
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from json import dumps, loads
from pathlib import Path
from random import Random

from bot import settings
from bot.app import plan
from bot.house import House
from core.chance import Chance
from core.clock import HOUR
from core.errors import Refusal
from core.inbox import WAITING, Kept
from core.jobs import PAINTING, QUEUED, Sheet, sheet_key
from core.news import Outbox
from core.people import CONSENT_VERSION
from core.ports import Wing
from core.prompts import read
from core.studio import Spot, sheet_id
from core.supervise import Crew
from core.table import SHELF_INDEX, Table, Value
from infra import embedded
from infra.aws.call import SignedRoad, place
from infra.aws.patience import Patience
from infra.aws.table import DynamoTable, create_table
from infra.embedded.blobs import FileBlobs
from infra.embedded.home import BLOBS
from infra.local.clock import WallClock
from tests.servers import REGION, played_keys
from tests.storms.witness import BilledPainter, Complaints, Line, Witness, WitnessedChannel, WitnessedSpool

SPEED = 30
LEASE = 60  # seconds of the house's time: two on the wall
PEOPLE = [f"chat{number}" for number in range(6)]
CROWD = "crowd"  # how the names of its chats begin
CREDITS = 100_000
TABLE = "imagify"
PAUSE = 0.05  # seconds on the wall a person thinks at most
LIFE = 90.0  # seconds on the wall after which a process that nobody kills ends by itself
CANCELS, TWICE = 0.3, 0.1  # how often a person thinks again, and a channel repeats itself


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one life plays."""

    home: str
    witness: str
    seed: int
    life: int
    epoch: int  # milliseconds since 1970: when the house's time began to run fast
    heard: Mapping[str, int] = field(default_factory=dict)  # the last update of each chat that was acknowledged
    crowd: int = 0  # chats that order nothing, and say one light word after the other
    server: str = ""  # where DynamoDB is played; SQLite in the home without one
    settle: bool = False  # nobody speaks any more: finish what was begun, and end

    @property
    def blobs(self) -> Path:
        """Folder of the pictures, outside the home where the table is, which lacks their orders."""
        return Path(self.home).with_name("bucket") if self.server else Path(self.home) / BLOBS

    def written(self) -> str:
        return dumps(asdict(self))


class FastClock:
    """The same time in every life of a run, and faster than the wall's."""

    def __init__(self, epoch: int) -> None:
        self._epoch, self._ahead = epoch, 0

    def now(self) -> int:
        return self._epoch + (time.time_ns() // 1_000_000 - self._epoch) * SPEED + self._ahead

    def steady(self) -> int:
        return time.monotonic_ns() // 1_000_000 * SPEED + self._ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)

    def leap(self, span: int) -> None:
        self._ahead += span


# -- people ---------------------------------------------------------------------------------------------------------


def update(number: int) -> str:
    return f"{number:08d}"


def says(seed: int, chat: str, number: int) -> Mapping[str, Value]:
    """What a person says in one of their updates; what they cancel is what they ordered just before."""
    if chat.startswith(CROWD):
        return {"do": "greet"}
    if number == 1:
        return {"do": "start"}
    lot = Random(f"{seed} {chat} {number}")
    if number > 2 and lot.random() < CANCELS and says(seed, chat, number - 1)["do"] == "order":
        return {"do": "cancel", "of": update(number - 1)}
    return {"do": "order", "text": f"{words(chat, number)} --n {lot.choice((1, 1, 2))}"}


def words(chat: str, number: int) -> str:
    return f"mèo mướp {chat} {number}"


class Talk:
    """What the house does with what it hears, and the people who wait for its answer."""

    def __init__(self, witness: Witness, stage: Stage) -> None:
        self._witness, self._seed, self._heard = witness, stage.seed, stage.heard
        self.crowd = [f"{CROWD}{number}" for number in range(stage.crowd)]
        self._answered: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.house: House

    async def hear(self, kept: Kept, key: str) -> None:
        chat = kept.lane.partition(":")[2]
        try:
            answer, jobs = ("laid aside", ()) if kept.laid_aside else await self._answer(kept, chat, key)
        except Refusal as refusal:
            answer, jobs = type(refusal).__name__, ()
        self._witness.tell("answered", chat, kept.update, answer, *jobs)
        self._answered[chat].set()

    async def _answer(self, kept: Kept, chat: str, key: str) -> tuple[str, tuple[str, ...]]:
        match kept.words:
            case {"do": "greet"}:
                return "greeted", ((await self.house.people.greet("played", chat, "vi")).id,)
            case {"do": "start"}:
                return "started", (await self._start(chat, key),)
            case {"do": "order", "text": str(text)}:
                return "ordered", await self._order(chat, text, key)
            case {"do": "cancel", "of": str(of)}:
                return "cancelled", await self._cancel(chat, of)
        raise ValueError(kept.words)

    async def _start(self, chat: str, key: str) -> str:
        person = await self.house.people.greet("played", chat, "vi")
        person = await self.house.people.agree(person, CONSENT_VERSION, "played")
        await self.house.ledger.deposit(person.id, CREDITS, key=key, kind="topup")
        return person.id

    async def _order(self, chat: str, text: str, key: str) -> tuple[str, ...]:
        person = await self.house.people.greet("played", chat, "vi")
        ordered = await self.house.studio.order(person, read(text), key=key, spot=Spot("played", chat))
        return ordered.sheet.jobs

    async def _cancel(self, chat: str, of: str) -> tuple[str, ...]:
        """The first job of the sheet, if the order was taken."""
        person = await self.house.people.greet("played", chat, "vi")
        row = await self.house.ports.table.get(sheet_key(sheet_id(self.house.addresses.digest(f"played:{chat}:{of}"))))
        jobs = Sheet.of(row).jobs[:1] if row else ()
        for job in jobs:
            await self.house.studio.cancel(person.id, job)
        return jobs

    async def speak(self, chat: str) -> None:
        """Update after update for ever, beginning with the first that was not acknowledged."""
        number = self._heard.get(chat, 0)
        lot = Random(f"{self._seed} {chat} {number} pauses")
        while True:
            number += 1
            await self._say(chat, number, again=lot.random() < TWICE)
            await asyncio.sleep(lot.uniform(0, PAUSE))

    async def _say(self, chat: str, number: int, *, again: bool) -> None:
        answered = self._answered[chat]
        answered.clear()
        fresh = await self._keep(chat, number)
        self._witness.tell("kept", chat, update(number))
        if again and await self._keep(chat, number):
            self._witness.tell("complaint", chat, f"{update(number)} was kept twice")
        if fresh:
            await answered.wait()

    async def _keep(self, chat: str, number: int) -> bool:
        return await self.house.inbox.keep(f"played:{chat}", update(number), says(self._seed, chat, number))

    async def look(self, chat: str) -> None:
        """Open one of the newest pictures now and then, whether or not it was sent already."""
        lot = Random(f"{self._seed} {chat} looks")
        while True:
            await asyncio.sleep(lot.uniform(0, PAUSE))
            person = await self.house.people.find("played", chat)
            images = await self.house.studio.gallery.newest(person.id, limit=2) if person else []
            if person and images:
                await self._view(person.id, lot.choice(images).id)

    async def _view(self, person: str, image: str) -> None:
        try:
            seen = await self.house.studio.gallery.view(person, image)
        except Refusal:
            return  # given back this very moment
        data = await self.house.ports.blobs.get(seen.blob)
        self._witness.tell("viewed", person, image, hashlib.sha256(data or b"").hexdigest())


# -- the house ------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def opened(stage: Stage, clock: FastClock, witness: Witness) -> AsyncIterator[Wing]:
    """The embedded wing with painter and spool under the witness's eyes, on the table of the stage."""
    lot = Random(f"{stage.seed} {stage.life} painter")
    async with AsyncExitStack() as closing:
        wing = await closing.enter_async_context(embedded.open(Path(stage.home)))
        spool = WitnessedSpool(wing.ports.spool, witness)
        ports = replace(wing.ports, clock=clock, spool=spool, painter=BilledPainter(witness, lot))
        if stage.server:
            road = await closing.enter_async_context(SignedRoad(played_keys()))
            ports = replace(ports, table=await dynamo(road, stage.server), blobs=FileBlobs(stage.blobs))
        yield replace(wing, ports=ports, alone=not stage.server)


async def dynamo(road: SignedRoad, server: str) -> DynamoTable:
    where, clock, chance = place("dynamodb", REGION, server), WallClock(), Chance()
    await create_table(road, where, TABLE, Patience(clock, chance))
    return DynamoTable(road, where, TABLE, clock, chance)


async def live(stage: Stage) -> None:
    witness, clock = Witness(Path(stage.witness), stage.life), FastClock(stage.epoch)
    logging.basicConfig(handlers=[Complaints(witness)])
    witness.tell("began", str(os.getpid()))
    talk = Talk(witness, stage)
    channel = WitnessedChannel(witness, Random(f"{stage.seed} {stage.life} channel"))
    chosen = settings.read(home=Path(stage.home), lease=LEASE, open_sheets=4)
    async with asyncio.timeout(LIFE), opened(stage, clock, witness) as wing:
        talk.house = house = House(wing, plan(chosen, wing), [channel], handle=talk.hear)
        await house.wake(alone=wing.alone)
        async with Crew(clock, wing.ports.chance) as crew:
            house.enlist(crew)
            await (settle(house, clock) if stage.settle else everybody(talk))


async def everybody(talk: Talk) -> None:
    """All speak and look at once until the end, which comes from outside."""
    async with asyncio.TaskGroup() as people:
        for chat in PEOPLE:
            people.create_task(talk.speak(chat))
            people.create_task(talk.look(chat))
        for chat in talk.crowd:
            people.create_task(talk.speak(chat))


async def settle(house: House, clock: FastClock) -> None:
    """Finish everything; then an hour later, when nothing can still be under way, clear away what was left behind."""
    while await busy(house.ports.table):  # noqa: ASYNC110 - nothing rings when a row changes
        await asyncio.sleep(0.05)
    clock.leap(HOUR)
    await house.sweeps.clear_leftovers()
    await house.sweeps.clear_spool()


async def busy(table: Table) -> bool:
    shelves = [await table.find(SHELF_INDEX, shelf, limit=1) for shelf in (WAITING, QUEUED, PAINTING)]
    return any(shelves) or not await Outbox(table).empty("played")


def bear(stage: Stage) -> int:
    """Live on `stage` in a process of its own and give its exit code."""
    child = os.fork()
    if not child:
        asyncio.run(live(stage))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    for written in sys.stdin:
        ended = bear(Stage(**loads(written)))
        os.write(sys.stdout.fileno(), Line(0, "ended", name=str(ended)).written())
