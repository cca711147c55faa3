"""Stability's models: three that paint from words, thirteen that change a picture; strict about every field."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from PIL import Image

from infra.sandbox.bedrock import pictures
from infra.sandbox.bedrock.filters import INPUT
from infra.sandbox.bedrock.refusing import NOT_ENGLISH, detail, invalid
from infra.sandbox.bedrock.reshaping import reshaped
from infra.sandbox.bedrock.work import Done, Task, Work

MOST_WORDS = 10_000  # characters
MOST_SEED = 4_294_967_294
MOST_ANSWERED = 16_777_216  # bytes
STYLES = (
    "3d-model",
    "analog-film",
    "anime",
    "cinematic",
    "comic-book",
    "digital-art",
    "enhance",
    "fantasy-art",
    "isometric",
    "line-art",
    "low-poly",
    "modeling-compound",
    "neon-punk",
    "origami",
    "photographic",
    "pixel-art",
    "tile-texture",
)

Check: TypeAlias = Callable[[str, Any], Any]


def text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_WORDS:
        raise detail(f"{name}: must be a string of at most {MOST_WORDS} characters")
    return value


def words(name: str, value: Any) -> str:
    if not text(name, value).strip():
        raise detail(f"{name}: cannot be blank")
    return str(value)


def number(low: float, high: float) -> Check:
    def check(name: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise detail(f"{name}: must be between {low} and {high}")
        return float(value)

    return check


def whole(low: int, high: int) -> Check:
    def check(name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise detail(f"{name}: must be an integer between {low} and {high}")
        return value

    return check


def one_of(*options: str) -> Check:
    def check(name: str, value: Any) -> str:
        if value not in options:
            raise detail(f"{name}: must be one of {', '.join(options)}")
        return str(value)

    return check


@dataclass(frozen=True, slots=True)
class Sides:
    """What a picture that is sent may measure."""

    least: int = 64
    most: int = 16_384
    pixels: int = 9_437_184
    ratio: float = 2.5

    def __call__(self, name: str, value: Any) -> Image.Image:
        picture = pictures.opened(value, name)
        short, long = sorted(picture.size)
        if short < self.least or long > self.most or short * long > self.pixels or long > short * self.ratio:
            raise detail(
                f"{name}: {picture.width}x{picture.height} is out of bounds: sides {self.least}-{self.most}, at most "
                f"{self.pixels} pixels and {self.ratio}:1"
            )
        return picture


PAINTS = ("jpeg", "png")
CHECKS: Mapping[str, Check] = {
    "prompt": words,
    "negative_prompt": text,
    "search_prompt": words,
    "select_prompt": words,
    "seed": whole(0, MOST_SEED),
    "output_format": one_of(*PAINTS, "webp"),
    "aspect_ratio": one_of(*pictures.SIZES),
    "mode": one_of("text-to-image", "image-to-image"),
    "style_preset": one_of(*STYLES),
    "strength": number(0, 1),
    "control_strength": number(0, 1),
    "fidelity": number(0, 1),
    "composition_fidelity": number(0, 1),
    "style_strength": number(0, 1),
    "change_strength": number(0.1, 1),
    "creativity": number(0.1, 0.5),
    "grow_mask": whole(0, 20),
    "image": Sides(),
    "mask": Sides(),
    "init_image": Sides(),
    "style_image": Sides(),
    **dict.fromkeys(("left", "right", "up", "down"), whole(0, 2000)),
}


@dataclass(frozen=True, slots=True)
class Form:
    """The fields a model knows, in the order in which it names them; the first `needs` of them must be there."""

    needs: int
    fields: tuple[str, ...]
    own: Mapping[str, Check] | None = None

    def check(self, name: str) -> Check:
        return (self.own or {}).get(name) or CHECKS[name]


def form(needs: int, fields: str, **own: Check) -> Form:
    return Form(needs, tuple(fields.split()), own)


GUIDED = "negative_prompt seed output_format style_preset"
FORMS: Mapping[str, Form] = {
    "text-to-image": form(1, "prompt negative_prompt seed output_format aspect_ratio", output_format=one_of(*PAINTS)),
    "sd3": form(1, "prompt negative_prompt mode strength seed output_format image aspect_ratio"),
    "remove-background": form(1, "image output_format"),
    "erase-object": form(1, "image mask grow_mask seed output_format"),
    "inpaint": form(2, f"image prompt mask grow_mask {GUIDED}"),
    "outpaint": form(
        1, "image left right up down prompt creativity seed output_format style_preset", creativity=number(0.1, 1)
    ),
    "search-replace": form(3, f"image prompt search_prompt grow_mask {GUIDED}"),
    "search-recolor": form(3, f"image prompt select_prompt grow_mask {GUIDED}"),
    "control-sketch": form(2, f"image prompt control_strength {GUIDED}"),
    "control-structure": form(2, f"image prompt control_strength {GUIDED}"),
    "style-guide": form(2, f"image prompt aspect_ratio fidelity {GUIDED}"),
    "style-transfer": form(
        2,
        "init_image style_image prompt negative_prompt composition_fidelity style_strength change_strength seed "
        "output_format",
    ),
    "fast-upscale": form(1, "image output_format", image=Sides(32, 1536, 1_048_576, 48)),
    "conservative-upscale": form(2, "image prompt creativity negative_prompt seed output_format"),
    "creative-upscale": form(2, f"image prompt creativity {GUIDED}", image=Sides(64, 16_384, 1_048_576, 2.5)),
}
PAINTERS = ("text-to-image", "sd3")


def ordered(task: Task) -> Work:
    """The request understood, and refused where anything of it is not right."""
    asked = read(task.raw)
    wish = checked(task.model.speaks, asked)
    said = str(wish.get("prompt", ""))
    if not task.filters.in_english(" ".join(str(wish.get(name, "")) for name in ("prompt", "search_prompt"))):
        raise detail(NOT_ENGLISH)
    seed = int(wish.get("seed", 0)) or task.chance.randrange(1, MOST_SEED)
    reason = _kept_back(task, said, wish)
    do = partial(_done, task, wish, seed, reason)
    return Work(task.model.usd_micros, said, do, seed)


def read(raw: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(raw)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise invalid("Malformed input request, please reformat your input and try again.")
    return asked


def checked(name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Each field read, the picture decoded; nothing unknown, nothing missing."""
    known = FORMS[name]
    for field in asked:
        if field not in known.fields:
            raise detail(_unknown(name, field, known))
    for field in known.fields[: known.needs]:
        if field not in asked:
            raise detail(f"required field '{field}' is missing")
    _together(name, asked)
    return {field: known.check(field)(field, value) for field, value in asked.items()}


def _unknown(name: str, field: str, known: Form) -> str:
    if name in PAINTERS:
        return f"Invalid field in request. Available fields: {list(known.fields)}"
    return f"Invalid field '{field}' in request. Available fields for {name} are: {', '.join(known.fields)}"


def _together(name: str, asked: Mapping[str, Any]) -> None:
    """What one field asks of the others."""
    if name == "sd3" and asked.get("mode") == "image-to-image":
        if "image" not in asked or "strength" not in asked or "aspect_ratio" in asked:
            raise detail("mode image-to-image needs image and strength, and takes no aspect_ratio")
    elif name == "sd3" and ("image" in asked or "strength" in asked):
        raise detail("mode text-to-image takes neither image nor strength")
    if name == "outpaint" and not any(asked.get(side) for side in ("left", "right", "up", "down")):
        raise detail("at least one of left, right, up, down must be greater than 0")


def _kept_back(task: Task, said: str, wish: Mapping[str, Any]) -> str:
    if fault := task.befallen("filtered"):
        return fault.words or "Filter reason: output image"
    shown = [wish[name] for name in ("image", "init_image", "style_image") if name in wish]
    if any(pictures.danger_in(picture) for picture in shown):
        return INPUT
    return task.filters.reason(said, task.chance)


def _done(task: Task, wish: Mapping[str, Any], seed: int, reason: str) -> Done:
    if reason:
        return Done({"finish_reasons": [reason]}, filtered=reason)
    said = str(wish.get("prompt", ""))
    key = pictures.digest(said, seed, task.model.id)
    picture = reshaped(task.model.speaks, wish, key, task.pixels, task.filters.danger(said))
    kind = str(wish.get("output_format", "png"))
    if kind == "png" and task.model.speaks.endswith("upscale"):
        _fits(pictures.weight(picture.size))
    shown = base64.b64encode(pictures.written(picture, kind)).decode()
    _fits(len(shown))
    return Done({"seeds": [seed], "finish_reasons": [None], "images": [shown]})


def _fits(size: int) -> None:
    if size > MOST_ANSWERED:
        raise detail(f"Response payload size {size} bytes exceeds the maximum allowed size of {MOST_ANSWERED} bytes")
