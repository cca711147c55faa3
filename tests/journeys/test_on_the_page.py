"""A person and an admin at the page of a real house: lost words, tools, a gift, the journal, bans and the gallery."""

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from infra.embedded.painter import PocketPainter
from infra.local.clock import WallClock
from tests.bot.web.browsers import PATIENCE, Tab, Web, opened
from tests.house import BEDROCK
from tests.pictures import a_jpeg
from tests.storms.played import PlayedScribe

LOST = "tô phở bò tái nghễnh ngãng"
LEAF = 12
ORDER = re.compile(r"/p/(\w+)")


@asynccontextmanager
async def somebody(web: Web, gift: int = 10) -> AsyncIterator[Tab]:
    """The page of a newcomer who has agreed."""
    async with web.browser() as browser, browser.tab() as tab:
        await tab.agrees(gift)
        yield tab


async def answer(tab: Tab, words: str) -> str:
    """What the house says to these words."""
    before = len(tab.messages)
    await tab.says(words, f"said {before}")
    await tab.until(lambda: len(tab.messages) > before + 1)
    return tab.last


async def press(tab: Tab, label: str) -> None:
    """Press the newest button that begins with `label`, and wait for the answer."""
    before = tab.seq
    await tab.presses(label, f"pressed {before}")
    await tab.until(lambda: tab.seq > before)


def labels(tab: Tab) -> list[str]:
    return [str(choice["text"]) for choice in tab.messages[-1].get("choices", ())]


async def pays(web: Web, tab: Tab, vnd: str) -> None:
    """The order's own page, followed to the bank and paid there; the bank calls the house."""
    assert tab.browser
    assert web.opened.till
    assert web.opened.till.played
    gateway = web.opened.till.played.gateway
    await answer(tab, f"/topup {vnd}")
    ref = await order_at(tab)
    leads = await tab.browser.asks(f"/p/{ref}/pay", "POST", Origin=web.url)
    assert leads.status == 303
    gateway.open(leads.headers["Location"])
    await gateway.pay(ref)


async def order_at(tab: Tab) -> str:
    """The order that the newest message leads to, by its text or a button."""
    await tab.until(lambda: ORDER.search(json.dumps(tab.messages[-1])) is not None)
    found = ORDER.search(json.dumps(tab.messages[-1]))
    assert found
    return found[1]


# --- words that nobody could put into English


async def test_lost_words_cost_nothing_and_are_painted_as_typed_by_one_press(tmp_path: Path) -> None:
    scribe = PlayedScribe(random.Random(1))
    scribe.loses.add(LOST)
    async with opened(tmp_path, vendors=BEDROCK, scribe=scribe) as web, somebody(web) as an:
        await pays(web, an, "20k")
        await an.until(lambda: an.purse["free"] == 30)
        await answer(an, "/settings")
        await press(an, "Vẽ luôn")

        await an.says(f"{LOST} --model core", "lost")
        await an.until(lambda: "không dịch được mô tả này" in an.last)
        assert "Đã hoàn" in an.last
        assert labels(an)[1] == "🔁 Thử lại"
        await an.until(lambda: (an.purse["free"], an.purse["held"]) == (30, 0))
        await press(an, "✍️ Vẽ đúng lời tôi")
        await an.until(lambda: len(an.pictures) == 1)

        assert LOST in an.last
        await an.until(lambda: an.purse["free"] < 30)


# --- what is sold


async def test_what_the_price_list_names_is_two_presses_and_a_sentence_away(tmp_path: Path) -> None:
    async with opened(tmp_path, vendors=BEDROCK) as web, somebody(web) as an:
        prices = await answer(an, "/pricing")
        assert "• Thay một vật: 💳 4 credit" in prices
        for hidden in ("Stable", "Erase", "Inpaint", "Style transfer", "Search"):
            assert hidden not in prices
        await pays(web, an, "100k")
        await an.until(lambda: an.purse["free"] == 130)
        await answer(an, "/settings")
        await press(an, "Vẽ luôn")
        await an.draws("mèo mướp", "first")

        await press(an, "🧰 Thêm nữa")
        await press(an, "🔁 Thay vật")
        await an.until(lambda: "credit)" in an.last)
        await an.draws("con mèo → con chó", "wish")

        assert "con mèo → con chó" in an.last


async def test_what_takes_bought_credits_says_so_and_goes_on_after_the_payment(tmp_path: Path) -> None:
    async with opened(tmp_path, vendors=BEDROCK) as web, somebody(web) as an:
        await an.uploads(a_jpeg(), "photo", text="thêm mũ")
        await an.until(lambda: "cần credit đã mua" in an.last)
        assert "Không trừ credit" in an.last
        assert an.purse["free"] == 10
        assert [one for one in labels(an) if "20.000" in one or "50.000" in one]

        await pays(web, an, "20k")
        await an.until(lambda: "▶️ Tiếp tục" in " ".join(labels(an)))
        before = len(an.pictures)
        await press(an, "▶️ Tiếp tục")
        await an.until(lambda: len(an.pictures) > before)

        assert "thêm mũ" in an.last
        await an.until(lambda: (an.purse["free"], an.purse["held"]) == (25, 0))


async def test_a_tool_shows_its_card_before_the_press(tmp_path: Path) -> None:
    async with opened(tmp_path, vendors=BEDROCK) as web, somebody(web) as an:
        await an.draws("mèo mướp", "first")

        await press(an, "🧰 Thêm nữa")
        await an.until(lambda: "💳: cần credit đã mua" in an.last)
        assert all("· 💳 " in one for one in labels(an) if re.search(r"\d+$", one))
        await press(an, "✂️ Xoá nền")
        await an.until(lambda: an.last.startswith("💳 “Xoá nền” cần credit đã mua"))

        assert an.purse["free"] == 9


# --- the journal


async def test_a_picture_that_was_told_stands_in_the_journal_once_and_without_words(tmp_path: Path) -> None:
    async with opened(tmp_path) as web, somebody(web) as an:
        assert an.browser
        await an.draws("mèo mướp đội nón lá", "1")
        chat = an.browser.cookie().partition(".")[0]
        person = await web.opened.house.people.find("web", chat)
        async with asyncio.timeout(PATIENCE):
            while not (noted := facts(tmp_path, "image ready")):
                await web.opened.house.tally.count()
    async with opened(tmp_path) as web:
        await web.opened.house.tally.count()

    assert person
    assert facts(tmp_path, "image ready") == noted
    assert [(one["facts"]["channel"], one["facts"]["outcome"]) for one in noted] == [("web", "delivered")]
    told = json.dumps(facts(tmp_path), ensure_ascii=False)
    assert not [secret for secret in ("mèo", "nón", chat, person.id) if secret in told]


def facts(home: Path, kind: str = "") -> list[dict[str, Any]]:
    """The lines of the journal's files."""
    files = sorted((home / "journal").glob("*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return [line for line in lines if line["kind"].startswith(kind)]


# --- an admin


async def test_an_owner_sees_bans_and_figures_at_the_page(tmp_path: Path) -> None:
    async with opened(tmp_path) as web, somebody(web) as an, web.browser() as browser:
        await browser.asks(web.opened.owner)
        async with browser.tab() as boss:
            await boss.agrees()
            assert an.browser
            person = await web.opened.house.people.find("web", an.browser.cookie().partition(".")[0])
            assert person
            assert await answer(boss, "/banned") == "Không ai bị khoá."
            await answer(boss, f"/ban {person.id} spam")
            await press(boss, "Đúng, làm đi")

            assert "🚫 Bị khoá từ " in await answer(boss, f"/user {person.id}")
            assert "lý do: spam" in boss.last
            assert (await answer(boss, "/banned")).startswith("🚫 Đang bị khoá: 1\n")
            assert (await answer(boss, "/stats 7d")).startswith("📊 7 ngày")
            assert "/appeal" in await answer(an, "một con mèo")
            assert an.purse["free"] == 10


# --- the gallery, and words that the pocket does not know


async def test_the_gallery_has_a_second_page_favourites_and_a_search(tmp_path: Path) -> None:
    async with opened(tmp_path, gift=20) as web, somebody(web, gift=20) as an:
        for number in range(3):
            await an.draws(f"chó {number} --n 4", f"dogs {number}")
        await an.draws("Một con MÈO đen", "cat")
        await press(an, "⭐")

        await answer(an, "thư viện")
        first = hung(an)
        await press(an, "➡️ Ảnh cũ hơn")
        await an.until(lambda: hung(an) not in ([], first))

        assert (len(first), len(hung(an))) == (LEAF, 1)
        assert not {*hung(an)} & {*first}
        for said in ("yêu thích", "/gallery meo den"):
            await answer(an, said)
            assert hung(an) == first[:1]


def hung(tab: Tab) -> list[str]:
    """Pictures on the wall of the newest message."""
    return [str(one["picture"]) for one in tab.messages[-1].get("wall", ())]


async def test_the_pocket_names_words_that_it_does_not_know_and_a_filler_costs_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, painter=PocketPainter(WallClock())) as web, somebody(web) as an:
        await an.draws("con mèo nghễnh ngãng", "1")
        assert "🔤 Người vẽ bỏ túi chưa biết vẽ: nghễnh, ngãng" in an.last
        await an.until(lambda: (an.purse["free"], an.purse["held"]) == (9, 0))

        await an.says("blorf qwrtp", "2")
        await an.until(lambda: "chưa biết từ nào trong mô tả (blorf, qwrtp)" in an.last)
        assert "Đã hoàn 1 credit" in an.last
        await an.until(lambda: (an.purse["free"], an.purse["held"]) == (9, 0))
        assert len(an.pictures) == 1
