"""The scribe of the AWS wing: one call for a wording, a stream for a description, and what is done without either."""

import asyncio
import json
from base64 import b64decode
from contextlib import aclosing
from typing import Any

import pytest
from aiohttp import web

from core.errors import Declined, Failure, NotAPicture, Unavailable
from core.scribe import Scribe, Wording
from infra.aws.bedrock import runtime
from infra.aws.call import SignedRoad
from infra.aws.scribe import NOVA_LITE, NOVA_MICRO, NovaScribe
from infra.embedded.scribe import PocketScribe
from infra.local.darkroom import PillowDarkroom
from infra.sandbox.bedrock.eventstream import error, event, exception
from tests.infra.aws.conftest import PlayedAws
from tests.pictures import a_jpeg, a_png
from tests.servers import free_port

SINGAPORE = "ap-southeast-1"
CAT, BLACK_CAT = "một con mèo đen", "a black cat"
BLOCKED = " - The generated text has been blocked by our content filters."
BAD = "ValidationException"


@pytest.fixture
def darkroom() -> PillowDarkroom:
    return PillowDarkroom()


@pytest.fixture
def scribe(aws: PlayedAws, road: SignedRoad, darkroom: PillowDarkroom) -> NovaScribe:
    return NovaScribe(road, runtime(SINGAPORE, aws.url), darkroom)


def with_pocket(aws: PlayedAws, road: SignedRoad, darkroom: PillowDarkroom, **how: Any) -> NovaScribe:
    return NovaScribe(road, runtime(SINGAPORE, aws.url), darkroom, PocketScribe(darkroom), **how)


def answer(text: str, stop: str = "end_turn") -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": stop,
        "usage": {"inputTokens": 400, "outputTokens": 120, "totalTokens": 520},
        "metrics": {"latencyMs": 400},
    }


def told(english: str, avoid: str = "", enhanced: str = "", language: str = "vi") -> dict[str, Any]:
    said = {"english": english, "avoid": avoid, "enhanced": enhanced, "language": language}
    return answer(json.dumps(said, ensure_ascii=False))


async def failing(scribe: Scribe, words: str = CAT) -> Failure:
    with pytest.raises(Failure) as caught:
        await scribe.word(words, enhance=True)
    return caught.value


def meaning(failure: Failure) -> tuple[str, str]:
    if isinstance(failure, Unavailable):
        return failure.cause, failure.billed
    assert isinstance(failure, Declined)
    return failure.reason, failure.billed


# --- a wording


async def test_a_prompt_is_worded_in_one_call_close_by(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.says(told(BLACK_CAT, "text", f"{BLACK_CAT}, soft light"))

    wording = await scribe.word(CAT, "chữ", enhance=True)

    assert wording == Wording(BLACK_CAT, "vi", "text", f"{BLACK_CAT}, soft light")
    [heard] = aws.heard
    assert heard.path == "/model/apac.amazon.nova-micro-v1%3A0/converse"
    assert f"/{SINGAPORE}/bedrock/aws4_request" in heard.headers["authorization"]
    asked = json.loads(heard.body)
    assert 0 < asked["inferenceConfig"]["maxTokens"] <= 2_000  # it is taken from the quota when the call begins
    [message] = asked["messages"]
    assert json.loads(message["content"][0]["text"]) == {"words": CAT, "avoid": "chữ", "enhance": True}
    assert CAT not in json.dumps(asked["system"], ensure_ascii=False)


@pytest.mark.parametrize(
    ("region", "profile"),
    [
        ("ap-southeast-1", "apac.amazon.nova-micro-v1:0"),
        ("us-east-1", "us.amazon.nova-micro-v1:0"),
        ("us-gov-west-1", "us-gov.amazon.nova-micro-v1:0"),
        ("eu-central-1", "eu.amazon.nova-micro-v1:0"),
        ("sa-east-1", "amazon.nova-micro-v1:0"),
    ],
)
def test_words_stay_in_their_part_of_the_world(region: str, profile: str) -> None:
    assert NOVA_MICRO.profile(region) == profile


async def test_words_that_are_english_and_to_stay_so_ask_nobody(aws: PlayedAws, scribe: NovaScribe) -> None:
    wording = await scribe.word('a black cat with "Phở"', "a dog")

    assert wording == Wording('a black cat with "Phở"', "en", "a dog")
    assert aws.heard == []


async def test_english_words_are_still_enhanced(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.says(told("another cat", "", "a black cat, soft light", "en"))

    wording = await scribe.word(BLACK_CAT, enhance=True)

    assert wording == Wording(BLACK_CAT, "en", "", "a black cat, soft light")
    assert len(aws.heard) == 1


async def test_english_words_without_what_to_avoid_in_english_are_asked_for(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.says(told("another cat", "text", "", "en"))

    assert await scribe.word(BLACK_CAT, "chữ") == Wording(BLACK_CAT, "en", "text")


async def test_what_words_cost_is_added_up(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.says(told(BLACK_CAT))

    for _ in range(3):
        await scribe.word(CAT)

    assert scribe.spent.tokens == {(NOVA_MICRO.name, "in"): 1_200, (NOVA_MICRO.name, "out"): 360}
    assert scribe.spent.usd_micros == 97  # 3 times 400 x 0.037 + 120 x 0.148


# --- no wording

UNUSED: dict[str, object] = {
    "nothing": b"",
    "no JSON": b"<html>",
    "no answer in it": {},
    "no words in it": {"output": {"message": {"content": []}}, "stopReason": "end_turn"},
    "too many words": answer(json.dumps({"english": "a"}), "max_tokens"),
    "malformed": answer("{", "malformed_model_output"),
    "no object": answer("a black cat"),
    "not translated": told("một con mèo đen"),
    "another task": answer("Sure! Here is a poem about your cat."),
}


@pytest.mark.parametrize("said", UNUSED.values(), ids=UNUSED)
async def test_an_answer_that_cannot_be_used_is_not_asked_for_twice(
    aws: PlayedAws, scribe: NovaScribe, said: object
) -> None:
    aws.says(said)

    assert meaning(await failing(scribe)) == ("broken", "no")

    assert len(aws.heard) == 1


@pytest.mark.parametrize("said", UNUSED.values(), ids=UNUSED)
async def test_the_pocket_dictionary_words_what_nova_did_not(
    aws: PlayedAws, road: SignedRoad, darkroom: PillowDarkroom, said: object
) -> None:
    aws.says(said)

    wording = await with_pocket(aws, road, darkroom).word(CAT, "chữ")

    assert (wording.english, wording.avoid, wording.language) == ("a black cat", "the words", "vi")


async def test_a_dictionary_that_does_not_know_every_word_is_no_help(
    aws: PlayedAws, road: SignedRoad, darkroom: PillowDarkroom
) -> None:
    aws.says({}, 503)
    scribe = with_pocket(aws, road, darkroom)

    assert meaning(await failing(scribe, "con mèo nghễnh ngãng")) == ("outage", "no")
    assert (await scribe.word('con mèo "Nghễnh Ngãng"')).english.endswith('"Nghễnh Ngãng"')


ERRORS: list[tuple[int, str, str, tuple[str, str]]] = [
    (429, "ThrottlingException", "Too many tokens, please wait before trying again.", ("throttled", "no")),
    (503, "ServiceUnavailableException", "", ("outage", "no")),
    (500, "InternalServerException", "", ("outage", "no")),
    (408, "ModelTimeoutException", "", ("timeout", "no")),
    (424, "ModelErrorException", "", ("outage", "no")),
    (403, "AccessDeniedException", "", ("misconfigured", "no")),
    (404, "ResourceNotFoundException", "", ("misconfigured", "no")),
    (400, BAD, "The provided model identifier is invalid.", ("misconfigured", "no")),
    (400, BAD, "Malformed input request", ("broken", "no")),
]


@pytest.mark.parametrize(("status", "code", "said", "means"), ERRORS)
async def test_no_error_of_the_scribe_counts_as_a_picture_paid_for(
    aws: PlayedAws, scribe: NovaScribe, status: int, code: str, said: str, means: tuple[str, str]
) -> None:
    aws.says({"message": said}, status, {"x-amzn-ErrorType": code})

    assert meaning(await failing(scribe)) == means


async def test_a_throttled_scribe_tells_when_to_come_back(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.says({}, 429, {"x-amz-retry-after": "2500"})

    failure = await failing(scribe)

    assert isinstance(failure, Unavailable)
    assert failure.retry_after == 2.5


@pytest.mark.parametrize("stop", ["content_filtered", "guardrail_intervened"])
async def test_what_a_filter_says_is_never_used_as_a_prompt(
    aws: PlayedAws, road: SignedRoad, darkroom: PillowDarkroom, stop: str
) -> None:
    aws.says(answer(BLOCKED, stop))

    assert meaning(await failing(with_pocket(aws, road, darkroom))) == ("content filter", "no")


async def test_words_a_filter_stops_are_declined_and_not_worded_by_another(
    aws: PlayedAws, road: SignedRoad, darkroom: PillowDarkroom
) -> None:
    aws.says({"message": "This request has been blocked by our content filters."}, 400, {"x-amzn-ErrorType": BAD})

    assert meaning(await failing(with_pocket(aws, road, darkroom))) == ("content filter", "no")


async def test_who_does_not_answer_in_time_is_not_waited_for(
    aws: PlayedAws, road: SignedRoad, darkroom: PillowDarkroom
) -> None:
    aws.hangs()

    wording = await with_pocket(aws, road, darkroom, patience=0.05).word(CAT)

    assert wording.english == "a black cat"
    assert len(aws.heard) == 1


async def test_where_nobody_listens_the_pocket_answers(road: SignedRoad, darkroom: PillowDarkroom) -> None:
    nowhere = runtime(SINGAPORE, f"http://127.0.0.1:{free_port()}")

    assert (await NovaScribe(road, nowhere, darkroom, PocketScribe(darkroom)).word(CAT)).english == "a black cat"
    assert meaning(await failing(NovaScribe(road, nowhere, darkroom))) == ("outage", "no")


# --- a description


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

    await heard_of(scribe, a_png((8_100, 60)))

    image = json.loads(aws.heard[0].body)["messages"][0]["content"][0]["image"]
    assert image["format"] == "jpeg"
    assert len(b64decode(image["source"]["bytes"])) < 100_000


async def test_what_is_no_picture_is_not_sent(aws: PlayedAws, scribe: NovaScribe) -> None:
    for data in (b"no picture", a_jpeg()[:100], b"GIF89a"):
        with pytest.raises(NotAPicture):
            await heard_of(scribe, data)

    assert aws.heard == []
