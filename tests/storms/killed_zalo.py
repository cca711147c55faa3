"""The house that is killed for real while Zalo, played outside of it, brings it words and numbers.

It is the whole of bot.app on a home on disk; only its painter is quick, and its time runs `SPEED` times as fast as on
the wall, as Zalo's does, so that leases and retries have their true lengths and still come round in a life.

python -m tests.storms.killed_zalo STAGE
"""

import asyncio
import logging
import sys
from dataclasses import asdict, dataclass, replace
from json import dumps, loads
from pathlib import Path
from typing import Literal, TypeAlias

from bot.app import open_in
from bot.settings import Settings, read
from bot.vendors import Zalo
from core.ports import Wing
from infra import embedded
from infra.embedded.cache import DictCache
from tests.storms.killed_telegram import QuickClock
from tests.storms.quick import QuickPainter

Mode: TypeAlias = Literal["poll", "webhook"]

TOKEN, SECRET = "12345689:abc-played", "shown-by-the-storm"
PAINTS = 0.05  # seconds on the wall
LIFE = 120.0  # seconds on the wall after which a process that nobody kills ends by itself
GIFT = 150  # credits


@dataclass(frozen=True, slots=True)
class Stage:
    """Where all lives of a run play."""

    home: str
    epoch: int  # milliseconds since 1970: when time began to run fast
    api_url: str
    port: int
    mode: Mode

    def written(self) -> str:
        return dumps(asdict(self))

    @property
    def settings(self) -> Settings:
        """Nobody meets a limit."""
        free = dict.fromkeys(("users", "messages", "reserve", "daily"), 0)
        said = {"token": TOKEN, "api": self.api_url, "mode": self.mode, "secret": SECRET, **free}
        return read(
            home=Path(self.home),
            port=self.port,
            zalo=Zalo.model_validate(said),
            sandbox=frozenset(),
            gift=GIFT,
            open_sheets=100,
            gift_open_sheets=100,
            prompts_per_minute=10_000,
            longest_wait=100_000,
        )


async def live(stage: Stage) -> None:
    clock = QuickClock(stage.epoch)
    async with embedded.open(Path(stage.home)) as wing:
        ports = replace(wing.ports, painter=QuickPainter(PAINTS), clock=clock, cache=DictCache(clock))
        house = open_in(Wing(ports, wing.secret, wing.vendors, alone=True), stage.settings)
        async with asyncio.timeout(LIFE), house:
            sys.stdout.write("open\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(live(Stage(**loads(sys.argv[1]))))
