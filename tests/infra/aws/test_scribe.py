"""A prompt worded by Nova: one call, what is believed of it, and what is done when it does not come."""

import json
from typing import Any

import pytest

from core.errors import Declined, Failure, Unavailable
from core.scribe import Scribe, Wording
from infra.aws.bedrock import runtime
from infra.aws.call import SignedRoad
from infra.aws.scribe import NOVA_LITE, NOVA_MICRO, NovaScribe, TextModel
from infra.embedded.scribe import PocketScribe
from infra.local.darkroom import PillowDarkroom
from tests.infra.aws.conftest import PlayedAws
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


def test_what_another_model_wrote_is_of_another_version(road: SignedRoad, darkroom: PillowDarkroom) -> None:
    here, better = runtime(SINGAPORE), TextModel("amazon.nova-pro-v1:0", 800, 3_200)
    plain, again = NovaScribe(road, here, darkroom), NovaScribe(road, here, darkroom, PocketScribe(darkroom))
    dearer = NovaScribe(road, here, darkroom, models=(better, NOVA_LITE))

    assert plain.version == again.version != dearer.version


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
async def test_an_answer_that_cannot_be_used_is_asked_for_once_more_in_other_words(
    aws: PlayedAws, scribe: NovaScribe, said: object
) -> None:
    aws.says(said)

    assert meaning(await failing(scribe)) == ("untranslated", "no")

    first, second = [json.loads(heard.body) for heard in aws.heard]
    assert first["system"] != second["system"]
    asked = [json.loads(one["messages"][0]["content"][0]["text"]) for one in (first, second)]
    assert [one["enhance"] for one in asked] == [True, False]


async def test_a_second_answer_that_can_be_believed_is_used(aws: PlayedAws, scribe: NovaScribe) -> None:
    aws.says(told(CAT))
    aws.says(told(BLACK_CAT))

    assert await scribe.word(CAT, enhance=True) == Wording(BLACK_CAT, "vi")


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
