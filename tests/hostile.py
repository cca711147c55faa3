"""Pictures by people who mean no good, in one table: how each is made, and what becomes of it.

As a program it holds the folder it is given against a darkroom in little memory: python -m tests.hostile FOLDER
"""

import asyncio
import json
import resource
import sys
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from struct import pack

from PIL import Image

from core.errors import NotAPicture
from core.provenance import PNG_HEAD, Mark, jpeg_segments, png_chunks
from infra.local.darkroom import PillowDarkroom
from tests.pictures import a_jpeg, a_png, as_bytes, chunk, exif, scene, segment, with_chunks, with_segments

TAKEN = "taken"
ADDRESS_SPACE = 512 * 1024 * 1024  # bytes
LARGE, HALF, WEBP = (8_000, 5_000), (5_000, 4_000), (4_000, 3_000)  # 40, 20 and 12 million pixels
MARK = Mark("pocket", "01JD3Y5V0000000000000000AB", 0)


def flat(size: tuple[int, int], kind: str, mode: str = "RGB", **how: object) -> bytes:
    return as_bytes(Image.new(mode, size), kind, **({"compress_level": 1} if kind == "PNG" else {}), **how)


def headed(width: int, height: int, rows: bytes = b"", depth: int = 8, colours: int = 2, laced: int = 0) -> bytes:
    """A PNG that says it is so large, with whatever rows."""
    head = chunk(b"IHDR", pack(">IIBBBBB", width, height, depth, colours, 0, 0, laced))
    return PNG_HEAD + head + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def with_scans(count: int, size: tuple[int, int]) -> bytes:
    """A JPEG whose last scan comes again and again."""
    parts = [one for _, one in jpeg_segments(flat(size, "JPEG", progressive=True))]
    return b"\xff\xd8" + b"".join([*parts[:-1], *[parts[-2]] * count, parts[-1]])


def reframed(jpeg: bytes = a_jpeg(), marker: int = 0, depth: int = 8, size: tuple[int, int] = (64, 48)) -> bytes:
    """A JPEG whose frame says something else."""
    kind, frame = next((kind, one) for kind, one in jpeg_segments(jpeg) if kind in (0xC0, 0xC2))
    other = bytes((0xFF, marker or kind)) + frame[2:4] + pack(">BHH", depth, size[1], size[0]) + frame[9:]
    return jpeg.replace(frame, other)


def with_a_second_frame(width: int, height: int) -> bytes:
    frame = next(one for kind, one in jpeg_segments(a_jpeg()) if kind == 0xC0)
    return with_segments(a_jpeg(), frame[:5] + pack(">HH", height, width) + frame[9:])


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + pack("<I", len(said)) + said + b"\0" * (len(said) % 2) for kind, said in chunks)
    return b"RIFF" + pack("<I", 4 + len(body)) + b"WEBP" + body


def canvas(width: int, height: int) -> bytes:
    return b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def moving(kind: str, frames: int) -> bytes:
    later = [Image.new("RGB", (64, 48), (number % 250, 0, 0)) for number in range(frames)]
    return as_bytes(scene(), kind, save_all=True, append_images=later, duration=10)


def twice_headed() -> bytes:
    head, *rest = (one for _, one in png_chunks(a_png()))
    return PNG_HEAD + head + chunk(b"IHDR", pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)) + b"".join(rest)


def round_and_round() -> bytes:
    """EXIF whose folder leads to itself."""
    return segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0")


@cache
def a_webp() -> bytes:
    return as_bytes(scene(), "WEBP")


Kind = tuple[Callable[[], bytes], str]

KINDS: Mapping[str, Kind] = {
    "nothing": (lambda: b"", "format"),
    "words": (lambda: b"hello", "format"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
    "gif": (lambda: as_bytes(scene(), "GIF"), "format"),
    "tiff": (lambda: as_bytes(scene(), "TIFF"), "format"),
    "bmp": (lambda: as_bytes(scene(), "BMP"), "format"),
    "avif": (lambda: as_bytes(scene(), "AVIF"), "format"),
    "too heavy": (lambda: a_png() + bytes(20_000_000), "bytes"),
    "png of 40 million pixels": (lambda: flat(LARGE, "PNG"), TAKEN),
    "png of 40 million grey pixels": (lambda: flat(LARGE, "PNG", "L"), TAKEN),
    "png of 40 million clear pixels": (lambda: headed(*LARGE, colours=6), "pixels"),
    "png of 20 million clear pixels": (lambda: flat(HALF, "PNG", "RGBA"), TAKEN),
    "png of 20 million pixels out of a clear palette": (lambda: flat(HALF, "PNG", "P", transparency=0), TAKEN),
    "png of 12 million pixels of sixteen bits": (lambda: flat(WEBP, "PNG", "I;16"), TAKEN),
    "png of 40 million pixels of sixteen bits": (lambda: headed(*LARGE, depth=16, colours=0), "pixels"),
    "png of 20 million pixels, sideways": (lambda: flat(HALF, "PNG", exif=exif(6)), TAKEN),
    "png, interlaced": (lambda: headed(5_000, 4_000, bytes(61_000_000), laced=1), TAKEN),
    "png that says it is huge": (lambda: headed(60_000, 60_000), "pixels"),
    "png that says it is as large as can be said": (lambda: headed(2**31 - 1, 2**31 - 1), "pixels"),
    "png of no width": (lambda: headed(0, 48), "unreadable"),
    "png of one long line": (lambda: headed(40_000_000, 1, bytes(40_000_001), colours=0), "shape"),
    "png of one long column": (lambda: headed(1, 40_000_000), "shape"),
    "png with two heads": (twice_headed, "pixels"),
    "png with no rows": (lambda: headed(6_000, 6_000), "unreadable"),
    "png with too many rows": (lambda: headed(64, 48, bytes(60_000_000)), TAKEN),
    "png cut short": (lambda: a_png()[:-40], "unreadable"),
    "png with a wrong sum": (lambda: a_png().replace(b"IDAT\x78", b"IDAT\x79"), "unreadable"),
    "png with a profile that swells": (
        lambda: with_chunks(a_png(), chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(20_000_000)))),
        "unreadable",
    ),
    "png with words that swell": (
        lambda: with_chunks(a_png(), chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(20_000_000)))),
        TAKEN,
    ),
    "png of countless parts": (lambda: with_chunks(a_png(), *[chunk(b"teXt", b"")] * 1_000_000), "unreadable"),
    "png that moves": (lambda: moving("PNG", 300), TAKEN),
    "png that is a jpeg": (lambda: PNG_HEAD + a_jpeg(), "unreadable"),
    "jpeg of 40 million pixels": (lambda: flat(LARGE, "JPEG"), TAKEN),
    "jpeg of 40 million pixels, sideways": (lambda: flat(LARGE, "JPEG", exif=exif(6)), TAKEN),
    "jpeg of 40 million pixels in passes": (lambda: flat(LARGE, "JPEG", progressive=True), TAKEN),
    "jpeg of 40 million pixels in passes and full colour, with little in it": (
        lambda: reframed(a_jpeg(progressive=True, subsampling=0), size=LARGE),
        "unreadable",
    ),
    "jpeg of 40 million pixels in passes and inks": (
        lambda: reframed(a_jpeg(mode="CMYK", progressive=True), size=LARGE),
        "pixels",
    ),
    "jpeg of 20 million pixels in inks": (lambda: flat(HALF, "JPEG", "CMYK"), TAKEN),
    "jpeg of 95 scans": (lambda: with_scans(95, WEBP), "pixels"),
    "jpeg of 40 scans": (lambda: with_scans(30, WEBP), TAKEN),
    "jpeg of 5,000 scans": (lambda: with_scans(5_000, (640, 480)), "pixels"),
    "small jpeg of 5,000 scans": (lambda: with_scans(5_000, (64, 48)), "unreadable"),
    "jpeg with two frames": (lambda: with_a_second_frame(65_535, 65_535), "pixels"),
    "jpeg with two frames of one size": (lambda: with_a_second_frame(64, 48), "unreadable"),
    "jpeg of no height": (lambda: reframed(size=(64, 0)), "unreadable"),
    "jpeg that says it is large": (lambda: reframed(size=LARGE), TAKEN),
    "jpeg of one long line": (lambda: reframed(size=(65_500, 1)), "shape"),
    "jpeg of twelve bits": (lambda: reframed(depth=12), "unreadable"),
    "jpeg without loss": (lambda: reframed(marker=0xC3), "unreadable"),
    "jpeg with a huge profile": (
        lambda: with_segments(a_jpeg(), *[segment(0xE2, b"ICC_PROFILE\0\x01\xff" + bytes(65_000))] * 250),
        TAKEN,
    ),
    "jpeg with huge luggage": (
        lambda: with_segments(a_jpeg(), *[segment(0xE1, b"Exif\0\0" + bytes(65_000))] * 290),
        TAKEN,
    ),
    "jpeg with luggage that goes round": (lambda: with_segments(a_jpeg(), round_and_round()), TAKEN),
    "jpeg with a second picture": (lambda: as_bytes(scene(), "MPO", save_all=True, append_images=[scene()]), TAKEN),
    "jpeg that is a zip": (lambda: a_jpeg() + b"PK\x03\x04" + bytes(1_000_000), TAKEN),
    "jpeg that is a page": (lambda: with_segments(a_jpeg(), segment(0xFE, b"<script>alert(1)</script>")), TAKEN),
    "jpeg of fillers": (lambda: b"\xff\xd8" + b"\xff" * 19_000_000, "unreadable"),
    "jpeg of countless parts": (lambda: with_segments(a_jpeg(), *[segment(0xFE, b"")] * 1_000_000), "unreadable"),
    "jpeg cut short": (lambda: a_jpeg()[:-40], "unreadable"),
    "webp of 40 million pixels": (lambda: flat(LARGE, "WEBP", lossless=True, method=0, quality=0), "pixels"),
    "webp of 12 million pixels": (lambda: flat(WEBP, "WEBP", lossless=True, method=0, quality=0), TAKEN),
    "webp of 12 million clear pixels": (lambda: flat(WEBP, "WEBP", "RGBA", method=0), TAKEN),
    "webp that moves": (lambda: moving("WEBP", 50), TAKEN),
    "webp on a huge canvas": (lambda: riff((b"VP8X", canvas(16_000_000, 2)), (b"VP8 ", a_webp()[20:])), "pixels"),
    "webp on another canvas": (lambda: riff((b"VP8X", canvas(3_000, 3_000)), (b"VP8 ", a_webp()[20:])), "unreadable"),
    "webp with nothing in it": (lambda: riff((b"VP8 ", b"")), "unreadable"),
    "webp of countless parts": (lambda: riff(*[(b"JUNK", b"")] * 1_000_000), "unreadable"),
    "webp cut short": (lambda: a_webp()[:-40], "unreadable"),
}

HEAVIEST = ("png of 40 million pixels", "jpeg of 40 million pixels in passes", "webp of 12 million clear pixels")


def laid(folder: Path) -> None:
    """One file for each."""
    for number, (make, _) in enumerate(KINDS.values()):
        (folder / f"{number:03}").write_bytes(make())


async def fates(pictures: Mapping[str, bytes]) -> dict[str, str]:
    """What becomes of each, when they come one after the other; then of the large ones, all at once."""
    darkroom = PillowDarkroom()
    found = {name: await fate(darkroom, data) for name, data in pictures.items()}
    large = [pictures[name] for name in HEAVIEST]
    await asyncio.gather(
        *map(darkroom.admit, large), *map(darkroom.photo, large), *(darkroom.develop(data, MARK) for data in large)
    )
    darkroom.close()
    return found


async def fate(darkroom: PillowDarkroom, data: bytes) -> str:
    try:
        await darkroom.admit(data)
    except NotAPicture as refused:
        return refused.why
    return TAKEN


def most_held() -> int:
    """Bytes of memory at the most: the kernel's other figure counts the process that has started this one, too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    folder = Path(sys.argv[1])
    found = {name: (folder / f"{number:03}").read_bytes() for number, name in enumerate(KINDS)}
    told: dict[str, object] = {"fates": asyncio.run(fates(found))}
    told["peak"] = most_held() - sum(map(len, found.values()))
    sys.stdout.write(json.dumps(told))
