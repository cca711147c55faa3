"""Pictures that can be looked at: painted from a digest, changed from a source, and always the same for the same wish.

They are soft colours with a fine grain, so they weigh about what a painted picture weighs, and cost little to make.
"""

import base64
import binascii
import hashlib
import io
import random
import struct
from collections.abc import Mapping
from math import sqrt

from PIL import Image, ImageDraw, ImageFilter

from infra.sandbox.bedrock.filters import DANGERS, Colour, Danger
from infra.sandbox.bedrock.refusing import detail
from infra.sandbox.bedrock.work import MEGAPIXEL

SIZES: Mapping[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "21:9": (1536, 640),
    "2:3": (832, 1216),
    "3:2": (1216, 832),
    "4:5": (896, 1088),
    "5:4": (1088, 896),
    "9:16": (768, 1344),
    "9:21": (640, 1536),
}
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
READ = ("JPEG", "PNG", "WEBP")
PNG_WEIGHT = 2.07  # bytes a pixel: what an upscaled picture was seen to weigh
GRAIN = 512  # pixels a side
CORNER = 16  # the corner that tells a danger is a sixteenth of each side
NEAR = 60  # of 255, how far a colour may have moved
CLOSE = 90  # so far off, it might be near when the picture is saved anew
CALM: Colour = (128, 128, 128)


def digest(*wish: object) -> bytes:
    return hashlib.sha256("\x1f".join(str(one) for one in wish).encode()).digest()


def scaled(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    """The size a megapixel picture has where a picture is to have so many pixels."""
    factor = min(1.0, sqrt(pixels / MEGAPIXEL))
    return max(16, round(size[0] * factor)), max(16, round(size[1] * factor))


def painted(key: bytes, size: tuple[int, int], danger: Danger | None = None) -> Image.Image:
    chance = random.Random(key)
    soft = Image.frombytes("RGB", (4, 4), bytes(chance.randrange(50, 200) for _ in range(48)))
    picture = soft.resize(size, Image.Resampling.BICUBIC)
    _shape(picture, chance)
    grain = Image.frombytes("L", (GRAIN, GRAIN), chance.randbytes(GRAIN * GRAIN)).convert("RGB")
    picture = Image.blend(picture, grain.resize(size, Image.Resampling.BILINEAR), 0.1)
    if danger is not None:
        mark(picture, danger.colour)
    elif danger_in(picture, CLOSE) is not None:
        mark(picture, CALM)  # one of a hundred would be kept back for nothing
    return picture


def mark(picture: Image.Image, colour: Colour) -> None:
    """The corner by which the judges know a danger."""
    width, height = picture.size
    picture.paste(colour, (0, 0, max(8, width // CORNER), max(8, height // CORNER)))


def danger_in(picture: Image.Image, near: int = NEAR) -> Danger | None:
    """What the upper left corner tells."""
    width, height = picture.size
    corner = picture.convert("RGB").crop((0, 0, max(4, width // CORNER // 2), max(4, height // CORNER // 2)))
    seen = corner.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    if not isinstance(seen, tuple):
        return None
    return next((one for one in DANGERS.values() if _near(one.colour, seen, near)), None)


def blended(source: Image.Image, key: bytes, share: float) -> Image.Image:
    """The source as it would look with a new wish laid over it."""
    plain = source.convert("RGB")
    return Image.blend(plain, painted(key, plain.size), share)


def cut_out(source: Image.Image) -> Image.Image:
    """The source without what stands around its middle."""
    mask = Image.new("L", source.size, 0)
    width, height = source.size
    ImageDraw.Draw(mask).ellipse((width // 8, height // 8, width - width // 8, height - height // 8), fill=255)
    cut = source.convert("RGB")
    cut.putalpha(mask.filter(ImageFilter.GaussianBlur(2)))
    return cut


def opened(text: object, name: str) -> Image.Image:
    """A picture from its base64, wholly decoded. Raises what Stability's models say of one that is none."""
    try:
        data = base64.b64decode(str(text), validate=True)
        return read(data)
    except (binascii.Error, *BROKEN):
        raise detail(f"{name}: could not be decoded as an image") from None


def read(data: bytes, formats: tuple[str, ...] = READ) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=formats) as picture:
        picture.load()
        copy = picture.copy()
        copy.format = picture.format
        return copy


def written(picture: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    match kind:
        case "jpeg":
            picture.convert("RGB").save(made, "JPEG", quality=88)
        case "webp":
            picture.save(made, "WEBP", quality=80, method=0)
        case _:
            picture.save(made, "PNG", compress_level=1)
    return made.getvalue()


def weight(size: tuple[int, int]) -> int:
    """What a PNG of this size weighs in base64, told before it is made."""
    return int(size[0] * size[1] * PNG_WEIGHT * 4 / 3)


def _shape(picture: Image.Image, chance: random.Random) -> None:
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    for _ in range(4):
        x, y = chance.randrange(width), height // 5 + chance.randrange(height * 4 // 5)
        across = chance.randrange(min(width, height) // 8, min(width, height) // 3)
        colour = tuple(chance.randrange(40, 215) for _ in range(3))
        draw.ellipse((x - across, y, x + across, y + across), fill=colour)


def _near(one: Colour, other: tuple[float, ...], near: int) -> bool:
    return all(abs(here - there) <= near for here, there in zip(one, other, strict=False))
