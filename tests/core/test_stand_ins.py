"""Who paints in place of a painter that is away, and who may not."""

import pytest

from core.clock import DAY
from core.jobs import Job
from core.limits import Limits
from core.models import day
from core.tally import day_of
from tests.core.routes import Sick, house_of, model, orders_of, router_of
from tests.house import Imagify
from tests.storms.loop import START

FINE = model("fine", tier="fine", usd_micros=140_000, credits=10)
CHEAP = model("twin", tier="draft", usd_micros=30_000)
BEYOND = Limits(open_sheets=100, stand_in_per_day=20)  # cents: two pictures of the fine one, at ten cents more each
YESTERDAY = f"ends = {day(START - DAY)}"


def routes(imagify: Imagify) -> list[str]:
    """Who was paid, in that order."""
    return [charge.route for charge in imagify.painter.bill]


async def open_breaker(imagify: Imagify, job: Job, times: int = 5) -> Job:
    for _ in range(times):
        job = await imagify.paints(job)
    return job


async def test_one_of_the_same_tier_that_costs_no_more_stands_in_silently(workshop: Imagify) -> None:
    house = house_of(workshop, model("core"), CHEAP, FINE, painter=Sick(workshop, core="outage"))
    (job,) = await orders_of(workshop, "mèo --model core")
    job = await open_breaker(workshop, job)

    kept = await workshop.paints(job)

    image = await workshop.image(kept)
    assert (image.model, image.route, image.price) == ("core", "twin@west", 1)
    assert (await house.tally.spend(day_of(workshop.clock.now()))).beyond == 0


async def test_a_dearer_one_stands_in_only_within_the_days_budget_and_at_the_price_of_the_order(
    workshop: Imagify,
) -> None:
    house = house_of(workshop, model("core"), FINE, limits=BEYOND, painter=Sick(workshop, core="misconfigured"))
    jobs = await orders_of(workshop, *["mèo --model core"] * 4)
    jobs[0] = await workshop.paints(jobs[0])
    kept = []
    for job in jobs:
        await house.router.look()
        if house.router.admit(job):
            kept.append(await workshop.paints(job))

    spend = await house.tally.spend(day_of(workshop.clock.now()))
    assert [job.state for job in kept] == ["kept", "kept"]
    assert routes(workshop) == ["fine@west"] * 2
    assert (spend.beyond, spend.paid) == (200_000, 280_000)
    assert {(await workshop.image(job)).price for job in kept} == {1}


async def test_nobody_stands_in_for_a_mere_crowd(workshop: Imagify) -> None:
    router = router_of(workshop, model("core"), CHEAP)
    jobs = await orders_of(workshop, *["mèo --model core"] * 3)

    seats = [router.admit(job) for job in jobs]

    assert [seat.route.name if seat else "" for seat in seats] == ["core@west", "core@west", ""]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (model("small", tier="pocket", usd_micros=0), "a lesser painter"),
        (model("tall", tier="draft", more='ratios = ["9:16"]'), "it does not paint the ratio"),
        (model("dear", tier="draft", usd_micros=40_001), "it costs more than was ordered"),
        (model("past", tier="draft", more=YESTERDAY), "it has ended"),
    ],
)
async def test_who_may_not_stand_in(other: str, why: str, workshop: Imagify) -> None:
    router = router_of(workshop, model("core"), other, painter=Sick(workshop, core="outage"))
    (job,) = await orders_of(workshop, "mèo --model core")

    job = await open_breaker(workshop, job)

    assert router.admit(job) is None, why


async def test_what_was_a_gift_never_pays_for_a_dearer_one(workshop: Imagify) -> None:
    house = house_of(workshop, model("core"), FINE, limits=BEYOND, painter=Sick(workshop, core="outage"))
    somebody = await workshop.meets(gift=5)
    (job,) = await somebody.orders("mèo")
    job = await open_breaker(workshop, job)

    await house.router.look()

    assert house.router.admit(job) is None


NEXT = {"core": model("core"), "fine": FINE}


async def ended(imagify: Imagify, successor: str, limits: Limits | None = None) -> Job:
    """A job of a model that ends while the job waits."""
    last = f'ends = {day(START + DAY)}\nsuccessor = "{successor}"'
    house_of(imagify, model("old", usd_micros=60_000, more=last), NEXT[successor], limits=limits)
    (job,) = await orders_of(imagify, "mèo --model old")
    imagify.clock.skip(DAY)
    return job


async def test_the_successor_paints_what_a_model_that_has_ended_owes(workshop: Imagify) -> None:
    job = await ended(workshop, "core")

    await workshop.paints(job)

    assert routes(workshop) == ["core@west"]


async def test_a_dearer_successor_paints_at_our_cost_or_the_order_is_paid_back_at_once(workshop: Imagify) -> None:
    job = await ended(workshop, "fine")

    failed = await workshop.paints(job)

    assert (failed.state, failed.reason) == ("failed", "misconfigured")
    assert routes(workshop) == []


async def test_a_successor_within_the_budget_paints(workshop: Imagify) -> None:
    job = await ended(workshop, "fine", BEYOND)
    await workshop.house.router.look()

    await workshop.paints(job)

    assert routes(workshop) == ["fine@west"]
