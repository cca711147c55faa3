"""What the house measures of itself."""

from core.inbox import lane_key
from core.supervise import Crew
from core.table import Create
from tests.house import BEDROCK, Imagify, Speaker


async def measured(imagify: Imagify, name: str, **labels: str) -> float | None:
    await imagify.house.gauges.measure()
    return imagify.house.registry.get_sample_value(name, labels)


async def test_waiting_and_painted_jobs_are_counted(workshop: Imagify, binh: Speaker) -> None:
    first, *_ = await binh.orders("mèo --n 3")
    await workshop.claims(first)

    assert await measured(workshop, "imagify_waiting", shelf="queued") == 2
    assert await measured(workshop, "imagify_waiting", shelf="painting") == 1


async def test_the_age_of_the_oldest_waiting_order_is_told(workshop: Imagify, an: Speaker, binh: Speaker) -> None:
    assert await measured(workshop, "imagify_oldest_seconds") == 0
    await an.orders("mèo")
    await workshop.passes(40)
    await binh.orders("chó")
    await workshop.passes(2)

    assert await measured(workshop, "imagify_oldest_seconds") == 42


async def test_words_that_nobody_has_handled_are_counted(workshop: Imagify) -> None:
    now = workshop.clock.now()
    await workshop.table.write(Create(lane_key("telegram:1", "000001"), {"words": {}, "shelf": "LANES", "due": now}))

    assert await measured(workshop, "imagify_waiting", shelf="heard") == 1


async def test_news_that_are_due_are_counted_by_channel(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    await workshop.paints(job)

    assert await measured(workshop, "imagify_outbox_due", channel="telegram") == 1
    assert await measured(workshop, "imagify_outbox_due", channel="zalo") == 0


async def test_what_was_spent_today_is_told_by_pocket(workshop: Imagify, an: Speaker, binh: Speaker) -> None:
    workshop.house = workshop.build(vendors=BEDROCK)
    for speaker in (an, binh):
        (job,) = await speaker.orders("mèo")
        await workshop.paints(job)

    assert await measured(workshop, "imagify_spend_usd_micros", pocket="paid") == 40_000
    assert await measured(workshop, "imagify_spend_usd_micros", pocket="gift") == 0


async def test_a_gauge_falls_again_when_the_queue_is_empty(imagify: Imagify, an: Speaker) -> None:
    await an.orders("mèo")
    await imagify.settles()

    assert await measured(imagify, "imagify_waiting", shelf="queued") == 0
    assert await measured(imagify, "imagify_outbox_due", channel="telegram") == 0


async def test_how_often_a_work_began_again_is_told(workshop: Imagify) -> None:
    async def fall() -> None:
        await workshop.passes(1)
        raise OSError("no disk")

    async with Crew(workshop.clock, workshop.house.ports.chance) as crew:
        workshop.house.gauges.follow(crew)
        crew.add("faller", fall)
        await workshop.passes(5)

        assert await measured(workshop, "imagify_restarts", work="faller") == crew.failures["faller"] >= 2


async def test_each_of_several_processes_answers_for_itself(workshop: Imagify, an: Speaker) -> None:
    other = workshop.build(hands=0)
    await workshop.opens(workshop.build(hands=0))
    await workshop.opens(other)

    await an.orders("mèo")
    await workshop.passes(11)

    assert other.registry.get_sample_value("imagify_waiting", {"shelf": "queued"}) == 1
    assert other.registry.get_sample_value("imagify_restarts", {"work": "inbox"}) == 0
