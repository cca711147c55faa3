"""When models end: admins hear of it in time, and what is over paints no more."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from core.clock import DAY
from core.errors import Unavailable
from core.lifecycle import Lifecycle
from core.models import Catalogue, Route, day
from core.news import ALARM
from core.router import Router
from tests.core.routes import VENDORS, house_of, model, orders_of
from tests.house import Imagify
from tests.storms.loop import START

TODAY = day(START)


@dataclass
class Said:
    """What a vendor says of its models' ends."""

    known: dict[str, date] = field(default_factory=dict)
    away: bool = False

    async def ends(self, route: Route) -> date | None:
        if self.away:
            raise Unavailable("outage", "no")
        return self.known.get(route.model)


def ending(days: int, successor: str = "") -> str:
    return f'ends = {TODAY + timedelta(days=days)}\nsuccessor = "{successor}"'


def looking(imagify: Imagify, *models: str, almanac: Said | None = None) -> tuple[Lifecycle, Router]:
    house = house_of(imagify, *models)
    catalogue = Catalogue.read("".join(models))
    return Lifecycle(catalogue, VENDORS, house.router, house.alarms, imagify.clock, almanac), house.router


async def told(imagify: Imagify) -> list[tuple[object, object, object]]:
    """What one admin hears, the oldest first: what, of which model, how many days before."""
    news = [one for one in await imagify.due() if one.kind == ALARM and one.chat == "1"]
    return [(one.facts["what"], one.facts["model"], one.facts["days"]) for one in sorted(news, key=lambda one: one.at)]


async def test_admins_hear_two_months_a_month_and_a_week_before(workshop: Imagify) -> None:
    lifecycle, _ = looking(workshop, model("core", more=ending(62)))

    for _ in range(64):
        await lifecycle.look()
        workshop.clock.skip(DAY)

    assert await told(workshop) == [("model ends", "core", days) for days in (60, 30, 7)]


async def test_every_process_looks_and_admins_are_told_once(workshop: Imagify) -> None:
    here, _ = looking(workshop, model("core", more=ending(5)))
    there, _ = looking(workshop, model("core", more=ending(5)))

    for one in (here, there, here):
        await one.look()

    assert await told(workshop) == [("model ends", "core", 5)]


async def test_a_model_that_does_not_run_here_ends_silently(workshop: Imagify) -> None:
    elsewhere = model("pocket", more=ending(5)).replace('"bedrock"', '"pocket"')
    lifecycle, _ = looking(workshop, model("core"), elsewhere)

    await lifecycle.look()

    assert await told(workshop) == []


async def test_what_the_vendor_says_counts_where_it_is_earlier_than_we_knew(workshop: Imagify) -> None:
    almanac = Said({"core": TODAY + timedelta(days=29)})
    lifecycle, _ = looking(workshop, model("core", more=ending(400)), almanac=almanac)

    await lifecycle.look()

    assert await told(workshop) == [("model ends", "core", 29)]


async def test_what_the_vendor_has_ended_is_painted_by_the_successor_from_now_on(workshop: Imagify) -> None:
    models = (model("core", more='successor = "next"'), model("next", tier="draft"))
    lifecycle, router = looking(workshop, *models, almanac=Said({"core": TODAY}))
    (job,) = await orders_of(workshop, "mèo --model core")

    await lifecycle.look()

    assert await told(workshop) == [("model ended", "core", 0)]
    seat = router.admit(job)
    assert seat
    assert seat.route.name == "next@west"


@pytest.mark.parametrize("almanac", [None, Said(away=True), Said()])
async def test_a_vendor_that_says_nothing_changes_nothing(almanac: Said | None, workshop: Imagify) -> None:
    lifecycle, router = looking(workshop, model("core"), almanac=almanac)
    (job,) = await orders_of(workshop, "mèo")

    await lifecycle.look()

    assert await told(workshop) == []
    assert router.admit(job)
