"""The one way to learn the time and to let it pass."""

from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    """Time in whole milliseconds since 1970, UTC; the wall's time, so it may be set back."""

    def now(self) -> int: ...

    async def sleep(self, seconds: float) -> None: ...
