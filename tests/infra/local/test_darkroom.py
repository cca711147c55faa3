"""The darkroom: what comes in is met with care, what goes out is ours alone and the same every time."""

import hashlib
import io
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import NotAPicture
from core.provenance import Mark, jpeg_segments, read_mark
from infra.local.darkroom import BADGE, GAP, MOST_SCANS, PillowDarkroom
from tests.clocks import THE_DAY
from tests.pictures import (
    a_jpeg,
    a_png,
    as_bytes,
    chunk,
    exif,
    pixels,
    profile,
    scene,
    segment,
    swapped_profile,
    with_chunks,
)
from tests.pictures import with_segments as with_segments_of

MARK = Mark("stability.stable-image-core-v1:1", "01JD3Y5V0000000000000000AB", THE_DAY)
SECRET = b"HANOI-SECRET-PLACE"
Size = tuple[int, int]
RED, BLUE = (220, 20, 20), (20, 40, 200)


@pytest.fixture
async def darkroom() -> AsyncIterator[PillowDarkroom]:
    opened = PillowDarkroom()
    yield opened
    opened.close()


def near(one: object, other: tuple[int, ...]) -> bool:
    return isinstance(one, tuple) and all(abs(a - b) < 24 for a, b in zip(one[:3], other, strict=True))


def corners(data: bytes) -> list[str]:
    """The colours of the four corners: left and right above, left and right below."""
    picture = pixels(data).convert("RGB")
    right, bottom = picture.width - 3, picture.height - 3
    seen = [picture.getpixel(at) for at in ((2, 2), (right, 2), (2, bottom), (right, bottom))]
    return ["red" if near(one, RED) else "blue" if near(one, BLUE) else str(one) for one in seen]


async def refusal(darkroom: PillowDarkroom, data: bytes) -> str:
    with pytest.raises(NotAPicture) as refused:
        await darkroom.admit(data)
    return refused.value.why


# --- developing ---


@pytest.mark.parametrize(("data", "mime"), [(a_jpeg(), "image/jpeg"), (a_png(), "image/png")])
async def test_a_painters_picture_keeps_every_pixel_and_gains_our_mark(
    darkroom: PillowDarkroom, data: bytes, mime: str
) -> None:
    kept = await darkroom.develop(data, MARK)

    assert (kept.mime, kept.width, kept.height) == (mime, 64, 48)
    assert pixels(kept.data).tobytes() == pixels(data).tobytes()
    assert read_mark(kept.data) == read_mark(kept.thumbnail) == MARK
    assert kept.sha256 == hashlib.sha256(kept.data).hexdigest()


async def test_the_same_bytes_with_the_same_mark_develop_to_the_same_print() -> None:
    """A worker that takes over after a crash must come to the very same bytes."""
    for data in (a_jpeg((900, 700)), a_png((900, 700)), as_bytes(scene(), "WEBP"), a_jpeg(exif=exif(6))):
        prints = []
        for _ in range(2):
            darkroom = PillowDarkroom()
            prints.append(await darkroom.develop(data, MARK))
            darkroom.close()
        assert prints[0] == prints[1]


async def test_another_mark_makes_another_print_of_the_same_pixels(darkroom: PillowDarkroom) -> None:
    one = await darkroom.develop(a_png(), MARK)
    other = await darkroom.develop(a_png(), Mark(MARK.model, "01OTHER", MARK.made))

    assert one.sha256 != other.sha256
    assert pixels(one.data).tobytes() == pixels(other.data).tobytes()


async def test_developing_a_print_again_changes_nothing(darkroom: PillowDarkroom) -> None:
    once = await darkroom.develop(a_jpeg((500, 300)), MARK)

    assert (await darkroom.develop(once.data, MARK)).data == once.data


async def test_a_webp_becomes_what_every_channel_takes(darkroom: PillowDarkroom) -> None:
    opaque = await darkroom.develop(as_bytes(scene(), "WEBP"), MARK)
    clear = await darkroom.develop(as_bytes(scene(mode="RGBA"), "WEBP", lossless=True, exact=True), MARK)
    glass = scene(mode="RGBA")
    glass.putalpha(100)
    transparent = await darkroom.develop(as_bytes(glass, "WEBP"), MARK)

    assert opaque.mime == clear.mime == "image/jpeg"
    assert transparent.mime == "image/png"
    assert read_mark(opaque.data) == read_mark(transparent.data) == MARK


@pytest.mark.parametrize(
    ("size", "small"),
    [((1600, 800), (400, 200)), ((800, 1600), (200, 400)), ((64, 48), (64, 48)), ((5000, 250), (400, 20))],
)
@pytest.mark.parametrize("make", [a_jpeg, a_png])
async def test_a_thumbnail_fits_in_its_frame_and_never_grows(
    darkroom: PillowDarkroom, make: Callable[[Size], bytes], size: Size, small: Size
) -> None:
    kept = await darkroom.develop(make(size), MARK)

    assert pixels(kept.thumbnail).size == small
    assert kept.thumbnail[:2] == b"\xff\xd8"


# --- admitting ---


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photo_taken_sideways_is_turned_upright_and_loses_its_place(
    darkroom: PillowDarkroom, kind: str, orientation: int
) -> None:
    how = {"lossless": True} if kind == "WEBP" else {"quality": 95}
    taken = scene()
    stored = as_bytes(turned_back(taken, orientation), kind, exif=exif(orientation), **how)

    kept = await darkroom.admit(stored)

    assert SECRET in stored
    assert SECRET not in kept.data + kept.thumbnail
    assert (kept.width, kept.height) == pixels(kept.data).size == (64, 48)
    assert corners(kept.data) == corners(kept.thumbnail) == ["red", "blue", "blue", "blue"]
    assert dict(pixels(kept.data).getexif()) == {}


def turned_back(picture: Image.Image, orientation: int) -> Image.Image:
    """As a camera held that way stores it."""
    ways = Image.Transpose
    undo = {
        2: ways.FLIP_LEFT_RIGHT,
        3: ways.ROTATE_180,
        4: ways.FLIP_TOP_BOTTOM,
        5: ways.TRANSPOSE,
        6: ways.ROTATE_90,
        7: ways.TRANSVERSE,
        8: ways.ROTATE_270,
    }
    return picture.transpose(undo[orientation]) if orientation in undo else picture


async def test_an_upload_gets_no_mark_of_ours_and_loses_one_it_had(darkroom: PillowDarkroom) -> None:
    ours = await darkroom.develop(a_jpeg(), MARK)

    admitted = await darkroom.admit(ours.data)

    assert read_mark(admitted.data) is None
    assert read_mark(admitted.thumbnail) is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
async def test_a_png_of_any_mode_is_admitted(darkroom: PillowDarkroom, mode: str) -> None:
    picture = Image.new("I;16", (64, 48), 40_000) if mode == "I;16" else scene(mode=mode)

    kept = await darkroom.admit(as_bytes(picture, "PNG"))

    assert kept.mime == "image/png"
    assert pixels(kept.thumbnail).size == (64, 48)


async def test_sixteen_bits_of_grey_keep_their_brightness(darkroom: PillowDarkroom) -> None:
    kept = await darkroom.admit(as_bytes(Image.new("I;16", (64, 48), 128 * 256), "PNG"))

    assert near(pixels(kept.thumbnail).convert("RGB").getpixel((9, 9)), (128, 128, 128))


async def test_a_palette_with_transparency_shows_white_behind_in_the_thumbnail(darkroom: PillowDarkroom) -> None:
    glass = scene(mode="P")
    data = as_bytes(glass, "PNG", transparency=bytes([0] * 256))

    kept = await darkroom.admit(data)

    assert pixels(kept.thumbnail).getpixel((5, 5)) == (255, 255, 255)


async def test_printers_inks_become_light(darkroom: PillowDarkroom) -> None:
    kept = await darkroom.admit(a_jpeg(mode="CMYK"))

    assert pixels(kept.data).mode == "RGB"
    assert corners(kept.data) == ["red", "blue", "blue", "blue"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_profile_is_applied_and_not_passed_on(darkroom: PillowDarkroom, kind: str) -> None:
    kept = await darkroom.admit(as_bytes(scene(), kind, icc_profile=swapped_profile(), lossless=True, quality=95))

    assert "icc_profile" not in pixels(kept.data).info
    assert corners(kept.data) == corners(kept.thumbnail) == ["blue", "red", "red", "red"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_profile_that_makes_no_sense_is_passed_over(darkroom: PillowDarkroom, kind: str) -> None:
    kept = await darkroom.admit(as_bytes(scene(), kind, icc_profile=b"nonsense" * 40, quality=95))

    assert corners(kept.data) == ["red", "blue", "blue", "blue"]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_of_an_animation_the_first_picture_is_kept(darkroom: PillowDarkroom, kind: str) -> None:
    later = [Image.new("RGB", (64, 48), "green")] * 3
    moving = as_bytes(scene(), kind, save_all=True, append_images=later, duration=100)

    kept = await darkroom.admit(moving)

    assert corners(kept.data) == ["red", "blue", "blue", "blue"]
    assert getattr(pixels(kept.data), "n_frames", 1) == 1


# --- what is refused ---


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_cut_short_anywhere_is_unreadable(darkroom: PillowDarkroom, kind: str) -> None:
    data = as_bytes(scene((200, 160)), kind)

    for length in range(20, len(data) - 1, max(1, len(data) // 12)):
        assert await refusal(darkroom, data[:length]) == "unreadable"


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", as_bytes(scene(), "GIF"), as_bytes(scene(), "TIFF")],
    ids=["nothing", "words", "svg", "gif", "tiff"],
)
async def test_other_formats_are_refused_by_name(darkroom: PillowDarkroom, data: bytes) -> None:
    assert await refusal(darkroom, data) == "format"


@pytest.mark.parametrize("head", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\0\0\0\0WEBPVP8 "])
async def test_a_right_beginning_with_nothing_behind_it_is_unreadable(darkroom: PillowDarkroom, head: bytes) -> None:
    assert await refusal(darkroom, head + b"nothing of the kind" * 9) == "unreadable"


async def test_too_many_bytes_and_too_many_pixels_are_told_apart() -> None:
    strict = PillowDarkroom(most_bytes=5_000, most_pixels=64 * 48)

    assert await refusal(strict, a_png() + bytes(5_000)) == "bytes"
    assert await refusal(strict, a_png((65, 48))) == "pixels"
    assert (await strict.admit(a_png((64, 48)))).width == 64
    strict.close()


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 2**31 - 1)])
async def test_a_bomb_is_refused_by_what_it_says_of_itself(darkroom: PillowDarkroom, size: tuple[int, int]) -> None:
    plain = a_png()
    head = b"".join(side.to_bytes(4, "big") for side in size) + plain[24:29]
    bomb = plain[:8] + chunk(b"IHDR", head) + plain[33:]

    assert await refusal(darkroom, bomb) == "pixels"


async def test_a_jpeg_that_names_a_second_size_is_held_to_the_larger(darkroom: PillowDarkroom) -> None:
    frame = next(one for marker, one in jpeg_segments(a_jpeg()) if marker == 0xC0)
    huge = frame[:5] + b"\xff\xff\xff\xff" + frame[9:]

    assert await refusal(darkroom, with_segments_of(a_jpeg(), huge)) == "pixels"


async def test_a_jpeg_that_asks_for_endless_passes_is_refused_at_once(darkroom: PillowDarkroom) -> None:
    parts = [one for _, one in jpeg_segments(a_jpeg(progressive=True))]
    endless = b"\xff\xd8" + b"".join([*parts[:-1], *[parts[-2]] * MOST_SCANS, parts[-1]])

    assert await refusal(darkroom, endless) == "unreadable"


async def test_broken_luggage_does_not_trouble_a_good_picture(darkroom: PillowDarkroom) -> None:
    jpeg = with_segments_of(
        a_jpeg(), segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"), segment(0xE2, b"MPF\0" + b"\xff" * 40)
    )
    png = with_chunks(a_png(), chunk(b"eXIf", b"MM\0*\0\0"), chunk(b"acTL", b"\0\0"), chunk(b"zTXt", b"a\0\0broken"))

    assert corners((await darkroom.admit(jpeg)).data) == ["red", "blue", "blue", "blue"]
    assert corners((await darkroom.admit(png)).data) == ["red", "blue", "blue", "blue"]


WHOLE = [a_jpeg(progressive=True, exif=exif(6)), a_png(icc_profile=profile()), as_bytes(scene(mode="RGBA"), "WEBP")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.sampled_from(WHOLE), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=6))
async def test_damaged_bytes_are_taken_or_refused_and_never_anything_else(data: bytes, harm: list[Size]) -> None:
    damaged = bytearray(data)
    for at, value in harm:
        damaged[at % len(damaged)] = value
    darkroom = PillowDarkroom()

    with suppress(NotAPicture):
        kept = await darkroom.admit(bytes(damaged))
        assert pixels(kept.data).size == (kept.width, kept.height)
    darkroom.close()


# --- the contact sheet ---


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (2, 2, 1), (3, 2, 2), (4, 2, 2)])
async def test_up_to_four_pictures_stand_side_by_side(
    darkroom: PillowDarkroom, count: int, columns: int, rows: int
) -> None:
    sheet = await darkroom.contact_sheet([a_jpeg((1280, 720))] * count)

    assert pixels(sheet).size == (columns * (640 + GAP) + GAP, rows * (360 + GAP) + GAP)
    assert sheet[:2] == b"\xff\xd8"


@pytest.mark.parametrize("ground", ["white", "black", "grey", "red"])
async def test_the_numbers_stand_out_from_any_picture_and_differ(darkroom: PillowDarkroom, ground: str) -> None:
    data = as_bytes(Image.new("RGB", (640, 640), ground), "PNG")

    sheet = pixels(await darkroom.contact_sheet([data] * 4)).convert("L")

    badges = []
    for left in (2 * GAP, 640 + 3 * GAP):
        for top in (2 * GAP, 640 + 3 * GAP):
            badge = sheet.crop((left, top, left + BADGE, top + BADGE))
            dark, light = sum(badge.histogram()[:50]), sum(badge.histogram()[205:])
            assert dark > BADGE * BADGE * 0.3
            assert light > BADGE * BADGE * 0.08
            badges.append(badge.tobytes())
    assert len(set(badges)) == 4


async def test_pictures_of_different_shapes_share_a_sheet(darkroom: PillowDarkroom) -> None:
    glass = scene((90, 300), "RGBA")
    glass.putalpha(0)

    sheet = await darkroom.contact_sheet([a_jpeg((300, 100)), as_bytes(glass, "PNG"), a_png((50, 50), "L")])

    assert pixels(sheet).size == (2 * (300 + GAP) + GAP, 2 * (300 + GAP) + GAP)


async def test_a_sheet_carries_the_mark_of_its_first_picture(darkroom: PillowDarkroom) -> None:
    ours = (await darkroom.develop(a_jpeg(), MARK)).data

    assert read_mark(await darkroom.contact_sheet([ours, ours])) == MARK
    assert read_mark(await darkroom.contact_sheet([a_jpeg()])) is None


@pytest.mark.parametrize("count", [0, 5])
async def test_a_sheet_of_none_or_of_five_is_a_mistake_in_our_code(darkroom: PillowDarkroom, count: int) -> None:
    with pytest.raises(ValueError, match=re.escape(f"1 to 4 pictures, not {count}")):
        await darkroom.contact_sheet([a_jpeg()] * count)


async def test_a_sheet_with_a_torn_picture_is_refused(darkroom: PillowDarkroom) -> None:
    with pytest.raises(NotAPicture):
        await darkroom.contact_sheet([a_jpeg(), io.BytesIO(a_jpeg()).read(300)])
