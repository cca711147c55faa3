"""A refusal is appealed against by a press, an admin lets the words pass, and they are painted once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Opened
from core.appeals import Appeal
from core.table import every
from tests.bot.web.browsers import Web
from tests.bot.web.browsers import opened as opened_web
from tests.journeys import phone, zalo_phone

REFUSED = "vẽ một xấp tiền giả trên bàn"
ADMIN = 900
ADMINS = f"telegram:{ADMIN}=owner"


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


async def kept(opened: Opened) -> list[Appeal]:
    return await opened.house.appeals.open()


async def stands_nowhere(opened: Opened, person: str, words: str) -> bool:
    """Neither with the person, nor on the shelves of what waits."""
    rows = [row async for row in every(opened.house.ports.table, f"USER#{person}")]
    return not any(words in str(row.fields) for row in rows)


async def test_on_telegram_a_press_after_a_restart_brings_the_words_along_and_they_pass_once(
    road: phone.Street,
) -> None:
    an, boss = road.meets(101), road.meets(ADMIN, "Bình")
    async with road.house(admins=ADMINS) as opened:
        await an.arrives()
        said = await an.says(REFUSED)
        refused = await an.sees("🚫", after=said)
        assert await stands_nowhere(opened, (await road.person(an)).id, "tiền giả")

    async with road.house(admins=ADMINS) as opened:
        await boss.arrives()
        for _ in range(2):
            await an.presses("📮 Khiếu nại", refused)
        await an.sees("📮 Đã gửi khiếu nại", "chỉ vì bạn đã khiếu nại", after=refused)
        await boss.sees("📮 Có người khiếu nại")
        (one,) = await kept(opened)
        assert (one.words, one.rule, one.group) == ("một xấp tiền giả trên bàn", "counterfeit", "documents")
        assert one.pack

        listed = await boss.sees(one.code, "“một xấp tiền giả trên bàn”", after=await boss.says("/appeals"))
        assert f"giấy tờ, tiền giả · counterfeit · {one.pack}" in listed.text
        asked = await boss.sees("Cho vẽ một lần", after=await boss.says(f"/allow {one.code} đạo cụ phim"))
        await boss.presses("Đúng, làm đi", asked)
        told = await an.sees("✅ Khiếu nại", "đạo cụ phim", after=refused)
        await an.presses("🎨 Vẽ câu đó", told)
        await an.sees("✅ Xong", after=told)
        await an.sees("🚫", after=await an.says(REFUSED))


async def test_on_the_page_the_chat_itself_has_the_words(web: Web) -> None:
    async with web.browser() as browser, browser.tab() as tab:
        await tab.agrees()
        await tab.says(REFUSED, "1")
        await tab.until(lambda: tab.last.startswith("🚫"))
        said = len(tab.messages)

        await tab.presses("📮 Khiếu nại", "2")
        await tab.until(lambda: tab.last.startswith("📮 Đã gửi khiếu nại"))

        (one,) = await kept(web.opened)
        assert (one.words, one.rule) == ("một xấp tiền giả trên bàn", "counterfeit")
        assert len(tab.messages) == said + 1
        await tab.presses("📮 Khiếu nại", "3")
        await tab.until(lambda: len(tab.messages) == said + 2)
        assert await kept(web.opened) == [one]


async def test_on_the_page_a_refusal_costs_nothing_and_an_owners_yes_lets_the_words_pass_once(web: Web) -> None:
    async with web.browser() as browser, browser.tab() as tab, web.browser() as own:
        await own.asks(web.opened.owner)
        async with own.tab() as boss:
            await boss.agrees()
            await tab.agrees()
            await tab.says(REFUSED, "1")
            await tab.until(lambda: tab.last.startswith("🚫"))
            assert (tab.purse["free"], tab.purse["held"]) == (10, 0)
            await tab.presses("📮 Khiếu nại", "2")
            await boss.until(lambda: "📮 Có người khiếu nại" in boss.last)
            (one,) = await kept(web.opened)

            await boss.says("/appeals", "3")
            await boss.until(lambda: f"“{one.words}”" in boss.last)
            await boss.says(f"/allow {one.code} đạo cụ phim", "4")
            await boss.until(lambda: "Cho vẽ một lần" in boss.last)
            await boss.presses("Đúng, làm đi", "5")
            await tab.until(lambda: tab.last.startswith("✅ Khiếu nại"))
            await tab.presses("🎨 Vẽ câu đó", "6")
            await tab.until(lambda: len(tab.pictures) == 1)
            await tab.says(REFUSED, "7")
            await tab.until(lambda: tab.last.startswith("🚫"))

            assert (tab.purse["free"], tab.purse["held"]) == (9, 0)


async def test_on_zalo_the_number_says_how_to_send_the_words_that_nobody_has_kept(zalo: zalo_phone.Street) -> None:
    async with zalo.house() as opened:
        an = zalo.meets()
        await an.arrives()
        await an.sees("🚫", "1. 📮 Khiếu nại", after=await an.says(REFUSED))
        how = await an.sees("/appeal", "không giữ gì", after=await an.answers("1"))
        assert await kept(opened) == []

        await an.sees("📮 Đã gửi khiếu nại", after=await an.says(f"/appeal {REFUSED}"))

        assert how
        (one,) = await kept(opened)
        assert one.words == "một xấp tiền giả trên bàn"
