"""What the house measures of itself, for /metrics."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Gauge

from core.clock import SECOND, Clock
from core.inbox import WAITING
from core.jobs import PAINTING, QUEUED
from core.news import Outbox
from core.supervise import Crew
from core.table import SHELF_INDEX, Table
from core.tally import Tally, day_of

MOST_SEEN = 500  # a gauge that stands there means "as many or more"


class Gauges:
    def __init__(self, registry: CollectorRegistry, table: Table, clock: Clock, channels: Sequence[str]) -> None:
        self._table, self._clock, self._channels = table, clock, channels
        self._outbox, self._tally = Outbox(table), Tally(table)
        self._waiting = Gauge("imagify_waiting", "Rows that wait, by shelf", ["shelf"], registry=registry)
        self._oldest = Gauge("imagify_oldest_seconds", "Age of the oldest queued job", registry=registry)
        self._news = Gauge("imagify_outbox_due", "News that are due, by channel", ["channel"], registry=registry)
        self._spend = Gauge("imagify_spend_usd_micros", "Spent on painting today", ["pocket"], registry=registry)
        self._crew: Crew | None = None
        self._failures = Gauge("imagify_restarts", "How often a work began again", ["work"], registry=registry)

    def follow(self, crew: Crew) -> None:
        """Failures are counted by the crew; from now on they are read with the rest."""
        self._crew = crew

    async def measure(self) -> None:
        """Everything as it stands now. Each process does it for itself, for each answers for itself."""
        now = self._clock.now()
        for name, shelf in (("queued", QUEUED), ("painting", PAINTING), ("heard", WAITING)):
            rows = await self._table.find(SHELF_INDEX, shelf, limit=MOST_SEEN)
            self._waiting.labels(name).set(len(rows))
            if shelf == QUEUED:
                oldest = min((row.number("created") for row in rows), default=now)
                self._oldest.set((now - oldest) / SECOND)
        for channel in self._channels:
            self._news.labels(channel).set(len(await self._outbox.due(channel, now)))
        spend = await self._tally.spend(day_of(now))
        self._spend.labels("gift").set(spend.gift)
        self._spend.labels("paid").set(spend.paid)
        for name, count in (self._crew.failures if self._crew else {}).items():
            self._failures.labels(name).set(count)
