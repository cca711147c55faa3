"""Bits flip and rows are changed in a home that was lived in: each is found when it opens or by the audit, and named.

One home was shut, one died with its journal full. A bit is flipped where it lies, the home is looked at as its opening
and its audit look at it, and the bit is flipped back. Where nobody notices, everything that is kept is read and
compared: a flip in the free space of a page, or in a page that the journal replaces, has changed nothing.
"""

import asyncio
import logging
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import audit_home, plan
from bot.house import House
from bot.settings import Settings, read
from core.clock import SECOND
from core.errors import CannotStart
from core.jobs import QUEUED, Job, claiming
from core.people import CONSENT_VERSION
from core.prompts import read as read_prompt
from core.rotation import unknown
from core.schema import SCHEMA_KEY
from core.studio import Spot
from core.table import SHELF_INDEX, TableUnavailable
from infra import embedded
from infra.embedded import losses
from infra.embedded.home import BLOBS, DATABASE, SECRET, Home, look_in
from infra.embedded.marker import MARKER, WAL
from tests.storms.sizes import Found, Size

PEOPLE, PICTURES = 3, 3
SHARES = ((DATABASE, 45), (WAL, 25), (BLOBS, 20), (SECRET, 5), (MARKER, 5))  # of the flips, in percent
SHM = f"{DATABASE}-shm"
MONEY = ("PURSE", "TRANSACTION#", "HOLD#", "OP#")
BITS = 8


@dataclass(slots=True)
class Report:
    """How many flips or changes, by where; how each was found; what nobody noticed."""

    tried: Counter[str] = field(default_factory=Counter)
    opening: int = 0
    logged: int = 0  # the house opens, and its log says that the last write is not whole
    audited: int = 0
    nothing: int = 0  # it changed nothing that is kept
    missed: list[str] = field(default_factory=list)
    fell: list[str] = field(default_factory=list)  # with a traceback


class Ear(logging.Handler):
    """Hears what the opening of a home says to the log."""

    def __init__(self) -> None:
        super().__init__(logging.CRITICAL)
        self.heard = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.heard += record.levelno >= self.level


# -- the homes --------------------------------------------------------------------------------------------------------


async def furnished(home: Path) -> Path:
    """Several people, each with credits, pictures that hang and one that is still to be painted."""
    async with embedded.open(home) as wing:
        house = House(wing, plan(settings_of(home), wing))
        await house.wake(alone=True)
        for number in range(PEOPLE):
            met = await house.people.greet("telegram", f"555012{number}", "vi")
            person = await house.people.agree(met, CONSENT_VERSION, "telegram")
            await house.ledger.deposit(person.id, 20, key=f"grant:{number}")
            for one in range(PICTURES):
                spot, words = Spot("telegram", f"555012{number}"), read_prompt(f"mèo mướp {one}")
                await house.studio.order(person, words, key=f"{number} {one}", spot=spot)
                await paint(house)
        person = await house.people.greet("telegram", "5550120", "vi")
        await house.studio.order(person, read_prompt("chó"), key="last", spot=Spot("telegram", "5550120"))
    return home


async def paint(house: House) -> None:
    for row in await house.ports.table.find(SHELF_INDEX, QUEUED):
        job = Job.of(row)
        mine = job.claimed(house.ports.clock.now(), 30 * SECOND)
        await house.ports.table.write(claiming(job, mine))
        await house.studio.paint(mine)


async def killed(home: Path, copy: Path) -> Path:
    """The same home as a kill leaves it, with some of its writes in the journal alone."""
    async with embedded.open(home) as wing:
        house = House(wing, plan(settings_of(home), wing))
        for number in range(PEOPLE):
            person = await house.people.greet("telegram", f"555012{number}", "vi")
            for one in range(PICTURES):
                await house.ledger.deposit(person.id, 1, key=f"later:{number} {one}")
        await asyncio.to_thread(shutil.copytree, home, copy, ignore=shutil.ignore_patterns("LOCK", SHM))
    return copy


def settings_of(home: Path) -> Settings:
    return read(home=home, port=0)


# -- looking ----------------------------------------------------------------------------------------------------------


class Looker:
    """Looks at a home as its opening and its audit do, and changes nothing in it."""

    def __init__(self, report: Report) -> None:
        self.report, self._ear, self._loop = report, Ear(), asyncio.new_event_loop()
        log = logging.getLogger(losses.__name__)
        log.addHandler(self._ear)
        log.propagate = False

    def look(self, home: Path, what: str, changed: Callable[[], bool]) -> None:
        """Count how it was found; `changed` says whether there was anything to find."""
        report, self._ear.heard = self.report, 0
        try:
            if self._refused(home):
                report.opening += 1
            elif self._ear.heard:
                report.logged += 1
            elif not self._loop.run_until_complete(audit_home(home)).clean:
                report.audited += 1
            elif changed():
                report.missed.append(what)
            else:
                report.nothing += 1
        except CannotStart:  # the audit itself cannot be made, and says why
            report.audited += 1
        except Exception as fell:  # noqa: BLE001  what nobody thought of is what this storm is for
            report.fell.append(f"{what}: {type(fell).__name__}: {fell}")

    def _refused(self, home: Path) -> bool:
        try:
            opened = Home.open(home)
            try:
                secret = opened.secret().encode()
            finally:
                opened.close()
            return self._loop.run_until_complete(strange(home, secret))
        except (CannotStart, TableUnavailable):
            return True

    def close(self) -> None:
        self._loop.close()


async def strange(home: Path, secret: bytes) -> bool:
    table = look_in(home)
    try:
        row = await table.get(SCHEMA_KEY)
        return row is None or unknown(row, (secret,)) != ""
    finally:
        await table.close()


def kept(home: Path) -> str:
    """Everything that is kept, as one digest; the row of the marker is compared with it when the home opens."""
    whole = sha256()
    with closing(sqlite3.connect(f"file:{home / DATABASE}?mode=ro", uri=True)) as db:
        for row in db.execute("select * from rows order by owner, name"):
            whole.update(repr(row).encode())
    for file in sorted((home / BLOBS).rglob("*")):
        whole.update(file.read_bytes() if file.is_file() else b"")
    return whole.hexdigest()


def readable(home: Path) -> str:
    """The same, where it can be read at all."""
    try:
        return kept(home)
    except sqlite3.Error:
        return "unreadable"


# -- flips ------------------------------------------------------------------------------------------------------------


@contextmanager
def flipped(file: Path, bit: int) -> Iterator[None]:
    """One bit of the file is the other way round for as long as this lasts."""
    turn(file, bit)
    try:
        yield
    finally:
        turn(file, bit)
        file.with_name(SHM).unlink(missing_ok=True)


def turn(file: Path, bit: int) -> None:
    with file.open("r+b") as data:
        data.seek(bit // BITS)
        (byte,) = data.read(1)
        data.seek(bit // BITS)
        data.write(bytes([byte ^ (1 << bit % BITS)]))


def flip(homes: tuple[Path, Path], count: int, seed: int) -> Report:
    """So many bits of both homes, each by itself."""
    report, lot = Report(), random.Random(seed)
    looker, before = Looker(report), {home: kept(home) for home in homes}
    for _ in range(count):
        home, file = drawn(homes, lot)
        bit = lot.randrange(file.stat().st_size * BITS)
        where = file.relative_to(home).parts[0]
        report.tried[where] += 1
        with flipped(file, bit):
            looker.look(home, f"bit {bit} of {file.name}", lambda home=home: readable(home) != before[home])  # type: ignore[misc]  # bound now
    looker.close()
    return report


def drawn(homes: tuple[Path, Path], lot: random.Random) -> tuple[Path, Path]:
    """A home and a file of it, by the share that its kind has."""
    (kind,) = lot.choices([name for name, _ in SHARES], [share for _, share in SHARES])
    shut, dead = homes
    home = dead if kind == WAL else lot.choice((shut, dead))
    files = sorted(one for one in (home / BLOBS / "kept").rglob("*") if one.is_file())
    return home, lot.choice(files) if kind == BLOBS else home / kind


# -- rows -------------------------------------------------------------------------------------------------------------


def change(home: Path, count: int, seed: int) -> Report:
    """So many rows changed with SQL, each by itself."""
    report, lot = Report(), random.Random(seed)
    looker, whole = Looker(report), (home / DATABASE).read_bytes()
    for number in range(count):
        with closing(sqlite3.connect(home / DATABASE)) as db, db:
            how, what = CHANGES[number % len(CHANGES)](db, lot)
            db.execute("pragma journal_mode = delete")
        report.tried[how] += 1
        looker.look(home, f"{how} of {what}", lambda: True)
        (home / DATABASE).write_bytes(whole)
        for beside in (WAL, SHM):
            (home / beside).unlink(missing_ok=True)
    looker.close()
    return report


def one_digit(db: sqlite3.Connection, lot: random.Random) -> tuple[str, str]:
    rows = db.execute("select owner, name, body from rows where body glob '*[0-9]*'").fetchall()
    owner, name, body = lot.choice(rows)
    place = lot.choice([at for at, letter in enumerate(body) if letter in "0123456789"])
    other = lot.choice([digit for digit in "0123456789" if digit != body[place]])
    changed = body[:place] + other + body[place + 1 :]
    db.execute("update rows set body = ? where owner = ? and name = ?", (changed, owner, name))
    return "a digit", f"{owner} {name}"


def swapped(db: sqlite3.Connection, lot: random.Random) -> tuple[str, str]:
    """Two rows say what the other said, checksum and all."""
    rows = db.execute("select owner, name, body, email, shelf, due, checksum from rows").fetchall()
    one, other = lot.sample(rows, 2)
    while one[2] == other[2]:
        one, other = lot.sample(rows, 2)
    for key, said in ((one, other), (other, one)):
        values = (*said[2:], *key[:2])
        db.execute(
            "update rows set body = ?, email = ?, shelf = ?, due = ?, checksum = ? where owner = ? and name = ?", values
        )
    return "a swap", f"{one[:2]} and {other[:2]}"


def deleted(db: sqlite3.Connection, lot: random.Random) -> tuple[str, str]:
    rows = [row for row in db.execute("select owner, name from rows") if row[1].startswith(MONEY)]
    owner, name = lot.choice(rows)
    db.execute("delete from rows where owner = ? and name = ?", (owner, name))
    return "a deletion", f"{owner} {name}"


def moved(db: sqlite3.Connection, lot: random.Random) -> tuple[str, str]:
    """On another shelf, or at another moment, than the row itself says."""
    rows = db.execute("select owner, name from rows where shelf is not null").fetchall()
    owner, name = lot.choice(rows)
    column, value = lot.choice((("due", "due + 1"), ("shelf", "shelf || '.'"), ("shelf", "null")))
    db.execute(f"update rows set {column} = {value} where owner = ? and name = ?", (owner, name))  # noqa: S608  our words
    return "another place", f"{owner} {name}"


CHANGES = (one_digit, one_digit, swapped, deleted, moved)


# -- the storm --------------------------------------------------------------------------------------------------------


def storm(size: Size, seed: int) -> Found:
    """Bits flip and rows are changed in a home: each is found when it opens or by the audit."""
    found = Found()
    memory = Path("/dev/shm")  # noqa: S108  a disk has no part in this
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        shut = asyncio.run(furnished(Path(folder) / "shut"))
        dead = asyncio.run(killed(shut, Path(folder) / "dead"))
        told(found, "bits flipped", flip((shut, dead), size.flips, seed))
        told(found, "rows changed", change(shut, size.changed_rows, seed))
    return found


def told(found: Found, what: str, report: Report) -> None:
    where = ", ".join(f"{count:,} {name}" for name, count in sorted(report.tried.items()))
    found.say(f"{what}: {where}", report.tried.total())
    found.say("  found when the home opens", report.opening)
    found.say("  let in, and named in the log: the last write is not whole", report.logged)
    found.say("  found by the audit", report.audited)
    found.say("  that changed nothing of what is kept", report.nothing)
    found.say("  not found", len(report.missed))
    found.say("  that ended in a traceback", len(report.fell))
    found.wrong += [*(f"missed: {one}" for one in report.missed), *report.fell]
