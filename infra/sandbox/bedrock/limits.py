"""How much of each model goes through, in each region: a bucket that fills bit by bit on Bedrock's own clock."""

from collections.abc import Callable
from dataclasses import dataclass, field

from infra.sandbox.bedrock.models import Model
from infra.sandbox.bedrock.refusing import throttled


@dataclass(frozen=True, slots=True)
class Rate:
    per_second: float
    burst: float


@dataclass(slots=True)
class Bucket:
    room: float
    at: float

    def take(self, now: float, rate: Rate) -> bool:
        passed = max(0.0, now - self.at)  # the clock may have been put back
        self.room, self.at = min(rate.burst, self.room + passed * rate.per_second), now
        if self.room < 1:
            return False
        self.room -= 1
        return True


@dataclass(slots=True)
class Rates:
    """The model's own rate, unless another is set for it, or for it in one region."""

    now: Callable[[], float]
    on: bool = True
    _set: dict[tuple[str, str], Rate] = field(default_factory=dict)
    _buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def set(self, model: str, per_second: float, burst: float | None = None, region: str = "") -> Rate:
        """Of one model (its own id), in one region or in all; "" is every model. Its buckets are full again."""
        rate = Rate(per_second, max(1.0, per_second) if burst is None else burst)
        self._set[model, region] = rate
        self._buckets = {key: one for key, one in self._buckets.items() if model not in {"", key[0]}}
        return rate

    def of(self, model: str, region: str, usual: float) -> Rate:
        found = (self._set.get(key) for key in ((model, region), (model, ""), ("", region), ("", "")))
        return next((rate for rate in found if rate), Rate(usual, max(1.0, usual)))

    def all(self) -> list[dict[str, str | float]]:
        return [
            {"model": model, "region": region, "per_second": rate.per_second, "burst": rate.burst}
            for (model, region), rate in self._set.items()
        ]

    def pass_through(self, model: Model, region: str) -> None:
        """One call. Raises 429."""
        if not self.on:
            return
        rate = self.of(model.id, region, model.per_minute / 60)
        now = self.now()
        bucket = self._buckets.setdefault((model.id, region), Bucket(rate.burst, now))
        if not bucket.take(now, rate):
            raise throttled()
