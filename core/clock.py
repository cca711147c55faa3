"""The one way to learn the time and to let it pass."""

from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
FURTHEST = HOUR  # no try is put off further than this


class Clock(Protocol):
    """Time in whole milliseconds since 1970, UTC; the wall's time, so it may be set back."""

    def now(self) -> int: ...

    async def sleep(self, seconds: float) -> None: ...


def come(due: int, now: int) -> bool:
    """The moment of a next try has come; or it lies so far ahead that the clock was set back since."""
    return not now < due <= now + FURTHEST
