"""Breaker – pauses calls to a vendor that keeps failing, then lets one call probe.

A breaker stands also before a route that has no alternative: calling a vendor that is down only makes everybody wait.
"""

from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from core.clock import MINUTE, SECOND, Clock
from core.errors import Cause, Declined, Unavailable

WITHIN = MINUTE  # how long a failure is remembered
MOST_FAILURES = 5  # failures within that time, if at least half of all calls failed
FIRST_REST = 15 * SECOND  # doubled with every probe that fails
LONGEST_REST = 120 * SECOND
NOT_DOWN: Collection[Cause] = ("throttled", "misconfigured")  # causes that show that the vendor is up


class Breaker:
    def __init__(self, clock: Clock, forgives: Collection[Cause] = NOT_DOWN) -> None:
        """Take `forgives`: causes of failure that do not show that the vendor is down."""
        self._clock, self._forgives = clock, forgives
        self._told: deque[tuple[int, bool]] = deque()  # time of each call, and True if the vendor answered
        self.open = False  # too many calls failed, and no probe has succeeded since
        self._until = 0
        self.since = 0  # when it opened; pauses that follow one another are one outage
        self._rest = FIRST_REST
        self._probed = False

    @property
    def shut(self) -> bool:
        """True if no call may be made now: the pause lasts, or a probe is under way."""
        return self.open and (self._probed or self._resting)

    @property
    def trying(self) -> bool:
        """True if the pause is over and the next call is a probe."""
        return self.open and not self._resting

    @property
    def _resting(self) -> bool:
        return self._clock.steady() < self._until

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Watch one call: Unavailable counts against the vendor, Declined shows that the vendor is up."""
        probe, answered = self._ask(), None
        try:
            yield
            answered = True
        except Declined:
            answered = True
            raise
        except Unavailable as failure:
            answered = None if failure.cause in self._forgives else False
            raise
        finally:
            self._hear(answered, probe=probe)

    def _ask(self) -> bool:
        probe = self.trying and not self._probed
        self._probed = self._probed or probe
        return probe

    def _hear(self, answered: bool | None, *, probe: bool) -> None:
        """Record how a call ended. While open, only the result of a `probe` counts, not of calls begun before."""
        if probe:
            self._probed = False
        if answered is None or (self.open and not probe):
            return
        now = self._clock.steady()
        if probe:
            self._close() if answered else self._begin(now, min(2 * self._rest, LONGEST_REST))
            return
        self._told.append((now, answered))
        while self._told and self._told[0][0] <= now - WITHIN:
            self._told.popleft()
        failures = sum(not one for _, one in self._told)
        if failures >= MOST_FAILURES and 2 * failures >= len(self._told):
            self._begin(now, FIRST_REST)

    def _begin(self, now: int, rest: int) -> None:
        self.since = self.since if self.open else now
        self.open, self._rest, self._until = True, rest, now + rest
        self._told.clear()

    def _close(self) -> None:
        self.open, self._rest = False, FIRST_REST
