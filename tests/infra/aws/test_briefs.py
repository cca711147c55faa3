"""What each model of Bedrock is asked: no field it does not know, none it needs left out, no picture it won't take."""

import json
import struct
from base64 import b64decode
from typing import Any

import pytest

from core.errors import Declined, Unavailable
from core.flags import RATIOS
from core.models import Catalogue
from core.prompts import Prompt
from infra.aws.briefs import BRIEFS, STRENGTH, brief_of
from tests.pictures import a_jpeg, a_png

CAT = Prompt("con mèo", ratio="16:9", seed=7, english="a black cat", without="text", style="low-poly")
PLAIN = Prompt("a black cat", seed=7)
CHANGING = Prompt("đổi mèo thành chó", seed=7, english="replace the cat with a small dog", without="text")
SOURCE = a_jpeg((640, 480))
HOLED = a_png((640, 480), "RGBA")

COMMON = {"prompt", "aspect_ratio", "seed", "output_format", "negative_prompt"}
GUIDED = {"image", "prompt", "negative_prompt", "style_preset", "seed", "output_format"}
# What each image model may be asked, by its maker's word; a field beyond these is refused.
KNOWN: dict[str, tuple[set[str], set[str]]] = {
    # the catalogue's name: (must stand there, may stand there)
    "core": ({"prompt"}, COMMON),
    "ultra": ({"prompt"}, COMMON),
    "remove-background": ({"image"}, {"image", "output_format"}),
    "erase": ({"image"}, {"image", "mask", "grow_mask", "seed", "output_format"}),
    "inpaint": ({"image", "prompt"}, {*GUIDED, "mask", "grow_mask"}),
    "outpaint": ({"image", "left"}, {*GUIDED, "left", "right", "up", "down", "creativity"} - {"negative_prompt"}),
    "replace": ({"image", "prompt", "search_prompt"}, {*GUIDED, "search_prompt", "grow_mask"}),
    "recolor": ({"image", "prompt", "select_prompt"}, {*GUIDED, "select_prompt", "grow_mask"}),
    "from-sketch": ({"image", "prompt"}, {*GUIDED, "control_strength"}),
    "from-structure": ({"image", "prompt"}, {*GUIDED, "control_strength"}),
    "style-guide": ({"image", "prompt"}, {*GUIDED, "aspect_ratio", "fidelity"}),
    "upscale": ({"image"}, {"image", "output_format"}),
    "upscale-faithful": ({"image", "prompt"}, {*GUIDED, "creativity"} - {"style_preset"}),
    "upscale-creative": ({"image", "prompt"}, {*GUIDED, "creativity"}),
}
STYLED = {"inpaint", "outpaint", "from-sketch", "from-structure", "style-guide", "upscale-creative"}


def asked(name: str, prompt: Prompt, source: bytes = b"") -> dict[str, Any]:
    """The body as it goes out."""
    body: dict[str, Any] = json.loads(json.dumps(brief_of(vendor_model(name)).body(prompt, source)))
    return body


def vendor_model(name: str) -> str:
    return Catalogue.open().models[name].routes[0].vendor_model


def refused(name: str, prompt: Prompt, source: bytes = b"") -> str:
    with pytest.raises(Declined) as caught:
        asked(name, prompt, source)
    assert caught.value.billed == "no"
    return caught.value.reason


def sources(name: str) -> bytes:
    if name in {"core", "ultra"}:
        return b""
    return HOLED if name in {"erase", "inpaint"} else SOURCE


def words_for(name: str) -> Prompt:
    return CHANGING if name in {"replace", "recolor"} else CAT


def test_every_model_of_the_catalogue_can_be_asked() -> None:
    routes = [route for model in Catalogue.open().models.values() for route in model.routes]

    known = {brief_of(route.vendor_model) is not None for route in routes if route.vendor == "bedrock"}

    assert known == {True}


@pytest.mark.parametrize(
    "vendor_model",
    ["stability.stable-image-core-v1:0", "stability.stable-image-core-v2:3", "eu.stability.stable-image-core-v1:1"],
)
def test_another_version_of_a_model_is_asked_like_the_one_before(vendor_model: str) -> None:
    assert brief_of(vendor_model) is BRIEFS["stable-image-core"]


@pytest.mark.parametrize("vendor_model", ["stability.unheard-of-v1:0", "pocket", "", "stability.-v1:0"])
def test_a_model_nobody_knows_is_our_mistake_and_free(vendor_model: str) -> None:
    with pytest.raises(Unavailable) as caught:
        brief_of(vendor_model)

    assert (caught.value.cause, caught.value.billed) == ("misconfigured", "no")


@pytest.mark.parametrize("name", KNOWN)
def test_no_field_is_sent_that_the_model_does_not_know_and_none_is_missing(name: str) -> None:
    must, may = KNOWN[name]

    body = asked(name, words_for(name), sources(name))

    assert must <= set(body) <= may
    assert all(value not in ("", None) for value in body.values())


@pytest.mark.parametrize("name", sorted(KNOWN.keys() - {"core", "ultra"}))
def test_the_picture_goes_along_as_it_is(name: str) -> None:
    body = asked(name, words_for(name), sources(name))

    assert b64decode(body["image"]) == sources(name)


@pytest.mark.parametrize("name", sorted(KNOWN.keys() - {"core", "ultra"}))
def test_who_changes_pictures_paints_none_from_words(name: str) -> None:
    assert refused(name, words_for(name)) == "it needs a picture"


@pytest.mark.parametrize("name", ["core", "ultra"])
def test_who_paints_from_words_changes_no_picture(name: str) -> None:
    assert refused(name, CAT, SOURCE) == "it paints from words alone"


def test_a_prompt_is_asked_for_in_five_fields() -> None:
    assert asked("core", CAT) == {
        "prompt": "a black cat, low poly render",
        "negative_prompt": "text",
        "aspect_ratio": "16:9",
        "seed": 7,
        "output_format": "jpeg",
    }
    assert asked("core", PLAIN) == {"prompt": "a black cat", "aspect_ratio": "1:1", "seed": 7, "output_format": "jpeg"}


def test_a_jpeg_is_asked_for_wherever_nothing_has_to_be_transparent() -> None:
    formats = {name: asked(name, words_for(name), sources(name))["output_format"] for name in KNOWN}

    assert {name for name, kind in formats.items() if kind != "jpeg"} == {"remove-background"}
    assert formats["remove-background"] == "png"


@pytest.mark.parametrize("name", sorted(STYLED))
def test_a_style_the_model_knows_by_name_is_asked_for_by_name(name: str) -> None:
    body = asked(name, CAT, sources(name))

    assert (body["style_preset"], body["prompt"]) == ("low-poly", "a black cat")


def test_a_style_of_our_own_stands_among_the_words() -> None:
    lacquer = Prompt("a cat", style="lacquer", seed=7)

    body = asked("style-guide", lacquer, SOURCE)

    assert body["prompt"] == "a cat, Vietnamese lacquer painting"
    assert "style_preset" not in body


def test_stable_diffusion_paints_from_words_or_changes_a_picture() -> None:
    assert set(asked("sd35", CAT)) == COMMON
    changed = asked("sd35", CAT, SOURCE)
    assert set(changed) == {"prompt", "negative_prompt", "mode", "image", "strength", "seed", "output_format"}
    assert (changed["mode"], changed["strength"]) == ("image-to-image", STRENGTH)


# --- what becomes what


@pytest.mark.parametrize(
    ("words", "old", "new"),
    [
        ("the cat -> a dog", "the cat", "a dog"),
        ("the cat→a dog", "the cat", "a dog"),
        ("the bridge to the sea => a road with trees", "the bridge to the sea", "a road with trees"),
        ("replace the cat with a dog with a hat", "the cat", "a dog with a hat"),
        ("Please turn the sky into a sunset", "the sky", "a sunset"),
        ("recolour the car in dark red", "the car", "dark red"),
        ("change the colour of the door to blue", "the colour of the door", "blue"),
    ],
)
def test_what_is_to_become_what_is_read_from_the_words(words: str, old: str, new: str) -> None:
    replaced = asked("replace", Prompt("x", english=words, seed=7), SOURCE)
    recoloured = asked("recolor", Prompt(words, seed=7), SOURCE)

    assert (replaced["search_prompt"], replaced["prompt"]) == (old, new)
    assert (recoloured["select_prompt"], recoloured["prompt"]) == (old, new)


@pytest.mark.parametrize("words", ["a dog", "a bridge to the sea", "replace the cat", "-> a dog", "the cat ->"])
@pytest.mark.parametrize("name", ["replace", "recolor"])
def test_words_that_do_not_say_what_becomes_what_cost_nothing(name: str, words: str) -> None:
    assert refused(name, Prompt(words), SOURCE) == "the words do not say what becomes what"


# --- pictures


@pytest.mark.parametrize(
    ("size", "ratio", "margins"),
    [
        ((1024, 1024), "16:9", (398, 399, 0, 0)),
        ((1024, 1024), "9:16", (0, 0, 398, 399)),
        ((640, 480), "1:1", (0, 0, 80, 80)),
        ((480, 640), "1:1", (80, 80, 0, 0)),
        ((512, 512), "1:1", (64, 64, 64, 64)),  # it has the shape: more is seen around it
    ],
)
def test_a_picture_grows_around_its_middle_into_the_asked_shape(
    size: tuple[int, int], ratio: str, margins: tuple[int, ...]
) -> None:
    body = asked("outpaint", Prompt("", ratio=ratio, seed=7), a_jpeg(size))

    assert tuple(body.get(side, 0) for side in ("left", "right", "up", "down")) == margins
    assert "prompt" not in body


def test_no_picture_grows_further_than_its_model_can() -> None:
    assert refused("outpaint", Prompt("sea", ratio="21:9"), a_jpeg((1280, 3072))) == (
        "the picture would have to grow too far"
    )


@pytest.mark.parametrize(
    ("name", "size", "why"),
    [
        ("upscale", (1024, 1025), "the picture is too large"),
        ("upscale", (1600, 400), "the picture is too large"),
        ("upscale", (64, 31), "the picture is too small"),
        ("upscale-creative", (1100, 1000), "the picture is too large"),
        ("upscale-faithful", (640, 250), "the picture is too narrow"),
        ("from-sketch", (63, 100), "the picture is too small"),
        ("sd35", (63, 100), "the picture is too small"),
        ("titan-v2", (1500, 1000), "the picture is too large"),
    ],
)
def test_a_picture_beyond_what_the_model_takes_is_declined_before_it_costs(
    name: str, size: tuple[int, int], why: str
) -> None:
    assert refused(name, PLAIN, a_jpeg(size)) == why


def test_a_picture_at_the_limit_is_taken() -> None:
    assert asked("upscale", PLAIN, a_jpeg((1024, 1024)))["image"]
    assert asked("upscale-faithful", PLAIN, a_jpeg((640, 256)))["image"]
    assert asked("from-sketch", PLAIN, a_jpeg((64, 100)))["image"]


@pytest.mark.parametrize("source", [b"no picture", b"\x89PNG\r\n\x1a\n torn", SOURCE[:40]])
def test_what_is_no_picture_is_declined(source: bytes) -> None:
    assert refused("upscale", PLAIN, source) == "the picture cannot be read"


@pytest.mark.parametrize("name", ["erase", "inpaint"])
@pytest.mark.parametrize("source", [SOURCE, a_png((640, 480))])
def test_what_is_to_be_filled_must_be_shown_by_transparent_places(name: str, source: bytes) -> None:
    assert refused(name, PLAIN, source) == "the picture shows by no transparent place where to change it"


def webp(flags: int) -> bytes:
    """The head of a WebP of 640 x 480; that is all anybody reads of it here."""
    extended = bytes((flags, 0, 0, 0)) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", len(extended)) + extended
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_transparency_is_known_in_every_format_that_has_it() -> None:
    with_one_colour_away = a_png((640, 480), "P", transparency=0)

    assert asked("erase", PLAIN, with_one_colour_away)["image"]
    assert asked("erase", PLAIN, webp(0x10))["image"]
    assert "transparent" in refused("erase", PLAIN, webp(0))


def test_the_style_of_a_second_picture_cannot_be_asked_for_in_a_chat() -> None:
    assert refused("style-transfer", CAT, SOURCE) == "it needs a second picture, whose style is taken"


@pytest.mark.parametrize("name", ["core", "titan-v2", "upscale-faithful", "sd35"])
def test_without_words_nothing_is_asked(name: str) -> None:
    source = SOURCE if name == "upscale-faithful" else b""

    assert refused(name, Prompt(""), source) == "prompt is missing"


@pytest.mark.parametrize(("name", "most"), [("core", 10_000), ("titan-v2", 512), ("nova-canvas", 1_024)])
def test_more_words_than_the_model_takes_are_declined_and_never_cut(name: str, most: int) -> None:
    assert asked(name, Prompt("x" * most))
    assert refused(name, Prompt("x" * (most + 1))) == "the words are too many"


# --- the Amazon family


def test_the_amazon_family_is_asked_by_tasks() -> None:
    cat = Prompt("con mèo", ratio="2:3", seed=4_294_967_294, english="a black cat", without="text", style="low-poly")

    assert asked("titan-v2", cat) == {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {"text": "a black cat, low poly render", "negativeText": "text"},
        "imageGenerationConfig": {
            "numberOfImages": 1,
            "quality": "standard",
            "width": 768,
            "height": 1152,
            "seed": 4_294_967_294 % 2_147_483_647,
        },
    }
    changed = asked("nova-canvas", PLAIN, SOURCE)
    assert changed["taskType"] == "IMAGE_VARIATION"
    assert set(changed["imageVariationParams"]) == {"text", "images", "similarityStrength"}


@pytest.mark.parametrize("ratio", RATIOS)
def test_nova_canvas_paints_every_shape_within_its_bounds(ratio: str) -> None:
    config = asked("nova-canvas", Prompt("a cat", ratio=ratio))["imageGenerationConfig"]
    wide, high = config["width"], config["height"]

    assert wide % 16 == high % 16 == 0
    assert min(wide, high) >= 320
    assert max(wide, high) <= 4 * min(wide, high)
    assert wide * high < 4_194_304


def test_titan_declines_a_shape_it_does_not_paint() -> None:
    assert refused("titan-v1", CAT) == "it does not paint this shape"
