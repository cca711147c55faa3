"""Embedded wing – runs the whole house in one process and one folder, nothing to install."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from core.chance import Chance
from core.ports import Ports, Wing
from infra.embedded.blobs import FileBlobs
from infra.embedded.cache import DictCache
from infra.embedded.home import Home
from infra.embedded.journal import FileJournal
from infra.embedded.painter import PocketPainter
from infra.embedded.queue import Bell
from infra.embedded.safety import PocketJudge
from infra.embedded.scribe import PocketScribe
from infra.local.clock import WallClock
from infra.local.darkroom import PillowDarkroom
from infra.local.disk import free
from infra.local.spool import DiskSpool


@asynccontextmanager
async def open(path: Path, pace: float = 0.0) -> AsyncIterator[Wing]:  # noqa: A001 – both wings are opened by this word
    """Open the home at `path` and yield its ports. `pace` is the time in seconds that the pocket painter takes."""
    async with AsyncExitStack() as closing:
        home = Home.open(path)
        closing.callback(home.close)
        table = home.table()
        closing.push_async_callback(table.close)
        clock, darkroom = WallClock(), PillowDarkroom()
        closing.callback(darkroom.close)
        journal = FileJournal(home.path / "journal", clock)
        closing.callback(journal.close)
        ports = Ports(
            table=table,
            blobs=FileBlobs(home.blobs),
            queue=Bell(),
            cache=DictCache(clock),
            painter=PocketPainter(clock, pace),
            scribe=PocketScribe(darkroom),
            judge=PocketJudge(),
            journal=journal,
            spool=DiskSpool(home.spool),
            darkroom=darkroom,
            clock=clock,
            chance=Chance(),
        )
        yield Wing(ports, home.secret(), vendors=frozenset({"pocket"}), alone=True, room=partial(free, path))
