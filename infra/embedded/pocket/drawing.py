"""Drawing – a scene before its finish, and the steps that finishes are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from infra.embedded.pocket.colours import Colour, Palette
from infra.embedded.pocket.papers import clouds
from infra.embedded.pocket.pen import FINER, Canvas


@dataclass(frozen=True, slots=True)
class Drawing:
    """Input of a finish: flat colours, outlines, and the `chance` for irregularities."""

    flat: Image.Image
    lines: Image.Image
    palette: Palette
    chance: Random

    @property
    def size(self) -> tuple[int, int]:
        return self.flat.size

    @property
    def outlines(self) -> Image.Image:
        """Outlines from `lines`, without the areas that are dark throughout, such as eyes."""
        full = self.lines.filter(ImageFilter.MinFilter(9))
        return ImageChops.subtract(self.lines, full.filter(ImageFilter.MaxFilter(13)))

    def seed(self) -> int:
        return self.chance.getrandbits(30)


Finish: TypeAlias = Callable[[Drawing], Image.Image]


def drawing_of(canvas: Canvas, palette: Palette, chance: Random) -> Drawing:
    flat = canvas.colour.reduce(FINER)
    lit = canvas.light.resize(flat.size, Image.Resampling.BICUBIC)
    return Drawing(ImageChops.screen(flat, lit), canvas.lines.reduce(FINER), palette, chance)


def saturated(picture: Image.Image, times: float) -> Image.Image:
    return ImageEnhance.Color(picture).enhance(times)


def over(picture: Image.Image, colour: Colour, mask: Image.Image) -> Image.Image:
    covered = picture.copy()
    covered.paste(colour, (0, 0, *picture.size), mask)
    return covered


def bolder(lines: Image.Image, size: int) -> Image.Image:
    """Thicken `lines`, as by a broader pen."""
    return lines.filter(ImageFilter.MaxFilter(size))


def dry(lines: Image.Image, drawing: Drawing, cells: int = 60) -> Image.Image:
    """Break `lines` up, as where a brush runs dry."""
    rough = clouds(drawing.size, cells, drawing.seed()).point([min(255, 110 + v * 2) for v in range(256)])
    return ImageChops.multiply(lines, rough)


def bloomed(picture: Image.Image, radius: float, share: float) -> Image.Image:
    """Let the bright parts of `picture` shine beyond their edges."""
    bright = picture.point([max(0, v - 150) * 2 for v in range(256)] * 3)
    spread = (
        bright.reduce(4).filter(ImageFilter.GaussianBlur(radius / 4)).resize(picture.size, Image.Resampling.BICUBIC)
    )
    return Image.blend(picture, ImageChops.screen(picture, spread), share)


def vignette(picture: Image.Image, colour: Colour, strength: int) -> Image.Image:
    mask = (
        Image.radial_gradient("L").resize(picture.size).point([max(0, v - 110) * strength // 145 for v in range(256)])
    )
    return over(picture, colour, mask)


def merged(tone: Image.Image) -> Image.Image:
    return Image.merge("RGB", (tone, tone, tone))


def framed(size: tuple[int, int], margin: float) -> Image.Image:
    """Mask of the area inside a `margin` with round corners."""
    edge = int(min(size) * margin)
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle((edge, edge, size[0] - edge, size[1] - edge), edge // 3, fill=255)
    return mask


def details(drawing: Drawing, reach: int = 9) -> Image.Image:
    """Mask of small things in `drawing` that must not be lost: eyes, mouths, edges."""
    edges = drawing.flat.convert("L").filter(ImageFilter.FIND_EDGES).point([255 if v > 60 else 0 for v in range(256)])
    return bolder(edges.filter(ImageFilter.MedianFilter(3)), reach).filter(ImageFilter.GaussianBlur(3))


def tiled(tile: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Fill `size` with copies of `tile`, doubling the filled area in each step to need few steps."""
    filled = Image.new(tile.mode, size)
    filled.paste(tile, (0, 0))
    wide, high = tile.size
    while wide < size[0]:
        filled.paste(filled.crop((0, 0, wide, high)), (wide, 0))
        wide *= 2
    while high < size[1]:
        filled.paste(filled.crop((0, 0, size[0], high)), (0, high))
        high *= 2
    return filled
