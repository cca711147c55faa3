"""Talk on the page: answered, and charged to nobody."""

from tests.bot.web.browsers import Tab


async def test_thanks_and_a_menu_are_answered_and_four_pictures_are_four(tab: Tab) -> None:
    await tab.says("cảm ơn bạn", "1")
    await tab.until(lambda: tab.last.startswith("🤗 Không có gì"))
    await tab.says("menu", "2")
    await tab.until(lambda: "/gallery" in tab.last)
    await tab.says("làm lại", "3")
    await tab.until(lambda: tab.last.startswith("🖼️ Bạn chưa có ảnh nào"))
    assert tab.purse["free"] == 10

    await tab.says("vẽ 4 ảnh con mèo", "4")
    await tab.until(lambda: tab.last.startswith("✅ 4 ảnh"))

    assert tab.purse["free"] == 6


async def test_words_that_lean_on_a_picture_are_offered_and_may_be_declined(tab: Tab) -> None:
    await tab.draws("con mèo", "1")

    await tab.says("con đó nhưng màu xanh", "2")
    await tab.until(lambda: "“con mèo, màu xanh”" in tab.last)
    await tab.presses("Không vẽ", "3")
    await tab.until(lambda: tab.last.startswith("👌 Mình không vẽ"))

    assert (tab.purse["free"], tab.purse["held"]) == (9, 0)
