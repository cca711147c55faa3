"""Pillow darkroom – decodes with care, strips metadata, marks, makes thumbnails and sheets.

All work is done off the event loop.

A picture that can be kept as sent keeps every pixel: only metadata is removed and the mark written in. Pixels are
re-encoded only where they must change: to turn the picture upright, to convert to sRGB or from a printer's inks, to
replace WebP. The decoder never sees the metadata either, so broken EXIF or embedded second pictures cannot trouble it.

The same bytes with the same mark develop to the same print. The worker that takes over from a crashed one relies on it.

Memory is bounded: the weight of each picture is computed from its header before decoding, and the pictures in work
together weigh no more than MEMORY. Painting has a bench of its own and gets memory first, then looking at pictures.
"""

import hashlib
import io
import struct
import zlib
from collections.abc import Callable, Sequence
from functools import partial

from PIL import Image, ImageCms, ImageDraw, ImageFont

from core.darkroom import Print
from core.errors import NotAPicture
from core.provenance import Kind, Mark, Torn, bare, marked, read_mark
from infra.local.negative import UPRIGHT, Negative, look
from infra.local.room import Allowance, Bench, keep_nothing_back

MOST_BYTES = 20_000_000
MOST_PIXELS = 40_000_000
MOST_RATIO = 20  # of the longer side to the shorter: no chat shows more
MOST_SCANS = 100  # a progressive JPEG needs about ten: thousands are an attack on the decoder's time
MOST_SCANNED = 600_000_000  # pixels in all scans together: about a second
MEMORY = 256 * 1024 * 1024  # bytes that all pictures may take together
PAINTED, LOOKED_AT, SENT = 0, 1, 2  # ranks for memory, the lowest first
MOST_LOOKED_AT, MOST_SENT = 64, 16  # at once, waiting ones included
THUMBNAIL = 400  # pixels of the longer side
PHOTO = 2560  # pixels of the longer side: no chat shows more
HEAVIEST = 9_000_000  # bytes of a photo
PLAIN = ((2048, 90), (2048, 82), (1600, 82), (1280, 80), (1024, 75), (800, 60))  # side and quality, tried in turn
CELL = 640
MOST_ON_A_SHEET = 4
GAP = 8
BADGE = 56

BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, Image.DecompressionBombError)
UPRIGHTED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


Film = tuple[bytes, Negative]


class PillowDarkroom:
    def __init__(self, most_bytes: int = MOST_BYTES, most_pixels: int = MOST_PIXELS, memory: int = MEMORY) -> None:
        keep_nothing_back()
        self._most_bytes, self._most_pixels, self._room = most_bytes, most_pixels, Allowance(memory)
        self._painted = Bench(self._room, "painted", PAINTED, threads=2)
        self._looked_at = Bench(self._room, "looked at", LOOKED_AT, threads=1, most=MOST_LOOKED_AT)
        self._sent = Bench(self._room, "sent", SENT, threads=1, most=MOST_SENT)

    async def develop(self, data: bytes, mark: Mark) -> Print:
        return await self._painted.do(partial(self._weighed, (data,), to_print), partial(printed, mark=mark))

    async def admit(self, data: bytes) -> Print:
        return await self._sent.do(partial(self._weighed, (data,), to_keep), partial(printed, mark=None))

    async def photo(self, data: bytes, heaviest: int = 0) -> bytes:
        made = partial(plain, heaviest=heaviest) if heaviest else photographed
        return await self._looked_at.do(partial(self._weighed, (data,), to_show), made)

    async def contact_sheet(self, pictures: Sequence[bytes]) -> bytes:
        if not 1 <= len(pictures) <= MOST_ON_A_SHEET:
            raise ValueError(f"a contact sheet shows 1 to {MOST_ON_A_SHEET} pictures, not {len(pictures)}")
        return await self._looked_at.do(partial(self._weighed, pictures, to_lay_out), laid_out)

    def close(self) -> None:
        for bench in (self._painted, self._looked_at, self._sent):
            bench.close()

    def _weighed(self, pictures: Sequence[bytes], box: Callable[[Negative], int]) -> tuple[int, list[Film]]:
        """Read and weigh `pictures`. The heaviest counts, because one is decoded at a time. Raises NotAPicture."""
        films = [(data, self._seen(data)) for data in pictures]
        weight = max(negative.weight(len(data), box(negative)) for data, negative in films)
        if weight > self._room.whole:
            raise NotAPicture("pixels")
        return weight, films

    def _seen(self, data: bytes) -> Negative:
        """Read size and kind from the header of `data`, and check the limits before decoding. Raises NotAPicture."""
        if len(data) > self._most_bytes:
            raise NotAPicture("bytes")
        try:
            negative = look(data)
        except Torn as torn:
            raise NotAPicture("unreadable") from torn
        if negative is None:
            raise NotAPicture("format")
        if negative.pixels > self._most_pixels or negative.scans * negative.pixels > MOST_SCANNED:
            raise NotAPicture("pixels")
        if not negative.pixels or negative.scans > MOST_SCANS:
            raise NotAPicture("unreadable")
        if negative.ratio > MOST_RATIO:
            raise NotAPicture("shape")
        return negative


# --- the size needed in pixels of the longer side, 0 for the full size -----------------------------------------------


def to_print(negative: Negative) -> int:
    return THUMBNAIL if negative.fit_as_it_is else 0


def to_keep(negative: Negative) -> int:
    return THUMBNAIL if negative.fit_as_it_is else PHOTO


def to_show(_: Negative) -> int:
    return PHOTO


def to_lay_out(_: Negative) -> int:
    return CELL


# --- products of a picture -------------------------------------------------------------------------------------------


def printed(films: Sequence[Film], mark: Mark | None) -> Print:
    """Print of one picture: painted ones get `mark`, uploads get none and are reduced to PHOTO if re-encoded."""
    [(data, negative)] = films
    with_mark = partial(marked, mark=mark) if mark else bare
    if negative.fit_as_it_is:
        kept, image = with_mark(data), opened(data, negative, to_print(negative))
        size = negative.width, negative.height
    else:
        image = upright(opened(data, negative, 0 if mark else PHOTO), negative)
        image = image if mark else within(image, PHOTO)
        kept, size = with_mark(encoded(image, negative.kind)), image.size
    thumbnail = with_mark(encoded_small(image))
    came_with = None if mark else read_mark(data)
    return Print(kept, mime_of(kept), *size, hashlib.sha256(kept).hexdigest(), thumbnail, came_with)


def photographed(films: Sequence[Film]) -> bytes:
    [(data, negative)] = films
    small = max(negative.width, negative.height) <= PHOTO and len(data) <= HEAVIEST
    if negative.kind == "JPEG" and negative.fit_as_it_is and small:
        return data
    image = within(opened(data, negative, PHOTO), PHOTO)
    return marked_as(data, jpeg(on_white(upright(image, negative)), quality=90))


def plain(films: Sequence[Film], heaviest: int) -> bytes:
    """Make a one-pass JPEG no heavier than `heaviest` if one of the steps in PLAIN can do that."""
    [(data, negative)] = films
    small = max(negative.width, negative.height) <= PLAIN[0][0] and len(data) <= heaviest
    if negative.kind == "JPEG" and negative.fit_as_it_is and negative.scans == 1 and small:
        return data
    largest = within(opened(data, negative, PHOTO), PLAIN[0][0])
    image, shown = on_white(upright(largest, negative)), b""
    for side, quality in PLAIN:
        image = within(image, side)
        shown = marked_as(data, jpeg(image, quality))
        if len(shown) <= heaviest:
            break
    return shown


def laid_out(films: Sequence[Film]) -> bytes:
    small = [within(opened(data, negative, CELL), CELL) for data, negative in films]
    return marked_as(films[0][0], jpeg(side_by_side(small), quality=88))


# --- decoding --------------------------------------------------------------------------------------------------------


def opened(data: bytes, negative: Negative, box: int = 0) -> Image.Image:
    """Decode `data` completely to sRGB or grey, with or without transparency. Raises NotAPicture.

    `box` is the longer side needed, 0 for the full size. A JPEG is then decoded smaller, and damage is still noticed.
    """
    clean = data if negative.kind == "WEBP" else bare(data, profile=True)
    try:
        with Image.open(io.BytesIO(clean), formats=(negative.kind,)) as image:
            if box:
                image.draft(image.mode, negative.at_least(box))
            image.load()
            return encodable(in_srgb(image))
    except BROKEN as broken:
        raise NotAPicture("unreadable") from broken


def in_srgb(image: Image.Image) -> Image.Image:
    """Convert `image` from its own colour profile to sRGB, ignoring a profile that makes no sense."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    image = encodable(image) if image.mode not in {"L", "RGB", "RGBA", "CMYK"} else image
    to = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=to) or image
    except (ImageCms.PyCMSError, OSError):
        return image


def encodable(image: Image.Image) -> Image.Image:
    """Convert `image` to one of the three modes that every encoder here takes: grey, RGB, RGBA."""
    if image.mode in {"L", "RGB", "RGBA"} and "transparency" not in image.info:
        return image
    if image.mode.startswith("I"):  # 16 bits a pixel
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in {"LA", "La", "PA", "RGBa"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def upright(image: Image.Image, negative: Negative) -> Image.Image:
    return image if negative.turned == UPRIGHT else image.transpose(UPRIGHTED[negative.turned])


# --- encoding --------------------------------------------------------------------------------------------------------


def encoded(image: Image.Image, was: Kind) -> bytes:
    """Encode `image`: as PNG if `was` PNG or with transparency, else as JPEG."""
    if was == "PNG" or image.mode == "RGBA":
        return saved(image, "PNG")
    return jpeg(image, quality=92)


def encoded_small(image: Image.Image) -> bytes:
    return jpeg(on_white(within(image, THUMBNAIL)), quality=80)


def jpeg(image: Image.Image, quality: int) -> bytes:
    return bare(saved(image, "JPEG", quality=quality))


def saved(image: Image.Image, kind: Kind, **how: int) -> bytes:
    image.info.clear()  # else Pillow writes metadata along
    held = io.BytesIO()
    image.save(held, kind, **how)
    return held.getvalue()


def within(image: Image.Image, side: int) -> Image.Image:
    """Shrink `image` itself to `side` if larger, because a copy of a large picture would double the memory."""
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image)
    return ground


def marked_as(original: bytes, shown: bytes) -> bytes:
    mark = read_mark(original)
    return marked(shown, mark) if mark else shown


def mime_of(data: bytes) -> str:
    return "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"


# --- the contact sheet -----------------------------------------------------------------------------------------------


def side_by_side(pictures: Sequence[Image.Image]) -> Image.Image:
    """Lay out `pictures` two in a row, each centred in a cell with a number."""
    wide, high = max(one.width for one in pictures), max(one.height for one in pictures)
    columns, rows = min(len(pictures), 2), (len(pictures) + 1) // 2
    sheet = Image.new("RGB", (columns * (wide + GAP) + GAP, rows * (high + GAP) + GAP), "#202020")
    for place, picture in enumerate(pictures):
        left = GAP + place % 2 * (wide + GAP) + (wide - picture.width) // 2
        top = GAP + place // 2 * (high + GAP) + (high - picture.height) // 2
        sheet.paste(on_white(picture), (left, top))
        number(sheet, place + 1, (left + GAP, top + GAP))
    return sheet


def number(sheet: Image.Image, count: int, at: tuple[int, int]) -> None:
    """Draw `count` in white on a black disc with a white ring, to be seen on any picture."""
    left, top = at
    pen = ImageDraw.Draw(sheet)
    pen.ellipse((left, top, left + BADGE, top + BADGE), fill="black", outline="white", width=4)
    middle = (left + BADGE / 2, top + BADGE / 2)
    pen.text(middle, str(count), fill="white", font=ImageFont.load_default(BADGE * 0.6), anchor="mm")
