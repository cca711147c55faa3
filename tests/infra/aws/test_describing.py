"""A picture described by Nova: told while it is written, through whatever befalls a stream on its way."""

import asyncio
import json
from base64 import b64decode
from contextlib import aclosing

import pytest
from aiohttp import web

from core.errors import Declined, Failure, NotAPicture, Unavailable
from infra.aws.bedrock import runtime
from infra.aws.call import SignedRoad
from infra.aws.scribe import NOVA_LITE, NovaScribe
from infra.local.darkroom import PillowDarkroom
from infra.sandbox.bedrock.eventstream import error, event, exception
from tests.infra.aws.conftest import PlayedAws
from tests.pictures import a_jpeg, a_png

SINGAPORE = "ap-southeast-1"
BLOCKED = " - The generated text has been blocked by our content filters."


@pytest.fixture
def darkroom() -> PillowDarkroom:
    return PillowDarkroom()


@pytest.fixture
def scribe(aws: PlayedAws, road: SignedRoad, darkroom: PillowDarkroom) -> NovaScribe:
    return NovaScribe(road, runtime(SINGAPORE, aws.url), darkroom)


def meaning(failure: Failure) -> tuple[str, str]:
    if isinstance(failure, Unavailable):
        return failure.cause, failure.billed
    assert isinstance(failure, Declined)
    return failure.reason, failure.billed


def spoken(*pieces: str, stop: str = "end_turn") -> list[bytes]:
    return [
        event("messageStart", {"role": "assistant", "p": "ab"}),
        *(event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": one}, "p": "x"}) for one in pieces),
        event("contentBlockStop", {"contentBlockIndex": 0}),
        event("messageStop", {"stopReason": stop}),
        event("metadata", {"usage": {"inputTokens": 1_500, "outputTokens": 60}, "metrics": {"latencyMs": 9}}),
    ]


async def heard_of(scribe: NovaScribe, picture: bytes | None = None, language: str = "vi") -> list[str]:
    return [piece async for piece in scribe.describe(picture or a_jpeg(), language)]


async def heard_until_it_failed(scribe: NovaScribe) -> tuple[list[str], Failure]:
    heard: list[str] = []
    pieces = scribe.describe(a_jpeg(), "vi")
    while True:
        try:
            heard.append(await anext(pieces))
        except Failure as failure:
            return heard, failure


async def test_a_picture_is_described_by_the_model_that_sees(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.says(b"".join(spoken("Một con ", "mèo đen", " trên mái nhà.")))
    picture = a_jpeg()

    assert await heard_of(scribe, picture) == ["Một con ", "mèo đen", " trên mái nhà."]

    [heard] = aws.heard
    assert heard.path == "/model/apac.amazon.nova-lite-v1%3A0/converse-stream"
    asked = json.loads(heard.body)
    assert "Vietnamese" in asked["system"][0]["text"]
    assert asked["inferenceConfig"]["maxTokens"] <= 1_000
    image = asked["messages"][0]["content"][0]["image"]
    assert (image["format"], b64decode(image["source"]["bytes"])) == ("jpeg", picture)
    assert scribe.spent.tokens == {(NOVA_LITE.name, "in"): 1_500, (NOVA_LITE.name, "out"): 60}


async def test_a_description_comes_in_the_language_of_the_person(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.says(b"".join(spoken("A cat.")))

    await heard_of(scribe, language="en")

    system = json.loads(aws.heard[0].body)["system"][0]["text"]
    assert "English" in system
    assert "Vietnamese" not in system


@pytest.mark.parametrize("step", [1, 7, 1_000])
async def test_frames_are_read_however_they_are_cut_on_their_way(aws: PlayedAws, scribe: NovaScribe, step: int) -> None:
    stream = b"".join(spoken("Một con ", "mèo."))

    async def line(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for at in range(0, len(stream), step):
            await response.write(stream[at : at + step])
        return response

    aws.script.append(line)

    assert "".join(await heard_of(scribe)) == "Một con mèo."


async def test_the_first_piece_is_told_before_the_last_is_written(aws: PlayedAws, scribe: NovaScribe) -> None:
    frames = spoken("Một con ", "mèo.")
    goes_on = asyncio.Event()

    async def line(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"".join(frames[:2]))
        await goes_on.wait()
        await response.write(b"".join(frames[2:]))
        return response

    aws.script.append(line)
    pieces = scribe.describe(a_jpeg(), "vi")

    first = await anext(pieces)
    goes_on.set()

    assert [first, *[piece async for piece in pieces]] == ["Một con ", "mèo."]


IN_STREAM: list[tuple[bytes, str]] = [
    (exception("throttlingException", "Too many requests"), "throttled"),
    (exception("ThrottlingException", "Too many requests"), "throttled"),
    (exception("serviceUnavailableException", ""), "outage"),
    (exception("internalServerException", ""), "outage"),
    (exception("modelTimeoutException", ""), "timeout"),
    (exception("modelStreamErrorException", ""), "broken"),
    (exception("unheardOfException", ""), "broken"),
    (error("InternalFailure", "something"), "broken"),
    (b"\0" * 64, "broken"),
    (event("messageStop", {"stopReason": "end_turn"})[:-1] + b"!", "broken"),
]


@pytest.mark.parametrize(("frame", "cause"), IN_STREAM)
async def test_an_error_in_the_midst_of_a_stream_ends_it_after_what_was_told(
    aws: PlayedAws, scribe: NovaScribe, frame: bytes, cause: str
) -> None:
    aws.says(b"".join(spoken("Một con ", "mèo")[:3]) + frame + b"".join(spoken("tiếp")))

    heard, failure = await heard_until_it_failed(scribe)

    assert heard == ["Một con ", "mèo"]
    assert meaning(failure) == (cause, "no")


@pytest.mark.parametrize("left", [0, 1, 2, 3])
async def test_a_stream_that_ends_too_soon_is_no_description(aws: PlayedAws, scribe: NovaScribe, left: int) -> None:
    aws.says(b"".join(spoken("Một con ", "mèo")[:left]))

    with pytest.raises(Unavailable):
        await heard_of(scribe)


async def test_a_stream_cut_within_a_frame_is_no_description(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.hangs_up(after=b"".join(spoken("Một con ", "mèo"))[:250])

    with pytest.raises(Unavailable) as caught:
        await heard_of(scribe)

    assert meaning(caught.value) == ("outage", "no")


@pytest.mark.parametrize(
    "pieces", [(BLOCKED,), (" - The", " generated text has", " been blocked by our content filters.")]
)
async def test_the_words_of_a_filter_are_not_read_to_anybody(
    aws: PlayedAws, scribe: NovaScribe, pieces: tuple[str, ...]
) -> None:
    aws.says(b"".join(spoken("Một con", *pieces, stop="content_filtered")))

    heard, failure = await heard_until_it_failed(scribe)

    assert (heard, meaning(failure)) == (["Một con"], ("content filter", "no"))


async def test_a_dash_is_no_filter(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.says(b"".join(spoken("Mèo", " - ", "và chó", " -")))

    assert "".join(await heard_of(scribe)) == "Mèo - và chó -"


async def test_a_description_that_is_refused_is_refused_before_its_first_word(
    aws: PlayedAws, scribe: NovaScribe
) -> None:
    aws.says({"message": "Too many requests"}, 429, {"x-amzn-ErrorType": "ThrottlingException", "Retry-After": "4"})

    with pytest.raises(Unavailable) as caught:
        await heard_of(scribe)

    assert (caught.value.cause, caught.value.retry_after) == ("throttled", 4)


async def test_who_has_heard_enough_of_a_description_lets_go_of_its_connection(
    aws: PlayedAws, road: SignedRoad, scribe: NovaScribe
) -> None:
    aws.says(b"".join(spoken("Một con ", "mèo.")))

    async with aclosing(scribe.describe(a_jpeg(), "vi")) as pieces:
        assert await anext(pieces) == "Một con "

    assert road.counts.errors == {}
    assert await heard_of(scribe) == ["Một con ", "mèo."]


# --- pictures it can look at


async def test_a_picture_too_large_to_look_at_is_shown_smaller(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.says(b"".join(spoken("Một con mèo.")))

    await heard_of(scribe, a_png((8_100, 450)))

    image = json.loads(aws.heard[0].body)["messages"][0]["content"][0]["image"]
    assert image["format"] == "jpeg"
    assert len(b64decode(image["source"]["bytes"])) < 100_000


async def test_what_is_no_picture_is_not_sent(aws: PlayedAws, scribe: NovaScribe) -> None:
    for data in (b"no picture", a_jpeg()[:100], b"GIF89a"):
        with pytest.raises(NotAPicture):
            await heard_of(scribe, data)

    assert aws.heard == []
