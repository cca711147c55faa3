"""Which route paints, and what is made of a painter that does not answer."""

import asyncio

import pytest

from core.errors import Unavailable
from core.models import Catalogue
from core.prompts import Prompt
from core.router import Router
from tests.clocks import THE_DAY
from tests.house import BEDROCK, POCKET, Imagify

PLAN = """
[models.old]
title = "Old"
tier = "draft"
abilities = ["paint"]
vendor = "bedrock"
vendor_model = "old"
regions = ["us-west-2", "us-east-1"]
usd_micros = 1
ends = 2026-11-21
"""


def routing(imagify: Imagify, vendors: frozenset[str] = POCKET) -> Router:
    return Router(imagify.painter, Catalogue.open(), vendors)


async def test_the_first_route_of_the_model_paints(workshop: Imagify) -> None:
    router = Router(workshop.painter, Catalogue.read(PLAN), BEDROCK)

    assert router.route("old", THE_DAY).name == "old@us-west-2"


@pytest.mark.parametrize(("model", "vendors"), [("core", POCKET), ("no such model", BEDROCK), ("pocket", frozenset())])
async def test_a_model_without_a_route_here_is_no_use_waiting_for(
    model: str, vendors: frozenset[str], workshop: Imagify
) -> None:
    with pytest.raises(Unavailable) as told:
        routing(workshop, vendors).route(model, THE_DAY)

    assert (told.value.cause, told.value.billed) == ("misconfigured", "no")


async def test_a_model_paints_until_the_day_it_ends(workshop: Imagify) -> None:
    router = Router(workshop.painter, Catalogue.read(PLAN), BEDROCK)

    assert router.route("old", THE_DAY)
    with pytest.raises(Unavailable):
        router.route("old", THE_DAY + 24 * 3_600_000)


async def test_so_many_paint_at_once_as_the_route_takes_and_the_rest_in_their_turn(workshop: Imagify) -> None:
    router = routing(workshop)
    route = router.route("pocket", THE_DAY)
    inside: list[int] = []
    most = 0

    async def paint(number: int) -> None:
        nonlocal most
        async with router.turn(route):
            inside.append(number)
            most = max(most, len(inside))
            await router.paint(Prompt("mèo", seed=number), route)
            inside.remove(number)

    began = workshop.loop.time()
    await asyncio.gather(*(paint(number) for number in range(6)))

    assert most == route.in_flight == 2
    assert workshop.loop.time() - began == 3 * workshop.painter.seconds


async def test_a_turn_is_given_back_by_whoever_fails(workshop: Imagify) -> None:
    router = routing(workshop)
    route = router.route("pocket", THE_DAY)

    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            async with router.turn(route):
                raise ZeroDivisionError

    async with asyncio.timeout(1), router.turn(route), router.turn(route):
        pass


async def test_a_painter_that_does_not_answer_in_time_may_have_cost_money(workshop: Imagify) -> None:
    router = routing(workshop)
    route = router.route("pocket", THE_DAY)
    workshop.painter.will("mèo", "hang")
    began = workshop.loop.time()

    with pytest.raises(Unavailable) as told:
        await router.paint(Prompt("mèo", seed=1), route)

    assert (told.value.cause, told.value.billed) == ("timeout", "unknown")
    assert workshop.loop.time() - began == route.timeout
