"""Buckets – rate limits in this process's memory.

The embedded cache uses these buckets, and the shared cache falls back on them while Redis is away.
"""

import math
from collections import OrderedDict

from core.clock import SECOND, Clock

MOST_BUCKETS = 100_000
ROUNDING = 1e-3  # milliseconds: floats of today's size are exact to a quarter of this


def drip_of(per_second: float, burst: float) -> float:
    """Milliseconds in which a bucket gains one token. Raises ValueError for a bucket that never gives one."""
    if per_second <= 0 or burst < 1:
        raise ValueError(f"a bucket of {burst} that fills at {per_second} a second never gives")
    return SECOND / per_second


class Buckets:
    """Buckets by name. No method awaits, so `take` is atomic among the callers of one loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._full: OrderedDict[str, float] = OrderedDict()  # when each will be full, least recently used first

    def take(self, bucket: str, per_second: float, burst: float) -> float:
        """Take one token from `bucket`, or return the seconds to wait for one.

        A bucket is one number, the time when the bucket is full again. Taking a token moves that time on by one drip.
        The wait is rounded up to the clock's next millisecond, so that a token is there after the wait.
        """
        now, drip = self._clock.steady(), drip_of(per_second, burst)
        full = max(self._full.get(bucket, 0), now)
        wait = full + drip - burst * drip - now
        if wait > ROUNDING:
            return math.ceil(wait) / SECOND
        self._full[bucket] = full + drip
        self._full.move_to_end(bucket)
        if len(self._full) > MOST_BUCKETS:
            self._full.popitem(last=False)
        return 0
