"""A house on a real disk that is killed in the middle of a picture, and opens again where it died."""

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from subprocess import PIPE

from bot.app import audit_home, plan
from bot.house import House
from bot.replies import Reply
from core.audit import every_row
from core.jobs import Job
from core.ledger import Purse
from core.supervise import Crew
from infra import embedded
from infra.embedded.home import look_in
from tests.bot.homes import furnish, settings_of
from tests.storms.played import PlayedChannel

CHAT = "5550123"
AT_ONCE = 25  # seconds a picture may take on a busy machine; shorter than the lease of the dead

DRAW_FOR_EVER = """
import asyncio, sys
from pathlib import Path
from bot.app import plan
from bot.house import House
from core.jobs import PAINTING, QUEUED
from core.table import SHELF_INDEX
from infra import embedded
from tests.bot.homes import settings_of

async def main(home):
    async with embedded.open(home, pace=3600) as wing:
        house = House(wing, plan(settings_of(home), wing))
        for row in await wing.ports.table.find(SHELF_INDEX, QUEUED):
            await wing.ports.queue.ring(row.key.owner.removeprefix("JOB#"))
        working = asyncio.create_task(house.worker.run())
        while not [row for row in await wing.ports.table.find(SHELF_INDEX, PAINTING) if row.flag("asked")]:
            await asyncio.sleep(0.01)
        print("drawing", flush=True)
        await working

asyncio.run(main(Path(sys.argv[1])))
"""


@contextmanager
def drawing(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is at a picture, and would be for an hour."""
    command = [sys.executable, "-c", DRAW_FOR_EVER, str(home)]
    with subprocess.Popen(command, text=True, stdout=PIPE, cwd=Path(__file__).parents[2]) as process:  # noqa: S603  # our own words
        assert process.stdout
        assert process.stdout.readline() == "drawing\n"
        try:
            yield process
        finally:
            process.kill()


class Doorstep(PlayedChannel):
    """A played channel that says when something new stands in the chat."""

    def __init__(self) -> None:
        super().__init__("telegram", random.Random(1))
        self.arrived = asyncio.Event()

    async def send(self, chat: str, reply: Reply, replaces: str = "", once: str = "") -> str:
        message = await super().send(chat, reply, replaces, once)
        self.arrived.set()
        return message


@asynccontextmanager
async def moved_in(home: Path, door: Doorstep) -> AsyncIterator[None]:
    """The whole house at work on a real disk, and somebody's chat at its door."""
    async with embedded.open(home) as wing:
        house = House(wing, plan(settings_of(home), wing), [door])
        await house.wake(alone=True)
        async with Crew(wing.ports.clock, wing.ports.chance) as crew:
            house.enlist(crew)
            yield


async def found_in(home: Path) -> tuple[list[Job], list[Purse]]:
    """Every job and every purse of a home that is shut."""
    table = look_in(home)
    rows = [row async for row in every_row(table)]
    await table.close()
    jobs = [Job.of(row) for row in rows if row.key.owner.startswith("JOB#")]
    return jobs, [Purse.of(row.key.owner, row) for row in rows if row.key.name == "PURSE"]


async def test_a_house_that_was_killed_while_it_drew_finishes_the_picture_when_it_opens_again(tmp_path: Path) -> None:
    home = await furnish(tmp_path / "home")
    with drawing(home) as process:
        process.kill()
        process.wait()
    ((dead,), (before,)) = await found_in(home)
    assert (dead.state, before.held) == ("painting", 1)
    assert (await audit_home(home)).clean

    door = Doorstep()
    async with asyncio.timeout(AT_ONCE), moved_in(home, door):
        await door.arrived.wait()

    ((job,), (after,)) = await found_in(home)
    (shown,) = door.shown(CHAT)
    assert shown.picture
    assert (job.state, job.crashes, job.paid) == ("delivered", 1, 2)
    assert (after.free, after.held) == (19, 0)
    assert (await audit_home(home)).clean
