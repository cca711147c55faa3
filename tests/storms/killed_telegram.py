"""The house that is killed for real while Telegram, played outside of it, brings it words, presses and payments.

It is the whole of bot.app on a home on disk; only its painter is quick, and its time runs `SPEED` times as fast as on
the wall, as Telegram's does, so that pace, leases and retries have their true lengths and still come round in a life.

python -m tests.storms.killed_telegram STAGE
"""

import asyncio
import logging
import sys
import time
from dataclasses import asdict, dataclass, replace
from json import dumps, loads
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import SecretStr

from bot.app import open_in
from bot.settings import Settings, read
from bot.vendors import Telegram
from core.ports import Wing
from infra import embedded
from infra.embedded.cache import DictCache
from tests.storms.quick import QuickPainter

Mode: TypeAlias = Literal["poll", "webhook"]

SPEED = 30
TOKEN, SECRET = "123456:AAF-played", "shown-by-the-storm"
PAINTS = 0.05  # seconds on the wall
LIFE = 120.0  # seconds on the wall after which a process that nobody kills ends by itself
GIFT, BOUGHT = 150, 1_000  # credits
PACKAGE = 20_000  # đồng


@dataclass(frozen=True, slots=True)
class Stage:
    """Where all lives of a run play."""

    home: str
    epoch: int  # milliseconds since 1970: when time began to run fast
    api_url: str
    files_url: str
    port: int
    mode: Mode

    def written(self) -> str:
        return dumps(asdict(self))

    @property
    def settings(self) -> Settings:
        """Nobody meets a limit but Telegram's own."""
        own = Telegram(
            token=SecretStr(TOKEN),
            api=self.api_url,
            files=self.files_url,
            mode=self.mode,
            secret=SecretStr(SECRET),
        )
        return read(
            home=Path(self.home),
            port=self.port,
            telegram=own,
            sandbox=frozenset(),
            gift=GIFT,
            packages=f"{PACKAGE}={BOUGHT}",
            open_sheets=100,
            gift_open_sheets=100,
            prompts_per_minute=10_000,
            longest_wait=100_000,
        )


class QuickClock:
    """The same time in every life of a run, and as fast as Telegram's."""

    def __init__(self, epoch: int) -> None:
        self._epoch = epoch

    def now(self) -> int:
        return self._epoch + (time.time_ns() // 1_000_000 - self._epoch) * SPEED

    def steady(self) -> int:
        return time.monotonic_ns() // 1_000_000 * SPEED

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


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
