"""The painter of the AWS wing: one call for a picture, and what every answer means to who pays for it."""

import asyncio
import json
import threading
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from core.errors import Declined, Failure, Unavailable
from core.models import Catalogue, Route
from core.painter import Painter
from core.prompts import Prompt
from infra.aws.bedrock import runtime
from infra.aws.call import Place, SignedRoad
from infra.aws.painter import BedrockPainter
from tests.infra.aws.conftest import PlayedAws
from tests.pictures import a_jpeg, a_png
from tests.servers import free_port

CAT = Prompt("con mèo", seed=7, english="a black cat")
JPEG = a_jpeg()
CALLED = ("bedrock", "InvokeModel")
CORAL = "http://internal.amazon.com/coral/com.amazon.bedrock/"


def route(name: str) -> Route:
    return Catalogue.open().models[name].routes[0]


def shown(*pictures: bytes, **more: Any) -> dict[str, Any]:
    return {"seeds": [7], "finish_reasons": [None], "images": [b64encode(one).decode() for one in pictures], **more}


@pytest.fixture
def painter(aws: PlayedAws, road: SignedRoad) -> BedrockPainter:
    return BedrockPainter(road, lambda region: runtime(region, aws.url))


async def failing(painter: Painter, name: str = "core", source: bytes = b"") -> Failure:
    with pytest.raises(Failure) as caught:
        await painter.paint(CAT, route(name), source)
    return caught.value


def meaning(failure: Failure) -> tuple[str, str, float]:
    """In short: what it comes to, who pays, when to come back."""
    if isinstance(failure, Unavailable):
        return failure.cause, failure.billed, failure.retry_after
    assert isinstance(failure, Declined)
    return failure.reason, failure.billed, 0.0


# --- it works


async def test_a_picture_is_painted_with_one_call(aws: PlayedAws, road: SignedRoad, painter: BedrockPainter) -> None:
    aws.says(shown(JPEG))

    picture = await painter.paint(CAT, route("core"))

    assert (picture.data, picture.mime, picture.seed) == (JPEG, "image/jpeg", 7)
    [heard] = aws.heard
    assert (heard.method, heard.path) == ("POST", "/model/stability.stable-image-core-v1%3A1/invoke")
    assert "/us-west-2/bedrock/aws4_request" in heard.headers["authorization"]
    assert json.loads(heard.body)["prompt"] == "a black cat"
    assert (road.counts.calls[CALLED], road.counts.errors[CALLED]) == (1, 0)


@pytest.mark.parametrize("region", ["us-west-2", "us-east-1", "us-east-2"])
async def test_it_is_painted_in_the_region_of_the_route(aws: PlayedAws, road: SignedRoad, region: str) -> None:
    aws.says(shown(JPEG))
    asked: list[str] = []

    def places(of: str) -> Place:
        asked.append(of)
        return runtime(of, aws.url)

    elsewhere = replace(route("upscale"), region=region)
    await BedrockPainter(road, places).paint(CAT, elsewhere, a_jpeg((64, 64)))

    assert asked == [region]
    assert f"/{region}/bedrock/aws4_request" in aws.heard[0].headers["authorization"]
    assert aws.heard[0].path == "/model/us.stability.stable-fast-upscale-v1%3A0/invoke"


def test_the_models_of_a_region_are_at_its_own_address() -> None:
    assert runtime("us-west-2").url == "https://bedrock-runtime.us-west-2.amazonaws.com"
    assert runtime("us-west-2").name == "bedrock"


async def test_what_kind_of_picture_it_is_its_own_bytes_say(aws: PlayedAws, painter: BedrockPainter) -> None:
    aws.says({"images": [b64encode(a_png()).decode()], "error": None})

    picture = await painter.paint(CAT, route("nova-canvas"))

    assert (picture.mime, picture.seed) == ("image/png", 7)


async def test_a_seed_that_was_drawn_there_is_told(aws: PlayedAws, painter: BedrockPainter) -> None:
    aws.says(shown(JPEG, seeds=[2_130_420_379]))

    assert (await painter.paint(CAT, route("core"))).seed == 2_130_420_379


async def test_a_heavy_picture_is_unpacked_off_the_loop(aws: PlayedAws, painter: BedrockPainter) -> None:
    heavy = JPEG + b"\0" * 2_000_000
    aws.says(shown(heavy))
    before = {thread.name for thread in threading.enumerate()}

    assert (await painter.paint(CAT, route("core"))).data == heavy

    assert {thread.name for thread in threading.enumerate()} > before


# --- kept back by a filter

FILTERED: dict[str, dict[str, Any]] = {
    "Filter reason: prompt": {"finish_reasons": ["Filter reason: prompt"]},
    "Filter reason: output image": {"finish_reasons": ["Filter reason: output image"], "seeds": [7], "images": [""]},
    "Filter reason: input image": {"finish_reasons": ["Filter reason: input image"]},
    "a reason nobody knows yet": shown(JPEG, finish_reasons=["a reason nobody knows yet"]),
    "a reason without a list": shown(JPEG, finish_reasons="a reason without a list"),
    "All of the generated images have been blocked by our content filters.": {
        "images": [],
        "error": "All of the generated images have been blocked by our content filters.",
    },
}


@pytest.mark.parametrize(("reason", "answer"), FILTERED.items(), ids=FILTERED)
async def test_what_a_filter_keeps_back_is_declined_and_may_have_cost(
    aws: PlayedAws, painter: BedrockPainter, reason: str, answer: dict[str, Any]
) -> None:
    aws.says(answer)

    assert meaning(await failing(painter)) == (reason, "unknown", 0)

    assert len(aws.heard) == 1


# --- answers that are none

BROKEN: dict[str, object] = {
    "nothing": b"",
    "no JSON": b"<html>",
    "cut off": json.dumps(shown(JPEG)).encode()[:-20],
    "a list": [1],
    "nothing in it": {},
    "no picture": {"seeds": [1], "finish_reasons": [None], "images": []},
    "a picture that is none": {"images": [None]},
    "pictures that are no list": {"images": "abcd"},
    "corrupt base64": {"seeds": [1], "finish_reasons": [None], "images": ["/9j/@@@@"]},
    "torn base64": {"images": [b64encode(JPEG).decode()[:-1]]},
    "letters beyond ASCII": {"images": ["ảnh"]},
    "bytes of something else": shown(b"GIF89a"),
    "an error in the model": {"finish_reasons": ["Inference error"]},
    "an abyss": b"[" * 100_000,
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
async def test_an_answer_without_a_picture_may_have_cost_all_the_same(
    aws: PlayedAws, painter: BedrockPainter, answer: object
) -> None:
    aws.says(answer)

    assert meaning(await failing(painter)) == ("broken", "unknown", 0)

    assert len(aws.heard) == 1


# --- errors

VALIDATION = "ValidationException"
END = "This model version has reached the end of its life. Please refer to the AWS documentation for more details."
LEGACY = "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model"
ON_DEMAND = (
    "Invocation of model ID us.x with on-demand throughput isn’t supported. Retry your request with the ID or ARN of "
    "an inference profile that contains this model."
)
BLOCKED = (
    "This request has been blocked by our content filters. Please adjust your text prompt to submit a new request."
)
BLOCKED_PICTURE = BLOCKED.replace("text prompt", "input image")
NESTED = "{\"detail\":\"Invalid field in request. Available fields: ['prompt', 'seed']\"}"
ERRORS: list[tuple[int, str, str, tuple[str, str]]] = [
    (429, "ThrottlingException", "Too many requests, please wait before trying again.", ("throttled", "no")),
    (429, "ThrottlingException", "Too many tokens, please wait before trying again.", ("throttled", "no")),
    (429, "ModelNotReadyException", "", ("throttled", "no")),
    (400, "ServiceQuotaExceededException", "", ("throttled", "no")),
    (503, "ServiceUnavailableException", "Bedrock is unable to process your request.", ("outage", "no")),
    (500, "InternalServerException", "", ("outage", "unknown")),
    (502, "", "", ("outage", "unknown")),
    (408, "ModelTimeoutException", "", ("timeout", "unknown")),
    (424, "ModelErrorException", "", ("outage", "unknown")),
    (404, "ResourceNotFoundException", END, ("misconfigured", "no")),
    (404, "ResourceNotFoundException", LEGACY, ("misconfigured", "no")),
    (403, "AccessDeniedException", "You don't have access to the model", ("misconfigured", "no")),
    (403, "UnrecognizedClientException", "The security token is invalid.", ("misconfigured", "no")),
    (307, "", "", ("misconfigured", "no")),
    (400, VALIDATION, "The provided model identifier is invalid.", ("misconfigured", "no")),
    (400, VALIDATION, ON_DEMAND, ("misconfigured", "no")),
    (400, VALIDATION, BLOCKED, ("content filter", "no")),
    (400, VALIDATION, BLOCKED_PICTURE, ("content filter", "no")),
    (400, VALIDATION, NESTED, ("bad request", "no")),
    (400, VALIDATION, "Malformed input request: #/text: expected maxLength: 512", ("bad request", "no")),
    (413, "", "", ("bad request", "no")),
]


@pytest.mark.parametrize(("status", "code", "said", "means"), ERRORS)
async def test_every_error_says_who_pays_and_whether_it_is_any_use_to_come_back(
    aws: PlayedAws, painter: BedrockPainter, status: int, code: str, said: str, means: tuple[str, str]
) -> None:
    aws.says({"message": said}, status, {"x-amzn-ErrorType": f"{code}:{CORAL}"} if code else {})

    failure = await failing(painter)

    assert meaning(failure) == (*means, 0)
    assert len(aws.heard) == 1
    assert said not in str(failure) or not said


async def test_who_is_throttled_is_told_when_to_come_back(aws: PlayedAws, painter: BedrockPainter) -> None:
    aws.says({}, 429, {"Retry-After": "7"})

    assert meaning(await failing(painter)) == ("throttled", "no", 7)


async def test_where_nobody_listens_nothing_was_paid(road: SignedRoad) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    painter = BedrockPainter(road, lambda region: runtime(region, nowhere))

    assert meaning(await failing(painter)) == ("outage", "no", 0)


async def test_a_connection_that_ends_without_an_answer_may_have_cost(aws: PlayedAws, painter: BedrockPainter) -> None:
    aws.hangs_up()

    assert meaning(await failing(painter)) == ("outage", "unknown", 0)

    assert len(aws.heard) == 1


async def test_a_picture_torn_on_its_way_may_have_cost(aws: PlayedAws, painter: BedrockPainter) -> None:
    aws.hangs_up(after=b'{"seeds": [7], "images": ["')

    assert meaning(await failing(painter)) == ("outage", "unknown", 0)


async def test_an_answer_that_never_comes_is_given_up_a_little_after_the_routers_own_patience(
    aws: PlayedAws, road: SignedRoad
) -> None:
    aws.hangs()
    painter = BedrockPainter(road, lambda region: runtime(region, aws.url))
    hasty = replace(route("core"), timeout=-4.95)  # the grace of five seconds is all but used up

    with pytest.raises(Unavailable) as caught:
        await painter.paint(CAT, hasty)

    assert meaning(caught.value) == ("timeout", "unknown", 0)


async def test_an_answer_longer_than_bedrock_gives_is_not_read(aws: PlayedAws, painter: BedrockPainter) -> None:
    aws.says(b"x" * 16_800_001)

    assert meaning(await failing(painter)) == ("broken", "unknown", 0)


async def test_a_picture_too_heavy_to_send_is_declined_before_it_costs(aws: PlayedAws, painter: BedrockPainter) -> None:
    heavy = a_jpeg((640, 480)) + b"\0" * 18_800_000

    assert meaning(await failing(painter, "upscale-faithful", heavy)) == ("the picture is too large", "no", 0)

    assert aws.heard == []


async def test_what_cannot_be_asked_is_not_sent(aws: PlayedAws, painter: BedrockPainter) -> None:
    assert meaning(await failing(painter, "upscale")) == ("it needs a picture", "no", 0)

    assert aws.heard == []


async def test_many_pictures_come_side_by_side(aws: PlayedAws, painter: BedrockPainter) -> None:
    aws.says(shown(JPEG))

    pictures = await asyncio.gather(*(painter.paint(CAT, route("core")) for _ in range(8)))

    assert len({picture.data for picture in pictures}) == 1
    assert len(aws.heard) == 8
