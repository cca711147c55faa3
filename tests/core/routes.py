"""A house with a few painters of its own, for tests of who paints what and when."""

from dataclasses import replace
from typing import Any

from bot.house import House
from core.errors import Cause, Unavailable
from core.jobs import Job
from core.limits import Limits
from core.models import Catalogue, Route
from core.news import ALARM
from core.painter import Picture
from core.ports import Wing
from core.prompts import Prompt
from core.router import Router
from core.studio import Terms
from tests.house import Imagify, on_trial

VENDORS = frozenset({"bedrock"})
MODEL = """
[models.{name}]
title = "{name}"
tier = "{tier}"
abilities = ["paint"]
vendor = "bedrock"
vendor_model = "{name}"
regions = {regions}
usd_micros = {usd_micros}
credits = {credits}
timeout = 30
in_flight = {in_flight}
per_minute = {per_minute}
{more}
"""
USUAL: dict[str, Any] = {
    "tier": "draft",
    "regions": ["west"],
    "usd_micros": 40_000,
    "credits": 1,
    "in_flight": 4,
    "per_minute": 120,
    "more": "",
}


def model(name: str, **facts: Any) -> str:
    """A table of the catalogue."""
    return MODEL.format(name=name, **{**USUAL, **facts})


def house_of(imagify: Imagify, *models: str, limits: Limits | None = None, **ports: Any) -> House:
    """The workshop's house from now on: these painters, and limits and ports of its own."""
    allowed = limits or Limits(open_sheets=100, prompts_per_minute=10_000, prompts_at_once=10_000)
    trial = on_trial(VENDORS, allowed)
    terms = Terms(Catalogue.read("".join(models)), trial.terms.rates, allowed, VENDORS)
    wing = Wing(replace(imagify.ports(imagify.clock), **ports), "", VENDORS, alone=False)
    imagify.house = House(wing, replace(trial, terms=terms), (imagify.telegram, imagify.zalo), (imagify.till,))
    imagify.house.counter.base = "https://imagify.example"
    return imagify.house


def router_of(imagify: Imagify, *models: str, **how: Any) -> Router:
    return house_of(imagify, *models, **how).router


async def alarms(imagify: Imagify) -> list[str]:
    """What one admin is told of, the oldest first."""
    told = [news for news in await imagify.due() if news.kind == ALARM and news.chat == "1"]
    return [str(news.facts["what"]) for news in sorted(told, key=lambda one: one.at)]


async def orders_of(imagify: Imagify, *said: str, paid: int = 50) -> list[Job]:
    """One person's jobs, in the order in which they were wished for."""
    somebody = await imagify.meets(paid=paid)
    return [job for one in said for job in await somebody.orders(one)]


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


async def until_kept(imagify: Imagify, job: Job) -> Job:
    """By one worker, as long as it takes."""

    async def closed() -> bool:
        return (await imagify.job(job.id)).closed

    await imagify.until(closed)
    return await imagify.job(job.id)
