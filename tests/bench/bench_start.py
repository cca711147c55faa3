"""How long the house takes from the first breath to an open door, in a home it has lived in before.

python -m tests.bench.bench_start
"""

import asyncio
import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.paper import Cell, Paper
from tests.bench.steps import there
from tests.servers import LOOPBACK, end

ROOT = Path(__file__).parents[2]
TIMES = 7
HEAVIEST = 12  # modules told by name


async def measure() -> list[Paper]:
    with TemporaryDirectory() as folder:
        opened = sorted(opening(Path(folder) / "home") for _ in range(TIMES + 1))  # the first one makes the home
    python = sorted(seconds([sys.executable, "-c", ""]) for _ in range(TIMES))
    imported = sorted(seconds([sys.executable, "-c", "import bot.__main__, os; os._exit(0)"]) for _ in range(TIMES))
    rows: list[tuple[Cell, ...]] = [
        ("python alone", python[TIMES // 2] * 1_000),
        ("and everything imported", imported[TIMES // 2] * 1_000),
        ("imagify run until /healthz says 200", opened[TIMES // 2] * 1_000),
    ]
    heavy: list[tuple[Cell, ...]] = [(name, each, within) for name, each, within in heaviest()]
    return [Paper(("start, warm", "ms"), rows), Paper(("the heaviest imports", "own ms", "with what they need"), heavy)]


def opening(home: Path) -> float:
    began = time.perf_counter()
    with running(home) as port:
        door = http.client.HTTPConnection(LOOPBACK, port)
        door.request("GET", "/healthz")
        assert door.getresponse().status == 200
        took = time.perf_counter() - began
        door.close()
    return took


@contextmanager
def running(home: Path) -> Iterator[int]:
    command = [sys.executable, "-P", "-m", "bot", "run", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=own(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as house:  # noqa: S603 - ours
        assert house.stdout
        try:
            yield int(there(re.search(rb":(\d+) ", house.stdout.readline()))[1])
        finally:
            end(house)


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, env=own())  # noqa: S603 - ours
    return time.perf_counter() - began


def heaviest() -> list[tuple[str, float, float]]:
    """Module, milliseconds of its own, milliseconds with all that it imported first."""
    command = [sys.executable, "-X", "importtime", "-c", "import bot.__main__"]
    told = subprocess.run(command, cwd=ROOT, check=True, env=own(), capture_output=True, text=True).stderr  # noqa: S603 - ours
    lines = [line.removeprefix("import time:").split("|") for line in told.splitlines()[1:] if line.count("|") == 2]
    found = [(name.strip(), int(each) / 1_000, int(within) / 1_000) for each, within, name in lines]
    return sorted(found, key=lambda one: -one[2])[:HEAVIEST]


def own() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(map(str, asyncio.run(measure()))) + "\n")
