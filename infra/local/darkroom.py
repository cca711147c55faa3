"""Pillow's darkroom: careful decoding, metadata off, mark on, thumbnail, contact sheet; two threads, never the loop.

Bytes that are fit as they are keep every pixel: only luggage is taken off and the mark laid in. Pixels are written
anew only where they must change: turned upright, brought into sRGB, out of a printer's inks, out of WebP.
The decoder never sees the luggage either, so nothing in it (broken EXIF, second pictures) can trouble it.
The same bytes with the same mark develop to the same print, which is what a crashed worker's successor counts on.
"""

import asyncio
import hashlib
import io
import struct
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from PIL import Image, ImageCms, ImageDraw, ImageFont

from core.darkroom import Print
from core.errors import NotAPicture
from core.provenance import Kind, Mark, Torn, bare, marked, read_mark
from infra.local.negative import UPRIGHT, Negative, look

P = ParamSpec("P")
T = TypeVar("T")

MOST_BYTES = 20_000_000
MOST_PIXELS = 40_000_000
MOST_SCANS = 100  # a progressive JPEG needs about ten; thousands are an attack on the decoder's time
THREADS = 2
THUMBNAIL = (400, 400)
PHOTO = (2560, 2560)  # more is shown in no chat
HEAVIEST = 9_000_000  # bytes of a photo
PLAIN = ((2048, 90), (2048, 82), (1600, 82), (1280, 80), (1024, 75), (800, 60))  # side and quality, tried in turn
CELL = (640, 640)
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


class PillowDarkroom:
    def __init__(self, most_bytes: int = MOST_BYTES, most_pixels: int = MOST_PIXELS, threads: int = THREADS) -> None:
        self._most_bytes, self._most_pixels = most_bytes, most_pixels
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="darkroom")

    async def develop(self, data: bytes, mark: Mark) -> Print:
        return await self._aside(self._printed, data, mark)

    async def admit(self, data: bytes) -> Print:
        return await self._aside(self._printed, data, None)

    async def photo(self, data: bytes, heaviest: int = 0) -> bytes:
        return await self._aside(self._plain if heaviest else self._photo, data, heaviest or HEAVIEST)

    async def contact_sheet(self, pictures: Sequence[bytes]) -> bytes:
        return await self._aside(self._sheet, pictures)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _aside(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(work, *args, **kwargs))

    def _printed(self, data: bytes, mark: Mark | None) -> Print:
        negative = self._looked_at(data)
        with_mark = partial(marked, mark=mark) if mark else bare
        if negative.fit_as_it_is:
            kept, image = with_mark(data), opened(data, negative, at_least=THUMBNAIL)
            size = negative.width, negative.height
        else:
            image = upright(opened(data, negative), negative)
            kept, size = with_mark(encoded(image, negative.kind)), image.size
        thumbnail = with_mark(encoded_small(image))
        return Print(kept, mime_of(kept), *size, hashlib.sha256(kept).hexdigest(), thumbnail)

    def _looked_at(self, data: bytes) -> Negative:
        """The picture's own word on itself, held against the limits before anything is decoded."""
        if len(data) > self._most_bytes:
            raise NotAPicture("bytes")
        try:
            negative = look(data)
        except Torn as torn:
            raise NotAPicture("unreadable") from torn
        if negative is None:
            raise NotAPicture("format")
        if negative.pixels > self._most_pixels:
            raise NotAPicture("pixels")
        if not negative.pixels or negative.scans > MOST_SCANS:
            raise NotAPicture("unreadable")
        return negative

    def _photo(self, data: bytes, heaviest: int) -> bytes:
        negative = self._looked_at(data)
        small = max(negative.width, negative.height) <= PHOTO[0] and len(data) <= heaviest
        if negative.kind == "JPEG" and negative.fit_as_it_is and small:
            return data
        shown = jpeg(on_white(within(upright(opened(data, negative), negative), PHOTO)), quality=90)
        return marked_as(data, shown)

    def _plain(self, data: bytes, heaviest: int) -> bytes:
        """In one pass, and as good as its weight allows."""
        negative = self._looked_at(data)
        small = max(negative.width, negative.height) <= PLAIN[0][0] and len(data) <= heaviest
        if negative.kind == "JPEG" and negative.fit_as_it_is and negative.scans == 1 and small:
            return data
        whole, shown = on_white(upright(opened(data, negative), negative)), b""
        for side, quality in PLAIN:
            shown = marked_as(data, jpeg(within(whole, (side, side)), quality))
            if len(shown) <= heaviest:
                break
        return shown

    def _sheet(self, pictures: Sequence[bytes]) -> bytes:
        if not 1 <= len(pictures) <= MOST_ON_A_SHEET:
            raise ValueError(f"a contact sheet shows 1 to {MOST_ON_A_SHEET} pictures, not {len(pictures)}")
        small = [within(opened(data, self._looked_at(data), at_least=CELL), CELL) for data in pictures]
        return marked_as(pictures[0], jpeg(side_by_side(small), quality=88))


# --- decoding --------------------------------------------------------------------------------------------------------


def opened(data: bytes, negative: Negative, at_least: tuple[int, int] | None = None) -> Image.Image:
    """Decoded to the end, in sRGB or grey, with or without transparency. Raises NotAPicture.

    `at_least` lets a JPEG be decoded smaller, which is faster; a torn one is found all the same.
    """
    clean = data if negative.kind == "WEBP" else bare(data, profile=True)
    try:
        with Image.open(io.BytesIO(clean), formats=(negative.kind,)) as image:
            if at_least:
                image.draft(image.mode, at_least)
            image.load()
            return encodable(in_srgb(image))
    except BROKEN as broken:
        raise NotAPicture("unreadable") from broken


def in_srgb(image: Image.Image) -> Image.Image:
    """Brought over from the colours of its own profile; a profile that makes no sense is passed over."""
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
    """In one of the three modes every encoder here takes: grey, RGB, RGBA."""
    if image.mode in {"L", "RGB", "RGBA"} and "transparency" not in image.info:
        return image
    if image.mode.startswith("I"):  # sixteen bits a pixel
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in {"LA", "La", "PA", "RGBa"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def upright(image: Image.Image, negative: Negative) -> Image.Image:
    return image if negative.turned == UPRIGHT else image.transpose(UPRIGHTED[negative.turned])


# --- encoding --------------------------------------------------------------------------------------------------------


def encoded(image: Image.Image, was: Kind) -> bytes:
    """As near to what it was as can be: PNG stays PNG, and what has transparency needs it."""
    if was == "PNG" or image.mode == "RGBA":
        return saved(image, "PNG")
    return jpeg(image, quality=92)


def encoded_small(image: Image.Image) -> bytes:
    return jpeg(on_white(within(image, THUMBNAIL)), quality=80)


def jpeg(image: Image.Image, quality: int) -> bytes:
    return bare(saved(image, "JPEG", quality=quality))


def saved(image: Image.Image, kind: Kind, **how: int) -> bytes:
    image.info.clear()  # whatever Pillow would write along with it
    held = io.BytesIO()
    image.save(held, kind, **how)
    return held.getvalue()


def within(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    image = image.copy()
    image.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=2.0)
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
    """Two in a row, each in the middle of its cell, each with its number."""
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
    """White on black in a white ring: something of it stands out from any picture."""
    left, top = at
    pen = ImageDraw.Draw(sheet)
    pen.ellipse((left, top, left + BADGE, top + BADGE), fill="black", outline="white", width=4)
    middle = (left + BADGE / 2, top + BADGE / 2)
    pen.text(middle, str(count), fill="white", font=ImageFont.load_default(BADGE * 0.6), anchor="mm")
