"""Briefs – the request body for each Bedrock model, and the pictures each accepts.

The vendors refuse a field that a model does not know. So each form lists its fields, and the value of a field is
written once for all forms. A prompt that cannot fill the fields sensibly is declined here, before anything is paid for.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NoReturn

from core.errors import Declined, Unavailable
from core.flags import RATIOS
from core.models import ratio_size
from core.prompts import Prompt
from core.provenance import Torn, png_chunks
from core.styles import STYLES, Style
from infra.local.negative import Negative, look

STRENGTH = 0.7  # 0 to 1: how far an image-to-image model may depart from its picture
MOST_WORDS = 10_000  # characters
MOST_GROWN = 2_000  # pixels added to a side
GROWN = 8  # a picture that already has the wanted ratio grows by an eighth on each side
SIDES = ("left", "right", "up", "down")

MODEL = re.compile(r"(?:[a-z-]+\.)?(?:stability|amazon)\.(.+?)-v\d+(?::\d+)?")
ARROW = re.compile(r"(?P<old>.+?)\s*(?:->|=>|→)\s*(?P<new>.+)", re.DOTALL)
CHANGE = re.compile(
    r"""(?:please\ )?(?:replace|swap|change|turn|recolou?r|colou?r|paint|make)\ (?P<old>.+?)
        \ (?:with|into|to|for|by|in)\ (?P<new>.+)""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


def declined(why: str) -> NoReturn:
    raise Declined(why, billed="no")


# --- pictures --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sides:
    """Limits on the size in pixels of a source picture."""

    least: int = 64
    most: int = 16_384
    pixels: int = 9_437_184
    ratio: float = 2.5  # of the long side to the short side

    def check(self, seen: Negative) -> None:
        short, long = sorted((seen.width, seen.height))
        if short < self.least:
            declined("the picture is too small")
        if long > self.most or seen.pixels > self.pixels:
            declined("the picture is too large")
        if long > short * self.ratio:
            declined("the picture is too narrow")


def looked_at(source: bytes) -> Negative:
    try:
        seen = look(source)
    except Torn:
        seen = None
    return seen or declined("the picture cannot be read")


def has_alpha(source: bytes, seen: Negative) -> bool:
    """True if `source` may have transparent pixels, judging by its container."""
    if seen.kind == "PNG":
        return source[25] in {4, 6} or any(kind == b"tRNS" for kind, _ in png_chunks(source))
    flags = {b"VP8X": 20, b"VP8L": 24}.get(source[12:16]) if seen.kind == "WEBP" else None
    return flags is not None and bool(source[flags] & 0x10)


def margins(seen: Negative, ratio: str) -> Mapping[str, int]:
    """Pixels to add on each side to give the picture `seen` the shape `ratio`, with all of it in the middle."""
    wide, high = (int(part) for part in ratio.split(":"))
    across = max(0, -(-seen.height * wide // high) - seen.width)
    along = max(0, -(-seen.width * high // wide) - seen.height)
    if not across and not along:
        across, along = seen.width // GROWN * 2, seen.height // GROWN * 2
    grown = (across // 2, across - across // 2, along // 2, along - along // 2)
    if max(grown) > MOST_GROWN:
        declined("the picture would have to grow too far")
    return dict(zip(SIDES, grown, strict=True))


# --- values of the fields --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Prompt and source picture, from which the `fields` of one form are filled."""

    prompt: Prompt
    source: bytes
    fields: tuple[str, ...] = ()

    @cached_property
    def seen(self) -> Negative:
        return looked_at(self.source)

    @property
    def said(self) -> str:
        return (self.prompt.english or self.prompt.words).strip()

    @property
    def style(self) -> Style | None:
        return STYLES.get(self.prompt.style)

    @property
    def preset(self) -> str:
        """Name of the style if the model has a field for the style and knows this one, else ""."""
        return self.style.name if self.style and self.style.preset and "style_preset" in self.fields else ""

    @property
    def words(self) -> str:
        """Words to paint, with the style added where the model has no field for the style."""
        words = self.pair[1] if {"search_prompt", "select_prompt"} & set(self.fields) else self.said
        return ", ".join(filter(None, (words, self.style.english))) if self.style and not self.preset else words

    @cached_property
    def pair(self) -> tuple[str, str]:
        """Old and new thing in words like "the cat -> a dog" or "replace the cat with a dog"."""
        found = ARROW.fullmatch(self.said) or CHANGE.fullmatch(self.said)
        return (found["old"], found["new"]) if found else declined("the words do not say what becomes what")

    @cached_property
    def margins(self) -> Mapping[str, int]:
        return margins(self.seen, self.prompt.ratio)

    @property
    def picture(self) -> str:
        return b64encode(self.source).decode()


FIELDS: Mapping[str, Callable[[Asked], Any]] = {
    "prompt": lambda asked: asked.words,
    "negative_prompt": lambda asked: asked.prompt.without,
    "search_prompt": lambda asked: asked.pair[0],
    "select_prompt": lambda asked: asked.pair[0],
    "aspect_ratio": lambda asked: asked.prompt.ratio,
    "style_preset": lambda asked: asked.preset,
    "seed": lambda asked: asked.prompt.seed,
    "output_format": lambda _: "jpeg",  # a sixth of a PNG's bytes: a large PNG would not fit into the answer
    "image": lambda asked: asked.picture,
    "init_image": lambda asked: asked.picture,
    "style_image": lambda _: declined("it needs a second picture, whose style is taken"),
    "mode": lambda _: "image-to-image",
    "strength": lambda _: STRENGTH,
    **{side: partial(lambda side, asked: asked.margins[side], side) for side in SIDES},
}


# --- forms -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Form:
    """Request form of Stability's models: one flat object of `fields`, without the empty ones."""

    fields: tuple[str, ...]
    takes: Sides = Sides()
    may_lack: tuple[str, ...] = ("negative_prompt", "style_preset", "seed", *SIDES)
    fixed: Mapping[str, str] | None = None
    holes: bool = False  # the picture must show the places to change by transparent pixels

    def body(self, prompt: Prompt, source: bytes) -> dict[str, Any]:
        asked = Asked(prompt, source, self.fields)
        if source:
            self._look(asked)
        said = {name: value for name in self.fields if (value := FIELDS[name](asked))}
        for name in self.fields:
            if name not in said and name not in self.may_lack:
                declined(f"{name} is missing")
        if len(said.get("prompt", "")) > MOST_WORDS:
            declined("the words are too many")
        return {**said, **(self.fixed or {})}

    def _look(self, asked: Asked) -> None:
        self.takes.check(asked.seen)
        if self.holes and not has_alpha(asked.source, asked.seen):
            declined("the picture shows by no transparent place where to change it")


@dataclass(frozen=True, slots=True)
class Family:
    """Request form of Amazon's models: a task with its own part, and a config without an output format."""

    most_words: int  # characters
    most_seed: int
    sizes: Mapping[str, tuple[int, int]]
    takes: Sides

    def body(self, prompt: Prompt, source: bytes) -> dict[str, Any]:
        asked = Asked(prompt, source)
        task, part, more = ("TEXT_IMAGE", "textToImageParams", {})
        if source:
            self.takes.check(asked.seen)
            task, part = "IMAGE_VARIATION", "imageVariationParams"
            more = {"images": [asked.picture], "similarityStrength": STRENGTH}
        return {"taskType": task, part: {**self._words(asked), **more}, "imageGenerationConfig": self._config(prompt)}

    def _words(self, asked: Asked) -> dict[str, str]:
        said = {"text": asked.words, "negativeText": asked.prompt.without}
        if not said["text"]:
            declined("prompt is missing")
        if any(len(text) > self.most_words for text in said.values()):
            declined("the words are too many")
        return {name: text for name, text in said.items() if text}

    def _config(self, prompt: Prompt) -> dict[str, Any]:
        wide, high = self.sizes.get(prompt.ratio) or declined("it does not paint this shape")
        seed = prompt.seed % (self.most_seed + 1)
        return {"numberOfImages": 1, "quality": "standard", "width": wide, "height": high, "seed": seed}


@dataclass(frozen=True, slots=True)
class Brief:
    """Forms of one model: `from_words` paints from a prompt, `from_picture` changes a picture, None = not possible."""

    from_words: Form | Family | None = None
    from_picture: Form | Family | None = None

    def body(self, prompt: Prompt, source: bytes) -> dict[str, Any]:
        """Build the request body from `prompt` and `source`. Raises Declined if the model does not take them."""
        if source:
            return (self.from_picture or declined("it paints from words alone")).body(prompt, source)
        return (self.from_words or declined("it needs a picture")).body(prompt, source)


def form(fields: str, **more: Any) -> Form:
    return Form(tuple(fields.split()), **more)


PAINTED = "prompt aspect_ratio seed output_format negative_prompt"
GUIDED = "image prompt negative_prompt style_preset seed output_format"
FULL = Sides(pixels=1_048_576)
TITAN = Family(
    512, 2_147_483_646, {"1:1": (1024, 1024), "2:3": (768, 1152), "3:2": (1152, 768)}, Sides(256, 1_408, 1_982_464, 4)
)
CANVAS = Family(1_024, 858_993_459, {ratio: ratio_size(ratio) for ratio in RATIOS}, Sides(320, 4_096, 4_194_303, 4))

BRIEFS: Mapping[str, Brief] = {
    "stable-image-core": Brief(form(PAINTED)),
    "stable-image-ultra": Brief(form(PAINTED)),
    "sd3-5-large": Brief(form(PAINTED), form("prompt negative_prompt mode image strength seed output_format")),
    # The background becomes transparent, which a JPEG cannot be.
    "stable-image-remove-background": Brief(None, form("image output_format", fixed={"output_format": "png"})),
    "stable-image-erase-object": Brief(None, form("image seed output_format", holes=True)),
    "stable-image-inpaint": Brief(None, form(GUIDED, holes=True)),
    "stable-outpaint": Brief(
        None,
        form(
            "image left right up down prompt style_preset seed output_format",
            may_lack=("prompt", "style_preset", "seed", *SIDES),
        ),
    ),
    "stable-image-search-replace": Brief(None, form(f"{GUIDED} search_prompt")),
    "stable-image-search-recolor": Brief(None, form(f"{GUIDED} select_prompt")),
    "stable-image-control-sketch": Brief(None, form(GUIDED)),
    "stable-image-control-structure": Brief(None, form(GUIDED)),
    "stable-image-style-guide": Brief(None, form(f"{GUIDED} aspect_ratio")),
    "stable-style-transfer": Brief(None, form("init_image style_image prompt seed output_format")),
    "stable-fast-upscale": Brief(None, form("image output_format", takes=Sides(32, 1_536, 1_048_576, 48))),
    "stable-conservative-upscale": Brief(None, form("image prompt negative_prompt seed output_format")),
    "stable-creative-upscale": Brief(None, form(GUIDED, takes=FULL)),
    "titan-image-generator": Brief(TITAN, TITAN),
    "nova-canvas": Brief(CANVAS, CANVAS),
}


def brief_of(vendor_model: str) -> Brief:
    """Brief for `vendor_model` without its version and profile, which only the catalogue knows. Raises Unavailable."""
    found = MODEL.fullmatch(vendor_model)
    brief = BRIEFS.get(found[1]) if found else None
    if brief is None:
        raise Unavailable("misconfigured", "no")
    return brief
