"""Bounds on how much one chat may say, the same in every mouth."""

from dataclasses import dataclass

from core.cache import Cache


@dataclass(frozen=True, slots=True)
class Flood:
    """How much one chat may say: so many at once, and from then on so many a second."""

    at_once: int = 20
    a_second: float = 1.0
    told_a_second: float = 1 / 60  # how often it is told

    async def wait(self, cache: Cache, lane: str, when: int = 0) -> float:
        """Seconds until more may be said in this lane; 0 for now. `when`: the span of time in which it was said."""
        return await cache.take(f"heard:{lane}:{when}", self.a_second, self.at_once)
