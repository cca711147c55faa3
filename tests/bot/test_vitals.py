"""What the parts of the house count by themselves stands in /metrics."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest

from bot.vitals import Vitals
from core.measures import Measure
from tests.house import Imagify
from tests.speaker import Speaker


def told(registry: CollectorRegistry) -> list[str]:
    return [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]


def test_measures_of_one_name_stand_together_whichever_part_they_come_from() -> None:
    registry = CollectorRegistry()

    def one() -> Iterator[Measure]:
        yield Measure("calls", "Calls", 3, {"place": "s3"})

    def other() -> Iterator[Measure]:
        yield Measure("calls", "Calls", 4, {"place": "sqs"})
        yield Measure("bell_lost", "Rings", 0)

    Vitals(registry, one, other)

    assert told(registry) == [
        'imagify_calls{place="s3"} 3.0',
        'imagify_calls{place="sqs"} 4.0',
        "imagify_bell_lost 0.0",
    ]


async def test_what_became_of_calls_to_painters_is_counted_by_route(imagify: Imagify, an: Speaker) -> None:
    await an.orders("mèo")
    await imagify.settles()

    lines = told(imagify.house.registry)

    assert 'imagify_attempts{outcome="painted",route="pocket@here"} 1.0' in lines
    assert 'imagify_route_open{route="pocket@here"} 0.0' in lines
    assert "imagify_bell_lost 0.0" in lines
