"""The house is killed with -9 while people write, press and pay on Telegram; nothing of it may be lost or done twice.

Telegram is played here, in the parent: it goes on bringing what was not acknowledged, by polls or to the webhook, and
takes Stars whether or not the house lives to hear of it. By lot an update comes twice, or the house's answer to one is
lost. After every kill the ledger is proved. In the end a last life finishes what is open, and three books are
compared: what people did, what stands in their chats, and what the house has written down.

python -m tests.storms.kill_telegram KILLS SEED poll|webhook
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
from core.news import Outbox
from core.table import SHELF_INDEX, Table
from infra.embedded.home import DATABASE, look_in
from infra.sandbox.telegram import Bot, Chat, Impossible, Message, Person, Played, open_telegram
from payments.orders import Order
from tests.servers import free_port
from tests.storms.killed_telegram import BOUGHT, GIFT, SPEED, TOKEN, Mode, Stage

ROOT = Path(__file__).parents[2]
PEOPLE = 3
THINKS = 0.6  # seconds on the wall between two things that somebody does, at most
PATIENCE = 8  # words that nobody has taken, after which somebody waits; what comes twenty at once is held to be a flood
LIVES = (0.05, 1.5)  # seconds on the wall that an open house has
EARLY, WAKING = 0.1, 0.8  # how often it is killed while it wakes; within so many seconds on the wall
LOOK, AGAIN = 0.2, 1.0  # seconds on the wall
SETTLED = 90.0  # seconds on the wall the last life may take
MISHAPS = ("update_doubled", "hook_answer_lost", "payment_doubled", "payment_untold")
FEW = 5  # kills among which no payment goes untold: it is found by a walk, and that takes its time
SHELVES = (WAITING, QUEUED, PAINTING)


@dataclass(slots=True)
class Report:
    mode: Mode
    kills: int
    prompts: int = 0
    presses: int = 0
    unheard: int = 0  # presses that Telegram had given up before anybody was there
    jobs: Counter[str] = field(default_factory=Counter)  # by state
    payments: int = 0  # that Telegram took
    repeated: int = 0  # messages that say once more what stands there
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> list[tuple[str, object]]:
        return [
            (f"{self.mode}: kills -9", self.kills),
            ("prompts, each ordered once and shown", self.prompts),
            ("presses", self.presses),
            ("presses given up by Telegram before anybody was there", self.unheard),
            ("jobs", ", ".join(f"{count:,} {state}" for state, count in sorted(self.jobs.items()))),
            ("payments in Stars, each credited once", self.payments),
            ("messages that came twice", self.repeated),
        ]


def run(kills: int, seed: int, mode: Mode) -> Report:
    with TemporaryDirectory() as folder:
        return asyncio.run(raged(Path(folder), kills, seed, mode))


async def raged(folder: Path, kills: int, seed: int, mode: Mode) -> Report:
    async with open_telegram([Bot(TOKEN)], scale=SPEED, limits=False) as played:
        stage = Stage(
            home=str(folder / "home"),
            epoch=time.time_ns() // 1_000_000,
            api_url=played.api_url,
            files_url=played.files_url,
            port=free_port(),
            mode=mode,
        )
        with (folder / "complaints").open("w+") as complaints:
            return await Storm(stage, played, Random(seed), Report(mode, kills), complaints).rage()


# -- who comes ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Somebody:
    """A person who gives the house no rest, and remembers what they did."""

    known: Person
    lot: Random
    prompts: list[str] = field(default_factory=list)
    pressed: Counter[str] = field(default_factory=Counter)  # by prompt
    done: set[int] = field(default_factory=set)  # messages whose button they have pressed or that they have paid

    @property
    def chat(self) -> Chat:
        return self.known.chat()

    async def lives(self) -> None:
        await self.known.starts()
        while not self._newest(lambda one: one.text.startswith("👋")):
            with suppress(Impossible):  # a press that nobody hears is forgotten at Telegram after a while
                await self.known.presses("Đồng ý")
            await asyncio.sleep(AGAIN)
        while True:
            with suppress(Impossible):
                await self._does()
            await asyncio.sleep(self.lot.uniform(0, THINKS))

    async def _does(self) -> None:
        if self._waiting() > PATIENCE:
            return
        match self.lot.randrange(10):
            case 0:
                await self.known.says("/topup 20k")
            case 1:
                await self._pays()
            case _ if self._asked >= self._credits:
                pass
            case 2 | 3:
                await self._presses()
            case _:
                await self._speaks()

    @property
    def _asked(self) -> int:
        return len(self.prompts) + self.pressed.total()

    @property
    def _credits(self) -> int:
        """What they know that they were given and have bought."""
        return GIFT + BOUGHT * sum(one.by_bot and one.text.startswith("🎉") for one in self.chat.messages)

    def _waiting(self) -> int:
        """How much of theirs Telegram could not bring yet."""
        (robot,) = self.known.world.robots.values()
        own = (f"chat {self.known.id}", f"user {self.known.id}")
        return sum(update.lane in own for update in robot.updates.pending.values())

    async def _speaks(self) -> None:
        self.prompts.append(f"mèo số {len(self.prompts)} của {self.known.id}")
        await self.known.says(self.prompts[-1])

    async def _presses(self) -> None:
        """The same once more, of a picture that they have not yet asked again of."""
        if picture := self._newest(lambda one: bool(one.photo)):
            self.done.add(picture.id)
            self.pressed[quoted(picture)] += 1
            await self.known.presses(picture.buttons[0]["text"], picture)

    async def _pays(self) -> None:
        """A bill, or a package on the way to one."""
        if bill := self._newest(lambda one: "invoice" in one.body):
            self.done.add(bill.id)
            await self.known.pays(bill)

    def _newest(self, fits: Callable[[Message], bool]) -> Message | None:
        theirs = (one for one in self.chat.newest_first() if one.by_bot and one.id not in self.done)
        return next((one for one in theirs if fits(one)), None)


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
        known = [self.played.telegram.person(100 + number, f"P{number}") for number in range(PEOPLE)]
        self.people = [Somebody(one, Random(self.lot.random())) for one in known]
        doing = [asyncio.create_task(one.lives()) for one in self.people]
        for life in range(1, self.report.kills + 1):
            mishap = self.lot.choice(MISHAPS if self.report.kills > FEW else MISHAPS[:-1])
            self.played.telegram.faults.set(mishap, times=1)
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
        command = [sys.executable, "-m", "tests.storms.killed_telegram", self.stage.written()]
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
                while first and not all(one.prompts for one in self.people):  # noqa: ASYNC110  Telegram fills them
                    await asyncio.sleep(LOOK)
                await asyncio.sleep(self.lot.uniform(*LIVES))
            child.kill()
        assert child.returncode == -signal.SIGKILL, "the house fell before it was pushed"

    async def _settle(self) -> None:
        """The last life ends when nothing is on its way any more, neither at Telegram nor in the house."""
        self.played.telegram.faults.clear()
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
        telegram = self.played.telegram
        if telegram.robot().updates.pending or telegram.world.checks:
            return True
        async with self._table() as table:
            open_ = [await table.find(SHELF_INDEX, shelf, limit=1) for shelf in SHELVES]
            told = await Outbox(table).empty("telegram")
            paid = [order async for order in orders_of(table) if order.state == "paid"]
        return any(open_) or not told or len(paid) < len(self._taken())

    def _taken(self) -> list[str]:
        """The orders that people have paid for, but for what was paid back as it was paid twice."""
        rows = self.played.telegram.robot().till.rows
        back = {row.id for row in rows if row.out}
        return [row.payload for row in rows if row.id not in back]

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
            orders = [order async for order in orders_of(table)]
        jobs = [Job.of(row) for row in rows if row.key.owner.startswith("JOB#") and row.key.name == "META"]
        purses = [Purse.of(row.key.owner, row) for row in rows if row.key.name == "PURSE"]
        self.report.jobs = Counter(job.state for job in jobs)
        self.report.payments = len(self._taken())
        for one in self.people:
            self._look(one, [job for job in jobs if job.chat == str(one.known.id)])
        self._count(jobs, purses, orders)
        self.complaints.seek(0)
        self.report.wrong += [f"complaint: {line.strip()}" for line in self.complaints if "Traceback" in line]

    def _look(self, one: Somebody, jobs: list[Job]) -> None:
        """Everything that somebody asked for was ordered once and stands in their chat."""
        report, ordered = self.report, Counter(job.words.words for job in jobs)
        shown = Counter(quoted(message) for message in one.chat.messages if message.by_bot and message.photo)
        drawn = Counter(job.words.words for job in jobs if job.state == "delivered")
        report.prompts += len(one.prompts)
        report.presses += one.pressed.total()
        for words in one.prompts:
            most = 1 + one.pressed[words]
            report.unheard += max(0, most - max(1, ordered[words]))
            report.wrong += [f"never ordered: {words}"] if not ordered[words] else []
            report.wrong += [f"ordered too often: {words}"] if ordered[words] > most else []
            report.wrong += [f"drawn and not shown: {words}"] if shown[words] < drawn[words] else []
            report.repeated += max(0, shown[words] - drawn[words])
        report.wrong += [f"nobody asked for: {words}" for words in ordered.keys() - set(one.prompts)]
        answers = Counter(said.reply_to.id for said in one.chat.messages if said.by_bot and said.reply_to)
        prompts = {said.id for said in one.chat.messages if not said.by_bot}
        report.repeated += sum(count - 1 for message, count in answers.items() if message in prompts)

    def _count(self, jobs: list[Job], purses: list[Purse], orders: list[Order]) -> None:
        """The credits of all of them: what was given and bought, less what was drawn."""
        paid = Counter(order.ref for order in orders if order.state == "paid")
        spent = sum(job.price for job in jobs if job.state == "delivered")
        should = PEOPLE * GIFT + BOUGHT * self.report.payments - spent
        stand = sum(purse.free + purse.held for purse in purses)
        self.report.wrong += [f"{stand} credits, and not {should}"] if stand != should else []
        self.report.wrong += ["paid and not credited, or the reverse"] if paid != Counter(self._taken()) else []
        self.report.wrong += [f"{job.state}: {job.words.words}" for job in jobs if job.state not in ENDS]


ENDS = frozenset({"delivered", "failed"})  # a job that was killed at every try is paid back


async def orders_of(table: Table) -> AsyncIterator[Order]:
    async for row in every_row(table):
        if row.key.owner.startswith("ORDER#") and row.key.name == "META":
            yield Order.of(row)


if __name__ == "__main__":
    told = run(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])  # type: ignore[arg-type]  # by hand
    sys.stdout.write("\n".join([repr(replace(told, wrong=[])), *told.wrong, ""]))
