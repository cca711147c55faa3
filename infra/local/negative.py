"""What can be learned of a picture before a decoder touches it: its kind, its size, which way up it was taken.

A decoder that meets a bomb has met it already, so limits are held against what the containers say of themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.provenance import (
    APP1,
    PNG_PROFILE,
    SCAN,
    Kind,
    Torn,
    is_profile,
    jpeg_segments,
    kind_of,
    png_chunks,
    unpacked,
    webp_chunks,
)

EXIF_HEAD = b"Exif\0\0"
ORIENTATION = 0x0112
UPRIGHT = 1
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the rest of that range are tables


@dataclass(frozen=True, slots=True)
class Negative:
    kind: Kind
    width: int = 0
    height: int = 0
    turned: int = UPRIGHT  # EXIF's orientation, 1 to 8
    profile: bool = False  # it brings its own colours
    inks: int = 0  # colour components of a JPEG; four are a printer's
    scans: int = 0  # passes over the whole picture that a JPEG asks a decoder for

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def fit_as_it_is(self) -> bool:
        """Whether its own bytes can be kept: upright, in common colours, in a format every channel takes."""
        return self.kind != "WEBP" and self.turned == UPRIGHT and not self.profile and self.inks != 4


def look(data: bytes) -> Negative | None:
    """What the bytes say of themselves; nothing where they are no picture we take. Raises Torn."""
    match kind_of(data):
        case "PNG":
            return look_at_png(data)
        case "JPEG":
            return look_at_jpeg(data)
        case "WEBP":
            return look_at_webp(data)
    return None


def look_at_png(data: bytes) -> Negative:
    seen = Negative("PNG")
    for kind, chunk in png_chunks(data):
        if kind == b"IHDR":
            seen = larger(seen, *unpacked(">II", chunk, 8))
        elif kind == b"eXIf":
            seen = replace(seen, turned=orientation(chunk[8:-4]))
        elif kind == PNG_PROFILE:
            seen = replace(seen, profile=True)
    return seen


def look_at_jpeg(data: bytes) -> Negative:
    seen = Negative("JPEG")
    for marker, segment in jpeg_segments(data):
        if marker in JPEG_FRAMES:
            height, width, inks = unpacked(">HHB", segment, 5)
            seen = replace(larger(seen, width, height), inks=inks)
        elif marker == SCAN:
            seen = replace(seen, scans=seen.scans + 1)
        elif marker == APP1 and segment[4:10] == EXIF_HEAD:
            seen = replace(seen, turned=orientation(segment[10:]))
        elif is_profile(marker, segment[4:18]):
            seen = replace(seen, profile=True)
    return seen


def look_at_webp(data: bytes) -> Negative:
    seen = Negative("WEBP")
    for kind, body in webp_chunks(data):
        if kind in WEBP_SIZES:
            seen = larger(seen, *WEBP_SIZES[kind](body))
        elif kind == b"EXIF":
            seen = replace(seen, turned=orientation(body.removeprefix(EXIF_HEAD)))
    return seen


def canvas_size(body: bytes) -> tuple[int, int]:
    return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")


def lossy_size(body: bytes) -> tuple[int, int]:
    width, height = unpacked("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def lossless_size(body: bytes) -> tuple[int, int]:
    bits = unpacked("<I", body, 1)[0]
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)


WEBP_SIZES = {b"VP8X": canvas_size, b"VP8 ": lossy_size, b"VP8L": lossless_size}


def larger(seen: Negative, width: int, height: int) -> Negative:
    """A file may name its size more than once, so the largest counts."""
    return replace(seen, width=max(seen.width, width), height=max(seen.height, height))


def orientation(exif: bytes) -> int:
    """Which way up, from the first folder of an EXIF block; upright when it does not say, or says nonsense."""
    try:
        return next((turned for turned in orientations(exif) if 1 <= turned <= 8), UPRIGHT)
    except Torn:
        return UPRIGHT


def orientations(exif: bytes) -> Iterator[int]:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return
    (start,) = unpacked(f"{order}I", exif, 4)
    (count,) = unpacked(f"{order}H", exif, start)
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, value = unpacked(f"{order}H6xH", exif, at)
        if tag == ORIENTATION:
            yield value
