"""The one way to learn the time and to let it pass."""

from collections import OrderedDict
from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
FURTHEST = HOUR  # no try is put off further than this
MOST_WATCHED = 10_000


class Clock(Protocol):
    """Time in whole milliseconds: the wall's for what is stored or told, the steady one for how long things take."""

    def now(self) -> int:
        """Since 1970, UTC; the wall's clock may be set, forth and back, at any moment."""
        ...

    def steady(self) -> int:
        """Since a moment that only this process knows; it goes on evenly, whatever is done to the wall's clock."""
        ...

    async def sleep(self, seconds: float) -> None: ...


def come(due: int, now: int, wait: int) -> bool:
    """The moment has come; or it lies further ahead than the `wait` it was meant for, so the clock was set back since.

    So whoever waits by a clock that is set back waits twice as long at most.
    """
    return not now < due <= now + wait


class Lived:
    """What of stored moments this process can vouch for: wherever the wall's clock leaps to, time passes evenly."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._began = clock, clock.now() - clock.steady()

    @property
    def _expected(self) -> int:
        return self._began + self._clock.steady()

    def now(self) -> int:
        """The latest moment that has surely come: what cannot be undone is not done because a clock has leapt."""
        return min(self._clock.now(), self._expected)

    def age(self, moment: int) -> int:
        """Milliseconds since a stored moment, the least of what is possible: it may be from before a leap or after."""
        ages = (self._clock.now() - moment, self._expected - moment)
        return min((age for age in ages if age >= 0), default=0)


class Watched:
    """Rights whose time by the wall lies so far off that it may be another clock's: are they renewed?"""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, tuple[tuple[int, int], int]] = OrderedDict()

    def over(self, right: str, held: tuple[int, int], span: int) -> bool:
        """Whether it has been held in the very same way, its fence and its end, for so long since it was first seen."""
        now = self._clock.steady()
        before, since = self._seen.get(right, ((-1, -1), now))
        if before != held:
            self._seen[right] = (held, now)
            if len(self._seen) > MOST_WATCHED:
                self._seen.popitem(last=False)
            return False
        return now - since >= span
