"""Small pictures with all that may travel in one, for tests of what takes pictures in."""

import io
from struct import pack
from zlib import crc32

from PIL import Image, ImageCms

from core.provenance import JPEG_HEAD, PNG_HEAD, png_chunks


def scene(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """Red in the left upper corner, blue elsewhere, so that turning it shows."""
    picture = Image.new("RGB", size, (20, 40, 200))
    picture.paste((220, 20, 20), (0, 0, size[0] // 2, size[1] // 2))
    return picture.convert(mode)


def as_bytes(picture: Image.Image, kind: str, **how: object) -> bytes:
    held = io.BytesIO()
    picture.save(held, kind, **how)
    return held.getvalue()


def a_jpeg(size: tuple[int, int] = (64, 48), mode: str = "RGB", **how: object) -> bytes:
    return as_bytes(scene(size, mode), "JPEG", **{"quality": 90, **how})


def a_png(size: tuple[int, int] = (64, 48), mode: str = "RGB", **how: object) -> bytes:
    return as_bytes(scene(size, mode), "PNG", **how)


def exif(orientation: int = 1, place: str = "HANOI-SECRET-PLACE") -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = place
    tags.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 42.0)})
    return tags.tobytes()


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """A screen that shows blue where others show red: the names of two primaries exchanged."""
    return profile().replace(b"rXYZ", b"?XYZ", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"?XYZ", b"bXYZ", 1)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + pack(">H", len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    return JPEG_HEAD + b"".join(segments) + jpeg[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", crc32(kind + body))


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    head, *rest = (one for _, one in png_chunks(png))
    return b"".join((PNG_HEAD, head, *chunks, *rest))


def pixels(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.copy()
