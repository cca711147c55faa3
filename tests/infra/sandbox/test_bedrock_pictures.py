"""Pictures from the played Bedrock, asked for through boto3: what is made, and what is refused in whose words."""

import json
from typing import Any

import pytest

from infra.sandbox.bedrock.pictures import SIZES
from tests.infra.sandbox.bedrock_rig import (
    CANVAS,
    CORE,
    OREGON,
    SD35,
    TITAN,
    ULTRA,
    VIRGINIA,
    Customer,
    drawn,
    opened,
    picture_of,
    sent,
)

TOOLS = "us.stability.stable-"
WORDS_AND_SOURCE: dict[str, dict[str, Any]] = {
    "image-inpaint-v1:0": {},
    "image-search-replace-v1:0": {"search_prompt": "the dog"},
    "image-search-recolor-v1:0": {"select_prompt": "the dog"},
    "image-control-sketch-v1:0": {"control_strength": 0.7},
    "image-control-structure-v1:0": {},
}


@pytest.mark.parametrize("kind", ["jpeg", "png"])
async def test_a_prompt_becomes_a_picture_that_can_be_opened(an: Customer, kind: str) -> None:
    answer = await an.paints("a cat by the sea", output_format=kind, seed=7)

    assert picture_of(answer).format == kind.upper()
    assert answer["seeds"] == [7]
    assert answer["finish_reasons"] == [None]


@pytest.mark.parametrize("ratio", SIZES)
async def test_a_picture_has_the_ratio_that_was_asked_for(an: Customer, ratio: str) -> None:
    picture = picture_of(await an.paints("a cat", aspect_ratio=ratio))

    wide, high = (int(part) for part in ratio.split(":"))
    assert picture.width / picture.height == pytest.approx(wide / high, rel=0.06)


async def test_a_whole_picture_is_a_megapixel_and_not_too_heavy(an: Customer) -> None:
    an.bedrock.pixels = 1_048_576

    answer = await an.paints("a cat", aspect_ratio="16:9", seed=1)

    assert picture_of(answer).size == (1344, 768)
    assert 50_000 < len(answer["images"][0]) * 3 / 4 < 300_000


async def test_the_same_seed_paints_the_same_and_another_does_not(an: Customer) -> None:
    first, again = await an.paints("a cat", seed=5), await an.paints("a cat", seed=5)
    other, elsewhere = await an.paints("a cat", seed=6), await an.paints("a cat", SD35, seed=5)

    assert first["images"] == again["images"]
    assert len({one["images"][0] for one in (first, other, elsewhere)}) == 3


async def test_no_seed_is_a_seed_that_is_told(an: Customer) -> None:
    first, second = await an.paints("a cat"), await an.paints("a cat", seed=0)

    assert first["seeds"] != second["seeds"]
    assert all(0 < one["seeds"][0] < 2**32 for one in (first, second))
    assert (await an.paints("a cat", seed=first["seeds"][0]))["images"] == first["images"]


async def test_core_and_ultra_know_five_fields_and_say_so(an: Customer) -> None:
    for model in (CORE, ULTRA):
        status, kind, words = await an.is_refused(model, prompt="a cat", width=512)

        assert (status, kind) == (400, "ValidationException")
        assert "Available fields: ['prompt', 'negative_prompt'" in json.loads(words)["detail"]


@pytest.mark.parametrize(
    "field",
    [
        {"seed": 4_294_967_295},
        {"seed": 1.5},
        {"aspect_ratio": "4:3"},
        {"output_format": "webp"},
        {"output_format": "JPEG"},
        {"prompt": "x" * 10_001},
        {"prompt": " "},
        {"negative_prompt": 3},
        {"mode": "text-to-image"},
    ],
)
async def test_a_field_out_of_its_range_is_refused_in_nested_words(an: Customer, field: dict[str, Any]) -> None:
    status, kind, words = await an.is_refused(**{"prompt": "a cat", **field})

    assert (status, kind) == (400, "ValidationException")
    assert json.loads(words)["detail"]
    assert an.bedrock.ledger.bills() == []


async def test_a_prompt_that_is_not_english_is_refused(an: Customer) -> None:
    status, kind, words = await an.is_refused(prompt="một con mèo trên bãi biển")

    assert (status, kind) == (400, "ValidationException")
    assert "English" in words
    assert (await an.paints('a sign that says "Phở Hà Nội"'))["images"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("something forbidden", "Filter reason: prompt"),
        ("blocked output", "Filter reason: output image"),
        ("inference error", "Inference error"),
    ],
)
async def test_what_is_kept_back_is_answered_with_200_and_its_reason(an: Customer, words: str, reason: str) -> None:
    assert await an.paints(words) == {"finish_reasons": [reason]}
    assert [call.outcome for call in an.bedrock.ledger.bills()] == ["filtered"]


async def test_a_filtered_call_may_cost_nothing(an: Customer) -> None:
    an.bedrock.bills_filtered = False

    await an.paints("something forbidden")

    assert an.bedrock.ledger.bills() == []
    assert an.bedrock.ledger.total() == 0


async def test_a_borderline_prompt_is_painted_now_and_kept_back_then(an: Customer) -> None:
    answers = [await an.paints("a borderline thing", seed=1) for _ in range(20)]

    painted = sum("images" in answer for answer in answers)
    assert 0 < painted < 20


async def test_a_picture_is_changed_by_words(an: Customer) -> None:
    source = sent(drawn((256, 128)))
    changing: dict[str, Any] = {"mode": "image-to-image", "image": source, "strength": 0.6}

    changed = await an.paints("a cat", SD35, **changing)

    assert picture_of(changed).size == (256, 128)
    assert await an.is_refused(SD35, prompt="a cat", **changing, aspect_ratio="1:1")
    assert await an.is_refused(SD35, prompt="a cat", mode="image-to-image", image=source)
    assert "decoded" in (await an.is_refused(SD35, prompt="a cat", **{**changing, "image": sent(b"no picture")}))[2]


@pytest.mark.parametrize("tool", WORDS_AND_SOURCE)
async def test_a_tool_changes_a_picture_as_it_is_told(an: Customer, tool: str) -> None:
    asked: dict[str, Any] = {"image": sent(drawn((256, 192))), "style_preset": "anime", **WORDS_AND_SOURCE[tool]}

    answer = await an.paints("a cat", TOOLS + tool, **asked)

    assert picture_of(answer).size == (256, 192)
    assert (await an.is_refused(TOOLS + tool, **asked))[2].count("'prompt' is missing") == 1
    name = "control-sketch" if "sketch" in tool else ""
    unknown = json.loads((await an.is_refused(TOOLS + tool, prompt="a cat", text_prompts=[], **asked))[2])["detail"]
    assert unknown.startswith(f"Invalid field 'text_prompts' in request. Available fields for {name}")


async def test_tools_that_need_no_words_do_their_work(an: Customer) -> None:
    source = sent(drawn((200, 100)))

    cut = picture_of(await an.invokes(TOOLS + "image-remove-background-v1:0", image=source))
    wider = picture_of(await an.invokes(TOOLS + "outpaint-v1:0", VIRGINIA, image=source, left=50, up=20))
    bigger = picture_of(await an.invokes(TOOLS + "fast-upscale-v1:0", image=source, output_format="webp"))
    styled = picture_of(await an.invokes(TOOLS + "style-transfer-v1:0", init_image=source, style_image=source))

    assert cut.mode == "RGBA"
    assert wider.size == (250, 120)
    assert (bigger.size, bigger.format) == ((800, 400), "WEBP")
    assert styled.size == (200, 100)
    assert "at least one of left" in (await an.is_refused(TOOLS + "outpaint-v1:0", image=source))[2]


async def test_a_large_upscale_does_not_fit_as_png(an: Customer) -> None:
    source = sent(drawn((1024, 1024)))

    status, _, words = await an.is_refused(TOOLS + "fast-upscale-v1:0", image=source)
    fits = await an.invokes(TOOLS + "fast-upscale-v1:0", image=source, output_format="jpeg")

    assert status == 400
    assert json.loads(words)["detail"].endswith("exceeds the maximum allowed size of 16777216 bytes")
    assert picture_of(fits).size == (4096, 4096)


async def test_a_source_out_of_its_bounds_is_refused(an: Customer) -> None:
    tool = TOOLS + "fast-upscale-v1:0"

    for size in ((16, 16), (1537, 40), (1100, 1000)):
        assert "out of bounds" in (await an.is_refused(tool, image=sent(drawn(size))))[2]


async def test_a_body_that_is_too_large_is_refused(an: Customer) -> None:
    status, kind, _ = await an.is_refused(prompt="x" * 25_000_000)

    assert (status, kind) == (400, "ValidationException")


async def test_amazons_own_models_paint_while_they_live(an: Customer) -> None:
    an.bedrock.living = True
    config = {"numberOfImages": 2, "width": 512, "height": 512}
    asked: dict[str, Any] = {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {"text": "a cat"},
        "imageGenerationConfig": config,
    }

    titan = await an.invokes(TITAN, **asked)
    canvas = await an.invokes(CANVAS, VIRGINIA, **{**asked, "imageGenerationConfig": {"quality": "premium"}})

    assert [len(one["images"]) for one in (titan, canvas)] == [2, 1]
    assert titan["error"] is None
    assert [call.usd_micros for call in an.bedrock.ledger.bills()] == [16_000, 60_000]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"taskType": "VIRTUAL_TRY_ON"}, "not a valid enum value"),
        ({"textToImageParams": {"text": "x" * 513}}, "1 to 512"),
        ({"textToImageParams": {"prompt": "x"}}, "extraneous key [prompt]"),
        ({"imageGenerationConfig": {"width": 500}}, "not supported"),
        ({"imageGenerationConfig": {"cfgScale": 11}}, "cfgScale"),
        ({"textToImageParams": {"text": "something forbidden"}}, "blocked by our content filters"),
    ],
)
async def test_amazons_own_models_refuse_in_their_own_words(an: Customer, change: dict[str, Any], words: str) -> None:
    an.bedrock.living = True
    asked: dict[str, Any] = {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "a cat"}, **change}

    status, kind, said = await an.is_refused(TITAN, OREGON, **asked)

    assert (status, kind) == (400, "ValidationException")
    assert words in said


async def test_amazons_own_models_say_that_all_pictures_were_blocked(an: Customer) -> None:
    an.bedrock.living = True

    answer = await an.invokes(TITAN, taskType="TEXT_IMAGE", textToImageParams={"text": "blocked output"})

    assert answer == {"images": [], "error": "All of the generated images have been blocked by our content filters."}


async def test_a_mask_and_a_picture_that_lies_about_its_kind_are_looked_at(an: Customer) -> None:
    tool = TOOLS + "image-erase-object-v1:0"
    source = drawn((128, 128), kind="WEBP")

    answer = await an.invokes(tool, image=sent(source), mask=sent(drawn()), grow_mask=20)

    assert opened(source).size == picture_of(answer).size
    assert "grow_mask" in (await an.is_refused(tool, image=sent(source), grow_mask=21))[2]
    assert "could not be decoded" in (await an.is_refused(tool, image="%%%"))[2]
