"""How far an order is: its place while it waits, a share and the seconds left while it is painted."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from core.clock import SECOND, Clock
from core.jobs import Job
from core.pace import Pace
from core.places import Places

STEEPNESS = 1.2  # after the usual time the bar stands at 70 %, and it never stands still
MOST = 98
PATIENCE = 3 * SECOND  # beyond the p90 before it is said that this one is slow


@dataclass(frozen=True, slots=True)
class Progress:
    place: int  # 0 while it is painted
    seconds: int
    share: int  # percent
    slow: bool = False  # longer under way than nine of ten are


class Progresses:
    def __init__(self, clock: Clock, places: Places, pace: Pace) -> None:
        self._clock, self._places, self._pace = clock, places, pace

    async def of(self, jobs: Sequence[Job]) -> Progress | None:
        """Of an order's jobs; nothing once all are closed."""
        open_ = [job for job in jobs if not job.closed]
        if not open_:
            return None
        if all(job.state == "queued" for job in open_):
            ahead = await self._places.ahead(min(job.place for job in open_))
            return Progress(ahead + 1, self._places.seconds(ahead), 0)
        return await self._painting(jobs, open_)

    async def _painting(self, jobs: Sequence[Job], open_: Sequence[Job]) -> Progress:
        took, now = await self._pace.of(jobs[0].model), self._clock.now()
        shares = [1.0 if job.closed else share(now - job.began, took.p50) if job.began else 0.0 for job in jobs]
        left = max(took.p50 - (now - job.began) if job.began else took.p50 for job in open_)
        longer = max(took.p90 - (now - job.began) if job.began else took.p90 for job in open_)
        seconds = max(1, round((left if left > 0 else longer) / SECOND))
        return Progress(0, seconds, min(MOST, int(100 * sum(shares) / len(shares))), slow=longer < -PATIENCE)


def share(elapsed: int, usual: int) -> float:
    """Quick at first, slower towards the end, and never quite there."""
    return 1 - exp(-STEEPNESS * max(0, elapsed) / max(1, usual))
