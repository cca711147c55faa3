"""Ground – the base of a scene: horizon, hills, flat land, still water."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from PIL import Image, ImageChops

from infra.embedded.pocket.colours import Colour, Palette, mix
from infra.embedded.pocket.look import Look
from infra.embedded.pocket.pen import RAMP, Canvas, Pen, Point
from infra.embedded.pocket.skies import wide_gradient


@dataclass(frozen=True, slots=True)
class Ground:
    """Place of a scene, on which a land draws itself."""

    canvas: Canvas
    palette: Palette
    look: Look
    horizon: float  # share of the height, from the top
    alone: bool = False  # True if nothing stands in front, so that the land itself is the subject

    @property
    def chance(self) -> Random:
        return self.look.chance

    @property
    def line(self) -> float:
        return self.horizon * self.canvas.high

    def pen(self, x: float, y: float, unit: float, away: float = 0.0) -> Pen:
        """Pen at `x` and `y`, shares of width and height, with `away` as the amount of air in front."""
        canvas, palette = self.canvas, self.palette
        pen = canvas.pen(x * canvas.wide, y * canvas.high, unit * canvas.base)
        return pen.through(mix(palette.air, palette.far, away), min(0.92, palette.share + away))


Land: TypeAlias = Callable[[Ground], None]


def ridge(ground: Ground, base: float, tall: float, rough: int) -> list[Point]:
    """Points of a line of hills from side to side, in shares of the picture: more and steeper if `rough`."""
    chance = ground.chance
    waves = [
        (chance.uniform(0.6, 1.4) * rough * 2**turn, chance.uniform(0, math.tau), tall / 2**turn) for turn in range(3)
    ]
    across = [step / 60 for step in range(-1, 62)]
    return [(x, base - sum(high * math.sin(often * x * 3 + begin) for often, begin, high in waves)) for x in across]


def fill_below(ground: Ground, line: list[Point], colour: Colour, shade: float = 0.2, *, outline: bool = True) -> None:
    canvas = ground.canvas
    spots = [(x * canvas.wide, y * canvas.high) for x, y in line]
    closed = [*spots, (canvas.wide * 1.02, canvas.high * 1.02), (-canvas.wide * 0.02, canvas.high * 1.02)]
    canvas.fill(closed, colour, shade, 160 if outline else 0)


def slab(ground: Ground, top: float, colours: tuple[Colour, ...]) -> None:
    """Draw flat ground from `top` down."""
    canvas = ground.canvas
    begin = int(top * canvas.high)
    canvas.colour.paste(wide_gradient((canvas.wide, canvas.high - begin), colours), (0, begin))
    canvas.tracer.rectangle((0, begin, canvas.wide, canvas.high), fill=0)
    canvas.tracer.line((0, begin, canvas.wide, begin), fill=140, width=canvas.line)


def mirror(ground: Ground) -> Image.Image:
    """Mirror image of the part of `ground` above the horizon, upside down."""
    canvas, line = ground.canvas, int(ground.line)
    canvas.bake()
    deep = min(line, canvas.high - line)
    shown = canvas.colour.crop((0, line - deep, canvas.wide, line)).reduce((2, 8))
    return shown.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((canvas.wide, deep))


def reflect(ground: Ground, mirrored: Image.Image, share: int) -> None:
    """Lay the image `mirrored` on the water, fading towards the viewer."""
    fading = ImageChops.invert(RAMP).point([v * share // 255 for v in range(256)]).resize(mirrored.size)
    ground.canvas.colour.paste(mirrored, (0, int(ground.line)), fading)
