"""Which route paints now: its own, another region's, another painter's, or nobody's yet."""

import asyncio
from dataclasses import replace

import pytest

from core.clock import SECOND
from core.jobs import MOST_IDLE, changing
from tests.core.routes import Sick, alarms, house_of, model, orders_of, router_of, until_kept
from tests.house import Balance, Imagify
from tests.storms.memory import MemoryCache

TWO_REGIONS = model("core", regions=["west", "east"])


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

    assert (failed.state, failed.reason, failed.paid) == ("failed", "misconfigured", 0)
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
    assert [state.rate for router in (here, there) for state in router.states()] == [1.8, 1.8]
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


# --- words


def heard_by_the_owner(workshop: Imagify) -> list[str]:
    """The jobs that the owner was told of, for want of a translation."""
    told = [shown.text.split() for shown in workshop.telegram.shown("1") if shown.text.startswith("🗣️")]
    return [words[words.index("việc") + 1] for words in told]


async def test_without_a_translator_nothing_is_burnt_and_the_reason_is_told_at_last(workshop: Imagify) -> None:
    house_of(workshop, model("core", more='languages = ["en"]'))
    workshop.scribe.fails("mèo", 1_000)
    await workshop.opens()
    somebody = await workshop.meets(paid=5)
    (job,) = await somebody.orders("mèo")

    failed = await until_kept(workshop, job)

    assert (failed.state, failed.reason, failed.attempts) == ("failed", "wordless", ())
    assert await workshop.balance(somebody) == Balance(free=5, held=0)
    assert failed.ended - failed.created < 60 * SECOND
    assert heard_by_the_owner(workshop) == [failed.id]


async def test_who_comes_while_the_translator_is_known_to_be_away_is_told_within_a_minute_too(
    workshop: Imagify,
) -> None:
    house_of(workshop, model("core", more='languages = ["en"]'))
    words = [f"mèo {number}" for number in range(12)]
    for one in words:
        workshop.scribe.fails(one, 1_000)
    await workshop.opens()
    jobs = await orders_of(workshop, *words[:6])
    await workshop.passes(40)
    assert workshop.house.router.scribe.open
    jobs += await orders_of(workshop, *words[6:])

    failed = [await until_kept(workshop, job) for job in jobs]

    assert {(job.state, job.reason) for job in failed} == {("failed", "wordless")}
    assert max(job.ended - job.created for job in failed) < 60 * SECOND
    assert len(heard_by_the_owner(workshop)) == 1


async def test_a_job_that_is_claimed_again_and_again_and_comes_before_no_painter_ends(
    workshop: Imagify, caplog: pytest.LogCaptureFixture
) -> None:
    house_of(workshop, model("core"))
    (job,) = await orders_of(workshop, "mèo")
    turned_away = replace(job, idle=MOST_IDLE, reason="shut")
    await workshop.table.write(changing(job, turned_away))

    failed = await workshop.paints(turned_away)

    assert (failed.state, failed.reason, failed.attempts) == ("failed", "worn out", ())
    assert await alarms(workshop) == ["job stuck"]
    assert [record.message for record in caplog.records] == [f"job {job.id}: given up after 21 claims that led nowhere"]


async def test_a_translator_that_comes_back_is_asked_again(workshop: Imagify) -> None:
    house_of(workshop, model("core", more='languages = ["en"]'))
    workshop.scribe.fails("mèo", 3)
    await workshop.opens()
    (job,) = await orders_of(workshop, "mèo")

    kept = await until_kept(workshop, job)

    assert kept.state in ("kept", "delivered")
    assert kept.paid == 1


async def test_words_that_are_english_already_need_no_translator(workshop: Imagify) -> None:
    router = router_of(workshop, model("core", more='languages = ["en"]'))
    words = [f"mèo {number}" for number in range(5)]
    for one in words:
        workshop.scribe.fails(one, 1_000)
    for job in await orders_of(workshop, *words):
        await workshop.paints(job)

    (english,) = await orders_of(workshop, "chó")
    in_english = replace(english, prompt=english.words.in_english("a dog").facts())

    assert router.scribe.open
    assert router.admit(english) is None or router.scribe.trying
    assert router.admit(in_english)
