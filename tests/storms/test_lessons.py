"""What the storms have taught, each lesson in its shortest form, so that it is not forgotten with its seed."""

import pytest

from bot.courier import MOST_TRIES
from bot.replies import Reply
from core.chores import Chore, Chores
from core.clock import DAY
from core.jobs import Job
from core.tally import day_of
from tests.house import BEDROCK, Balance, Imagify, Speaker
from tests.storms.played import Fault


@pytest.fixture
async def zalo(workshop: Imagify) -> Speaker:
    """Somebody where nothing that was sent can be edited."""
    return await workshop.meets("zalo", gift=5)


async def painted(speaker: Speaker) -> Job:
    (job,) = await speaker.orders("mèo")
    return await speaker.imagify.paints(job)


def will(speaker: Speaker, *faults: Fault) -> None:
    speaker.imagify.channel(speaker.address.channel).will(speaker.chat, *faults)


async def with_status(speaker: Speaker, job: Job) -> Job:
    """Its status message stands in the chat, to become the picture."""
    imagify = speaker.imagify
    message = await imagify.channel(speaker.address.channel).send(speaker.chat, Reply("drawing"))
    await imagify.house.studio.told(job.sheet, message)
    return await imagify.job(job.id)


def offers(imagify: Imagify, speaker: Speaker) -> list[str]:
    delivered = imagify.channel(speaker.address.channel).delivered
    return [choice.action for one in delivered if not one.reply.picture for choice in one.reply.choices]


@pytest.mark.parametrize("first", ["lost", "arrived"])
async def test_what_one_try_may_have_shown_is_not_given_back_because_the_next_one_failed(
    first: Fault, workshop: Imagify, an: Speaker
) -> None:
    job = await with_status(an, await painted(an))
    later: Fault = "later"
    will(an, first, *(later,) * MOST_TRIES)
    await workshop.opens()

    await workshop.settles()

    assert (await workshop.job(job.id)).state == "delivered"
    assert (await workshop.image(job)).seen == "maybe"
    assert offers(workshop, an) == [f"show:{job.id}"]


async def test_an_offer_to_send_it_again_is_made_until_it_arrives(workshop: Imagify, zalo: Speaker) -> None:
    job = await painted(zalo)
    will(zalo, "lost", "later", "lost", "reject")
    await workshop.opens()

    await workshop.settles()

    assert offers(workshop, zalo) == [f"show:{job.id}"]
    assert (await workshop.job(job.id)).state == "delivered"


async def test_a_courier_that_died_before_its_offer_makes_it_in_its_next_life(workshop: Imagify, zalo: Speaker) -> None:
    job = await painted(zalo)
    will(zalo, "lost", "later")

    await workshop.carries()

    assert (await workshop.job(job.id)).state == "kept"
    assert len(await workshop.due()) == 1


async def test_a_picture_looked_at_is_put_off_no_less_than_the_channel_asks(workshop: Imagify, an: Speaker) -> None:
    job = await with_status(an, await painted(an))
    await an.looks_at(job)
    will(an, "flood")

    await workshop.carries()

    assert [news.tries for news in await workshop.due()] == [1]


async def test_who_left_with_a_picture_that_may_have_arrived_has_paid_for_it_in_the_end(
    workshop: Imagify, an: Speaker
) -> None:
    job = await with_status(an, await painted(an))
    will(an, "arrived")
    await workshop.carries()
    an.leaves()
    await workshop.passes(2)
    await workshop.carries()

    workshop.clock.skip(8 * DAY)
    await workshop.house.sweeps.return_parked()
    await workshop.house.tally.count()

    assert (await workshop.job(job.id)).state == "delivered"
    assert await workshop.balance(an) == Balance(free=4, held=0)
    assert (await workshop.house.tally.day(day_of(workshop.clock.now() - 8 * DAY)))["image ready/unsure"] == 1


async def test_every_process_does_what_concerns_its_own_machine(workshop: Imagify) -> None:
    done: list[str] = []

    async def sweep() -> None:
        done.append("swept")

    chore = Chore("clear spool", 300, sweep, everywhere=True)
    for _ in range(2):
        house = workshop.build()
        assert await Chores(workshop.table, workshop.clock, house.leases, [chore]).do(chore)

    assert done == ["swept", "swept"]


async def test_bytes_of_an_order_nobody_knows_keep_no_worker_from_its_work(workshop: Imagify, an: Speaker) -> None:
    await workshop.spool.keep("UNKNOWN", b"from before a restore")

    assert await workshop.house.studio.rescue() == 0
    assert await workshop.house.sweeps.clear_spool() == 1
    assert (await painted(an)).state == "kept"


async def test_what_a_painter_declined_unbilled_is_not_counted_as_spent(workshop: Imagify, binh: Speaker) -> None:
    workshop.house = workshop.build(vendors=BEDROCK)
    workshop.painter.declines("mèo")

    failed = await painted(binh)

    assert (failed.state, failed.paid) == ("failed", 0)
    assert (await workshop.house.tally.spend(day_of(workshop.clock.now()))).paid == 0
