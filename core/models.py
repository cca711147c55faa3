"""Models – the catalogue: what each model can do, costs, where it runs and when it ends."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import chain
from math import isqrt
from typing import Any, Literal, TypeAlias

from core.clock import DAY
from core.errors import BadFlag, CannotStart, ModelEnded, PaidOnly, UnknownModel
from core.flags import RATIOS
from core.phrases import Phrases
from core.prompts import Prompt

LADDER = ("pocket", "draft", "photo", "fine")  # tiers a prompt may be given to, the cheapest first
WISHES = ("draft", "fine", "photo")  # tiers a prompt's words may ask for; the first one found counts
CHANGES = (
    "repaint", "outpaint", "remove-background", "upscale", "upscale-faithful", "upscale-creative",
    "replace", "recolor", "from-sketch", "from-structure", "style-guide",
)  # fmt: skip
MEGAPIXEL = 1_024 * 1_024
STEP = 16  # painters take sides in whole multiples of this
QUOTE = re.compile(r'"[^"]*\w[^"]*"|“[^”]*\w[^”]*”|«[^»]*\w[^»]*»')

Credit: TypeAlias = Literal["gift", "paid"]


@dataclass(frozen=True, slots=True)
class Route:
    """Route to a model: one `vendor`, in one `region`, at one cost."""

    name: str
    model: str  # the catalogue's name of the model
    vendor: str  # "pocket" or "bedrock"
    vendor_model: str
    region: str
    usd_micros: int
    languages: tuple[str, ...] = ()  # () = any; ("en",) = the words must be English
    timeout: float = 120.0  # seconds
    in_flight: int = 4
    per_minute: float = 120


@dataclass(frozen=True, slots=True)
class Model:
    """Model that a person can choose, with abilities and `routes`, the best first."""

    name: str
    title: str
    tier: str
    abilities: tuple[str, ...]
    routes: tuple[Route, ...]
    ratios: tuple[str, ...] = RATIOS
    credits: int | None = None  # a price set by hand; None: by the price rule
    legacy: date | None = None
    ends: date | None = None
    successor: str = ""
    most_pixels: int = 0  # of a picture to change; 0: any

    @property
    def draws(self) -> bool:
        """True if seed or words change the result (not for upscale and the like)."""
        return "paint" in self.abilities or any(route.languages for route in self.routes)

    def takes(self, width: int, height: int) -> bool:
        """True if the model takes a source picture of this size."""
        return not self.most_pixels or width * height <= self.most_pixels

    def can_do_as(self, ordered: "Model", prompt: Prompt) -> bool:
        """True if this model can paint `prompt` in place of `ordered`. A new picture must fit the ratio."""
        if prompt.source:
            return set(ordered.abilities) - {"paint", "letters"} <= set(self.abilities)
        return "paint" in self.abilities and prompt.ratio in self.ratios

    @property
    def usd_micros(self) -> int:
        """Cost of a picture on the dearest route, so that no route eats the margin."""
        return max(route.usd_micros for route in self.routes)

    def paced(self, per_minute: float) -> "Model":
        return replace(self, routes=tuple(replace(route, per_minute=per_minute) for route in self.routes))

    def ended(self, now: int) -> bool:
        return self.ends is not None and day(now) >= self.ends

    def runs_at(self, vendors: Collection[str]) -> bool:
        return any(route.vendor in vendors for route in self.routes)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Catalogue of all known models, ended ones too, and of the phrases with which a prompt asks for a tier."""

    models: Mapping[str, Model]
    wishes: Phrases = field(repr=False)

    @staticmethod
    @cache
    def open() -> "Catalogue":
        """Catalogue that comes with the house."""
        return Catalogue.read((files("core") / "catalogue.toml").read_text("utf-8"))

    @classmethod
    def read(cls, text: str) -> "Catalogue":
        """Catalogue read from `text`. Raises CannotStart now, rather than a fault while somebody orders."""
        try:
            plan = tomllib.loads(text)
            models = {name: fitting(model_of(name, facts)) for name, facts in plan["models"].items()}
            return cls(models, Phrases(plan.get("choice", {})))
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as odd:
            raise CannotStart(f"the file of models cannot be read: {type(odd).__name__} {odd}") from odd

    def at_rates(self, rates: Mapping[str, float]) -> "Catalogue":
        """Copy with other `rates` for some models, in calls a second on each route. Raises UnknownModel."""
        for name in rates:
            if name not in self.models:
                raise UnknownModel(name, list(self.models))
        paced = {name: self.models[name].paced(rate * 60) for name, rate in rates.items()}
        return replace(self, models={**self.models, **paced})

    def living(self, now: int) -> list[Model]:
        return [model for model in self.models.values() if not model.ended(now)]

    def able(self, ability: str, now: int, vendors: Collection[str]) -> list[Model]:
        """Living models with `ability` at these `vendors`, the cheapest first."""
        able = [model for model in self.living(now) if ability in model.abilities and model.runs_at(vendors)]
        return sorted(able, key=lambda model: model.usd_micros)

    def ending(self, now: int, days: int) -> list[Model]:
        """Models that end within `days`, for the doctor and the alarms."""
        last = day(now) + timedelta(days=days)
        return [model for model in self.living(now) if model.ends is not None and model.ends <= last]

    def named(self, name: str, now: int, vendors: Collection[str], *abilities: str) -> Model:
        """Model that a person asked for by `name`: a painter, or one with any of `abilities`.

        Raises UnknownModel or ModelEnded.
        """
        model, asked = self.models.get(name), abilities or ("paint",)
        if model is not None and model.ended(now):
            raise ModelEnded(name, model.ends or day(now), model.successor)
        if model is None or not model.runs_at(vendors) or not set(asked) & set(model.abilities):
            known = self.able(asked[0], now, vendors) if abilities else self.ladder(now, vendors)
            raise UnknownModel(name, [one.name for one in known])
        return model

    def ladder(self, now: int, vendors: Collection[str]) -> list[Model]:
        """Painters for prompts that name no model, the cheapest first."""
        return [model for model in self.able("paint", now, vendors) if model.tier in LADDER]

    def choose(self, prompt: Prompt, now: int, vendors: Collection[str], credit: Credit) -> Model:
        """Model to paint `prompt`: the named one, else one of the tier the words ask for, or a cheaper one.

        Gift credits buy only the cheapest. Raises UnknownModel, ModelEnded, PaidOnly or BadFlag (ratio).
        """
        if prompt.source:
            return self.changing(prompt.model, now, vendors, credit)
        ladder = painting(self.ladder(now, vendors), prompt.ratio)
        if prompt.model:
            chosen = painting([self.named(prompt.model, now, vendors)], prompt.ratio)[0]
            if credit == "gift" and chosen.usd_micros > ladder[0].usd_micros:
                raise PaidOnly(chosen.name, ladder[0].name)
            return chosen
        return ladder[0] if credit == "gift" else nearest(ladder, self.wish(prompt.words))

    def changing(self, name: str, now: int, vendors: Collection[str], credit: Credit) -> Model:
        """Model to change a picture: the one of that `name`, else the cheapest that can repaint.

        Gift credits buy nothing dearer than the cheapest painter. Raises UnknownModel, ModelEnded or PaidOnly.
        """
        able = [model for model in self.able("repaint", now, vendors) if model.tier != "past"]
        if not name and not able:
            raise UnknownModel("", [])
        chosen = self.named(name, now, vendors, *CHANGES) if name else able[0]
        ladder = self.ladder(now, vendors)
        if credit == "gift" and ladder and chosen.usd_micros > ladder[0].usd_micros:
            raise PaidOnly(chosen.name, ladder[0].name)
        return chosen

    def stand_ins(self, ordered: Model, prompt: Prompt, now: int) -> list[Model]:
        """Models that may paint in place of `ordered`: successors first, then painters of the same or a finer tier.

        Peers that cost us no more come first. A lesser painter never stands in, as the price would be lower.
        """
        named = list(self._successors(ordered))
        finer = LADDER[LADDER.index(ordered.tier) :] if ordered.tier in LADDER else (ordered.tier,)
        peers = [one for one in self.models.values() if one.tier in finer and one is not ordered and one not in named]
        peers.sort(key=lambda one: (one.usd_micros > ordered.usd_micros, abs(one.usd_micros - ordered.usd_micros)))
        return [one for one in (*named, *peers) if one.can_do_as(ordered, prompt) and not one.ended(now)]

    def _successors(self, model: Model) -> Iterator[Model]:
        """Chain of successors of `model`, cut where the chain goes in a circle."""
        seen = {model.name}
        while (model := self.models.get(model.successor, model)).name not in seen:
            seen.add(model.name)
            yield model

    def wish(self, words: str) -> str:
        """Tier that `words` ask for. Quoted letters to draw need the finest, unless the words ask for a draft."""
        said = self.wishes.find(words)
        wish = next((tier for tier in WISHES if tier in said), "draft")
        return "fine" if QUOTE.search(words) and "draft" not in said else wish


def model_of(name: str, facts: Mapping[str, Any]) -> Model:
    return Model(
        name=name,
        title=facts["title"],
        tier=facts["tier"],
        abilities=tuple(facts["abilities"]),
        routes=tuple(route_of(name, region, facts) for region in facts["regions"]),
        ratios=tuple(facts.get("ratios", RATIOS)),
        credits=facts.get("credits"),
        legacy=facts.get("legacy"),
        ends=facts.get("ends"),
        successor=facts.get("successor", ""),
        most_pixels=facts.get("most_pixels", 0),
    )


def fitting(model: Model) -> Model:
    """Check the type and range of every fact of `model`. Raises TypeError."""
    routes = model.routes
    said = [(one.vendor, one.vendor_model, one.region, *one.languages) for one in routes]
    words = (model.title, model.tier, model.successor, *model.abilities, *model.ratios, *chain(*said))
    whole = (model.credits or 0, model.most_pixels, *(one.usd_micros for one in routes))
    rates = [(one.timeout, one.in_flight, one.per_minute) for one in routes]
    days = [one for one in (model.legacy, model.ends) if one is not None]
    well = all(isinstance(one, str) for one in words) and all(type(one) is int and one >= 0 for one in whole)
    paced = all(isinstance(one, int | float) and one > 0 for one in chain(*rates))
    if not (routes and well and paced and all(type(one) is date for one in days)):
        raise TypeError(f"a fact of {model.name} is of another kind")
    return model


def route_of(name: str, region: str, facts: Mapping[str, Any]) -> Route:
    tuned = {fact: facts[fact] for fact in ("timeout", "in_flight", "per_minute") if fact in facts}
    return Route(
        name=f"{name}@{region}",
        model=name,
        vendor=facts["vendor"],
        vendor_model=facts["vendor_model"],
        region=region,
        usd_micros=facts["usd_micros"],
        languages=tuple(facts.get("languages", ())),
        **tuned,
    )


def painting(models: Sequence[Model], ratio: str) -> list[Model]:
    """Models that paint `ratio`. Raises BadFlag where none does, UnknownModel where `models` is empty."""
    if not models:
        raise UnknownModel("", [])
    able = [model for model in models if ratio in model.ratios]
    if not able:
        painted: Iterable[str] = (one for one in RATIOS if any(one in model.ratios for model in models))
        raise BadFlag("--ar", ratio, tuple(painted))
    return able


def nearest(ladder: Sequence[Model], tier: str) -> Model:
    """Model of the wished `tier`, else of the next one below, else the lowest there is."""
    rank = LADDER.index(tier)
    below = [model for model in ladder if LADDER.index(model.tier) <= rank]
    return max(below, key=lambda model: LADDER.index(model.tier), default=ladder[0])


def day(now: int) -> date:
    """Date of the moment `now`, in UTC."""
    return date(1970, 1, 1) + timedelta(days=now // DAY)


def ratio_size(ratio: str) -> tuple[int, int]:
    """Width and height of about a megapixel in `ratio`."""
    wide, high = (int(part) for part in ratio.split(":"))
    return side(wide, high), side(high, wide)


def side(own: int, other: int) -> int:
    return (isqrt(MEGAPIXEL * own // other) + STEP // 2) // STEP * STEP
