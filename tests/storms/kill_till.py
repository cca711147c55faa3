"""A shop is killed with -9 in the midst of its sales, again and again; whoever paid must have their credits, once.

VNPAY is played here, in the parent: it takes the money, calls the shop's IPN over HTTP, calls again when nobody is
there, and is asked and told to pay back by the child (killed_till.py). After every kill the ledger is proved and
every promise of that life looked for. In the end a last life finishes what is open, and both books are compared.

python -m tests.storms.kill_till KILLS SEED
"""

import asyncio
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from core.table import Table
from infra.embedded.table import SqliteTable
from infra.sandbox.vnpay import Gateway, Played, Turned, open_vnpay
from infra.sandbox.vnpay import Terminal as PlayedTerminal
from payments.orders import Orders
from payments.refunds import refund_key
from payments.routes import IPN
from tests.servers import free_port
from tests.storms.killed_till import SPEED, Stage
from tests.storms.till import CODE, SECRET
from tests.storms.till_verdict import RULES, gathered, proved

ROOT = Path(__file__).parents[2]
MOST_SEEN = 20  # lines the parent lets pass before it kills
LONGEST_PAUSE = 0.1  # seconds it waits on top
SETTLED = 150  # seconds the last life may take
THINKS = 0.3  # seconds somebody spends on the gateway's pages, at most
ENDS = ("00", "00", "00", "00", "24", "")  # by lot; nothing: they go away
MISHAPS = ("ipn_lost", "ipn_doubled", "ipn_reply_lost", "ipn_bad_hash", "refund_99_done", "api_garbage")


class Line(NamedTuple):
    """What somebody was told."""

    life: int
    what: str
    ref: str
    link: str


@dataclass(slots=True)
class Report:
    kills: int
    acknowledged: int = 0
    orders: Counter[str] = field(default_factory=Counter)  # by state
    paid: int = 0  # at the gateway
    refunds: int = 0  # that the gateway took
    calls: int = 0  # of the gateway, those that met nobody included
    unheard: int = 0  # calls to which nobody answered
    violations: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    @property
    def clean(self) -> bool:
        return not self.violations and not self.lost


def run(kills: int, seed: int) -> Report:
    with TemporaryDirectory() as folder:
        return asyncio.run(raged(Path(folder), kills, seed))


async def raged(folder: Path, kills: int, seed: int) -> Report:
    port = free_port()
    terminal = PlayedTerminal(CODE, SECRET, f"http://127.0.0.1:{port}{IPN}")
    async with open_vnpay([terminal], scale=SPEED) as played:
        first = Stage(
            table=str(folder / "table.db"),
            log=str(folder / "log"),
            seed=seed,
            life=0,
            epoch=time.time_ns() // 1_000_000,
            api_url=played.api_url,
            port=port,
        )
        return await Storm(first, played, Random(seed), Report(kills)).rage()


@dataclass(slots=True)
class Storm:
    stage: Stage
    played: Played
    lot: Random
    report: Report
    payers: "set[asyncio.Task[None]]" = field(default_factory=set)

    @property
    def gateway(self) -> Gateway:
        return self.played.gateway

    async def rage(self) -> Report:
        for life in range(1, self.report.kills + 1):
            self.gateway.faults.set(self.lot.choice(MISHAPS), times=1, copies=3)
            async with self._child(replace(self.stage, life=life)) as child:
                await self._let_live(child)
                child.kill()
            assert child.returncode == -signal.SIGKILL, "the shop fell before it was pushed"
            await self._look(life)
        await self._settle()
        return await self._judge()

    # -- lives ------------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _child(self, stage: Stage) -> AsyncIterator[asyncio.subprocess.Process]:
        command = [sys.executable, "-m", "tests.storms.killed_till", stage.written()]
        child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        try:
            yield child
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await child.communicate()

    async def _let_live(self, child: asyncio.subprocess.Process) -> None:
        for _ in range(1 + self.lot.randint(1, MOST_SEEN)):
            await self._hear(child)
        await asyncio.sleep(self.lot.uniform(0, LONGEST_PAUSE))

    async def _hear(self, child: asyncio.subprocess.Process) -> bool:
        """One line of the child; whoever opened an order goes to the gateway now."""
        assert child.stdout
        text = await child.stdout.readline()
        if not text:
            assert self.stage.settle, "the shop fell before it was pushed"
            return False
        line = Line(*json.loads(text))
        if line.what == "opened":
            task = asyncio.create_task(self._pay(line))
            self.payers.add(task)
            task.add_done_callback(self.payers.discard)
        return True

    async def _pay(self, line: Line) -> None:
        """What a person does there."""
        end = self.lot.choice(ENDS)
        with suppress(Turned):
            self.gateway.open(line.link)
            await asyncio.sleep(self.lot.uniform(0, THINKS))
            if end:
                await self.gateway.pay(line.ref, end)

    async def _settle(self) -> None:
        """The last life, which nobody kills. It may end when every payment was told and everything is done."""
        await asyncio.gather(*self.payers)
        self.gateway.faults.clear()
        self.stage = replace(self.stage, life=self.report.kills + 1, settle=True)
        async with asyncio.timeout(SETTLED), self._child(self.stage) as child:
            while await self._hear(child):
                pass
            await child.wait()
        assert child.returncode == 0, "the last life did not end well"

    # -- looking ----------------------------------------------------------------------------------------------------

    async def _look(self, life: int) -> None:
        """As the kill left it: the ledger is proved, and what this life promised is there."""
        async with self._table() as table:
            self.report.violations |= {f"after life {life}: {wrong}" for wrong in await proved(table)}
            self.report.lost |= {str(line) for line in self._lines(life) if not await stands(table, line)}

    async def _judge(self) -> Report:
        report, theirs = self.report, self.gateway.transactions
        async with self._table() as table:
            evidence = await gathered(table, theirs)
            report.violations |= {f"in the end: {wrong}" for wrong in await proved(table)}
            report.violations |= {wrong for rule in RULES for wrong in rule(evidence)}
            report.lost |= {str(line) for line in self._lines() if not await stands(table, line)}
        attempts = [attempt for one in theirs.values() for attempt in one.attempts]
        report.acknowledged = len(self._lines())
        report.orders = Counter(order.state for order in evidence.ours.values())
        report.paid = sum(one.status(self.gateway.clock.date()) == "00" for one in theirs.values())
        report.refunds = sum(len(one.refunds) for one in theirs.values())
        report.calls, report.unheard = len(attempts), sum(not one.outcome.isdecimal() for one in attempts)
        return report

    @asynccontextmanager
    async def _table(self) -> AsyncIterator[Table]:
        table = SqliteTable.open(self.stage.table)
        yield table
        await table.close()

    def _lines(self, life: int = 0) -> list[Line]:
        lines = [Line(*json.loads(text)) for text in Path(self.stage.log).read_text().splitlines()]
        return [line for line in lines if line.ref and life in (0, line.life)]


async def stands(table: Table, line: Line) -> bool:
    """What somebody was told: an order that was made, one that was opened, a refund that was begun."""
    if line.what == "refunding":
        return await table.get(refund_key(line.ref)) is not None
    order = await Orders(table).find(line.ref)
    return order is not None and (line.what != "opened" or order.opened_at > 0)


if __name__ == "__main__":
    told = run(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write("\n".join([repr(replace(told, violations=set(), lost=set())), *told.violations, *told.lost, ""]))
