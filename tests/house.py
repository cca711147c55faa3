"""The whole house in one test: the real nouns on a table in memory, everybody outside played, and time virtual.

imagify    everything runs; `await imagify.settles()` lets time pass until nothing is left to do
workshop   the same house with nothing running: a test takes every step by hand
an, binh   people who can speak, look, cancel and pay

A test that asks for one of these runs on virtual time (tests/conftest.py): hours pass in no time, and the order in
which tasks take turns is drawn from the test's own name. When the test is over the whole ledger is proved.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import count
from typing import Any, NamedTuple

from bot.channel import Heard
from bot.conversation import Conversation
from bot.house import House, Plan
from core.addresses import Address
from core.audit import Report, audit, every_row
from core.chance import Chance
from core.clock import SECOND
from core.gallery import Image
from core.inbox import Kept
from core.jobs import OPEN, Attempt, Job, changing, claiming, job_key
from core.limits import Limits
from core.models import Catalogue, Route
from core.news import SHARDS, News, shelf_of, waits
from core.painter import Picture
from core.people import CONSENT_VERSION, Language
from core.ports import Ports, Wing
from core.prices import Rates
from core.prompts import Prompt
from core.proofs import Books
from core.studio import Terms
from core.supervise import Crew
from core.table import Row
from infra.embedded.table import SqliteTable
from payments.packages import TILLS, lowest_net_per_credit, read_packages
from payments.proofs import OrderBooks
from payments.tills import Till
from tests.core.rig import Crowded
from tests.speaker import Speaker
from tests.storms.loop import SimClock, SimLoop
from tests.storms.memory import ListJournal, MemoryBlobs, MemoryCache, MemoryQueue, MemorySpool
from tests.storms.played import (
    LetThrough,
    PlayedChannel,
    PlayedDarkroom,
    PlayedPainter,
    PlayedScribe,
)
from tests.storms.played_till import PlayedTill

__all__ = ["BEDROCK", "LEASE", "POCKET", "Balance", "Imagify", "Speaker", "on_trial"]

POCKET = frozenset({"pocket"})
BEDROCK = frozenset({"pocket", "bedrock"})
LEASE = 30 * SECOND
PATIENCE = 3_600  # virtual seconds a house has to come to rest
DOOR = "https://imagify.example"  # where our pages would be


class Balance(NamedTuple):
    free: int
    held: int


class Easel(PlayedPainter):
    """A played painter that takes its time."""

    def __init__(self, clock: SimClock, lot: random.Random) -> None:
        super().__init__(lot)
        self._clock, self.seconds = clock, 8.0

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        picture = await super().paint(prompt, route, source)
        await self._clock.sleep(self.seconds)
        return picture


def on_trial(vendors: frozenset[str], limits: Limits) -> Plan:
    """The house as its settings have it when nothing is set."""
    rates = Rates(lowest_net_per_credit(read_packages("20000=20,50000=55,100000=120"), TILLS))
    return Plan(
        terms=Terms(Catalogue.open(), rates, limits, vendors),
        admins={("telegram", "1"): "owner", ("telegram", "2"): "moderator"},
        secrets=(b"a secret",),
        lease=LEASE,
    )


class Imagify:
    """Everything that outlives a process, and the houses that stand on it."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimLoop), "a test that has a house runs on virtual time"
        lot = self.lot = random.Random(1)
        self.loop, self.clock = loop, SimClock(loop)
        self._rows = SqliteTable.inline(":memory:")
        self.table = Crowded(self._rows)
        self.blobs, self.spool, self.queue = MemoryBlobs(), MemorySpool(), MemoryQueue(lot)
        self.painter, self.scribe = Easel(self.clock, lot), PlayedScribe(lot)
        self.telegram = PlayedChannel("telegram", lot)
        self.zalo = PlayedChannel("zalo", lot, can_edit=False)
        self.till = PlayedTill()
        self.numbers, self._chats = count(1), count(101)
        self._open_jobs: list[str] = []  # as they were seen the last time
        self._open = AsyncExitStack()
        self.house = self.build()

    # -- processes ------------------------------------------------------------------------------------------------

    def ports(self, clock: SimClock) -> Ports:
        return Ports(
            table=self.table,
            blobs=self.blobs,
            queue=self.queue,
            cache=MemoryCache(),
            painter=self.painter,
            scribe=self.scribe,
            judge=LetThrough(),
            journal=ListJournal(),
            spool=self.spool,
            darkroom=PlayedDarkroom(),
            clock=clock,
            chance=Chance(random.Random(next(self.numbers))),
        )

    def build(
        self,
        *,
        hands: int = 4,
        vendors: frozenset[str] = POCKET,
        limits: Limits | None = None,
        lease: int = LEASE,
        gift: int = 10,
        play: bool = False,
        tills: Sequence[Till] | None = None,
        clock: SimClock | None = None,
        **ports: Any,
    ) -> House:
        """The nouns as one more process has them, on these ports where they are its own; nothing runs yet."""
        wing = Wing(replace(self.ports(clock or self.clock), **ports), "", vendors, alone=False)
        plan = replace(on_trial(vendors, limits or Limits()), hands=hands, lease=lease, gift=gift, play=play)
        house = House(wing, plan, (self.telegram, self.zalo), (self.till,) if tills is None else tills)
        house.counter.base = DOOR
        return house

    async def opens(self, house: House | None = None) -> Crew:
        """Everything in it runs, until the crew is left or the test is over."""
        house = house or self.house
        await house.wake(alone=False)
        crew = await self._open.enter_async_context(Crew(house.ports.clock, house.ports.chance))
        house.enlist(crew)
        return crew

    async def closes(self) -> None:
        """Whatever runs is drained, and the ledger is proved."""
        await self._open.aclose()
        report = await self.proof()
        await self.shuts()
        assert report.violations == ()
        assert not self.loop.complaints, self.loop.complaints

    async def shuts(self) -> None:
        await self._open.aclose()
        await self._rows.close()

    def channel(self, name: str) -> PlayedChannel:
        return {"telegram": self.telegram, "zalo": self.zalo}[name]

    # -- people ---------------------------------------------------------------------------------------------------

    async def meets(self, channel: str = "telegram", *, gift: int = 0, paid: int = 0, chat: str = "") -> Speaker:
        """Somebody new who has agreed, with credits to begin with."""
        speaker, house = await self.newcomer(channel, chat=chat), self.house
        person = speaker.person = await house.people.agree(speaker.person, CONSENT_VERSION, channel)
        if gift:
            await house.people.gift(person, person.addresses[0], gift, key=f"gift:{speaker.chat}")
        if paid:
            await house.ledger.deposit(person.id, paid, key=f"order:{speaker.chat}", kind="topup")
        return speaker

    async def newcomer(
        self, channel: str = "telegram", language: Language = "vi", *, chat: str = "", group: str = ""
    ) -> Speaker:
        """Somebody who has agreed to nothing and has nothing yet."""
        chat = chat or str(next(self._chats))
        person = await self.house.people.greet(channel, chat, language)
        return Speaker(self, person, Address(channel, chat, group or chat))

    async def balance(self, whose: Speaker) -> Balance:
        purse = await self.house.ledger.purse(whose.person.id)
        return Balance(purse.free, purse.held)

    # -- time -----------------------------------------------------------------------------------------------------

    async def passes(self, seconds: float) -> None:
        await self.clock.sleep(seconds)

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Looked at often in the beginning, and ever more seldom."""
        step = 0.1
        async with asyncio.timeout(PATIENCE):
            while not await holds():
                await self.clock.sleep(step)
                step = min(5, step * 1.1)

    async def settles(self) -> None:
        """Let time pass until every order is closed and everything there is to tell is told."""
        await self.until(self._quiet)

    async def _quiet(self) -> bool:
        """All rows are read again only once the orders have closed that were open the last time."""
        self._open_jobs = [job for job in self._open_jobs if await self._is_open(job)]
        if not self._open_jobs:
            self._open_jobs = [job.id for job in (await self.books()).jobs.values() if job.state in OPEN]
        return not (self._open_jobs or await self.due())

    async def _is_open(self, job: str) -> bool:
        row = await self.table.get(job_key(job))
        return row is not None and Job.of(row).state in OPEN

    # -- looking --------------------------------------------------------------------------------------------------

    async def rows(self, owner: str = "") -> list[Row]:
        return [row async for row in every_row(self.table) if row.key.owner.startswith(owner)]

    async def rows_named(self, prefix: str) -> list[Row]:
        return [row for row in await self.rows() if row.key.name.startswith(prefix)]

    async def books(self) -> Books:
        books = Books()
        for row in await self.rows():
            books.take(row)
        return books

    async def due(self) -> list[News]:
        """What waits in the outbox, put off or not."""
        shelves = [shelf_of(name, shard) for name in ("telegram", "zalo") for shard in range(SHARDS)]
        return [News.of(row) for shelf in shelves for row in await self.table.list(shelf) if waits(row)]

    async def job(self, job: str) -> Job:
        return await self.house.studio.closings.job(job)

    async def image(self, job: Job) -> Image:
        return (await self.books()).images[job.id]

    async def proof(self) -> Report:
        return await audit(self.table, self.blobs, OrderBooks())

    # -- by hand --------------------------------------------------------------------------------------------------

    async def claims(self, job: Job) -> Job:
        """A worker takes the job."""
        mine = job.claimed(self.clock.now(), LEASE)
        await self.table.write(claiming(job, mine))
        return mine

    async def paints(self, job: Job) -> Job:
        """From the claim to whatever comes of it."""
        await self.house.studio.paint(await self.claims(job))
        return await self.job(job.id)

    async def asks(self, job: Job) -> Job:
        """Its painter is asked, and the answer never comes: the worker dies."""
        mine = await self.claims(job)
        asking = mine.asking(Attempt("pocket@here", self.clock.now(), 0))
        await self.table.write(changing(mine, asking))
        return asking

    async def handles(self, house: House, heard: Heard, tries: int = 0) -> None:
        """What was heard is answered by this house, as its inbox would have it."""
        kept = Kept(heard.lane, heard.update, heard.row(), tries)
        conversation = Conversation(house.desk, (self.telegram, self.zalo))
        await conversation.handle(kept, house.addresses.digest(f"{heard.lane}:{heard.update}"))

    async def carries(self) -> None:
        """Each courier goes round once."""
        for courier in self.house.couriers:
            await courier.round()
