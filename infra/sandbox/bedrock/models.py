"""Which models there are, where and through which profile they are invoked, and how far each is in its life."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from infra.sandbox.bedrock.refusing import END_OF_LIFE, INVALID_ID, invalid, not_found, on_demand

MAKERS = {"stability": "Stability AI", "amazon": "Amazon"}
FAR = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Model:
    id: str
    title: str
    speaks: str
    began: date
    seconds: float
    per_minute: float
    regions: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    usd_micros: int = 0
    usd_micros_premium: int = 0
    usd_micros_in: int = 0
    usd_micros_out: int = 0
    sees: bool = False
    legacy: date = FAR
    ended: date = FAR

    @property
    def maker(self) -> str:
        return MAKERS[self.id.partition(".")[0]]

    @property
    def talks(self) -> bool:
        return self.speaks == "nova"

    def tokens(self, read: int, written: int) -> int:
        """What so many tokens cost, in millionths of a dollar, a started one in full."""
        return -(-(read * self.usd_micros_in + written * self.usd_micros_out) // 1_000_000)


@dataclass(frozen=True, slots=True)
class Models:
    """All of them by id, and the regions each profile may be invoked from."""

    all: Mapping[str, Model]
    sources: Mapping[str, tuple[str, ...]]

    @staticmethod
    @cache
    def open() -> "Models":
        return Models.read((files(__package__) / "models.toml").read_text("utf-8"))

    @classmethod
    def read(cls, text: str) -> "Models":
        plan = tomllib.loads(text)
        sources = {prefix: tuple(regions) for prefix, regions in plan.pop("sources").items()}
        return cls({name: _model(name, facts) for name, facts in plan.items()}, sources)

    def find(self, asked: str, region: str, today: date) -> Model:
        """The model behind an id, a profile's id or an ARN, as invoked from this region on this day."""
        name = asked.rpartition("/")[2]
        prefix, _, rest = name.partition(".")
        if prefix in self.sources:
            model = self.all.get(rest)
            if model is None or prefix not in model.profiles or region not in self.sources[prefix]:
                raise invalid(INVALID_ID)
        else:
            model = self.bare(name, region)
        if today >= model.ended:
            raise not_found(END_OF_LIFE)
        return model

    def bare(self, name: str, region: str) -> Model:
        model = self.all.get(name)
        if model is None or region not in self.known(model):
            raise invalid(INVALID_ID)
        if region not in model.regions:
            raise on_demand(name)
        return model

    def known(self, model: Model) -> set[str]:
        """The regions that know of the model."""
        return {*model.regions, *(region for prefix in model.profiles for region in self.sources[prefix])}

    def listed(self, region: str) -> Iterator[Model]:
        return (model for model in self.all.values() if region in self.known(model))


def facts_of(model: Model, region: str, today: date) -> dict[str, Any]:
    """As GetFoundationModel and ListFoundationModels tell it."""
    lifecycle = {"status": "LEGACY" if today >= model.legacy else "ACTIVE", "startOfLifeTime": _moment(model.began)}
    if model.legacy != FAR:
        lifecycle["legacyTime"] = _moment(model.legacy)
    if model.ended != FAR:
        lifecycle["endOfLifeTime"] = _moment(model.ended)
    return {
        "modelArn": f"arn:aws:bedrock:{region}::foundation-model/{model.id}",
        "modelId": model.id,
        "modelName": model.title,
        "providerName": model.maker,
        "inputModalities": ["TEXT", "IMAGE"] if model.sees or not model.talks else ["TEXT"],
        "outputModalities": ["TEXT"] if model.talks else ["IMAGE"],
        "responseStreamingSupported": model.talks,
        "customizationsSupported": [],
        "inferenceTypesSupported": ["ON_DEMAND"] if region in model.regions else ["INFERENCE_PROFILE"],
        "modelLifecycle": lifecycle,
    }


def _model(name: str, facts: Mapping[str, Any]) -> Model:
    lists = {fact: tuple(facts[fact]) for fact in ("regions", "profiles") if fact in facts}
    return Model(id=name, **{**facts, **lists})


def _moment(day: date) -> str:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
