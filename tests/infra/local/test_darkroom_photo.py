"""A picture as a chat takes it: a JPEG of moderate size with the mark of what it was made from."""

import io
from collections.abc import AsyncIterator
from random import Random

import pytest
from PIL import Image

from core.errors import NotAPicture
from core.provenance import Mark, read_mark
from infra.local.darkroom import PHOTO, PillowDarkroom
from tests.clocks import THE_DAY
from tests.pictures import a_jpeg, a_png, as_bytes, scene

MARK = Mark("pocket", "01JD3Y5V0000000000000000AB", THE_DAY)


@pytest.fixture
async def darkroom() -> AsyncIterator[PillowDarkroom]:
    darkroom = PillowDarkroom()
    yield darkroom
    darkroom.close()


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        return image.size


async def test_a_png_becomes_a_jpeg_with_its_mark(darkroom: PillowDarkroom) -> None:
    kept = (await darkroom.develop(a_png((300, 200)), MARK)).data

    photo = await darkroom.photo(kept)

    assert size_of(photo) == (300, 200)
    assert read_mark(photo) == MARK


async def test_a_jpeg_that_fits_is_left_as_it_is(darkroom: PillowDarkroom) -> None:
    kept = (await darkroom.develop(a_jpeg(), MARK)).data

    assert await darkroom.photo(kept) == kept


async def test_a_large_picture_is_made_as_large_as_a_chat_shows_it(darkroom: PillowDarkroom) -> None:
    assert size_of(await darkroom.photo(a_png((3_000, 1_500)))) == (PHOTO, PHOTO // 2)


async def test_what_is_transparent_stands_on_white(darkroom: PillowDarkroom) -> None:
    glass = scene((20, 20), "RGBA")
    glass.putalpha(0)

    with Image.open(io.BytesIO(await darkroom.photo(as_bytes(glass, "PNG")))) as photo:
        assert photo.getpixel((10, 10)) == (255, 255, 255)


async def test_what_is_no_picture_is_refused(darkroom: PillowDarkroom) -> None:
    with pytest.raises(NotAPicture):
        await darkroom.photo(b"PLAYED nothing")


async def test_for_who_knows_which_decoder_it_is_in_one_pass_and_no_heavier_than_may_be(
    darkroom: PillowDarkroom,
) -> None:
    noise = Image.frombytes("RGB", (1_600, 1_200), Random(7).randbytes(1_600 * 1_200 * 3))
    drawn = (await darkroom.develop(as_bytes(noise, "PNG", compress_level=0), MARK)).data

    photo = await darkroom.photo(drawn, heaviest=1_000_000)

    assert 100_000 < len(photo) <= 1_000_000
    assert read_mark(photo) == MARK
    assert not Image.open(io.BytesIO(photo)).info.get("progressive")


async def test_a_plain_jpeg_of_little_weight_is_left_as_it_is_and_one_of_many_passes_is_not(
    darkroom: PillowDarkroom,
) -> None:
    plain, many = a_jpeg(), a_jpeg(progressive=True)

    assert await darkroom.photo(plain, heaviest=1_000_000) == plain
    assert await darkroom.photo(many) == many
    assert not Image.open(io.BytesIO(await darkroom.photo(many, heaviest=1_000_000))).info.get("progressive")
