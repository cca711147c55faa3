"""What each of Stability's models makes: a new picture, or the source changed in a way that can be seen."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

from PIL import Image

from infra.sandbox.bedrock import pictures
from infra.sandbox.bedrock.filters import Danger
from infra.sandbox.bedrock.work import MEGAPIXEL

FOUR_MEGAPIXELS = 4 * MEGAPIXEL
CREATIVE = 3_150 * 3_150
STRENGTH = 0.35  # how much of a picture changes where nobody says


def reshaped(name: str, wish: Mapping[str, Any], key: bytes, pixels: int, danger: Danger | None) -> Image.Image:
    """The picture this model makes of the wish; `pixels` of 1,048,576 makes all of it as large as it should be."""
    source: Any = wish.get("image") or wish.get("init_image")
    match name:
        case "text-to-image" | "style-guide":
            return _new(wish, key, pixels, danger)
        case "sd3" if source is None:
            return _new(wish, key, pixels, danger)
        case "remove-background":
            return pictures.cut_out(source)
        case "outpaint":
            return _extended(source, wish, key)
        case "fast-upscale":
            return _enlarged(source, 4.0)
        case "conservative-upscale":
            return _enlarged(source, _factor(source, FOUR_MEGAPIXELS * pixels // MEGAPIXEL))
        case "creative-upscale":
            return _enlarged(source, _factor(source, CREATIVE * pixels // MEGAPIXEL))
        case _:
            return _changed(source, wish, key, danger)


def _new(wish: Mapping[str, Any], key: bytes, pixels: int, danger: Danger | None) -> Image.Image:
    size = pictures.SIZES[wish.get("aspect_ratio", "1:1")]
    return pictures.painted(key, pictures.scaled(size, pixels), danger)


def _changed(source: Image.Image, wish: Mapping[str, Any], key: bytes, danger: Danger | None) -> Image.Image:
    """No larger than a megapixel comes back."""
    factor = min(1.0, _factor(source, MEGAPIXEL))
    small = _enlarged(source, factor) if factor < 1 else source
    changed = pictures.blended(small, key, float(wish.get("strength", STRENGTH)))
    if danger is not None:
        pictures.mark(changed, danger.colour)
    return changed


def _extended(source: Image.Image, wish: Mapping[str, Any], key: bytes) -> Image.Image:
    left, right, up, down = (int(wish.get(side, 0)) for side in ("left", "right", "up", "down"))
    around = pictures.painted(key, (source.width + left + right, source.height + up + down))
    around.paste(source.convert("RGB"), (left, up))
    return around


def _factor(source: Image.Image, pixels: int) -> float:
    return sqrt(pixels / (source.width * source.height))


def _enlarged(source: Image.Image, factor: float) -> Image.Image:
    size = max(1, round(source.width * factor)), max(1, round(source.height * factor))
    return source.convert("RGB").resize(size, Image.Resampling.BICUBIC)
