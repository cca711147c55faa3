"""The pocket painter: a landscape composed from words and seed, so that a house without any vendor can paint.

It understands nothing of the words; they choose its colours, the seed chooses its shapes. The same prompt with the
same seed gives the same bytes, and a small "demo" in the corner says what it is.
"""

import asyncio
import hashlib
import io
import math
from colorsys import hls_to_rgb
from random import Random
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from core.clock import Clock
from core.models import Route
from core.painter import Picture
from core.prompts import Prompt

PIXELS = 1 << 20
Colour: TypeAlias = tuple[int, int, int]


class PocketPainter:
    def __init__(self, clock: Clock, pace: float = 0.0) -> None:
        self._clock, self._pace = clock, pace  # seconds it seems to take, so that waiting can be seen

    async def paint(self, prompt: Prompt, route: Route) -> Picture:  # noqa: ARG002  it has but one way to paint
        if self._pace:
            await self._clock.sleep(self._pace)
        words = prompt.english or prompt.words
        seed = prompt.seed or number_of(words) % 0xFFFFFFFE + 1
        data = await asyncio.to_thread(painted, f"{words}|{prompt.style}|{prompt.avoid}", size_of(prompt.ratio), seed)
        return Picture(data, "image/jpeg", seed)


def size_of(ratio: str) -> tuple[int, int]:
    """About a million pixels in exactly this ratio."""
    wide, high = (int(side) for side in ratio.split(":"))
    scale = round(math.sqrt(PIXELS / (wide * high)))
    return wide * scale, high * scale


def number_of(words: str) -> int:
    return int.from_bytes(hashlib.sha256(words.encode(errors="replace")).digest()[:8])


def painted(words: str, size: tuple[int, int], seed: int) -> bytes:
    chance = Random(f"{number_of(words)}/{seed}")
    colours = palette(Random(number_of(words)))
    picture = sky(size, colours)
    sun(picture, chance, colours)
    for depth in range(1, 5):
        hill(picture, chance, colours[depth], depth / 5)
    for _ in range(chance.randint(5, 12)):
        lantern(picture, chance, colours[-1])
    sign(picture)
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=90)
    return held.getvalue()


def palette(chance: Random) -> list[Colour]:
    """Six colours that go together: from a light sky to a dark ground, and one that stands against them."""
    hue, turn = chance.random(), chance.uniform(-0.16, 0.16)
    ground = [colour(hue + turn * step / 4, 0.82 - 0.15 * step, 0.55) for step in range(5)]
    return [*ground, colour(hue + 0.5, 0.7, 0.9)]


def colour(hue: float, light: float, strength: float) -> Colour:
    red, green, blue = hls_to_rgb(hue % 1, light, strength)
    return round(red * 255), round(green * 255), round(blue * 255)


def sky(size: tuple[int, int], colours: list[Colour]) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(size, Image.Resampling.BILINEAR)
    return ImageOps.colorize(ramp, colours[1], colours[-1], mid=colours[0])


def sun(picture: Image.Image, chance: Random, colours: list[Colour]) -> None:
    wide, high = picture.size
    radius = min(picture.size) * chance.uniform(0.08, 0.16)
    glowing(picture, (wide * chance.uniform(0.2, 0.8), high * chance.uniform(0.15, 0.4)), radius, colours[-1])


def glowing(picture: Image.Image, middle: tuple[float, float], radius: float, shade: Colour) -> None:
    """A disc with a soft edge, so that it seems to shine."""
    reach = round(radius * 2)
    mask = Image.new("L", (2 * reach, 2 * reach))
    ImageDraw.Draw(mask).ellipse((reach - radius, reach - radius, reach + radius, reach + radius), fill=255)
    mask = mask.filter(ImageFilter.BoxBlur(radius / 6))
    picture.paste(shade, (round(middle[0]) - reach, round(middle[1]) - reach), mask)


def hill(picture: Image.Image, chance: Random, shade: Colour, depth: float) -> None:
    """One ridge from side to side, lower the nearer it is, made of three waves."""
    wide, high = picture.size
    waves = [(chance.uniform(1, 7), chance.uniform(0, math.tau), chance.uniform(0.01, 0.05)) for _ in range(3)]
    base = 0.35 + 0.6 * depth

    def ridge(x: int) -> float:
        return high * (base + sum(tall * math.sin(often * x / wide * math.tau + begin) for often, begin, tall in waves))

    line = [(x, ridge(x)) for x in range(0, wide + 4, 4)]
    ImageDraw.Draw(picture).polygon([*line, (wide, high), (0, high)], fill=shade)


def lantern(picture: Image.Image, chance: Random, shade: Colour) -> None:
    wide, high = picture.size
    middle = wide * chance.random(), high * chance.uniform(0.5, 0.95)
    glowing(picture, middle, min(picture.size) * chance.uniform(0.004, 0.012), shade)


def sign(picture: Image.Image) -> None:
    wide, high = picture.size
    letters = ImageFont.load_default(22)
    place = (wide - 14, high - 12)
    ImageDraw.Draw(picture).text(
        place, "demo", fill="white", stroke_fill="black", stroke_width=2, font=letters, anchor="rs"
    )
