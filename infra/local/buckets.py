"""Rate buckets in this process's memory: what the embedded cache gives, and what is left while a far one is away."""

import math
from collections import OrderedDict

from core.clock import SECOND, Clock

MOST_BUCKETS = 100_000
ROUNDING = 1e-3  # milliseconds; floats of today's size are exact to a quarter of this


def drip_of(per_second: float, burst: float) -> float:
    """Milliseconds in which a bucket gains one."""
    if per_second <= 0 or burst < 1:
        raise ValueError(f"a bucket of {burst} that fills at {per_second} a second never gives")
    return SECOND / per_second


class Buckets:
    """Nothing here awaits, so taking is atomic among the callers of one loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._full: OrderedDict[str, float] = OrderedDict()  # when each will be full; least recently used first

    def take(self, bucket: str, per_second: float, burst: float) -> float:
        """A bucket is one number: when it will be full again. Taking one puts that off by one drip.

        The wait is rounded up to the clock's next millisecond, so whoever waits that long finds one there.
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
