"""Amazon's image models, which have ended: Titan and Nova Canvas, as they were asked and as they answered."""

import base64
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PIL import Image

from infra.sandbox.bedrock import pictures
from infra.sandbox.bedrock.filters import OUTPUT, PROMPT
from infra.sandbox.bedrock.refusing import INPUT_BLOCKED, invalid, malformed
from infra.sandbox.bedrock.stability import read
from infra.sandbox.bedrock.work import Done, Task, Work

ALL_BLOCKED = "All of the generated images have been blocked by our content filters."
PICTURE_BLOCKED = (
    "This request has been blocked by our content filters. Please adjust your input image to submit a new request."
)
CONFIG = "imageGenerationConfig"
MOST_PICTURES = 5
MOST_SEED = 2_147_483_646

# What each task's own part is called, what must stand in it, and what may.
TASKS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "TEXT_IMAGE": (
        "textToImageParams",
        ("text",),
        ("negativeText", "style", "conditionImage", "controlMode", "controlStrength"),
    ),
    "COLOR_GUIDED_GENERATION": ("colorGuidedGenerationParams", ("text", "colors"), ("negativeText", "referenceImage")),
    "IMAGE_VARIATION": ("imageVariationParams", ("images",), ("text", "negativeText", "similarityStrength")),
    "INPAINTING": ("inPaintingParams", ("image",), ("text", "negativeText", "maskPrompt", "maskImage")),
    "OUTPAINTING": (
        "outPaintingParams",
        ("image",),
        ("text", "negativeText", "maskPrompt", "maskImage", "outPaintingMode"),
    ),
    "BACKGROUND_REMOVAL": ("backgroundRemovalParams", ("image",), ()),
    "VIRTUAL_TRY_ON": (
        "virtualTryOnParams",
        ("sourceImage", "referenceImage"),
        (
            "maskType",
            "imageBasedMask",
            "garmentBasedMask",
            "promptBasedMask",
            "maskExclusions",
            "mergeStyle",
            "returnMask",
        ),
    ),
}
OF_CANVAS_ALONE = {"VIRTUAL_TRY_ON"}
NOT_OF_TITAN_V1 = {"COLOR_GUIDED_GENERATION", "BACKGROUND_REMOVAL", *OF_CANVAS_ALONE}
WORDS = {"titan": 512, "nova-canvas": 1024}
SEEDED = {"titan": 42, "nova-canvas": 12}  # what an unsaid seed is
CONFIGURED: Mapping[str, tuple[float, float]] = {
    "width": (320, 4096),
    "height": (320, 4096),
    "cfgScale": (1.1, 10),
    "seed": (0, MOST_SEED),
    "numberOfImages": (1, MOST_PICTURES),
}


def ordered(task: Task) -> Work:
    asked, family = read(task.raw), task.model.speaks
    name, params = _params(asked, task)
    config = _config(asked, name)
    said = _words(params, WORDS[family])
    reason = "" if task.befallen("filtered") else task.filters.reason(said, task.chance)
    if reason == PROMPT:
        raise invalid(INPUT_BLOCKED)
    sources = [_picture(one) for one in _pictures(params)]
    if any(pictures.danger_in(one) for one in sources):
        raise invalid(PICTURE_BLOCKED)
    count, seed = int(config.get("numberOfImages", 1)), int(config.get("seed", SEEDED[family]))
    dear = config.get("quality") == "premium" and task.model.usd_micros_premium
    blocked = reason == OUTPUT or task.befallen("filtered") is not None
    do = partial(_done, task, said, sources, config, blocked=blocked)
    return Work((dear or task.model.usd_micros) * count, said, do, seed)


def _params(asked: Mapping[str, Any], task: Task) -> tuple[str, Mapping[str, Any]]:
    """The task's name, and its own part, with every field it needs and none that it does not know."""
    name = asked.get("taskType")
    gone = NOT_OF_TITAN_V1 if task.model.id.endswith("v1") else OF_CANVAS_ALONE if task.model.speaks == "titan" else ()
    if not isinstance(name, str) or name not in TASKS or name in gone:
        raise malformed(f"#/taskType: {name} is not a valid enum value")
    part, needed, more = TASKS[name]
    params = asked.get(part)
    if not isinstance(params, dict):
        raise malformed(f"#: required key [{part}] not found")
    _keys("#", asked, ("taskType", part, CONFIG))
    _keys(f"#/{part}", params, (*needed, *more))
    for key in needed:
        if key not in params:
            raise malformed(f"#/{part}: required key [{key}] not found")
    return name, params


def _config(asked: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    config = asked.get(CONFIG, {})
    if not isinstance(config, dict) or (config and name == "BACKGROUND_REMOVAL"):
        raise malformed(f"#: extraneous key [{CONFIG}] is not permitted")
    _keys(f"#/{CONFIG}", config, (*CONFIGURED, "quality"))
    for key, (low, high) in CONFIGURED.items():
        value = config.get(key, low)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise malformed(f"#/{CONFIG}/{key}: {value} is not between {low} and {high}")
    _size(config)
    if config.get("quality", "standard") not in {"standard", "premium"}:
        raise malformed(f"#/{CONFIG}/quality: {config['quality']} is not a valid enum value")
    return config


def _size(config: Mapping[str, Any]) -> None:
    wide, high = int(config.get("width", 1024)), int(config.get("height", 1024))
    if wide % 16 or high % 16 or max(wide, high) > 4 * min(wide, high) or wide * high >= 4_194_304:
        raise invalid(f"The width and height [{wide}, {high}] are not supported.")


def _words(params: Mapping[str, Any], most: int) -> str:
    for key in ("text", "negativeText"):
        value = params.get(key, "-")
        if not isinstance(value, str) or not 1 <= len(value) <= most:
            raise malformed(f"#/{key}: expected a text of 1 to {most} characters")
    return str(params.get("text", ""))


def _pictures(params: Mapping[str, Any]) -> Sequence[Any]:
    many = params.get("images", [])
    if not isinstance(many, list) or ("images" in params and not 1 <= len(many) <= MOST_PICTURES):
        raise malformed(f"#/images: expected 1 to {MOST_PICTURES} items")
    single = ("image", "referenceImage", "conditionImage", "sourceImage", "maskImage")
    return [*many, *(params[key] for key in single if key in params)]


def _picture(text: Any) -> Image.Image:
    try:
        return pictures.read(base64.b64decode(str(text), validate=True))
    except pictures.BROKEN:
        raise invalid("The provided image could not be decoded.") from None


def _keys(where: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in given:
        if key not in known:
            raise malformed(f"{where}: extraneous key [{key}] is not permitted")


def _done(task: Task, said: str, sources: Sequence[Image.Image], config: Mapping[str, Any], *, blocked: bool) -> Done:
    if blocked:
        return Done({"images": [], "error": ALL_BLOCKED}, filtered=ALL_BLOCKED)
    size = pictures.scaled((int(config.get("width", 1024)), int(config.get("height", 1024))), task.pixels)
    shown = []
    for number in range(int(config.get("numberOfImages", 1))):
        key = pictures.digest(said, int(config.get("seed", 0)) + number, task.model.id)
        made = (
            pictures.blended(sources[0], key, 0.5)
            if sources
            else pictures.painted(key, size, task.filters.danger(said))
        )
        shown.append(base64.b64encode(pictures.written(made, "png")).decode())
    return Done({"images": shown, "error": None})
