"""A picture of ours that comes back is told from a stranger's, on every channel."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Opened
from core.audit import every_row
from core.gallery import Image
from core.provenance import Mark, marked
from tests.bot.web.browsers import Tab, Web
from tests.bot.web.browsers import opened as opened_web
from tests.journeys import phone, zalo_phone
from tests.pictures import a_jpeg, a_png

FORGED = marked(a_jpeg(), Mark("http://evil.example", "01JD3Y5V0000000000000000AB", 0))
OURS = "Ảnh mang dấu của Imagify: do AI tạo ở đây bằng"


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with opened_web(tmp_path / "home") as one:
        yield one


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[phone.Street]:
    async with phone.street(tmp_path / "home") as one:
        yield one


@pytest.fixture
async def zalo(tmp_path: Path) -> AsyncIterator[zalo_phone.Street]:
    async with zalo_phone.street(tmp_path / "home") as one:
        yield one


async def kept(opened: Opened) -> bytes:
    """The one picture of the house, as its person has it."""
    ports = opened.house.ports
    (image,) = [Image.of(row) async for row in every_row(ports.table) if row.key.name.startswith("IMAGE#")]
    data = await ports.blobs.get(image.blob)
    assert data
    return data


async def test_on_the_page(web: Web) -> None:
    async with web.browser() as browser, browser.tab() as tab:
        await tab.agrees()
        await tab.draws("một con mèo", "1")
        ours = await kept(web.opened)

        assert OURS in await told(tab, ours, "2", "/verify")
        assert OURS in await told(tab, ours, "3", "/describe")
        assert "không mang dấu" in await told(tab, a_png(), "4", "xác minh")
        forged = await told(tab, FORGED, "5", "/verify")
        assert "dấu bị làm giả" in forged
        assert "evil" not in forged


async def told(tab: Tab, data: bytes, id_: str, words: str) -> str:
    """The answer to a picture, once it is whole."""
    before = len(tab.messages)
    await tab.uploads(data, id_, text=words)
    await tab.until(lambda: len(tab.messages) >= before + 2 and "👁️ Đang" not in tab.last)
    await tab.until(lambda: "🔏" in tab.last)
    return tab.last


async def test_on_telegram_as_a_file_and_where_it_was_compressed_that_is_said(road: phone.Street) -> None:
    async with road.house() as opened:
        an = road.meets(101)
        await an.arrives()
        picture = await an.is_shown(await an.says("một con mèo"))
        ours = await kept(opened)

        await an.known.replies(picture, "/verify")
        replied = await an.sees("🔏")
        file = await an.known.sends_document(ours, "cat.png", "image/png", caption="/verify")
        sent = await an.sees("🔏", after=file)
        compressed = await an.known.sends_photo(a_jpeg(), "/verify")
        lost = await an.sees("🔏", after=compressed)

        assert OURS in replied.text
        assert OURS in sent.text
        assert "không mang dấu" in lost.text
        assert "hãy gửi lại dưới dạng tệp" in lost.text


async def test_on_zalo_where_the_way_to_send_the_original_is_told(zalo: zalo_phone.Street) -> None:
    async with zalo.house() as opened:
        an = zalo.meets()
        await an.arrives()
        await an.is_shown(after=await an.says("một con mèo"))
        ours = await kept(opened)

        first = await an.known.sends_photo(ours, "/verify")
        assert OURS in (await an.sees("🔏", after=first)).text
        second = await an.known.sends_photo(a_jpeg(), "/verify")
        lost = await an.sees("🔏", after=second)

        assert "không mang dấu" in lost.text
        assert opened.house.counter.base in lost.text
