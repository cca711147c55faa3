"""Pictures that people send over real sockets, by telephone: described, and changed where a model here can do that."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.audit import every_row
from core.uploads import Upload
from infra.sandbox.telegram import Message
from tests.journeys.phone import Passer, Street, buttons, street
from tests.pictures import a_jpeg

EVERYBODY = frozenset({"pocket", "bedrock"})  # the pocket painter stands in for all of them


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Street]:
    async with street(tmp_path / "home") as one:
        yield one


async def buys(one: Passer, credits_: int) -> None:
    assert one.street.opened
    person = await one.street.person(one)
    await one.street.opened.house.ledger.deposit(person.id, credits_, key="order:1", kind="topup")


async def uploads(road: Street) -> list[Upload]:
    assert road.opened
    rows = every_row(road.opened.house.ports.table)
    return [Upload.of(row) async for row in rows if row.key.name.startswith("UPLOAD#")]


async def goes(one: Passer, said: Message) -> Message:
    """The price is said yes to; the picture."""
    asked = await one.sees("Mô hình", after=said)
    await one.presses("🎨 Vẽ", asked)
    return await one.sees("✅ Xong", after=asked)


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


async def test_a_photo_is_changed_by_its_caption_and_a_result_by_a_reply_or_a_tool(road: Street) -> None:
    road.vendors = EVERYBODY
    async with road.house() as opened:
        an = road.meets(101)
        await an.arrives()
        await buys(an, 100)

        first = await goes(an, await an.known.sends_photo(a_jpeg(), "thêm một con mèo"))
        (sent,) = await uploads(road)
        second = await goes(an, await an.known.replies(first, "thêm một cái mũ"))
        assert len(await uploads(road)) == 1, "a result of ours is the kept image itself"
        await an.presses("🧰", second)
        more = await an.sees("🧰 Làm gì với ảnh")
        assert [label for label in buttons(more) if label.startswith("✂️")]
        await an.presses("✂️", more)
        third = await an.sees("✅ Xong", after=more)  # the price was on the button

        person = await road.person(an)
        images = await opened.house.studio.gallery.newest(person.id)
        made = [(image.model, image.prompt_.source) for image in reversed(images)]
        assert made == [
            ("sd35", sent.blob),
            ("sd35", images[2].blob),
            ("remove-background", images[1].blob),
        ]
        assert "“thêm một cái mũ”" in third.text
