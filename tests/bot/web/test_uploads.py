"""What is sent on the page is kept for as long as something can be done with it, and of nobody who has not agreed."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.web.posts import IN_ALL, OF_ONE
from core.audit import audit, every_row
from tests.bot.web.browsers import Browser, Tab, Web, picture_in
from tests.pictures import a_jpeg


async def test_a_picture_that_was_taken_is_kept_and_described_in_one_message_that_grows(web: Web, tab: Tab) -> None:
    await tab.uploads(a_jpeg(), "1", text="/describe")
    await tab.until(lambda: tab.last.startswith("👁️ Mô tả ảnh:"))

    ports = web.opened.house.ports
    kept = [row async for row in every_row(ports.table) if row.key.name.startswith("UPLOAD#")]
    assert len(kept) == 1
    assert [frame["kind"] for frame in tab.frames][-3:][:2] == ["said", "reply"]
    assert tab.frames[-1]["kind"] == "edit"
    assert (await audit(ports.table, ports.blobs)).violations == ()


async def test_a_picture_nobody_here_can_change_is_not_kept(web: Web, tab: Tab) -> None:
    await tab.uploads(a_jpeg(), "1", text="đổi nền")
    await tab.until(lambda: tab.last.startswith("🖼"))

    ports = web.opened.house.ports
    assert await ports.blobs.walk() == []
    assert [row async for row in every_row(ports.table) if row.key.name.startswith("UPLOAD#")] == []


async def test_of_somebody_who_has_agreed_to_nothing_no_picture_is_kept(web: Web, mai: Browser) -> None:
    async with mai.tab() as tab:
        await tab.until(lambda: bool(tab.frames))
        await tab.uploads(a_jpeg(), "1", text="/describe")
        assert "1" in tab.acked

    assert await web.opened.house.ports.blobs.walk() == []


async def test_a_picture_is_on_the_disk_before_it_is_acknowledged(web: Web, tab: Tab) -> None:
    await tab.uploads(a_jpeg(), "1", text="/describe")
    assert "1" in tab.acked

    (kept,) = await web.opened.house.ports.blobs.walk()
    assert kept.name.startswith("upload/")


async def test_a_picture_that_is_posted_twice_stands_in_the_chat_once(web: Web, tab: Tab) -> None:
    for _ in range(2):
        await tab.uploads(a_jpeg(), "1", text="/describe")
    await tab.until(lambda: tab.last.startswith("👁️ Mô tả ảnh:"))
    await tab.says("số dư", "2")
    await tab.until(lambda: tab.last.startswith("💰"))

    assert tab.acked.count("1") == 2
    assert [frame["text"] for frame in tab.frames if frame["kind"] == "said"] == ["/describe", "số dư"]
    assert (await audit(web.opened.house.ports.table, web.opened.house.ports.blobs)).violations == ()


@pytest.mark.parametrize("origin", ["null", "https://elsewhere.example", "http://127.0.0.1:1"])
async def test_a_picture_from_another_site_is_not_even_read(origin: str, mai: Browser, tab: Tab) -> None:
    status, _ = await mai.posts(picture_in(a_jpeg(), id="1", text=""), Origin=origin)

    assert status == 403
    assert tab.frames[-1]["kind"] != "said"


async def test_without_a_chat_of_its_own_no_picture_is_taken(web: Web) -> None:
    async with web.browser() as stranger:
        status, _ = await stranger.posts(picture_in(a_jpeg(), id="1", text=""))

    assert status == 403


@pytest.mark.parametrize(
    "body", [b"", b"\n", b"no json\n" + a_jpeg(), b"[]\n", b"{}\n" + a_jpeg(), b"x" * 70_000, b'{"id":7}\n']
)
async def test_what_is_not_in_the_contract_is_refused_and_nothing_is_kept(web: Web, tab: Tab, body: bytes) -> None:
    assert tab.browser
    status, _ = await tab.browser.posts(body)

    assert status == 400
    assert await web.opened.house.ports.blobs.walk() == []


async def test_so_many_pictures_are_on_their_way_at_once_and_whoever_comes_then_comes_again(mai: Browser) -> None:
    await mai.asks("/")
    go_on, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def slowly(number: int) -> AsyncIterator[bytes]:
        whole = picture_in(a_jpeg(), id=str(number), text="")
        yield whole[:200]
        begun.release()
        await go_on.wait()
        yield whole[200:]

    posting = [asyncio.create_task(mai.posts(slowly(number))) for number in range(OF_ONE)]
    for _ in posting:
        await begun.acquire()
    async with asyncio.timeout(10):
        while (await mai.posts(picture_in(a_jpeg(), id="beyond", text="")))[0] != 503:
            pass  # the house has not come to all the others yet
    go_on.set()

    assert {status for status, _ in await asyncio.gather(*posting)} == {200}
    assert (await mai.posts(picture_in(a_jpeg(), id="beyond", text="")))[0] == 200
    assert OF_ONE < IN_ALL
