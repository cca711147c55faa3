"""How many calls a second a route takes: fewer whenever it says that these are too many, and slowly learned back.

One word of too much may be an accident of the journey, calls that met on their way: it costs a tenth. The next one,
before anything has been learned back, is no accident: it halves.

A rate is a value: what it was cut to, and when. What it is by now follows from the time that has passed, so nobody
has to write a recovery down, and processes that share the last cut agree on all the rest.
"""

import json
from dataclasses import dataclass, replace

from core.clock import SECOND

ONCE, AGAIN = 0.9, 0.5  # what is left of it
FLOOR = 0.2  # a second; a route that takes less by itself is cut to a quarter at most
STEP, SHARE = 0.1, 0.05  # a second more, or this share of the whole where that is more ...
EVERY = 30 * SECOND  # ... for every so long without a word of too much


@dataclass(frozen=True, slots=True)
class Rate:
    ceiling: float  # a second, as the catalogue says
    cut_to: float = 0.0
    cut_at: int = 0  # 0: never

    def by(self, now: int) -> float:
        """What it is at this moment."""
        if not self.cut_at or self.cut_at > now + EVERY:  # never, or by a clock that was set back since
            return self.ceiling
        step = max(STEP, SHARE * self.ceiling)
        return min(self.ceiling, self.cut_to + step * (max(0, now - self.cut_at) // EVERY))

    def cut(self, now: int, began: int) -> "Rate":
        """Too much, says a call that began then; those that were out already when it was cut say nothing new."""
        if self.cut_at and began <= self.cut_at <= now:
            return self
        lowest = min(FLOOR, self.ceiling / 4)
        left = AGAIN if self.cut_at and now - self.cut_at < EVERY else ONCE
        return replace(self, cut_to=max(lowest, left * self.by(now)), cut_at=now)

    def told(self) -> bytes:
        """The last cut, for the other processes."""
        return json.dumps([self.cut_to, self.cut_at]).encode()

    def hearing(self, told: bytes | None) -> "Rate":
        """The later cut of ours and another's."""
        cut_to, cut_at = json.loads(told) if told else (0.0, 0)
        return replace(self, cut_to=cut_to, cut_at=cut_at) if cut_at > self.cut_at else self
