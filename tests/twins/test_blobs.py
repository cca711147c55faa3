"""What every builder of Blobs must do."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.blobs import Blobs, Stored
from infra.embedded.blobs import FileBlobs
from tests.stores import s3

PNG, JPEG = "image/png", "image/jpeg"


@pytest.fixture(params=["files", pytest.param("s3-on-ministack", marks=pytest.mark.server)])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    if request.param == "files":
        yield FileBlobs(tmp_path)
    else:
        async with s3(request.getfixturevalue("on_ministack")) as opened:
            yield opened


def stored(name: str, data: bytes, *, fresh: bool = False) -> Stored:
    return Stored(name, len(data), hashlib.sha256(data).hexdigest(), fresh=fresh)


async def test_what_is_put_is_there_with_its_size_and_hash(blobs: Blobs) -> None:
    put = await blobs.put("img/01JOB", b"a picture", PNG)

    assert put == stored("img/01JOB", b"a picture", fresh=True)
    assert await blobs.get("img/01JOB") == b"a picture"


async def test_a_second_put_leaves_what_stands_and_says_what_that_is(blobs: Blobs) -> None:
    await blobs.put("img/01JOB", b"the first", PNG)

    second = await blobs.put("img/01JOB", b"the second, and longer", JPEG)

    assert second == stored("img/01JOB", b"the first")
    assert await blobs.get("img/01JOB") == b"the first"


async def test_of_many_puts_at_once_exactly_one_is_fresh_and_all_see_the_same(blobs: Blobs) -> None:
    pictures = [f"picture {n}".encode() * 1000 for n in range(12)]

    puts = await asyncio.gather(*(blobs.put("img/01JOB", picture, PNG) for picture in pictures))

    stands = await blobs.get("img/01JOB")
    assert stands in pictures
    assert [put.fresh for put in puts].count(True) == 1
    assert {put.sha256 for put in puts} == {hashlib.sha256(stands).hexdigest()}


async def test_nothing_stands_under_a_name_never_put(blobs: Blobs) -> None:
    assert await blobs.get("img/nobody") is None


async def test_what_is_deleted_is_gone_and_may_be_put_anew(blobs: Blobs) -> None:
    await blobs.put("img/01JOB", b"old", PNG)

    await blobs.delete("img/01JOB")
    await blobs.delete("img/01JOB")

    assert await blobs.get("img/01JOB") is None
    assert await blobs.walk() == []
    assert (await blobs.put("img/01JOB", b"new", PNG)).fresh


async def test_an_empty_blob_is_kept_like_any_other(blobs: Blobs) -> None:
    await blobs.put("img/empty", b"", PNG)

    assert await blobs.get("img/empty") == b""
    assert await blobs.walk() == [stored("img/empty", b"")]


async def test_a_walk_goes_through_all_names_in_order_page_by_page(blobs: Blobs) -> None:
    names = [f"img/01J{letter}{n:03d}" for letter in "ZAK" for n in range(7)]
    names += ["a", "img", "img/01JA000.thumb", "img/01JA", "zip/01JA", "up/01JA000"]
    for name in names:
        await blobs.put(name, name.encode(), PNG)

    walked: list[Stored] = []
    while page := await blobs.walk(walked[-1].name if walked else "", limit=4):
        assert len(page) <= 4
        walked += page

    assert walked == [stored(name, name.encode()) for name in sorted(names)]


async def test_a_name_that_looks_like_a_path_is_only_a_name(blobs: Blobs) -> None:
    odd = ["../outside", "/etc/passwd", "..", ".", "a//b", "img/../img/x", "ảnh đẹp", "a%2Fb", "part.part"]

    for name in odd:
        assert (await blobs.put(name, name.encode(), PNG)).fresh

    assert [await blobs.get(name) for name in odd] == [name.encode() for name in odd]
    assert [one.name for one in await blobs.walk()] == sorted(odd)


async def test_bytes_of_another_digest_are_damaged_and_told_as_nothing(blobs: Blobs) -> None:
    put = await blobs.put("img/01JOB", b"a picture", PNG)

    assert await blobs.get("img/01JOB", put.sha256) == b"a picture"
    assert blobs.damaged == set()
    assert await blobs.get("img/01JOB", hashlib.sha256(b"as it was").hexdigest()) is None
    assert blobs.damaged == {"img/01JOB"}
