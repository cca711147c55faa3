"""A process is killed in the midst of writing, again and again; what it had been told is kept must stand.

The child writes for several people at once, each write a purse and its next entries under a condition, and says in a
pipe what was acknowledged. The parent kills it with -9 at a moment drawn by lot, reads the pipe to its end, moves
into the same home and looks. The next child goes on where the table says it is.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from core.table import Change, Create, Key, Table
from infra.embedded.home import Home

Told: TypeAlias = tuple[str, int]  # a person, and which of their writes was acknowledged

ROOT = Path(__file__).parents[2]
PEOPLE = [f"USER#{number}" for number in range(8)]
PARTS = 4  # rows created by each write, beside the purse
MOST_HEARD = 300  # acknowledgements the parent lets pass before it kills
LONGEST_PAUSE = 0.004  # seconds it waits on top, so that the kill falls anywhere between two commits


@dataclass(frozen=True, slots=True)
class Report:
    kills: int
    acknowledged: int
    lost: int  # acknowledged writes that do not stand whole
    torn: int  # people with a part of a write


def run(kills: int, seed: int) -> Report:
    chance = random.Random(seed)
    told: set[Told] = set()
    lost: set[Told] = set()
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for _ in range(kills):
            heard = killed(home, chance.randint(1, MOST_HEARD), chance.uniform(0, LONGEST_PAUSE))
            lost |= asyncio.run(missing(home, heard))
            told |= heard
        lost |= asyncio.run(missing(home, told))
        return Report(kills, len(told), len(lost), asyncio.run(torn(home)))


def killed(home: Path, after: int, pause: float) -> set[Told]:
    """Let a child write until so much is acknowledged, kill it, and give back all that it said."""
    command = [sys.executable, "-m", "tests.storms.kill_sqlite", str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - ourselves
        assert child.stdout
        said = [child.stdout.readline() for _ in range(after)]
        threading.Event().wait(pause)
        child.kill()
        said += child.stdout.readlines()
    assert child.returncode == -signal.SIGKILL, "the child fell before it was pushed"
    return {read(line) for line in said}


def read(line: str) -> Told:
    person, number = line.split()
    return person, int(number)


async def missing(path: Path, told: Iterable[Told]) -> set[Told]:
    """Move in as the next process would, and look for what was acknowledged."""
    with closing(Home.open(path)) as home:
        table = home.table()
        lost = {one for one in told if not await stands(table, *one)}
        await table.close()
    return lost


async def stands(table: Table, person: str, number: int) -> bool:
    purse = await table.get(Key(person, "PURSE"))
    rows = [await table.get(key) for key in entries(person, number)]
    return purse is not None and purse.number("seq") >= number and None not in rows


async def torn(path: Path) -> int:
    """How many people have other entries than their purse says."""
    with closing(Home.open(path)) as home:
        table = home.table()
        wrong = [person for person in PEOPLE if not await whole(table, person)]
        await table.close()
    return len(wrong)


async def whole(table: Table, person: str) -> bool:
    purse = await table.get(Key(person, "PURSE"))
    seq = purse.number("seq") if purse else 0
    rows = await table.list(person, "TRANSACTION#", limit=sys.maxsize)
    return [row.key for row in rows] == [key for number in range(1, seq + 1) for key in entries(person, number)]


def entries(person: str, number: int) -> list[Key]:
    return [Key(person, f"TRANSACTION#{number:012d}#{part}") for part in range(PARTS)]


async def live(path: Path) -> None:
    """The child's life: everybody writes at once until the end, which comes from outside."""
    table = Home.open(path).table()
    async with asyncio.TaskGroup() as people:
        for person in PEOPLE:
            people.create_task(write_for_ever(table, person))


async def write_for_ever(table: Table, person: str) -> None:
    purse = await table.get(Key(person, "PURSE"))
    number = purse.number("seq") if purse else 0
    while True:
        number += 1
        change = Change(Key(person, "PURSE"), add={"seq": 1}, or_create=True, when={"seq": number - 1 or None})
        await table.write(change, *(Create(key, {"credits": number}) for key in entries(person, number)))
        os.write(sys.stdout.fileno(), f"{person} {number}\n".encode())


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1])))
