"""A photo on a telephone, and a result of ours: what they show is told in one message, over real sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.phone import Street, street
from tests.pictures import a_jpeg


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Street]:
    async with street(tmp_path / "home") as one:
        yield one


async def test_what_a_photo_or_a_result_shows_is_told_in_one_message(road: Street) -> None:
    async with road.house():
        an = road.meets(101)
        await an.arrives()

        await an.known.sends_photo(a_jpeg(), "/describe")
        photo = await an.sees("👁️ Mô tả ảnh:")
        picture = await an.is_shown(await an.says("một con mèo"))
        await an.known.replies(picture, "/describe")

        result = await an.sees("👁️ Mô tả ảnh:", after=picture)
        assert [photo.edits[0].body["text"], result.edits[0].body["text"]] == ["👁️ Đang xem ảnh…"] * 2
        assert photo.text != result.text
        assert await road.credits(an) == (6, 0)
