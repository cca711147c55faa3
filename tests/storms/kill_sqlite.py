"""A process is killed in the midst of writing, again and again; what it had been told is kept must stand.

The child writes for several people at once, each write a purse and its next entries under a condition, and says in a
pipe what was acknowledged. The parent kills it with -9 at a moment drawn by lot, reads the pipe to its end, moves
into the same home and looks. The next child goes on where the table says it is.
"""

import asyncio
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from core.table import Change, Create, Key, Table, Write
from infra.embedded.home import Home

ROOT = Path(__file__).parents[2]
PEOPLE = 8
ENTRIES = 4  # rows created by each write, beside the purse
MOST_READ = 300  # acknowledgements that the parent lets pass before it kills
LATEST = 0.004  # seconds it waits on top, so that the kill falls anywhere in a commit


@dataclass(frozen=True, slots=True)
class Report:
    kills: int
    acknowledged: int
    lost: int  # acknowledged writes that do not stand
    torn: int  # writes of which only a part stands


def run(kills: int, seed: int) -> Report:
    chance = random.Random(seed)
    known = Counter[str]()  # the last write of each person that was acknowledged
    total = lost = torn = 0
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for _ in range(kills):
            heard = killed(home, after=chance.randint(1, MOST_READ), pause=chance.uniform(0, LATEST))
            standing = asyncio.run(look(home, known))
            total += len(heard)
            lost += sum(seq > standing[person].seq for person, seq in heard)
            torn += sum(one.torn for one in standing.values())
            known.update({person: one.seq - known[person] for person, one in standing.items()})
        lost += sum(one.seq < known[person] for person, one in asyncio.run(look(home, Counter())).items())
    return Report(kills, total, lost, torn)


def killed(home: Path, after: int, pause: float) -> list[tuple[str, int]]:
    """Let a child write until so much is acknowledged, kill it, and give back all that it had said."""
    command = [sys.executable, "-m", "tests.storms.kill_sqlite", str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - ourselves
        assert child.stdout
        said = [child.stdout.readline() for _ in range(after)]
        threading.Event().wait(pause)
        child.kill()
        said += child.stdout.readlines()
    return [(person, int(seq)) for person, seq in (line.split() for line in said if line.endswith("\n"))]
