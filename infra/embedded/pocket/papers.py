"""Papers – repeatable noise from fine grain to slow clouds, and surfaces made of it."""

from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageFilter

from infra.embedded.pocket.colours import Colour

Size = tuple[int, int]


@lru_cache(maxsize=24)  # a megabyte each at most
def noise(wide: int, high: int, seed: int) -> Image.Image:
    return Image.frombytes("L", (wide, high), Random(seed).randbytes(wide * high))


def clouds(size: Size, cells: int, seed: int) -> Image.Image:
    """Slow noise with `cells` light and dark places along the shorter side."""
    cell = max(1, min(size) // cells)
    small = noise(size[0] // cell + 2, size[1] // cell + 2, seed)
    return small.resize(size, Image.Resampling.BICUBIC)


def between(mask: Image.Image, low: int, high: int) -> Image.Image:
    """Scale `mask` so that black becomes `low` and white becomes `high`."""
    return mask.point([low + (high - low) * v // 255 for v in range(256)])


def grained(picture: Image.Image, fine: Image.Image, strength: int) -> Image.Image:
    """Darken `picture` by the noise `fine`, at most by `strength` of 255."""
    tone = between(fine, 255 - strength, 255)
    return ImageChops.multiply(picture, Image.merge("RGB", (tone, tone, tone)))


def paper(size: Size, colour: Colour, roughness: int = 14) -> Image.Image:
    """Cotton paper in `colour`, with fibres lit from one side."""
    fibres = noise(*size, 11).filter(ImageFilter.GaussianBlur(1.1)).filter(ImageFilter.EMBOSS)
    lit = fibres.point([min(255, max(0, 255 - roughness // 2 + (v - 128) * roughness // 20)) for v in range(256)])
    return ImageChops.multiply(Image.new("RGB", size, colour), Image.merge("RGB", (lit, lit, lit)))


def weave(size: Size, strength: int = 26) -> Image.Image:
    """Threads across and down, as in silk or canvas."""
    across = noise(max(1, size[0] // 48), size[1] // 2, 21).resize(size, Image.Resampling.BILINEAR)
    down = noise(size[0] // 2, max(1, size[1] // 48), 22).resize(size, Image.Resampling.BILINEAR)
    return between(Image.blend(across, down, 0.5), 255 - strength, 255)


def ragged(size: Size, margin: float, seed: int) -> Image.Image:
    """Mask of a sheet painted nearly to the edge, uneven as from a brush."""
    wide, high = size
    edge = int(min(size) * margin)
    mask = Image.new("L", size)
    mask.paste(255, (edge, edge, wide - edge, high - edge))
    soft = mask.filter(ImageFilter.BoxBlur(edge * 0.7))
    torn = Image.blend(soft, clouds(size, 26, seed), 0.36)
    return torn.point([min(255, max(0, (v - 100) * 9)) for v in range(256)]).filter(ImageFilter.GaussianBlur(1))


def trembled(picture: Image.Image, reach: float, cells: int, seed: int) -> Image.Image:
    """Shift every place of `picture` a little, as drawn by an unsteady hand."""
    wide, high = picture.size
    cell = max(4, min(wide, high) // cells)
    chance = Random(seed)
    moved = {
        (x, y): (x + chance.uniform(-reach, reach), y + chance.uniform(-reach, reach))
        for y in [*range(0, high, cell), high]
        for x in [*range(0, wide, cell), wide]
    }
    mesh = []
    for y in range(0, high, cell):
        for x in range(0, wide, cell):
            right, low = min(x + cell, wide), min(y + cell, high)
            corners = (moved[x, y], moved[x, low], moved[right, low], moved[right, y])
            mesh.append(((x, y, right, low), tuple(part for corner in corners for part in corner)))
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
