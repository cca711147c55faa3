"""Where the played models are invoked, how far they are in their lives, who may ask, and how often."""

import asyncio
from datetime import date

import pytest
from botocore.exceptions import ClientError

from infra.sandbox.bedrock import Bedrock, Clock, Models, Rates
from infra.sandbox.bedrock.refusing import Refused
from tests.infra.sandbox.bedrock_rig import (
    CANVAS,
    CORE,
    MICRO,
    OREGON,
    SINGAPORE,
    SMALL,
    TITAN,
    VIRGINIA,
    Customer,
    facts_of,
    quick,
    wanting,
)

THE_DAY = 1_795_132_800.0  # 2026-11-20, midnight UTC
TOOL = "stability.stable-fast-upscale-v1:0"
TODAY = date(2026, 11, 20)


def refusal(model: str, region: str, today: date = TODAY) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        Models.open().find(model, region, today)
    return refused.value.status, refused.value.message


# -- regions and profiles


@pytest.mark.parametrize(
    ("model", "region"),
    [
        (CORE, OREGON),
        (f"arn:aws:bedrock:us-west-2::foundation-model/{CORE}", OREGON),
        (f"us.{TOOL}", VIRGINIA),
        (MICRO, SINGAPORE),
        ("global.amazon.nova-2-lite-v1:0", SINGAPORE),
        ("amazon.nova-micro-v1:0", VIRGINIA),
    ],
)
def test_a_model_is_found_from_where_it_may_be_invoked(model: str, region: str) -> None:
    assert Models.open().find(model, region, TODAY).id in model


@pytest.mark.parametrize(
    ("model", "region"),
    [
        (CORE, VIRGINIA),
        (f"us.{CORE}", OREGON),
        (f"us.{TOOL}", SINGAPORE),
        (MICRO, OREGON),
        ("stability.stable-image-core-v1:0", OREGON),
        ("", OREGON),
    ],
)
def test_a_model_that_is_not_there_is_no_valid_identifier(model: str, region: str) -> None:
    assert refusal(model, region) == (400, "The provided model identifier is invalid.")


@pytest.mark.parametrize(("model", "region"), [(TOOL, OREGON), ("amazon.nova-micro-v1:0", SINGAPORE)])
def test_a_bare_id_is_not_invoked_on_demand_where_only_a_profile_leads(model: str, region: str) -> None:
    status, words = refusal(model, region)

    assert status == 400
    assert words.startswith(f"Invocation of model ID {model} with on-demand throughput isn’t supported.")


async def test_one_port_plays_every_region_by_the_signature(an: Customer) -> None:
    assert (await an.paints("a cat"))["images"]

    assert await an.is_refused(region=VIRGINIA, prompt="a cat") == (
        400,
        "ValidationException",
        "The provided model identifier is invalid.",
    )
    assert [call.region for call in an.bedrock.ledger.calls] == [OREGON, VIRGINIA]


# -- lives


async def test_a_model_that_has_ended_is_404_and_lives_on_an_earlier_day(an: Customer) -> None:
    asked = {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "a cat"}}
    an.bedrock.set_date(TODAY)
    today = [await an.is_refused(model, VIRGINIA, **asked) for model in (TITAN, CANVAS)]

    an.bedrock.set_date(date(2026, 9, 29))
    canvas = await an.invokes(CANVAS, VIRGINIA, **asked)
    an.bedrock.set_date(date(2026, 6, 29))
    titan = await an.invokes(TITAN, VIRGINIA, **asked)

    assert [one[:2] for one in today] == [(404, "ResourceNotFoundException")] * 2
    assert today[0][2].startswith("This model version has reached the end of its life.")
    assert canvas["images"]
    assert titan["images"]


async def test_the_life_of_a_model_can_be_read(an: Customer) -> None:
    an.bedrock.set_date(date(2026, 4, 1))

    canvas = await an.asks("bedrock", "get_foundation_model", VIRGINIA, modelIdentifier=CANVAS)
    core = await an.asks("bedrock", "get_foundation_model", modelIdentifier=CORE)

    life = canvas["modelDetails"]["modelLifecycle"]
    assert life["status"] == "LEGACY"
    assert life["endOfLifeTime"].date() == date(2026, 9, 30)
    assert core["modelDetails"]["modelLifecycle"]["status"] == "ACTIVE"
    assert core["modelDetails"]["outputModalities"] == ["IMAGE"]


async def test_a_region_lists_what_it_has_today(an: Customer) -> None:
    an.bedrock.set_date(TODAY)

    oregon = await an.asks("bedrock", "list_foundation_models", byOutputModality="IMAGE", byInferenceType="ON_DEMAND")
    virginia = await an.asks("bedrock", "list_foundation_models", VIRGINIA, byProvider="amazon")
    with pytest.raises(ClientError) as gone:
        await an.asks("bedrock", "get_foundation_model", VIRGINIA, modelIdentifier=CANVAS)

    assert {one["modelId"].partition(".")[0] for one in oregon["modelSummaries"]} == {"stability"}
    assert len(oregon["modelSummaries"]) == 3
    assert CANVAS not in {one["modelId"] for one in virginia["modelSummaries"]}
    assert facts_of(gone.value)[:2] == (404, "ResourceNotFoundException")


# -- signatures


async def test_a_wrong_key_and_a_wrong_clock_are_403(an: Customer) -> None:
    an.secret = "another secret"
    wrong = await an.is_refused(prompt="a cat")
    an.secret = "played-secret"
    an.bedrock.skew = 301.0
    late = await an.is_refused(prompt="a cat")
    an.bedrock.skew = -301.0
    early = await an.is_refused(prompt="a cat")
    an.bedrock.skew = 290.0
    near = await an.paints("a cat")

    assert [one[:2] for one in (wrong, late, early)] == [(403, "InvalidSignatureException")] * 3
    assert "does not match" in wrong[2]
    assert "Signature expired" in late[2]
    assert "not yet current" in early[2]
    assert near["images"]


async def test_an_unsigned_request_is_told_that_its_token_is_missing() -> None:
    answer = await quick(Clock.by_hand(THE_DAY)).answer(wanting(region=""))

    assert answer.status == 403
    assert answer.headers["x-amzn-ErrorType"].startswith("MissingAuthenticationTokenException:http://internal")


# -- rates


async def test_each_model_has_its_own_bucket_in_each_region(an: Customer) -> None:
    an.bedrock.rates.on = True
    an.bedrock.rates.set(CORE, per_second=0.001, burst=2)

    await an.paints("a cat")
    await an.paints("a cat")
    throttled = await an.is_refused(prompt="a cat")

    assert throttled == (429, "ThrottlingException", "Too many requests, please wait before trying again.")
    assert len(an.bedrock.ledger.bills()) == 2
    assert an.bedrock.ledger.codes["ThrottlingException"] == 1


async def test_a_bucket_fills_on_bedrocks_own_clock() -> None:
    bedrock = quick(Clock.by_hand(THE_DAY))
    bedrock.latency = 0
    bedrock.rates.set("", per_second=2, burst=1)

    at_once = [(await bedrock.answer(wanting())).status for _ in range(2)]
    bedrock.advance(0.5)
    later = (await bedrock.answer(wanting())).status

    assert at_once == [200, 429]
    assert later == 200


def test_the_narrowest_rate_counts() -> None:
    rates = Rates(lambda: 0.0)
    rates.set("", 1)
    rates.set(CORE, 2)
    rates.set(CORE, 3, region=OREGON)

    assert [rates.of(CORE, OREGON, 9).per_second, rates.of(CORE, VIRGINIA, 9).per_second] == [3, 2]
    assert rates.of(TITAN, OREGON, 9).per_second == 1


# -- time


async def test_a_call_takes_its_models_time_on_bedrocks_clock() -> None:
    bedrock = quick(Clock.by_hand(THE_DAY))

    painting = asyncio.create_task(bedrock.answer(wanting()))
    await bedrock.until(lambda world: bool(world.ledger.bills()))
    waiting = not painting.done()
    bedrock.advance(60)

    assert waiting
    assert (await painting).status == 200


class NotedClock(Clock):
    """Every wait is written down, and over at once."""

    def __init__(self) -> None:
        super().__init__(0, lambda: THE_DAY)
        self.waits: list[float] = []

    def real(self, seconds: float) -> float:
        self.waits.append(seconds)
        self.advance(seconds)
        return 0.0


async def test_the_times_of_a_model_lie_around_its_median() -> None:
    clock = NotedClock()
    bedrock = Bedrock(clock=clock, lot=3, pixels=SMALL)
    bedrock.rates.on = False

    for _ in range(15):
        await bedrock.answer(wanting())

    assert len(clock.waits) == len(set(clock.waits)) == 15
    assert 3.0 < sorted(clock.waits)[7] < 5.0  # Core's is 4
