"""The played Nova, asked through boto3: prompts in English as JSON, descriptions piece by piece, and how it ends."""

import asyncio
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError

from tests.infra.sandbox.bedrock_rig import CORE, LITE, MICRO, OREGON, SINGAPORE, Customer, drawn, events, facts_of

WORDING = (
    "Translate the words into English. Answer with one JSON object and nothing else: english, avoid, enhanced and "
    "language (the language of the words)."
)
DESCRIBE = {"vi": "Describe the picture in Vietnamese.", "en": "Describe the picture in English."}


def wish(words: str, *, avoid: str = "", enhance: bool = False) -> str:
    return json.dumps({"words": words, "avoid": avoid, "enhance": enhance}, ensure_ascii=False)


def said(answer: dict[str, Any]) -> str:
    return str(answer["output"]["message"]["content"][0]["text"])


def shown(picture: bytes, kind: str = "png") -> list[dict[str, Any]]:
    return [{"image": {"format": kind, "source": {"bytes": picture}}}, {"text": "What is in it?"}]


async def streamed(an: Customer, content: list[dict[str, Any]], system: str) -> list[dict[str, Any]]:
    answer = await an.asks(
        "bedrock-runtime",
        "converse_stream",
        SINGAPORE,
        modelId=LITE,
        messages=[{"role": "user", "content": content}],
        system=[{"text": system}],
    )
    return await asyncio.to_thread(events, answer["stream"])


# -- words


async def test_vietnamese_words_come_back_in_english_as_the_json_that_was_asked_for(an: Customer) -> None:
    answer = await an.converses(wish("một con mèo trên bãi biển, 3 chiếc thuyền đỏ", avoid="chó"), WORDING)

    assert json.loads(said(answer)) == {
        "english": "a cat on beach, 3 boat red",
        "avoid": "dog",
        "enhanced": "",
        "language": "vi",
    }
    assert answer["stopReason"] == "end_turn"
    assert answer["usage"]["totalTokens"] == answer["usage"]["inputTokens"] + answer["usage"]["outputTokens"]


async def test_enhanced_words_go_on_where_the_english_ends(an: Customer) -> None:
    answer = json.loads(said(await an.converses(wish("hoa sen", enhance=True), WORDING)))

    assert answer["english"] == "lotus"
    assert answer["enhanced"].startswith("lotus, ")


async def test_an_unknown_word_loses_its_accents_and_a_quoted_one_keeps_them(an: Customer) -> None:
    answer = json.loads(said(await an.converses(wish('biển hiệu "Phở Hà Nội" ở Đồng Đăng'), WORDING)))

    assert answer["english"] == 'signboard "Phở Hà Nội" at Dong Dang'


async def test_english_words_stay_as_they_are(an: Customer) -> None:
    answer = json.loads(said(await an.converses(wish("a red fox"), WORDING)))

    assert (answer["english"], answer["language"]) == ("a red fox", "en")


async def test_only_the_keys_that_are_named_are_answered(an: Customer) -> None:
    answer = await an.converses(wish("con mèo"), "JSON with the key english")

    assert json.loads(said(answer)) == {"english": "cat"}


async def test_words_cost_by_their_tokens(an: Customer) -> None:
    usage = (await an.converses(wish("con mèo"), WORDING))["usage"]

    (bill,) = an.bedrock.ledger.bills(operation="converse")
    assert (bill.model, bill.asked) == ("amazon.nova-micro-v1:0", MICRO)
    assert bill.usd_micros == -(-(usage["inputTokens"] * 37_000 + usage["outputTokens"] * 148_000) // 1_000_000)


async def test_blocked_words_end_with_the_canned_sentence(an: Customer) -> None:
    answer = await an.converses(wish("a blocked text"), WORDING)

    assert answer["stopReason"] == "content_filtered"
    assert said(answer) == " - The generated text has been blocked by our content filters."


async def test_an_answer_ends_where_it_is_told_to(an: Customer) -> None:
    short = await an.converses(wish("một con mèo"), WORDING, inferenceConfig={"maxTokens": 3})
    stopped = await an.converses("a cat, a dog", "Repeat.", inferenceConfig={"stopSequences": [","]})

    assert short["stopReason"] == "max_tokens"
    assert short["usage"]["outputTokens"] == 3
    assert (said(stopped), stopped["stopReason"]) == ("a cat", "stop_sequence")


@pytest.mark.parametrize("kind", ["malformed_json", "fenced_json"])
async def test_a_model_may_answer_json_badly(an: Customer, kind: str) -> None:
    an.bedrock.faults.set(kind, times=1)

    bad, good = [said(await an.converses(wish("con mèo"), WORDING)) for _ in range(2)]

    with pytest.raises(json.JSONDecodeError):
        json.loads(bad)
    assert json.loads(good)["english"] == "cat"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"inferenceConfig": {"temperature": 1.0, "maxTokens": 10_001}}, "maxTokens"),
        ({"messages": [{"role": "assistant", "content": [{"text": "a"}]}]}, "must start with a user message"),
        ({"messages": [{"role": "user", "content": [{"text": " "}]}]}, "is blank"),
        ({"messages": [{"role": "user", "content": shown(b"no picture")}]}, "image"),
        ({"modelId": CORE}, "identifier is invalid"),
    ],
)
async def test_a_conversation_that_cannot_be_had_is_refused(an: Customer, more: dict[str, Any], words: str) -> None:
    asked = {"modelId": MICRO, "messages": [{"role": "user", "content": [{"text": "a"}]}], **more}

    with pytest.raises(ClientError) as refused:
        await an.asks("bedrock-runtime", "converse", SINGAPORE, **asked)

    status, kind, message = facts_of(refused.value)
    assert (status, kind) == (400, "ValidationException")
    assert words in message


async def test_painters_do_not_talk_and_do_not_stream(an: Customer) -> None:
    asked = [{"role": "user", "content": [{"text": "a"}]}]

    with pytest.raises(ClientError, match="doesn't support the model"):
        await an.asks("bedrock-runtime", "converse", OREGON, modelId=CORE, messages=asked)
    with pytest.raises(ClientError, match="unsupported for streaming"):
        await an.asks("bedrock-runtime", "invoke_model_with_response_stream", modelId=CORE, body='{"prompt":"a"}')


# -- streams


@pytest.mark.parametrize(("language", "begins"), [("vi", "Một bức tranh khổ ngang"), ("en", "A picture in wide")])
async def test_a_picture_is_described_piece_by_piece(an: Customer, language: str, begins: str) -> None:
    told = await streamed(an, shown(drawn((300, 200))), DESCRIBE[language])

    names = [next(iter(event)) for event in told]
    pieces = [event["contentBlockDelta"]["delta"]["text"] for event in told if "contentBlockDelta" in event]
    assert (names[0], names[-3:]) == ("messageStart", ["contentBlockStop", "messageStop", "metadata"])
    assert len(pieces) > 5
    assert "".join(pieces).startswith(begins)
    assert told[-2]["messageStop"]["stopReason"] == "end_turn"
    assert told[-1]["metadata"]["usage"]["inputTokens"] > 1_000


async def test_a_stream_may_break_in_the_middle(an: Customer) -> None:
    an.bedrock.faults.set("stream_error", times=1)

    with pytest.raises(EventStreamError, match="throttlingException"):
        await streamed(an, shown(drawn()), DESCRIBE["en"])

    assert len(an.bedrock.ledger.bills()) == 1


async def test_a_model_may_be_invoked_with_its_own_json_as_a_stream(an: Customer) -> None:
    body = json.dumps({"messages": [{"role": "user", "content": [{"text": "a cat"}]}], "schemaVersion": "messages-v1"})
    invoked = await an.invokes(MICRO, SINGAPORE, **json.loads(body))

    answer = await an.asks("bedrock-runtime", "invoke_model_with_response_stream", SINGAPORE, modelId=MICRO, body=body)

    chunks = [json.loads(event["chunk"]["bytes"]) for event in await asyncio.to_thread(events, answer["body"])]
    assert answer["contentType"] == "application/json"
    assert "".join(one["contentBlockDelta"]["delta"]["text"] for one in chunks if "contentBlockDelta" in one) == "a cat"
    assert said(invoked) == "a cat"


async def test_a_picture_of_a_kind_that_was_not_told_is_refused(an: Customer) -> None:
    with pytest.raises(ClientError, match="not of the format"):
        await an.converses(shown(drawn(), "jpeg"), DESCRIBE["en"], LITE)
    with pytest.raises(ClientError, match="doesn't support the image"):
        await an.converses(shown(drawn()), DESCRIBE["en"], MICRO)
