"""The whole house is killed with -9 in the midst of its work, again and again; what it promised must stand.

The child (killed_house.py) runs every noun of the house under the load of a few people. The parent watches what is
seen of it from outside, kills it at a moment drawn by lot, sometimes while it is still waking, then proves the ledger
and looks for every promise of that life. In the end a last life finishes what is open, and everything is looked at.

run(100, seed, "sqlite")           the embedded home: table, blobs and spool in one folder
run(5, seed, "dynoxide")           the table on a server that survives
run(5, seed, "dynoxide itself")    the server is killed too, and started again on its file while the house works

Beside the few who order, a crowd may greet without end: it costs little, so that very many words are acknowledged.

python -m tests.storms.kill_house KILLS SEED WHERE [CROWD]
"""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Literal, TypeAlias

from core.audit import audit
from core.table import Table
from infra.aws.call import SignedRoad
from infra.embedded.blobs import FileBlobs
from infra.embedded.home import DATABASE, SPOOL, look_in
from tests.servers import DYNOXIDE, LOOPBACK, end, found, free_port, played_keys, wait_for
from tests.storms import verdict
from tests.storms.killed_house import Stage, dynamo
from tests.storms.witness import Line, Reading

Where: TypeAlias = Literal["sqlite", "dynoxide", "dynoxide itself"]

ROOT = Path(__file__).parents[2]
MOST_SEEN, MOST_OF_ONE = 200, 12  # lines the parent lets pass before it kills, and so many more for each of the crowd
AUDITS = 20  # in a run, as far as there are so many kills; the promises of a life are looked for after each
LONGEST_PAUSE = 0.03  # seconds it waits on top, so that the kill falls anywhere between two lines
EARLY, WAKING = 0.1, 0.15  # how often it does not wait for people to speak; seconds from the first sign of life


@dataclass(frozen=True, slots=True)
class Report:
    kills: int
    words: int  # kept and acknowledged
    acknowledged: int  # promises made: those words, answers, pictures shown on demand
    lost: int
    violations: tuple[str, ...]
    caught: int  # paid calls that a kill caught between the painter's bill and the spool, at most one a hand
    extra_calls: int  # paid calls beyond one a picture: some of those caught are made again
    sheets: int
    images: int
    laid_aside: int  # updates that died alone three times

    @property
    def clean(self) -> bool:
        return not self.lost and not self.violations and not self.laid_aside and self.extra_calls <= self.caught

    def __add__(self, other: "Report") -> "Report":
        return Report(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def run_beside(kills: int, seed: int, crowd: int) -> Report:
    """Run two houses side by side, one for each core, each killed half of `kills` times."""
    with ThreadPoolExecutor() as beside:
        first = beside.submit(run, kills - kills // 2, seed, crowd=crowd)
        second = beside.submit(run, kills // 2, seed + 1, crowd=crowd)
        return first.result() + second.result()


def run(kills: int, seed: int, where: Where = "sqlite", crowd: int = 0) -> Report:
    with TemporaryDirectory() as folder, ExitStack() as closing:
        nest = Nest()
        closing.callback(nest.close)
        server = None if where == "sqlite" else closing.enter_context(Server.on(Path(folder) / "table.db"))
        return Storm(Path(folder), seed, nest, server, deadly=where == "dynoxide itself", crowd=crowd).rage(kills)


class Server:
    """A dynoxide on a file of its own, which can be killed and comes back at the same address."""

    def __init__(self, kept_in: Path) -> None:
        self.port = free_port()
        self._command = [
            str(found(DYNOXIDE)),
            "serve",
            "--host",
            LOOPBACK,
            "-p",
            str(self.port),
            "--db-path",
            str(kept_in),
        ]
        self._start()

    @classmethod
    @contextmanager
    def on(cls, kept_in: Path) -> Iterator["Server"]:
        server = cls(kept_in)
        try:
            yield server
        finally:
            end(server.process)

    def _start(self) -> None:
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self._command, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - our own
        wait_for(self.port, self.process)

    def die_and_rise(self) -> None:
        self.process.kill()
        self.process.wait()
        self._start()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"


class Nest:
    """Process from which every life is forked."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.storms.killed_house"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves

    def close(self) -> None:
        with self._process:
            self._process.kill()

    def begin(self, stage: Stage) -> int:
        """Begin a life on `stage` and give the id of its process."""
        assert self._process.stdin
        self._process.stdin.write(f"{stage.written()}\n".encode())
        self._process.stdin.flush()
        return int(self._next().who)

    def read(self, count: int) -> None:
        """Read `count` signs of life. Raises AssertionError where the house has died by itself."""
        for _ in range(count):
            assert self._next().what != "ended", "the house fell before it was pushed"

    def ended(self) -> int:
        """Read the life to its end and give its exit code."""
        while (line := self._next()).what != "ended":
            pass
        return int(line.name)

    def _next(self) -> Line:
        assert self._process.stdout
        return Line.read(self._process.stdout.readline().decode())


@dataclass(slots=True)
class Storm:
    folder: Path
    seed: int
    nest: Nest
    server: Server | None
    deadly: bool  # for the server too
    crowd: int
    seen: Reading = field(init=False)
    heard: dict[str, int] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.seen = Reading(self.folder / "witness")

    def rage(self, kills: int) -> Report:
        chance, first = Random(self.seed), self._stage()
        for life in range(1, kills + 1):
            self._kill(replace(first, life=life, heard=self.heard), chance)
            asyncio.run(self._look(life, proving=life % max(kills // AUDITS, 1) == 0))
        self.nest.begin(replace(first, life=kills + 1, settle=True, heard=self.heard))
        assert self.nest.ended() == 0, "the last life did not come to its end"
        return asyncio.run(self._judge(kills))

    def _stage(self) -> Stage:
        home, witness = str(self.folder / "home"), str(self.folder / "witness")
        server = self.server.url if self.server else ""
        return Stage(
            home, witness, self.seed, life=0, epoch=time.time_ns() // 1_000_000, crowd=self.crowd, server=server
        )

    def _kill(self, stage: Stage, chance: Random) -> None:
        """Start a life, let it go on for a while, kill it."""
        process = self.nest.begin(stage)
        if chance.random() < EARLY:
            pause(chance.uniform(0, WAKING))
        else:
            self._let_live(chance)
        os.kill(process, signal.SIGKILL)
        assert self.nest.ended() == -signal.SIGKILL, "the house fell before it was pushed"

    def _let_live(self, chance: Random) -> None:
        self.nest.read(chance.randint(1, MOST_SEEN + MOST_OF_ONE * self.crowd))
        pause(chance.uniform(0, LONGEST_PAUSE))
        if self.server and self.deadly:
            self.server.die_and_rise()
            self.nest.read(chance.randint(1, MOST_SEEN))

    # -- looking ----------------------------------------------------------------------------------------------------

    async def _look(self, life: int, *, proving: bool) -> None:
        """Look for every promise of `life` as the kill left the table, and audit it all where `proving`."""
        new = self.seen.go_on()
        self.heard |= {line.who: int(line.name) for line in new if line.what == "kept"}
        async with self._table() as table:
            if table and proving:
                await self._prove(table, f"after life {life}")
            if table:
                self.missing |= await verdict.lost(table, new)

    async def _judge(self, kills: int) -> Report:
        """Once nothing is open any more."""
        self.seen.go_on()
        seen = self.seen.lines
        async with self._table() as table:
            assert table, "nobody ever moved in"
            await self._prove(table, "in the end")
            self.missing |= await verdict.lost(table, seen)
            rows = await verdict.Rows.of(table)
        self.faults |= {*verdict.wrong(rows, seen, self.seed), *self._spooled()}
        return Report(
            kills=kills,
            words=sum(line.what == "kept" for line in seen),
            acknowledged=sum(line.what in verdict.PROMISES for line in seen),
            lost=len(self.missing),
            violations=tuple(sorted(self.faults | self.missing)),
            caught=verdict.caught(seen),
            extra_calls=verdict.paid_again(seen),
            sheets=len(rows.sheets),
            images=len(rows.images),
            laid_aside=len(rows.laid_aside),
        )

    async def _prove(self, table: Table, when: str) -> None:
        report = await audit(table, FileBlobs(self._stage().blobs, looking=True))
        self.faults |= {f"{when}: {one.rule}, {one.where} {one.detail}" for one in report.violations}

    @asynccontextmanager
    async def _table(self) -> AsyncIterator[Table | None]:
        """The table while no house is open; none before the first life had one."""
        home = self.folder / "home"
        if self.server:
            async with SignedRoad(played_keys()) as road:
                yield await dynamo(road, self.server.url)
        elif not (home / DATABASE).exists():
            yield None
        else:
            table = look_in(home)
            yield table
            await table.close()

    def _spooled(self) -> Iterator[str]:
        yield from (f"left in the spool: {path.name}" for path in (self.folder / "home" / SPOOL).glob("*"))


def pause(seconds: float) -> None:
    threading.Event().wait(seconds)


if __name__ == "__main__":
    told = run(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]) if sys.argv[4:] else 0)  # type: ignore[arg-type]  # by hand
    sys.stdout.write("\n".join([repr(replace(told, violations=())), *told.violations, ""]))
