"""Negative – reads kind, size and orientation of a picture from the header, undecoded.

A bomb harms a decoder as soon as it is opened, so the limits are checked against the sizes in the header. The memory
that a picture needs is computed the same way: its pixels, times the bytes that its decoder and our changes hold for
each.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

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
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the others in that range are tables
JPEG_STREAMED = {0xC0, 0xC1}  # decoded line by line: for any other kind the decoder keeps the whole picture
MOST_SHRUNK = 8  # times that a JPEG can be decoded smaller
HELD = {0: 2, 2: 4, 3: 5}  # by colour type of a PNG, bytes held at most for a pixel: grey, full, palette
CHANGED, DEEP = 10, 12  # bytes a pixel of a PNG with transparency or to be re-encoded, and of one with 16-bit grey
CANVASES = 21  # bytes a pixel of a WebP, whose decoder keeps two canvases and returns a third
SAMPLE = 2  # bytes that a decoder keeps for each sample of a JPEG that cannot be streamed
COPIES = 3  # copies of the file's own bytes


@dataclass(frozen=True, slots=True)
class Negative:
    kind: Kind
    width: int = 0
    height: int = 0
    turned: int = UPRIGHT  # EXIF's orientation, 1 to 8
    profile: bool = False  # has its own colour profile
    inks: int = 0  # colour components of a JPEG: four are a printer's inks
    scans: int = 0  # passes over the whole picture that a JPEG asks a decoder for
    samples: float = 0  # samples a pixel that a JPEG's decoder keeps until the last scan
    held: int = 0  # bytes a pixel held by the decoder of a PNG and our work on the result

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def ratio(self) -> float:
        return max(self.width, self.height) / max(1, min(self.width, self.height))

    @property
    def rewritten(self) -> bool:
        return self.turned != UPRIGHT or self.profile or self.inks == 4

    def at_least(self, box: int) -> tuple[int, int]:
        """Size with the longer side reduced to `box`, or unchanged if `box` is 0."""
        small = min(1.0, box / max(1, self.width, self.height)) if box else 1.0
        return max(1, ceil(self.width * small)), max(1, ceil(self.height * small))

    def weight(self, length: int, box: int = 0) -> int:
        """Bytes of memory needed at most to work on a picture of `length` bytes, wanted in size `box`."""
        own = COPIES * length
        if self.kind == "WEBP":
            return own + CANVASES * self.pixels
        if self.kind == "PNG":
            each = max(self.held, CHANGED) if self.rewritten else self.held
            small = box / max(box, self.width, self.height)
            return own + ceil(self.pixels * (each + 4 * small * (1 + small)))
        wide, high = self.at_least(box)
        most = min(self.width // wide, self.height // high)
        shrunk = next((by for by in (MOST_SHRUNK, 4, 2) if by <= most), 1)
        decoded = (8 if self.rewritten else 4) * ceil(self.pixels / shrunk**2)
        return own + decoded + ceil(SAMPLE * self.samples * self.pixels)

    @property
    def fit_as_it_is(self) -> bool:
        """True if the file's own bytes can be kept: upright, in common colours, in a format every channel takes."""
        return self.kind != "WEBP" and not self.rewritten


def look(data: bytes) -> Negative | None:
    """Read the header of `data`, or return None if this is no picture we take. Raises Torn."""
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
            width, height, depth, colours = unpacked(">IIBB", chunk, 8)
            held = DEEP if (depth, colours) == (16, 0) else HELD.get(colours, CHANGED)
            seen = replace(larger(seen, width, height), held=max(seen.held, held))
        elif kind == b"tRNS":
            seen = replace(seen, held=max(seen.held, CHANGED))
        elif kind == b"eXIf":
            seen = replace(seen, turned=orientation(chunk[8:-4]))
        elif kind == PNG_PROFILE:
            seen = replace(seen, profile=True)
    return seen


def look_at_jpeg(data: bytes) -> Negative:
    seen, all_of_it = Negative("JPEG"), 0.0
    for marker, segment in jpeg_segments(data):
        if marker in JPEG_FRAMES:
            height, width, inks = unpacked(">HHB", segment, 5)
            all_of_it = max(all_of_it, sampled(segment, inks))
            kept = seen.samples if marker in JPEG_STREAMED else all_of_it
            seen = replace(larger(seen, width, height), inks=max(seen.inks, inks), samples=kept)
        elif marker == SCAN:
            partly = seen.scans or unpacked(">B", segment, 4)[0] != seen.inks
            seen = replace(seen, scans=seen.scans + 1, samples=all_of_it if partly else seen.samples)
        elif marker == APP1 and segment[4:10] == EXIF_HEAD:
            seen = replace(seen, turned=orientation(segment[10:]))
        elif is_profile(marker, segment[4:18]):
            seen = replace(seen, profile=True)
    return seen


def sampled(frame: bytes, inks: int) -> float:
    """Samples a pixel in `frame`: 3 in full colour, 1.5 if two colours have half the resolution each way."""
    factors = [unpacked(">B", frame, 11 + 3 * ink)[0] for ink in range(inks)]
    densities = [(factor >> 4) * (factor & 15) for factor in factors]
    most = max((factor >> 4 for factor in factors), default=0) * max((factor & 15 for factor in factors), default=0)
    return sum(densities) / most if most else float(inks)


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
    """Enlarge `seen` to `width` and `height`, because a file may name several sizes and the largest counts."""
    return replace(seen, width=max(seen.width, width), height=max(seen.height, height))


def orientation(exif: bytes) -> int:
    """Orientation from the first directory of the `exif` block, UPRIGHT if missing or invalid."""
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
