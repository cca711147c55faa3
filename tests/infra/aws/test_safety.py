"""The judge of the AWS wing: what Rekognition sees, read by our rules; who cannot look lets nothing through."""

import json
import random
from base64 import b64decode
from typing import Any

import pytest
from PIL import Image

from core.errors import Blocked, NotAPicture, Unavailable
from core.safety import Rules
from infra.aws.call import SignedRoad, place
from infra.aws.safety import GROUPS, RekognitionJudge
from infra.local.darkroom import PillowDarkroom
from tests.infra.aws.conftest import PlayedAws
from tests.pictures import a_jpeg, a_png, as_bytes
from tests.servers import REGION, free_port

CALLED = ("rekognition", "DetectModerationLabels")


@pytest.fixture
def judge(aws: PlayedAws, road: SignedRoad) -> RekognitionJudge:
    return RekognitionJudge(road, place("rekognition", REGION, aws.url), PillowDarkroom(), at_least=80)


def labelled(*names: str) -> dict[str, Any]:
    """Labels with their parents, as Rekognition gives them: the parent before the child."""
    found = [
        {"Confidence": 97.5, "Name": name, "ParentName": parent, "TaxonomyLevel": level}
        for level, (name, parent) in enumerate(zip(names, ("", *names), strict=False), start=1)
    ]
    return {"ModerationLabels": found, "ModerationModelVersion": "7.0", "ContentTypes": []}


async def refused(judge: RekognitionJudge) -> tuple[str, str]:
    with pytest.raises(Blocked) as caught:
        await judge.judge(a_jpeg())
    return caught.value.group, caught.value.rule


async def unable(judge: RekognitionJudge) -> tuple[str, str]:
    with pytest.raises(Unavailable) as caught:
        await judge.judge(a_jpeg())
    return caught.value.cause, caught.value.billed


async def test_a_picture_in_which_nothing_is_found_is_let_through(
    aws: PlayedAws, road: SignedRoad, judge: RekognitionJudge
) -> None:
    aws.says(labelled())
    picture = a_jpeg()

    await judge.judge(picture)

    [heard] = aws.heard
    assert heard.headers["x-amz-target"] == "RekognitionService.DetectModerationLabels"
    assert heard.headers["content-type"] == "application/x-amz-json-1.1"
    assert f"/{REGION}/rekognition/aws4_request" in heard.headers["authorization"]
    asked = json.loads(heard.body)
    assert (b64decode(asked["Image"]["Bytes"]), asked["MinConfidence"]) == (picture, 80)
    assert road.counts.calls[CALLED] == 1


@pytest.mark.parametrize(
    ("labels", "group", "rule"),
    [
        (("Explicit", "Explicit Nudity", "Exposed Female Nipple"), "sexual", "Exposed Female Nipple"),
        (("Explicit", "Explicit Sexual Activity"), "sexual", "Explicit Sexual Activity"),
        (("Explicit", "something new"), "sexual", "Explicit"),
        (("Violence", "Graphic Violence", "Blood & Gore"), "gore", "Blood & Gore"),
        (("Visually Disturbing", "Crashes"), "gore", "Visually Disturbing"),
        (("Hate Symbols", "Nazi Party"), "hate", "Nazi Party"),
        (("Explicit Nudity", "Nudity"), "sexual", "Explicit Nudity"),  # as it was said before the seventh version
    ],
)
async def test_what_breaks_a_rule_is_refused_by_the_most_exact_name_we_know(
    aws: PlayedAws, judge: RekognitionJudge, labels: tuple[str, ...], group: str, rule: str
) -> None:
    aws.says(labelled(*labels))

    assert await refused(judge) == (group, rule)


@pytest.mark.parametrize(
    "labels",
    [
        ("Swimwear or Underwear", "Female Swimwear or Underwear"),
        ("Non-Explicit Nudity of Intimate parts and Kissing", "Kissing on the Lips"),
        ("Violence", "Weapons"),
        ("Violence", "Weapon Violence"),
        ("Alcohol", "Alcoholic Beverages"),
        ("Gambling",),
        ("Rude Gestures", "Middle Finger"),
        ("something", "new"),
    ],
)
async def test_what_breaks_no_rule_of_ours_is_let_through(
    aws: PlayedAws, judge: RekognitionJudge, labels: tuple[str, ...]
) -> None:
    aws.says(labelled(*labels))

    await judge.judge(a_jpeg())


def test_every_group_is_one_that_our_rules_know() -> None:
    assert set(GROUPS.values()) <= {rule.group for rule in Rules.open().rules}


# --- it cannot look

ERRORS: list[tuple[int, dict[str, str], tuple[str, str]]] = [
    (400, {"__type": "ProvisionedThroughputExceededException"}, ("throttled", "no")),
    (400, {"__type": "ThrottlingException"}, ("throttled", "no")),
    (400, {"__type": "AccessDeniedException"}, ("misconfigured", "no")),
    (400, {"__type": "UnrecognizedClientException"}, ("misconfigured", "no")),
    (400, {"__type": "InvalidImageFormatException"}, ("broken", "no")),
    (400, {"__type": "ImageTooLargeException"}, ("broken", "no")),
    (500, {"__type": "InternalServerError"}, ("outage", "no")),
    (503, {}, ("outage", "no")),
]


@pytest.mark.parametrize(("status", "body", "means"), ERRORS)
async def test_a_judge_who_cannot_look_lets_nothing_through(
    aws: PlayedAws, judge: RekognitionJudge, status: int, body: dict[str, str], means: tuple[str, str]
) -> None:
    aws.says(body, status)

    assert await unable(judge) == means

    assert len(aws.heard) == 1


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", {}, {"ModerationLabels": None}, {"ModerationLabels": ["Explicit"]}, {"Labels": []}]
)
async def test_an_answer_that_says_nothing_lets_nothing_through(
    aws: PlayedAws, judge: RekognitionJudge, answer: object
) -> None:
    aws.says(answer)

    assert await unable(judge) == ("broken", "no")


async def test_no_answer_lets_nothing_through(aws: PlayedAws, judge: RekognitionJudge) -> None:
    aws.hangs_up()

    assert await unable(judge) == ("outage", "no")


async def test_where_nobody_listens_nothing_is_let_through(road: SignedRoad) -> None:
    nowhere = place("rekognition", REGION, f"http://127.0.0.1:{free_port()}")

    assert await unable(RekognitionJudge(road, nowhere, PillowDarkroom())) == ("outage", "no")


# --- what it is shown


def noise(side: int) -> Image.Image:
    """What no format makes small."""
    return Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3))


def shown(aws: PlayedAws) -> bytes:
    return b64decode(json.loads(aws.heard[0].body)["Image"]["Bytes"])


async def test_a_webp_is_shown_as_a_jpeg(aws: PlayedAws, judge: RekognitionJudge) -> None:
    aws.says(labelled())

    await judge.judge(as_bytes(noise(80), "WEBP"))

    assert shown(aws).startswith(b"\xff\xd8")


async def test_a_png_is_shown_as_it_is(aws: PlayedAws, judge: RekognitionJudge) -> None:
    aws.says(labelled())
    picture = a_png()

    await judge.judge(picture)

    assert shown(aws) == picture


async def test_a_picture_too_heavy_for_it_is_shown_smaller(aws: PlayedAws, judge: RekognitionJudge) -> None:
    aws.says(labelled())
    heavy = as_bytes(noise(1_400), "PNG", compress_level=0)
    assert len(heavy) > 5_242_880

    await judge.judge(heavy)

    assert shown(aws).startswith(b"\xff\xd8")
    assert len(shown(aws)) <= 5_242_880


async def test_a_picture_that_stays_too_heavy_is_judged_by_its_thumbnail(
    aws: PlayedAws, judge: RekognitionJudge
) -> None:
    aws.says(labelled("Explicit"))
    heavy = as_bytes(noise(1_400), "JPEG", quality=100, subsampling=0)
    assert 5_242_880 < len(heavy) < 9_000_000

    with pytest.raises(Blocked):
        await judge.judge(heavy)

    assert len(shown(aws)) < 200_000


async def test_what_is_no_picture_is_not_sent(aws: PlayedAws, judge: RekognitionJudge) -> None:
    for data in (b"no picture", a_jpeg()[:100], b""):
        with pytest.raises(NotAPicture):
            await judge.judge(data)

    assert aws.heard == []
