"""Clock port – the only way to read the time and to wait."""

from collections import OrderedDict
from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
FURTHEST = HOUR  # the longest delay before a retry
MOST_WATCHED = 10_000


class Clock(Protocol):
    """Time in whole milliseconds: `now` for what is stored or told, `steady` for how long things take."""

    def now(self) -> int:
        """Milliseconds since 1970, UTC. May jump forward and back, as the machine's clock is set."""
        ...

    def steady(self) -> int:
        """Milliseconds since a start known only to this process. Runs evenly, even when the machine's clock is set."""
        ...

    async def sleep(self, seconds: float) -> None: ...


def come(due: int, now: int, wait: int) -> bool:
    """True if `due` has come, or lies more than `wait` after `now`: then the clock was set back since.

    So a waiter whose clock is set back waits at most twice as long.
    """
    return not now < due <= now + wait


class Lived:
    """Elapsed time this process can vouch for: runs evenly through jumps of the machine's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._began = clock, clock.now() - clock.steady()

    @property
    def _expected(self) -> int:
        return self._began + self._clock.steady()

    def now(self) -> int:
        """Latest moment that has surely come, so that a clock's jump never triggers what cannot be undone."""
        return min(self._clock.now(), self._expected)

    def age(self, moment: int) -> int:
        """Milliseconds since the stored `moment`: the least possible, as a jump may lie between."""
        ages = (self._clock.now() - moment, self._expected - moment)
        return min((age for age in ages if age >= 0), default=0)


class Watched:
    """Watch on rights that end too far ahead, maybe by another clock, to see if anybody renews the right."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, tuple[tuple[int, int], int]] = OrderedDict()

    def over(self, right: str, held: tuple[int, int], span: int) -> bool:
        """True if `right` has stayed exactly as `held` (fence and end) for `span` since first seen here."""
        now = self._clock.steady()
        before, since = self._seen.get(right, ((-1, -1), now))
        if before != held:
            self._seen[right] = (held, now)
            if len(self._seen) > MOST_WATCHED:
                self._seen.popitem(last=False)
            return False
        return now - since >= span
