"""Homes on a real disk, lived in for a moment, for tests of what opens them and what looks into them."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bot.app import plan
from bot.house import House
from bot.settings import Settings, read
from core.clock import SECOND
from core.jobs import QUEUED, Job, claiming
from core.people import CONSENT_VERSION
from core.prompts import read as read_prompt
from core.studio import Spot
from core.table import SHELF_INDEX
from infra import embedded
from infra.embedded.home import DATABASE
from infra.embedded.layout import checksum
from infra.embedded.marker import MARKER, Marker
from tests.clocks import SetClock


def settings_of(home: Path, **more: object) -> Settings:
    return read(home=home, **{"port": 0, **more})


async def furnish(home: Path, update: int = 7, ahead: int = 0) -> Path:
    """A home in which somebody has credits, and an order that nobody has painted yet, made by a clock that was so many
    milliseconds `ahead`.
    """
    async with embedded.open(home) as opened:
        clock = SetClock(opened.ports.clock.now() + ahead)
        wing = replace(opened, ports=replace(opened.ports, clock=clock))
        house = House(wing, plan(settings_of(home), wing))
        await house.wake(alone=True)
        person = await house.people.agree(await house.people.greet("telegram", "5550123", "vi"), CONSENT_VERSION, "web")
        await house.ledger.deposit(person.id, 20, key="order:1", kind="topup")
        spot = Spot("telegram", "5550123")
        await house.studio.order(person, read_prompt("mèo mướp"), key=f"telegram:5550123:{update}", spot=spot)
    return home


async def paint(home: Path) -> Path:
    """The same home with every picture painted that was ordered."""
    async with embedded.open(home) as wing:
        house = House(wing, plan(settings_of(home), wing))
        await house.wake(alone=True)
        for row in await wing.ports.table.find(SHELF_INDEX, QUEUED):
            job = Job.of(row)
            claimed = job.claimed(wing.ports.clock.now(), 30 * SECOND)
            await wing.ports.table.write(claiming(job, claimed))
            await house.studio.paint(claimed)
    return home


def spoil(home: Path, name: str, **fields: int) -> None:
    """Change fields of every row of that name behind everybody's back, as a mistake of ours would."""
    with closing(sqlite3.connect(home / DATABASE)) as db, db:
        db.create_function("checksum", 3, checksum)
        for owner, body in db.execute("select owner, body from rows where name = ?", (name,)).fetchall():
            changed = json.dumps({**json.loads(body), **fields})
            db.execute(
                "update rows set body = ?1, checksum = checksum(owner, name, ?1) where owner = ?2 and name = ?3",
                (changed, owner, name),
            )


def damage(home: Path) -> None:
    """A disk that lies: half a page of the database is something else."""
    with (home / DATABASE).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 2048)


def shift(home: Path, by: int) -> None:
    """The home, but for its pictures, was left so many milliseconds later than it was."""
    marker = Marker.read(home / MARKER)
    assert marker
    later = replace(marker, at=marker.at + by)
    with closing(sqlite3.connect(home / DATABASE)) as db, db:
        db.execute("update home set at = ?", (later.at,))
    (home / MARKER).write_text(later.text)
