"""What the parts of the house count by themselves, read at the moment /metrics is asked."""

from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core.measures import Measure, Measuring
from core.ports import Ports
from core.router import Router


class Vitals(Collector):
    """Gathers them by name; nothing is kept here, so a part that has gone is told of no more."""

    def __init__(self, registry: CollectorRegistry, *parts: Measuring) -> None:
        self._parts = parts
        registry.register(self)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for part in self._parts:
            for one in part():
                told = families.setdefault(one.name, family(one))
                told.add_metric(list(one.labels.values()), one.value)
        yield from families.values()

    def describe(self) -> Iterable[Any]:
        """Asked when it is registered, before there is anything to tell."""
        return ()


def family(first: Measure) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"imagify_{first.name}", first.about, labels=list(first.labels))


def of_routes(router: Router) -> Measuring:
    """How each route stands in this process, and what its attempts came to."""

    def measured() -> Iterator[Measure]:
        for lane in router.states():
            labels = {"route": lane.route}
            yield Measure(
                "route_rate", "Calls a second that a route is given, all processes together", lane.rate, labels
            )
            yield Measure("route_open", "Whether a route's breaker is open", lane.open, labels)
            yield Measure("route_off", "Whether a route is set up wrongly and left alone", lane.off, labels)
            yield Measure("route_waiting", "Jobs that wait for their turn on a route here", lane.waiting, labels)
            yield Measure("route_flying", "Calls of a route that are out", lane.flying, labels)
        for (route, outcome), count in router.outcomes.items():
            labels = {"route": route, "outcome": outcome}
            yield Measure("attempts", "Calls to painters by what came of them", count, labels)
        for outcome, count in router.wordings.items():
            yield Measure("wordings", "Translations for painters by what came of them", count, {"outcome": outcome})

    return measured


def of_ports(ports: Ports) -> Measuring:
    """What was lost on the way, where losing it is no harm but should be seen."""

    def measured() -> Iterator[Measure]:
        yield Measure("bell_lost", "Rings that nobody will hear; the table is looked at all the same", ports.queue.lost)
        yield Measure("journal_lost", "Facts that the journal did not keep", ports.journal.lost)

    return measured
