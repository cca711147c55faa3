"""The doctor at AWS: what stands is told, what is missing or wrong is named with what mends it; and how models end."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.chance import Chance
from core.models import Catalogue, Route
from core.table import SHELF_INDEX
from infra import aws
from infra.aws import Account, Models
from infra.aws.almanac import BedrockAlmanac, day_of
from infra.aws.blobs import create_bucket
from infra.aws.call import Place, SignedRoad, place
from infra.aws.health import Seen, indexes
from infra.aws.queue import Queues
from infra.aws.table import create_table, plan
from infra.local.clock import WallClock
from infra.sandbox.bedrock import Bedrock, open_bedrock
from tests.servers import REGION, on_valkey, played_keys
from tests.stores import at, patience

__all__ = ["on_valkey"]  # a fixture, found by its name

pytestmark = pytest.mark.server
NAMES = Chance()


@dataclass(frozen=True, slots=True)
class Ground:
    """A house's ground at AWS as it is set up rightly."""

    account: Account
    models: Models
    bedrock: Bedrock

    async def look(self, **other: Any) -> dict[str, Seen]:
        """What is seen of it, by its first words; with these settings instead."""
        painters = [Catalogue.open().models["core"]]
        seen = await aws.look(replace(self.account, **other), self.models, painters)
        return {one.what.partition(":")[0]: one for one in seen}


@pytest.fixture
async def ground(
    on_ministack: Place, on_valkey: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Ground]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "played")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "played")
    name = f"house-{NAMES.token().lower()[:12]}"
    async with SignedRoad(played_keys()) as road, open_bedrock() as played:
        await create_table(road, on_ministack, name, patience())
        await create_bucket(road, at(on_ministack, "s3"), name, patience())
        await Queues(road, at(on_ministack, "sqs"), patience()).create(name)
        account = Account(REGION, name, name, name, "secret", tmp_path, 30, on_valkey, endpoint=on_ministack.url)
        yield Ground(account, Models(REGION, endpoint=played.url), played.bedrock)


async def test_a_house_that_is_set_up_rightly_is_well_in_every_part(ground: Ground) -> None:
    seen = await ground.look()

    assert [one for one in seen.values() if not one.well] == []
    assert {"index EmailIndex", "index ShelfIndex", "clock", "Redis answers", "model core@us-west-2"} <= set(seen)


@pytest.mark.parametrize(
    ("setting", "mend"),
    [
        ("table", "look at the name and the region"),
        ("bucket", "IMAGIFY_AWS__BUCKET"),
        ("queue", "IMAGIFY_AWS__QUEUE"),
    ],
)
async def test_what_is_not_there_is_named_and_the_rest_is_looked_at_all_the_same(
    ground: Ground, setting: str, mend: str
) -> None:
    seen = await ground.look(**{setting: "not-here"})

    (ill,) = [one for one in seen.values() if not one.well]
    assert "not-here" in ill.what
    assert mend in ill.mend
    assert "model core@us-west-2" in seen


async def test_without_redis_each_process_caches_by_itself_and_that_is_well(ground: Ground) -> None:
    away = (await ground.look(redis="redis://127.0.0.1:1"))["Redis does not answer"]
    off = (await ground.look(redis=""))["Redis"]

    assert not away.well
    assert "IMAGIFY_AWS__REDIS" in away.mend
    assert off.well


async def test_a_clock_that_differs_is_found_before_leases_suffer(ground: Ground) -> None:
    async with SignedRoad(played_keys()) as road:
        site = aws.Site(road, ground.account, WallClock(), Chance())
        name = ground.account.table
        told = {one.what.partition(":")[0]: one for one in await aws.health.table(road, site.table(), name, lambda: 0)}

    assert not told["clock"].well
    assert "NTP" in told["clock"].mend


def test_an_index_over_the_wrong_fields_is_named() -> None:
    made = plan("imagify")
    made["GlobalSecondaryIndexes"][1]["KeySchema"][0]["AttributeName"] = "somebody"

    email, shelf = indexes(made)

    assert email.well
    assert not shelf.well
    assert shelf.mend == f"make the index {SHELF_INDEX.name} over shelf then due, with all fields"


async def test_a_model_that_its_vendor_will_end_is_named_with_its_day(ground: Ground) -> None:
    ground.bedrock.set_date(date(2026, 4, 1))
    route = Catalogue.open().models["nova-canvas"].routes[0]

    async with SignedRoad(played_keys()) as road:
        almanac = ground.models.almanac(road)
        life, ends = await almanac.life(route), await almanac.ends(route)

    assert life.status == "LEGACY"
    assert ends == date(2026, 9, 30)


async def test_tools_are_asked_about_by_the_name_of_their_model(ground: Ground) -> None:
    tools: list[Route] = [one.routes[0] for one in Catalogue.open().models.values() if one.tier == "tool"]

    async with SignedRoad(played_keys()) as road:
        almanac = BedrockAlmanac(road, lambda region: place("bedrock", region, ground.models.endpoint))
        found = [await almanac.life(route) for route in tools]

    assert {life.status for life in found} == {"ACTIVE"}


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2026-09-30T00:00:00Z", date(2026, 9, 30)),
        (1_790_726_400, date(2026, 9, 30)),
        (None, None),
        ("", None),
        ("soon", None),
    ],
)
def test_the_day_of_an_end_is_read_however_it_is_told(told: object, day: date | None) -> None:
    assert day_of(told) == day
