"""What is sent on the page is kept for as long as something can be done with it, and of nobody who has not agreed."""

from core.audit import audit, every_row
from tests.bot.web.browsers import Browser, Tab, Web
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
        await tab.until(lambda: "1" in tab.acked)

    assert await web.opened.house.ports.blobs.walk() == []


async def test_a_picture_is_on_the_disk_before_it_is_acknowledged(web: Web, tab: Tab) -> None:
    await tab.uploads(a_jpeg(), "1", text="/describe")
    await tab.until(lambda: "1" in tab.acked)

    (kept,) = await web.opened.house.ports.blobs.walk()
    assert kept.name.startswith("upload/")
