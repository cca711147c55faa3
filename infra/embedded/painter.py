"""Pocket painter – draws a scene from the words, for a house without any vendor.

The painter knows about eighty things by name, in Vietnamese, English and emoji, draws them like a picture book and
finishes them in the wanted style. It tells which words it does not know, and paints nothing if it knows none. The same
prompt and seed give the same bytes, and a small "demo" in the corner shows what the picture is.
"""

import asyncio
import hashlib
import io
from random import Random

from PIL import Image, ImageDraw, ImageFont

from core.clock import Clock
from core.errors import Unread
from core.models import Route, ratio_size
from core.painter import Picture
from core.prompts import Prompt
from infra.embedded.pocket.abstract import play
from infra.embedded.pocket.colours import PALETTES
from infra.embedded.pocket.drawing import drawing_of
from infra.embedded.pocket.finishes import FINISHES
from infra.embedded.pocket.pen import Canvas
from infra.embedded.pocket.reading import Wish, read
from infra.embedded.pocket.scene import mood_of, stage

HEAVIEST = 600_000  # bytes a JPEG should stay below
QUALITIES = (90, 82, 72, 60)
PLAIN = "digital-art"
MOST_TOLD = 8  # unknown words


class PocketPainter:
    def __init__(self, clock: Clock, pace: float = 0.0) -> None:
        self._clock, self._pace = clock, pace  # seconds to take at least, so that waiting can be shown

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:  # noqa: ARG002  it has but one way to paint
        if self._pace:
            await self._clock.sleep(self._pace)
        wish = read(prompt)
        if wish.filler:
            raise Unread(wish.unread[:MOST_TOLD])
        seed = prompt.seed or number_of(prompt.english or prompt.words) % 0xFFFFFFFE + 1
        data, mime = await asyncio.to_thread(painted, prompt, seed)
        return Picture(data, mime, seed, tuple(wish.unread[:MOST_TOLD]))


def number_of(words: str) -> int:
    return int.from_bytes(hashlib.sha256(words.encode(errors="replace")).digest()[:8])


def painted(prompt: Prompt, seed: int) -> tuple[bytes, str]:
    """Paint `prompt`, and return the bytes with the MIME type."""
    wish = read(prompt)
    finish = prompt.style if prompt.style in FINISHES else wish.finish or PLAIN
    picture = composed(wish, ratio_size(prompt.ratio), seed, finish)
    return as_png(picture) if finish == "pixel-art" else as_jpeg(picture)


def composed(wish: Wish, size: tuple[int, int], seed: int, finish: str) -> Image.Image:
    chance, canvas = Random(f"{wish.text}/{seed}"), Canvas(size)
    mood = mood_of(wish, chance)
    if wish.empty:
        play(canvas, PALETTES[mood], Random(wish.text), chance)
    else:
        stage(wish, canvas, mood, chance)
    picture = FINISHES[finish](drawing_of(canvas, PALETTES[mood], chance)).convert("RGB")
    sign(picture)
    return picture


def sign(picture: Image.Image) -> None:
    wide, high = picture.size
    letters = ImageFont.load_default(20)
    pen = ImageDraw.Draw(picture, "RGBA")
    for shift, ink in ((1, (20, 14, 30, 110)), (0, (255, 255, 255, 190))):
        pen.text((wide - 14 + shift, high - 12 + shift), "demo", fill=ink, font=letters, anchor="rs")


def as_png(picture: Image.Image) -> tuple[bytes, str]:
    held = io.BytesIO()
    picture.quantize(256, dither=Image.Dither.NONE).save(held, "PNG")
    return held.getvalue(), "image/png"


def as_jpeg(picture: Image.Image) -> tuple[bytes, str]:
    """Encode `picture` in the best quality below the limit of bytes."""
    data = b""
    for quality in QUALITIES:
        held = io.BytesIO()
        picture.save(held, "JPEG", quality=quality)
        data = held.getvalue()
        if len(data) < HEAVIEST:
            break
    return data, "image/jpeg"
