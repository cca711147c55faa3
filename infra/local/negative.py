"""What can be learned of a picture before a decoder touches it: its kind, its size, which way up it was taken.

A decoder that meets a bomb has met it already, so limits are held against what the containers say of themselves. So is
the memory that a picture will take: its pixels, times what its decoder and the changes made here hold for each.
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
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the rest of that range are tables
JPEG_STREAMED = {0xC0, 0xC1}  # decoded line by line; of any other the decoder keeps the whole
MOST_SHRUNK = 8  # times that a JPEG can be decoded smaller than it is
HELD = {0: 2, 2: 4, 3: 5}  # bytes held at most for a pixel of a PNG by its kind of colour: grey, full, out of a palette
CHANGED, DEEP = 10, 12  # where it has transparency or is rewritten; where its grey has sixteen bits
CANVASES = 21  # of a WebP, whose decoder keeps two canvases and hands over a third
SAMPLE = 2  # bytes a decoder keeps for a sample of a JPEG that it cannot stream
COPIES = 3  # of the bytes themselves


@dataclass(frozen=True, slots=True)
class Negative:
    kind: Kind
    width: int = 0
    height: int = 0
    turned: int = UPRIGHT  # EXIF's orientation, 1 to 8
    profile: bool = False  # it brings its own colours
    inks: int = 0  # colour components of a JPEG; four are a printer's
    scans: int = 0  # passes over the whole picture that a JPEG asks a decoder for
    samples: float = 0  # for each pixel, that the decoder of a JPEG must keep until its last scan
    held: int = 0  # bytes for each pixel, by the decoder of a PNG and what is done here with what it hands over

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
        """The size that it is wanted in, where its longer side is to be `box`; 0: as it is."""
        small = min(1.0, box / max(1, self.width, self.height)) if box else 1.0
        return max(1, ceil(self.width * small)), max(1, ceil(self.height * small))

    def weight(self, length: int, box: int = 0) -> int:
        """Bytes of memory that it takes at most while it is worked on; `length`: of its own."""
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
        """Whether its own bytes can be kept: upright, in common colours, in a format every channel takes."""
        return self.kind != "WEBP" and not self.rewritten


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
    """How many samples a pixel has: three in full colour, half of that where two colours are coarser than light."""
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
