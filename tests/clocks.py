"""A clock that stands still until a test moves it."""

import asyncio

from core.clock import SECOND

THE_DAY = 1_795_132_800_000  # 2026-11-20, midnight UTC


class SetClock:
    def __init__(self, now: int = THE_DAY) -> None:
        self._now, self._steady = now, 0
        self.slept: list[float] = []

    def now(self) -> int:
        return self._now

    def steady(self) -> int:
        return self._steady

    def pass_by(self, seconds: float) -> None:
        self._now += round(seconds * SECOND)
        self._steady += round(seconds * SECOND)

    def leap(self, seconds: float) -> None:
        """Somebody sets the wall's clock, and no time passes."""
        self._now += round(seconds * SECOND)

    async def sleep(self, seconds: float) -> None:
        """Over at once, with the clock moved on; the others get their turn all the same."""
        self.slept.append(seconds)
        self.pass_by(seconds)
        await asyncio.sleep(0)
