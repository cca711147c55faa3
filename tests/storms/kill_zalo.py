"""The house is killed with -9 while people write and answer with numbers on Zalo; nothing may be lost or done twice.

Zalo is played here, in the parent, in either dialect by lot: it goes on bringing to the webhook what was not
acknowledged; what a poll took with it into death is lost, as it is at the real one, and counted. By lot an event comes
twice, the house's answer to one is lost, or Zalo's answer to a message. After every kill the ledger is proved. In the
end a last life finishes what is open, and three books are compared: what people did, what stands in their chats, and
what the house has written down.

python -m tests.storms.kill_zalo KILLS SEED poll|webhook
"""

import asyncio
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import IO

from bot.app import audit_home
from core.audit import every_row
from core.inbox import WAITING
from core.jobs import PAINTING, QUEUED, Job
from core.ledger import Purse
from core.news import SHARDS, shelf_of
from core.table import SHELF_INDEX, Table
from infra.embedded.home import DATABASE, look_in
from infra.sandbox.zalo import DIALECTS, Bot, Chat, Clock, Message, Person, Played, open_zalo
from tests.servers import free_port
from tests.storms.killed_telegram import SPEED
from tests.storms.killed_zalo import GIFT, TOKEN, Mode, Stage

ROOT = Path(__file__).parents[2]
PEOPLE = 3
READS = 12.0  # seconds by Zalo's clock, which runs fast, that somebody takes to read a list
THINKS = 0.6  # seconds on the wall between two things that somebody does, at most
PATIENCE = 8  # words that nobody has taken, after which somebody waits; what comes twenty at once is held to be a flood
LIVES = (0.05, 1.5)  # seconds on the wall that an open house has
EARLY, WAKING = 0.1, 0.8  # how often it is killed while it wakes; within so many seconds on the wall
LOOK, AGAIN = 0.2, 3.0  # seconds on the wall
SETTLED = 90.0  # seconds on the wall the last life may take
MISHAPS = (
    ("update_doubled", ""),
    ("hook_answer_lost", ""),
    ("lapse_after", "sendPhoto"),
    ("reset_after", "sendMessage"),
)
SHELVES = (WAITING, QUEUED, PAINTING)
ENDS = frozenset({"delivered", "failed"})  # a job that was killed at every try is paid back
YES, OFFER = "đồng ý", "không chắc đã gửi tới nơi"


class Hurrying(Clock):
    """Its dates run as fast as its waits: the house's do, too."""

    def date(self) -> float:
        return self.now()


@dataclass(slots=True)
class Report:
    mode: Mode
    kills: int
    prompts: int = 0
    numbers: int = 0
    unheard: int = 0  # taken by a poll whose process died with it
    jobs: Counter[str] = field(default_factory=Counter)  # by state
    offered: int = 0  # pictures that may not have arrived
    repeated: int = 0  # pictures that came twice
    doubled: int = 0  # events that Zalo brought more than once
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> list[tuple[str, object]]:
        return [
            (f"{self.mode}: kills -9", self.kills),
            ("prompts, each ordered once and shown", self.prompts),
            ("answers with a number", self.numbers),
            ("words that a poll took with it into death", self.unheard),
            ("jobs", ", ".join(f"{count:,} {state}" for state, count in sorted(self.jobs.items()))),
            ("pictures that may not have arrived, offered again", self.offered),
            ("pictures that came twice", self.repeated),
            ("deliveries to the webhook beyond the first of an event", self.doubled),
        ]


def run(kills: int, seed: int, mode: Mode) -> Report:
    with TemporaryDirectory() as folder:
        return asyncio.run(raged(Path(folder), kills, seed, mode))


async def raged(folder: Path, kills: int, seed: int, mode: Mode) -> Report:
    lot = Random(seed)
    bot = Bot(TOKEN, dialect=lot.choice(DIALECTS))
    epoch = time.time_ns() // 1_000_000
    async with open_zalo([bot], clock=Hurrying(SPEED)) as played:
        habits = played.zalo.habits
        habits.fetches = 1  # nobody is there to be asked again while the house is dead
        habits.hook_waits = (10.0,) * 400
        played.zalo.robot().meter.plan = replace(bot.plan, users=0, messages=0)
        stage = Stage(str(folder / "home"), epoch, played.api_url, free_port(), mode)
        with (folder / "complaints").open("w+") as complaints:
            return await Storm(stage, played, lot, Report(mode, kills), complaints).rage()


# -- who comes ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Somebody:
    """A person who gives the house no rest, and remembers what they did."""

    known: Person
    lot: Random
    prompts: list[str] = field(default_factory=list)
    numbers: int = 0  # by which they asked for one more
    yeses: int = 0
    done: set[str] = field(default_factory=set)  # messages that they have answered

    @property
    def chat(self) -> Chat:
        return self.known.chat()

    async def lives(self) -> None:
        await self.known.says("xin chào")
        while not self._newest(lambda one: one.text.startswith("👋")):
            if self._newest(lambda one: "1. Đồng ý" in one.text):
                self.yeses += 1
                await self.known.says(YES)
            else:
                await self.known.says("xin chào")
            await asyncio.sleep(AGAIN)
        while True:
            if self._waiting() <= PATIENCE:
                await self._does()
            await asyncio.sleep(self.lot.uniform(0, THINKS))

    async def _does(self) -> None:
        newest = self._newest(lambda one: "\n1. " in one.text)
        if newest is None or newest.id in self.done or self.lot.random() < 0.7 or not self._answerable(newest):
            await self._speaks()
            return
        self.done.add(newest.id)
        self.numbers += newest.photo != ""
        await self.known.says("1")

    def _answerable(self, list_: Message) -> bool:
        """One more of a picture, or one that may not have arrived; read for so long that the house knows of it."""
        return (list_.photo != "" or OFFER in list_.text) and list_.at + READS < self.known.world.clock.date()

    def _waiting(self) -> int:
        """How much of theirs Zalo could not bring yet."""
        (robot,) = self.known.world.robots.values()
        lane = robot.hook._lanes.get(self.known.id, ())
        return len(lane) + sum(event.place == self.known.id for event in robot.updates.pending)

    async def _speaks(self) -> None:
        if len(self.prompts) + self.numbers < GIFT - 2:
            self.prompts.append(f"mèo số {len(self.prompts)} của {self.known.known.name}")
            await self.known.says(self.prompts[-1])

    def _newest(self, fits: Callable[[Message], bool]) -> Message | None:
        return next((one for one in self.chat.newest_first() if one.by_bot and fits(one)), None)


def quoted(picture: Message) -> str:
    """The prompt that stands under a picture."""
    return picture.text.partition("“")[2].partition("”")[0]


# -- the storm ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Storm:
    stage: Stage
    played: Played
    lot: Random
    report: Report
    complaints: IO[str]
    people: list[Somebody] = field(default_factory=list)

    async def rage(self) -> Report:
        known = [self.played.zalo.person(name=f"P{number}") for number in range(PEOPLE)]
        self.people = [Somebody(one, Random(self.lot.random())) for one in known]
        doing = [asyncio.create_task(one.lives()) for one in self.people]
        for life in range(1, self.report.kills + 1):
            fault, method = self.lot.choice(MISHAPS)
            self.played.zalo.faults.set(fault, method=method, times=1)
            await self._live_and_die(first=life == 1)
            await self._prove(f"after life {life}")
        for one in doing:
            one.cancel()
        await asyncio.gather(*doing, return_exceptions=True)
        await self._settle()
        await self._judge()
        return self.report

    @asynccontextmanager
    async def _child(self) -> AsyncIterator[asyncio.subprocess.Process]:
        command = [sys.executable, "-m", "tests.storms.killed_zalo", self.stage.written()]
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=pipe, stderr=self.complaints)
        try:
            yield child
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await child.communicate()

    async def _live_and_die(self, *, first: bool) -> None:
        """The first life goes on until everybody has come in."""
        async with self._child() as child:
            assert child.stdout
            if not first and self.lot.random() < EARLY:
                await asyncio.sleep(self.lot.uniform(0, WAKING))
            else:
                assert await child.stdout.readline(), "the house did not open"
                while first and not all(one.prompts for one in self.people):  # noqa: ASYNC110  Zalo fills them
                    await asyncio.sleep(LOOK)
                await asyncio.sleep(self.lot.uniform(*LIVES))
            child.kill()
        assert child.returncode == -signal.SIGKILL, "the house fell before it was pushed"

    async def _settle(self) -> None:
        """The last life ends when nothing is on its way any more, neither at Zalo nor in the house."""
        self.played.zalo.faults.clear()
        async with self._child() as child:
            assert child.stdout
            assert await child.stdout.readline(), "the house did not open"
            with suppress(TimeoutError):
                async with asyncio.timeout(SETTLED):
                    while await self._busy():  # noqa: ASYNC110  it is another process that ends it
                        await asyncio.sleep(LOOK)
                    return
            self.report.wrong.append("it did not come to an end")

    async def _busy(self) -> bool:
        robot = self.played.zalo.robot()
        if robot.updates.pending or robot.hook._lanes:
            return True
        async with self._table() as table:
            open_ = [await table.find(SHELF_INDEX, shelf, limit=1) for shelf in SHELVES]
            news = [row for shard in range(SHARDS) for row in await table.list(shelf_of("zalo", shard))]
        return any(open_) or any("outcome" not in row.fields for row in news)  # what is told may not be counted yet

    @asynccontextmanager
    async def _table(self) -> AsyncIterator[Table]:
        table = look_in(Path(self.stage.home))
        yield table
        await table.close()

    async def _prove(self, when: str) -> None:
        if (Path(self.stage.home) / DATABASE).exists():
            report = await audit_home(Path(self.stage.home))
            self.report.wrong += [f"{when}: {one.rule}, {one.where} {one.detail}" for one in report.violations]

    # -- the verdict ------------------------------------------------------------------------------------------------

    async def _judge(self) -> None:
        await self._prove("in the end")
        async with self._table() as table:
            rows = [row async for row in every_row(table)]
        jobs = [Job.of(row) for row in rows if row.key.owner.startswith("JOB#") and row.key.name == "META"]
        purses = [Purse.of(row.key.owner, row) for row in rows if row.key.name == "PURSE"]
        report, hook = self.report, self.played.zalo.robot().hook
        report.jobs = Counter(job.state for job in jobs)
        brought = Counter(one.message for one in hook.tries if one.message)
        report.doubled = sum(brought.values()) - len(brought)
        report.wrong += [f"Zalo gave up: {event.message}" for event in hook.given_up]
        for one in self.people:
            self._look(one, [job for job in jobs if job.chat == one.known.id])
        if report.unheard > report.kills:
            report.wrong.append(f"{report.unheard} words were not heard")
        self._count(jobs, purses)
        self.complaints.seek(0)
        report.wrong += [f"complaint: {line.strip()}" for line in self.complaints if "Traceback" in line]

    def _look(self, one: Somebody, jobs: list[Job]) -> None:
        """Everything that somebody asked for was ordered once and stands in their chat, or is offered to them there."""
        report, ordered = self.report, Counter(job.words.words for job in jobs)
        shown = Counter(quoted(message) for message in one.chat.said if message.photo)
        drawn = Counter(job.words.words for job in jobs if job.state == "delivered")
        offered = sum(OFFER in message.text for message in one.chat.said)
        report.prompts += len(one.prompts)
        report.numbers += one.numbers
        report.offered += offered
        lost = [words for words in one.prompts if not ordered[words]]
        report.unheard += len(lost) if self.stage.mode == "poll" else 0
        report.wrong += [f"never ordered: {words}" for words in lost if self.stage.mode == "webhook"]
        if ordered.total() > len(one.prompts) + one.numbers + max(0, one.yeses - 1):
            report.wrong.append(f"{ordered.total()} ordered, asked for were {len(one.prompts)} and {one.numbers}")
        if (drawn - shown).total() > offered:
            report.wrong.append(f"drawn and not shown: {drawn - shown}, offered {offered}")
        report.repeated += (shown - drawn).total()
        report.wrong += [f"nobody asked for: {words}" for words in ordered.keys() - {*one.prompts, YES}]
        report.wrong += [f"black: {quoted(message)}" for message in one.chat.said if not message.rendered]

    def _count(self, jobs: list[Job], purses: list[Purse]) -> None:
        """The credits of all of them: what was given, less what was drawn."""
        spent = sum(job.price for job in jobs if job.state == "delivered")
        should, stand = PEOPLE * GIFT - spent, sum(purse.free + purse.held for purse in purses)
        self.report.wrong += [f"{stand} credits, and not {should}"] if stand != should else []
        self.report.wrong += [f"{job.state}: {job.words.words}" for job in jobs if job.state not in ENDS]


if __name__ == "__main__":
    told = run(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])  # type: ignore[arg-type]  # by hand
    sys.stdout.write("\n".join([repr(replace(told, wrong=[])), *told.wrong, ""]))
