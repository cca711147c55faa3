"""A breaker: whoever keeps failing is left alone for a while, then asked by one, before everybody asks again.

It stands before the only one there is as before any other: asking a vendor that is down only makes everybody wait.
"""

from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from core.clock import MINUTE, SECOND, Clock
from core.errors import Cause, Declined, Unavailable

WITHIN = MINUTE  # how long a failure is remembered
MOST_FAILURES = 5  # within that time, if they are half of all calls or more
FIRST_REST = 15 * SECOND  # doubled with every probe that fails
LONGEST_REST = 120 * SECOND
NOT_DOWN: Collection[Cause] = ("throttled", "misconfigured")  # who says so is up


class Breaker:
    def __init__(self, clock: Clock, forgives: Collection[Cause] = NOT_DOWN) -> None:
        """`forgives`: failures that say nothing about whether the other end is up."""
        self._clock, self._forgives = clock, forgives
        self._told: deque[tuple[int, bool]] = deque()  # when, and whether it was answered
        self.open = False  # it has failed too often, and nobody has seen it well since
        self._until = 0
        self.since = 0  # when it opened; rests one after the other are one outage
        self._rest = FIRST_REST
        self._probed = False

    @property
    def shut(self) -> bool:
        """Nobody may ask now: it rests, or one is asking for all."""
        return self.open and (self._probed or self._resting)

    @property
    def trying(self) -> bool:
        """The rest is over; whoever asks now asks for all."""
        return self.open and not self._resting

    @property
    def _resting(self) -> bool:
        return self._clock.steady() < self._until

    @contextmanager
    def watch(self) -> Iterator[None]:
        """One call. What the other end could not do counts against it; a refusal shows that it is there."""
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
        """What a call came to that began while it was open tells only if it asked for all."""
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
