"""Painter, scribe and judge before Bedrock as it is played: strict about every field, and with a bill of its own."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from PIL import Image

from core.errors import Blocked, Declined, Failure, Unavailable, Untranslated
from core.models import Catalogue, Route
from core.painter import Picture
from core.prompts import Prompt
from core.provenance import Mark
from core.safety import check
from infra.aws.bedrock import runtime
from infra.aws.call import SignedRoad, place
from infra.aws.painter import BedrockPainter
from infra.aws.safety import RekognitionJudge
from infra.aws.scribe import NovaScribe
from infra.embedded.scribe import PocketScribe
from infra.local.darkroom import PillowDarkroom
from infra.sandbox.bedrock import Bedrock, open_bedrock
from tests.pictures import a_jpeg, a_png
from tests.servers import played_keys

SINGAPORE = "ap-southeast-1"
CAT = Prompt("một con mèo đen", seed=7, english="a black cat")
SMALL = 65_536  # pixels of a picture that costs little to make
SOURCE, HOLED = a_jpeg((640, 480)), a_png((640, 480), "RGBA")
MARK = Mark("core", "j1", 1)


@dataclass(frozen=True)
class Wing:
    bedrock: Bedrock
    painter: BedrockPainter
    scribe: NovaScribe
    alone: NovaScribe  # a scribe without a dictionary to fall back on
    judge: RekognitionJudge
    darkroom: PillowDarkroom


@pytest.fixture
async def wing(road: SignedRoad) -> AsyncIterator[Wing]:
    keys = await played_keys().keys()
    darkroom = PillowDarkroom()
    async with open_bedrock(scale=100, keys={keys.access_key: keys.secret_key}, lot=1) as played:
        played.bedrock.latency, played.bedrock.pixels = 0.0, SMALL
        at_home = runtime(SINGAPORE, played.url)
        yield Wing(
            played.bedrock,
            BedrockPainter(road, lambda region: runtime(region, played.url)),
            NovaScribe(road, at_home, darkroom, PocketScribe(darkroom)),
            NovaScribe(road, at_home, darkroom),
            RekognitionJudge(road, place("rekognition", SINGAPORE, played.url), darkroom),
            darkroom,
        )
    darkroom.close()


def route(name: str, region: str = "") -> Route:
    routes = Catalogue.open().models[name].routes
    return next(one for one in routes if region in one.region)


async def failing(wing: Wing, prompt: Prompt = CAT, name: str = "core", source: bytes = b"") -> Failure:
    with pytest.raises(Failure) as caught:
        await wing.painter.paint(prompt, route(name), source)
    return caught.value


def meaning(failure: Failure) -> tuple[str, str]:
    if isinstance(failure, Unavailable):
        return failure.cause, failure.billed
    assert isinstance(failure, Declined)
    return failure.reason, failure.billed


def decoded(picture: Picture) -> Image.Image:
    with Image.open(io.BytesIO(picture.data)) as image:
        image.load()
        return image


# --- the whole conversation


async def test_a_vietnamese_wish_is_worded_painted_judged_and_told(wing: Wing) -> None:
    wish = Prompt('một con mèo đen trên mái nhà với biển "Phở 24"', avoid="chữ", ratio="16:9", seed=7)

    wording = await wing.scribe.word(wish.words, wish.avoid, enhance=True)
    check(wording.painted, wording.avoid)
    picture = await wing.painter.paint(wish.in_english(wording.painted, wording.avoid), route("core"))
    print_ = await wing.darkroom.develop(picture.data, MARK)
    await wing.judge.judge(print_.data)
    told = [piece async for piece in wing.scribe.describe(print_.data, "vi")]

    assert wording.language == "vi"
    assert "cat black" in wording.english  # the played Nova knows words, not their order
    assert '"Phở 24"' in wording.english
    assert wording.enhanced.startswith(wording.english)
    assert decoded(picture).format == "JPEG"
    assert picture.seed == 7
    assert len(told) > 5
    assert "bức tranh" in "".join(told)
    bills = wing.bedrock.ledger.bills()
    assert [(bill.operation, bill.region) for bill in bills] == [
        ("converse", SINGAPORE),
        ("invoke", "us-west-2"),
        ("moderate", SINGAPORE),
        ("converse-stream", SINGAPORE),
    ]
    assert bills[1].words == wording.painted
    assert wing.bedrock.ledger.total("nova") <= wing.scribe.spent.usd_micros + 2  # each call is rounded there


@pytest.mark.parametrize(("name", "words"), [("replace", "con mèo → con chó"), ("recolor", "con mèo → đỏ")])
async def test_what_becomes_what_comes_through_the_translation(wing: Wing, name: str, words: str) -> None:
    wording = await wing.scribe.word(words)

    picture = await wing.painter.paint(Prompt(words, seed=7, english=wording.english), route(name), SOURCE)

    assert "→" in wording.english
    assert decoded(picture).format == "JPEG"


async def test_what_a_judge_must_not_let_through_is_found_in_what_was_painted(wing: Wing) -> None:
    picture = await wing.painter.paint(Prompt("", seed=7, english="a played explicit scene"), route("core"))
    print_ = await wing.darkroom.develop(picture.data, MARK)

    with pytest.raises(Blocked) as caught:
        await wing.judge.judge(print_.data)

    assert (caught.value.group, caught.value.rule) == ("sexual", "Explicit Nudity")


# --- every model of the catalogue

LIVING = [
    one
    for model in Catalogue.open().models.values()
    for one in model.routes
    if one.vendor == "bedrock" and model.tier != "past" and model.name != "style-transfer"
]


@pytest.mark.parametrize("one", LIVING, ids=[one.name for one in LIVING])
async def test_every_model_answers_in_every_region_of_the_catalogue(wing: Wing, one: Route) -> None:
    prompt = Prompt("x", ratio="3:2", seed=7, english="replace the cat with a dog", without="text", style="low-poly")
    from_words = one.model in {"core", "sd35", "ultra"}
    source = b"" if from_words else HOLED if one.model in {"erase", "inpaint"} else SOURCE

    picture = await wing.painter.paint(prompt, one, source)

    assert decoded(picture).format == ("PNG" if one.model == "remove-background" else "JPEG")
    [bill] = wing.bedrock.ledger.bills()
    assert (bill.region, bill.usd_micros) == (one.region, one.usd_micros)


@pytest.mark.parametrize("name", ["sd35", "titan-v1", "titan-v2", "nova-canvas"])
@pytest.mark.parametrize("source", [b"", SOURCE], ids=["from words", "from a picture"])
async def test_those_that_paint_and_repaint_do_both_while_they_live(wing: Wing, name: str, source: bytes) -> None:
    wing.bedrock.living = True

    picture = await wing.painter.paint(CAT, route(name), source)

    assert decoded(picture).size > (60, 60)
    assert len(wing.bedrock.ledger.bills()) == 1


async def test_the_same_seed_paints_the_same_picture(wing: Wing) -> None:
    first, second = [await wing.painter.paint(CAT, route("core")) for _ in range(2)]

    assert first == second


async def test_a_picture_grows_to_the_shape_that_was_asked_for(wing: Wing) -> None:
    picture = await wing.painter.paint(Prompt("", ratio="16:9", seed=7), route("outpaint"), SOURCE)

    wide, high = decoded(picture).size
    assert abs(wide / high - 16 / 9) < 0.01


# --- what is refused costs nothing; what is kept back may


@pytest.mark.parametrize("name", ["titan-v1", "titan-v2", "nova-canvas"])
async def test_a_model_that_has_ended_is_for_an_admin_to_see_to(wing: Wing, name: str) -> None:
    assert meaning(await failing(wing, name=name)) == ("misconfigured", "no")

    assert wing.bedrock.ledger.bills() == []


async def test_a_model_asked_for_where_it_is_not_is_for_an_admin_to_see_to(wing: Wing) -> None:
    elsewhere = Route("core@us-east-1", "core", "bedrock", route("core").vendor_model, "us-east-1", 40_000)
    bare = Route("upscale@x", "upscale", "bedrock", route("upscale").vendor_model.removeprefix("us."), "us-west-2", 1)

    for one, source in ((elsewhere, b""), (bare, SOURCE)):
        with pytest.raises(Unavailable) as caught:
            await wing.painter.paint(CAT, one, source)
        assert meaning(caught.value) == ("misconfigured", "no")

    assert wing.bedrock.ledger.bills() == []


async def test_vietnamese_that_was_not_worded_is_refused_there_and_costs_nothing(wing: Wing) -> None:
    assert meaning(await failing(wing, Prompt("một con mèo đen", seed=7))) == ("bad request", "no")

    assert wing.bedrock.ledger.bills() == []


@pytest.mark.parametrize(("words", "reason"), [("forbidden", "prompt"), ("blocked output", "output image")])
async def test_what_stabilitys_filter_keeps_back_is_declined(wing: Wing, words: str, reason: str) -> None:
    failure = await failing(wing, Prompt("", seed=7, english=f"a {words} cat"))

    assert meaning(failure) == (f"Filter reason: {reason}", "unknown")


async def test_a_picture_the_filter_does_not_want_changed_is_declined(wing: Wing) -> None:
    shown = await wing.painter.paint(Prompt("", seed=7, english="a played explicit scene"), route("core"))

    failure = await failing(wing, CAT, "sd35", shown.data)

    assert meaning(failure) == ("Filter reason: input image", "unknown")


@pytest.mark.parametrize(("words", "means"), [("forbidden", ("content filter", "no")), ("blocked output", None)])
async def test_amazons_filters_are_told_apart_by_when_they_spoke(
    wing: Wing, words: str, means: tuple[str, str] | None
) -> None:
    wing.bedrock.living = True

    failure = await failing(wing, Prompt("", seed=7, english=f"a {words} cat"), "nova-canvas")

    blocked = ("All of the generated images have been blocked by our content filters.", "unknown")
    assert meaning(failure) == (means or blocked)


# --- faults, and whether the bill agrees with us

FAULTS: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("error", {"code": 429}, ("throttled", "no")),
    ("error", {"code": 503}, ("outage", "no")),
    ("error", {"code": 403}, ("misconfigured", "no")),
    ("error", {"code": 404}, ("misconfigured", "no")),
    ("error", {"code": 500}, ("outage", "unknown")),
    ("error", {"code": 500, "billed": True}, ("outage", "unknown")),
    ("error", {"code": 408, "billed": True}, ("timeout", "unknown")),
    ("error", {"code": 424, "billed": True}, ("outage", "unknown")),
    ("error", {"code": 400, "type": "ServiceQuotaExceededException", "words": "too much"}, ("throttled", "no")),
    ("reset_before", {}, ("outage", "unknown")),
    ("reset_after", {}, ("outage", "unknown")),
    ("reset_headers", {}, ("outage", "unknown")),
    ("torn", {}, ("outage", "unknown")),
    ("corrupt", {}, ("broken", "unknown")),
    ("broken_picture", {}, ("broken", "unknown")),
    ("filtered", {}, ("Filter reason: output image", "unknown")),
    ("filtered", {"words": "Inference error"}, ("broken", "unknown")),
]


@pytest.mark.parametrize(("kind", "how", "means"), FAULTS)
async def test_whatever_goes_wrong_is_called_once_and_never_free_when_it_was_billed(
    wing: Wing, kind: str, how: dict[str, Any], means: tuple[str, str]
) -> None:
    wing.bedrock.faults.set(kind, operation="invoke", **how)

    failure = await failing(wing)

    assert meaning(failure) == means
    assert len(wing.bedrock.ledger.made(operation="invoke")) == 1
    if means[1] == "no":
        assert wing.bedrock.ledger.bills() == []


async def test_a_rate_that_is_used_up_throttles_and_costs_nothing(wing: Wing) -> None:
    wing.bedrock.rates.set(route("core").vendor_model, per_second=0.001, burst=1)
    await wing.painter.paint(CAT, route("core"))

    assert meaning(await failing(wing)) == ("throttled", "no")

    assert len(wing.bedrock.ledger.bills()) == 1


# --- the scribe


@pytest.mark.parametrize("kind", ["malformed_json", "error", "reset_before", "reset_after"])
async def test_the_dictionary_words_what_nova_could_not(wing: Wing, kind: str) -> None:
    wing.bedrock.faults.set(kind, operation="converse")

    wording = await wing.scribe.word("con mèo đen")

    assert (wording.english, wording.language) == ("black cat", "vi")
    with pytest.raises(Failure) as caught:
        await wing.alone.word("con mèo đen")
    assert isinstance(caught.value, Unavailable | Untranslated)
    assert caught.value.billed == "no"


@pytest.mark.parametrize("kind", ["untranslated", "half_translated", "talks", "malformed_json"])
async def test_what_nova_spoils_once_is_asked_for_again(wing: Wing, kind: str) -> None:
    wing.bedrock.faults.set(kind, operation="converse", times=1)

    wording = await wing.alone.word("con mèo đen trên núi", enhance=True)

    assert (wording.english, wording.language) == ("cat black on mountain", "vi")
    assert len(wing.bedrock.ledger.made(operation="converse")) == 2


async def test_a_fence_around_the_answer_does_no_harm(wing: Wing) -> None:
    wing.bedrock.faults.set("fenced_json", operation="converse")

    assert (await wing.alone.word("một con mèo đen")).english == "a cat black"


async def test_a_filter_of_words_is_not_gone_around_with_a_dictionary(wing: Wing) -> None:
    wing.bedrock.faults.set("content_filtered", operation="converse")

    with pytest.raises(Declined) as caught:
        await wing.scribe.word("con mèo đen")

    assert meaning(caught.value) == ("content filter", "no")


@pytest.mark.parametrize(
    ("kind", "means"),
    [
        ("stream_error", ("throttled", "no")),
        ("content_filtered", ("content filter", "no")),
        ("torn", ("outage", "no")),
        ("reset_after", ("outage", "no")),
        ("error", ("outage", "no")),
    ],
)
async def test_a_description_that_fails_says_how(
    wing: Wing, kind: Literal["stream_error"], means: tuple[str, str]
) -> None:
    wing.bedrock.faults.set(kind, operation="converse-stream")

    with pytest.raises(Failure) as caught:
        [piece async for piece in wing.alone.describe(SOURCE, "vi")]

    assert meaning(caught.value) == means


async def test_each_kind_of_picture_is_looked_at(wing: Wing) -> None:
    for picture in (SOURCE, HOLED):
        told = "".join([piece async for piece in wing.alone.describe(picture, "en")])
        assert told.startswith("A picture in wide format")


# --- the judge


@pytest.mark.parametrize("kind", ["error", "reset_before", "reset_after", "torn"])
async def test_a_judge_who_is_not_heard_lets_nothing_through(wing: Wing, kind: str) -> None:
    wing.bedrock.faults.set(kind, operation="moderate")

    with pytest.raises(Unavailable) as caught:
        await wing.judge.judge(SOURCE)

    assert caught.value.billed == "no"
