"""Rates – calls per second a route takes: cut when throttled, slowly raised again.

One throttled call may be an accident, as calls may arrive bunched: the rate loses a tenth. The next one, before
anything has been raised again, is no accident: the rate is halved.

A rate is a value: what it was cut to, and when. The present rate follows from the time since, so no process writes a
recovery down, and processes that share the last cut agree on the rest.
"""

import json
from dataclasses import dataclass, replace

from core.clock import SECOND

ONCE, AGAIN = 0.9, 0.5  # what is left of the rate
FLOOR = 0.2  # a second; a route with a low ceiling is cut to a quarter of it at most
STEP, SHARE = 0.1, 0.05  # a second more, or this share of the ceiling if higher ...
EVERY = 30 * SECOND  # ... for every so long without a throttled call


@dataclass(frozen=True, slots=True)
class Rate:
    ceiling: float  # a second, as the catalogue says
    cut_to: float = 0.0
    cut_at: int = 0  # 0: never

    def by(self, now: int) -> float:
        """Calls per second at the moment `now`."""
        if not self.cut_at or self.cut_at > now + EVERY:  # never cut, or the clock was set back since
            return self.ceiling
        step = max(STEP, SHARE * self.ceiling)
        return min(self.ceiling, self.cut_to + step * (max(0, now - self.cut_at) // EVERY))

    def cut(self, now: int, began: int) -> "Rate":
        """Rate after a throttled call that `began` then. A call that began before the last cut changes nothing."""
        if self.cut_at and began <= self.cut_at <= now:
            return self
        lowest = min(FLOOR, self.ceiling / 4)
        left = AGAIN if self.cut_at and now - self.cut_at < EVERY else ONCE
        return replace(self, cut_to=max(lowest, left * self.by(now)), cut_at=now)

    def told(self) -> bytes:
        """Last cut, as bytes for the other processes."""
        return json.dumps([self.cut_to, self.cut_at]).encode()

    def hearing(self, told: bytes | None) -> "Rate":
        """Rate with the later cut: ours, or the `told` one of another process."""
        cut_to, cut_at = json.loads(told) if told else (0.0, 0)
        return replace(self, cut_to=cut_to, cut_at=cut_at) if cut_at > self.cut_at else self
