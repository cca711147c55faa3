"""The played judges, asked through boto3: Rekognition's labels and a guardrail, on words and pictures."""

import base64
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image

from infra.sandbox.bedrock import DANGERS, pictures
from tests.infra.sandbox.bedrock_rig import SINGAPORE, Customer, drawn, facts_of

MAGENTA = (255, 0, 255)


async def labels(an: Customer, picture: bytes, **more: Any) -> list[str]:
    found = await an.asks("rekognition", "detect_moderation_labels", SINGAPORE, Image={"Bytes": picture}, **more)
    return [label["Name"] for label in found["ModerationLabels"]]


async def guarded(an: Customer, *content: dict[str, Any]) -> dict[str, Any]:
    return dict(
        await an.asks(
            "bedrock-runtime",
            "apply_guardrail",
            guardrailIdentifier="gr1",
            guardrailVersion="1",
            source="INPUT",
            content=list(content),
        )
    )


async def test_an_innocent_picture_has_no_labels_and_costs_a_tenth_of_a_cent(an: Customer) -> None:
    assert await labels(an, drawn()) == []

    assert [call.usd_micros for call in an.bedrock.ledger.bills(operation="moderate")] == [1_000]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
async def test_a_magenta_corner_is_labelled_whatever_the_picture_was_saved_as(an: Customer, kind: str) -> None:
    assert await labels(an, drawn(colour=MAGENTA, kind=kind)) == ["Explicit", "Explicit Nudity"]
    assert await labels(an, drawn(colour=MAGENTA, kind=kind), MinConfidence=99.0) == []


async def test_a_picture_of_dangerous_words_is_known_to_the_judge(an: Customer) -> None:
    painted = [
        base64.b64decode((await an.paints(words, seed=1))["images"][0])
        for words in ("a played violence", "a played explicit", "a cat")
    ]

    assert [await labels(an, one) for one in painted] == [
        ["Violence", "Graphic Violence"],
        ["Explicit", "Explicit Nudity"],
        [],
    ]


async def test_certain_bytes_can_be_flagged(an: Customer) -> None:
    picture = drawn(colour=(1, 2, 3))

    an.bedrock.flags.set(picture, DANGERS["violence"])

    assert await labels(an, picture) == ["Violence", "Graphic Violence"]


async def test_rekognition_reads_jpeg_and_png_only(an: Customer) -> None:
    for picture in (drawn(kind="WEBP"), b"no picture"):
        with pytest.raises(ClientError) as refused:
            await labels(an, picture)

        assert facts_of(refused.value) == (400, "InvalidImageFormatException", "Request has invalid image format")
    assert an.bedrock.ledger.bills() == []


async def test_a_throttled_judge_says_so_in_its_own_protocol(an: Customer) -> None:
    an.bedrock.faults.set("error", operation="moderate", code=400, type="ProvisionedThroughputExceededException")

    with pytest.raises(ClientError) as refused:
        await labels(an, drawn())

    assert facts_of(refused.value)[1] == "ProvisionedThroughputExceededException"


async def test_a_guardrail_lets_innocent_words_and_pictures_through(an: Customer) -> None:
    image = {"image": {"format": "png", "source": {"bytes": drawn()}}}

    answer = await guarded(an, {"text": {"text": "a cat"}}, image)

    assert answer["action"] == "NONE"
    assert answer["usage"]["contentPolicyImageUnits"] == 1
    assert [call.usd_micros for call in an.bedrock.ledger.bills(operation="guardrail")] == [900]


async def test_a_guardrail_steps_in_for_words_and_for_pictures(an: Customer) -> None:
    words = await guarded(an, {"text": {"text": "something forbidden"}})
    picture = await guarded(an, {"image": {"format": "png", "source": {"bytes": drawn(colour=MAGENTA)}}})

    assert [one["action"] for one in (words, picture)] == ["GUARDRAIL_INTERVENED"] * 2
    assert picture["assessments"][0]["contentPolicy"]["filters"][0]["type"] == "SEXUAL"


async def test_a_painter_refuses_a_dangerous_source(an: Customer) -> None:
    source = base64.b64encode(drawn(colour=MAGENTA)).decode()

    answer = await an.invokes("us.stability.stable-fast-upscale-v1:0", image=source, output_format="jpeg")

    assert answer == {"finish_reasons": ["Filter reason: input image"]}


def test_no_picture_has_the_mark_of_a_danger_by_chance() -> None:
    painted = (pictures.painted(pictures.digest("a cat", number), (64, 64)) for number in range(1_000))

    assert not any(map(pictures.danger_in, painted))


@pytest.mark.parametrize("number", [117, 926])
def test_nor_does_one_get_it_when_it_is_saved_anew(number: int) -> None:
    picture = pictures.painted(pictures.digest("x", number), (256, 256))

    for quality in (90, 80):
        saved = BytesIO()
        picture.save(saved, "JPEG", quality=quality)
        picture = Image.open(saved)

    assert pictures.danger_in(picture) is None
