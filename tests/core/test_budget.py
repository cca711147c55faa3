"""What painting may cost us in a day."""

import pytest

from core.clock import DAY, SECOND
from core.errors import SpendCapReached
from core.limits import Limits
from tests.core.routes import alarms, house_of, model, orders_of, router_of
from tests.house import Balance, Imagify

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
    workshop.clock.skip(told.value.seconds * SECOND)
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

    workshop.clock.skip(DAY)
    await router.look()
    assert router.admit(late)
