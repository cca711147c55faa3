"""The Telegram mouth beside others: an update in by webhook, its echo out; and how many the house takes down for good.

One core for the mouth, the other one for a Telegram on raw sockets. Rounds are taken in turns, so that whatever else
the machine does falls on all of them; the best of each is told. aiogram comes by `sh tests/peers.sh`.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.echo.wire import Load, Stub
from tests.bench.paper import Cell, Paper
from tests.servers import end

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv-peers/bin/python"
OURS = [sys.executable, "-P", "-m", "tests.bench.echo.mouths"]
PEER = [str(PEERS), "-P", "-m", "tests.bench.echo.peer"]
ROUNDS, WARM, SECONDS = 3, 1.0, 3.0
IN_FLIGHT = (1, 16, 64)
CHATS, INGEST_CHATS = 1_000, 50_000
MIB = 1024


@dataclass(slots=True)
class Found:
    """Of one mouth with so many in flight, the best round."""

    rate: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    cpu: float = 0.0  # microseconds an update


@dataclass(slots=True)
class Mouth:
    command: Sequence[str]
    echoes: bool = True
    started: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    found: dict[int, Found] = field(default_factory=dict)


async def measure() -> list[Paper]:
    with TemporaryDirectory(prefix="imagify-bench-") as folder:
        mouths = {
            "ours": Mouth([*OURS, "ours"]),
            "python-telegram-bot": Mouth([*OURS, "stock"]),
            "the same, 256 side by side": Mouth([*OURS, "stock256"]),
            **({"aiogram": Mouth(PEER)} if PEERS.exists() else {}),
            "the house, kept and acknowledged": Mouth([*OURS, "ingest"], echoes=False),
        }
        with on_core(1):
            for number in range(ROUNDS):
                for mouth in mouths.values():
                    await one_round(mouth, Path(folder) / str(number))
    heads = ("echo", "in flight", "updates/s", "p50 ms", "p99 ms", "CPU µs each")
    starts = Paper(("mouth", "start s", "MiB"), [start_of(name, mouth) for name, mouth in mouths.items()])
    return [Paper(heads, [row for name, mouth in mouths.items() for row in rows_of(name, mouth)]), starts]


async def one_round(mouth: Mouth, home: Path) -> None:
    load = Load(0, echoes=mouth.echoes, chats=CHATS if mouth.echoes else INGEST_CHATS)
    async with stub(load) as api, running(mouth, api, home) as (process, port):
        load.listens(port)
        await load.run(IN_FLIGHT[-1], WARM)
        for in_flight in IN_FLIGHT:
            before = cpu_of(process.pid)
            rate = await load.run(in_flight, SECONDS)
            spent = (cpu_of(process.pid) - before) / (rate * SECONDS) * 1e6
            if rate > mouth.found.setdefault(in_flight, Found()).rate:
                times = statistics.quantiles(load.took, n=100)
                mouth.found[in_flight] = Found(rate, times[49] * 1_000, times[98] * 1_000, spent)
        mouth.memory.append(memory_of(process.pid))


@asynccontextmanager
async def stub(load: Load) -> AsyncIterator[str]:
    server = await asyncio.get_running_loop().create_server(partial(Stub, load.heard), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@asynccontextmanager
async def running(mouth: Mouth, api: str, home: Path) -> AsyncIterator[tuple[subprocess.Popen[bytes], int]]:
    began = time.perf_counter()
    command = ["taskset", "-c", "0", *mouth.command, api, str(home)]
    own = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=own, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603, ASYNC220 - ours, and nothing is measured meanwhile
        assert process.stdout
        try:
            port = int(await asyncio.to_thread(process.stdout.readline))
            mouth.started.append(time.perf_counter() - began)
            yield process, port
        finally:
            end(process)


class on_core:  # noqa: N801 - reads as a phrase
    """Whoever measures stays on this core."""

    def __init__(self, core: int) -> None:
        self._core = core

    def __enter__(self) -> None:
        self._before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {self._core})

    def __exit__(self, *_: object) -> None:
        os.sched_setaffinity(0, self._before)


def cpu_of(pid: int) -> float:
    """Seconds spent so far, with its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / MIB


def rows_of(name: str, mouth: Mouth) -> list[tuple[Cell, ...]]:
    return [(name, number, one.rate, one.p50, one.p99, one.cpu) for number, one in mouth.found.items()]


def start_of(name: str, mouth: Mouth) -> tuple[Cell, ...]:
    return name, min(mouth.started), min(mouth.memory)


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(map(str, asyncio.run(measure()))) + "\n")
