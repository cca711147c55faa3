"""Which route paints now: its own, another region's, another painter's, or nobody's yet."""

import asyncio
from dataclasses import replace

import pytest

from core.clock import DAY, SECOND
from core.errors import Cause, SpendCapReached, Unavailable
from core.jobs import Job
from core.limits import Limits
from core.models import Route, day
from core.painter import Picture
from core.prompts import Prompt
from core.tally import day_of
from tests.core.routes import alarms, house_of, model, orders_of, router_of
from tests.house import Balance, Imagify
from tests.storms.loop import START
from tests.storms.memory import MemoryCache

TWO_REGIONS = model("core", regions=["west", "east"])
FINE = model("fine", tier="fine", usd_micros=140_000, credits=10)
CHEAP = model("twin", tier="draft", usd_micros=30_000)
BEYOND = Limits(open_sheets=100, stand_in_per_day=20)  # cents: two pictures of the fine one, at ten cents more each
YESTERDAY = f"ends = {day(START - DAY)}"


class Sick:
    """The painter of the workshop, of whom some routes are away."""

    def __init__(self, imagify: Imagify, **ill: Cause) -> None:
        self._painter, self.ill = imagify.painter, ill
        self.asked: list[str] = []

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        self.asked.append(route.name)
        for part, cause in self.ill.items():
            if part in route.name:
                raise Unavailable(cause, "no")
        return await self._painter.paint(prompt, route, source)


def routes(imagify: Imagify) -> list[str]:
    """Who was paid, in that order."""
    return [charge.route for charge in imagify.painter.bill]


async def until_kept(imagify: Imagify, job: Job) -> Job:
    """By one worker, as long as it takes."""

    async def closed() -> bool:
        return (await imagify.job(job.id)).closed

    await imagify.until(closed)
    return await imagify.job(job.id)


# --- its own routes


async def test_the_first_region_paints_and_the_next_one_helps_in_a_crowd(workshop: Imagify) -> None:
    router = router_of(workshop, TWO_REGIONS)
    jobs = await orders_of(workshop, *["mèo"] * 6)

    seats = [router.admit(job) for job in jobs]

    assert [seat.route.region if seat else "" for seat in seats] == ["west", "west", "east", "east", "", ""]


async def test_a_region_that_is_away_is_left_to_itself_and_another_paints(workshop: Imagify) -> None:
    painter = Sick(workshop, west="outage")
    house_of(workshop, TWO_REGIONS, painter=painter)
    (job,) = await orders_of(workshop, "mèo")
    for _ in range(5):
        job = await workshop.paints(job)

    kept = await workshop.paints(job)

    assert kept.state == "kept"
    assert painter.asked == ["core@west"] * 5 + ["core@east"]
    assert kept.paid == 1


async def test_a_route_that_is_set_up_wrongly_is_told_once_and_nobody_else_notices(workshop: Imagify) -> None:
    painter = Sick(workshop, west="misconfigured")
    house_of(workshop, TWO_REGIONS, painter=painter)
    first, second = await orders_of(workshop, "mèo", "chó")

    back = await workshop.paints(first)
    assert (back.state, back.paid, back.not_before) == ("queued", 0, workshop.clock.now())
    kept = [await workshop.paints(back), await workshop.paints(second)]

    assert [job.state for job in kept] == ["kept", "kept"]
    assert painter.asked == ["core@west", "core@east", "core@east"]
    assert await alarms(workshop) == ["route off"]


async def test_a_job_waits_at_its_place_while_its_only_route_is_left_alone(workshop: Imagify) -> None:
    painter = Sick(workshop, core="misconfigured")
    house_of(workshop, model("core"), painter=painter)
    await workshop.opens()
    (job,) = await orders_of(workshop, "mèo")
    await workshop.passes(300)
    waiting = await workshop.job(job.id)

    painter.ill.clear()
    kept = await until_kept(workshop, job)

    assert (waiting.state, waiting.place, waiting.claims) == ("queued", job.place, 1)
    assert painter.asked == ["core@west", "core@west"]
    assert kept.ended - job.created < 640 * SECOND


async def test_what_nobody_could_paint_for_so_long_is_paid_back(workshop: Imagify) -> None:
    house_of(workshop, model("core"), painter=Sick(workshop, core="misconfigured"))
    await workshop.opens()
    somebody = await workshop.meets(paid=5)
    (job,) = await somebody.orders("mèo")

    failed = await until_kept(workshop, job)

    assert (failed.state, failed.reason, failed.paid) == ("failed", "overdue", 0)
    assert failed.ended - job.created > 1_800 * SECOND
    assert await workshop.balance(somebody) == Balance(free=5, held=0)
    assert set(await alarms(workshop)) <= {"route off"}


# --- an outage


async def test_no_attempt_is_burnt_on_a_vendor_that_is_away(workshop: Imagify) -> None:
    painter = Sick(workshop, core="outage")
    house_of(workshop, model("core"), painter=painter)
    await workshop.opens()
    jobs = await orders_of(workshop, *["mèo --n 4"] * 5)
    await workshop.passes(60)
    asked = len(painter.asked)

    painter.ill.clear()
    kept = [await until_kept(workshop, job) for job in jobs]

    assert asked <= 10
    assert {job.state for job in kept} <= {"kept", "delivered"}
    assert {job.paid for job in kept} == {1}


async def test_what_waits_for_a_shut_route_is_not_even_claimed(workshop: Imagify) -> None:
    router = router_of(workshop, model("core"), painter=Sick(workshop, core="outage"))
    first, second = await orders_of(workshop, "mèo", "chó")
    for _ in range(5):
        first = await workshop.paints(first)

    assert router.admit(second) is None
    assert (await workshop.job(second.id)).claims == 0
    assert [state.open for state in router.states()] == [True]


# --- a stand-in


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
    imagify.clock.offset += DAY
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


# --- rates


async def test_a_word_of_too_much_slows_down_every_process(workshop: Imagify) -> None:
    shared = MemoryCache()
    there = router_of(workshop, model("core"), cache=shared)
    here = router_of(workshop, model("core"), cache=shared, painter=Sick(workshop, core="throttled"))
    first, second = await orders_of(workshop, "mèo", "chó")
    there.admit(second)

    back = await workshop.paints(first)
    await there.look()

    assert (back.state, back.paid, back.place) == ("queued", 0, first.place)
    assert [state.rate for router in (here, there) for state in router.states()] == [1.0, 1.0]
    assert here.outcomes == {("core@west", "throttled"): 1}


async def test_a_painter_that_does_not_answer_in_time_may_have_cost_money(workshop: Imagify) -> None:
    house_of(workshop, model("core"))
    (job,) = await orders_of(workshop, "mèo")
    workshop.painter.will("mèo", "hang")
    began = workshop.loop.time()

    back = await workshop.paints(job)

    assert ([one.state for one in back.attempts], back.paid) == (["unknown"], 1)
    assert workshop.loop.time() - began == 30
    assert workshop.house.router.outcomes == {("core@west", "timeout"): 1}


async def test_a_call_that_is_cut_off_is_counted_as_such(workshop: Imagify) -> None:
    house_of(workshop, model("core"))
    (job,) = await orders_of(workshop, "mèo")
    painting = asyncio.create_task(workshop.paints(job))
    await workshop.passes(1)

    painting.cancel()
    await asyncio.gather(painting, return_exceptions=True)

    assert workshop.house.router.outcomes == {("core@west", "cut off"): 1}
    (state,) = workshop.house.router.states()
    assert (state.waiting, state.flying) == (0, 0)


# --- what may be spent

CAPPED = Limits(open_sheets=100, gift_open_sheets=100, spend_per_day_paid=20, spend_per_day_gift=4)


async def spend(imagify: Imagify, count: int) -> None:
    for job in await orders_of(imagify, *["mèo"] * count):
        await imagify.paints(job)
        await imagify.passes(6)
        await imagify.house.router.look()


async def test_admins_hear_when_most_is_spent_and_when_all_is(workshop: Imagify) -> None:
    house_of(workshop, model("core"), limits=CAPPED)

    await spend(workshop, 3)
    assert await alarms(workshop) == []
    await spend(workshop, 1)
    assert await alarms(workshop) == ["spend near"]
    await spend(workshop, 1)

    assert await alarms(workshop) == ["spend near", "spend cap"]


async def test_what_cannot_be_paid_for_today_is_said_before_credits_are_held(workshop: Imagify) -> None:
    house_of(workshop, model("core"), limits=CAPPED)
    await spend(workshop, 5)
    somebody = await workshop.meets(paid=5)

    with pytest.raises(SpendCapReached) as told:
        await somebody.orders("mèo")

    assert 0 < told.value.seconds <= 24 * 3_600
    assert await workshop.balance(somebody) == Balance(free=5, held=0)
    workshop.clock.offset += told.value.seconds * SECOND
    assert await somebody.orders("mèo")


async def test_gifts_and_paid_pictures_have_caps_of_their_own(workshop: Imagify) -> None:
    house_of(workshop, model("core"), limits=CAPPED)
    gifted = await workshop.meets(gift=5)
    (job,) = await gifted.orders("mèo")
    await workshop.paints(job)
    await workshop.passes(6)

    with pytest.raises(SpendCapReached):
        await gifted.orders("mèo")

    assert await orders_of(workshop, "mèo")


async def test_what_was_ordered_before_the_cap_was_reached_waits_in_the_table(workshop: Imagify) -> None:
    router = router_of(workshop, model("core"), limits=CAPPED)
    (late,) = await orders_of(workshop, "chó")
    await spend(workshop, 5)

    assert router.admit(late) is None

    workshop.clock.offset += DAY
    await router.look()
    assert router.admit(late)


# --- words


async def test_without_a_translator_nothing_is_burnt_and_the_reason_is_told_at_last(workshop: Imagify) -> None:
    house_of(workshop, model("core", more='languages = ["en"]'))
    workshop.scribe.fails("mèo", 1_000)
    await workshop.opens()
    somebody = await workshop.meets(paid=5)
    (job,) = await somebody.orders("mèo")

    failed = await until_kept(workshop, job)

    assert (failed.state, failed.reason, failed.attempts) == ("failed", "wordless", ())
    assert await workshop.balance(somebody) == Balance(free=5, held=0)
    assert failed.claims < 60


async def test_a_translator_that_comes_back_is_asked_again(workshop: Imagify) -> None:
    house_of(workshop, model("core", more='languages = ["en"]'))
    workshop.scribe.fails("mèo", 7)
    await workshop.opens()
    (job,) = await orders_of(workshop, "mèo")

    kept = await until_kept(workshop, job)

    assert kept.state in ("kept", "delivered")
    assert kept.paid == 1


async def test_words_that_are_english_already_need_no_translator(workshop: Imagify) -> None:
    router = router_of(workshop, model("core", more='languages = ["en"]'))
    workshop.scribe.fails("mèo", 1_000)
    (job,) = await orders_of(workshop, "mèo")
    for _ in range(5):
        job = await workshop.paints(job)
        workshop.clock.offset += max(0, job.not_before - workshop.clock.now())

    (english,) = await orders_of(workshop, "chó")
    in_english = replace(english, prompt=english.words.in_english("a dog").facts())

    assert router.scribe.open
    assert router.admit(english) is None or router.scribe.trying
    assert router.admit(in_english)
