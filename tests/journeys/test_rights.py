"""What is theirs stays theirs, on every channel and under a ban: their data, their deletion, their money."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Opened
from core.addresses import Address
from infra.sandbox.telegram import Message
from tests.bot.web.browsers import Web
from tests.bot.web.browsers import opened as opened_web
from tests.journeys import phone, zalo_phone

OWNER = Address("web", "owner", "owner")
RIGHTS = {"/privacy": "🔒", "/terms": "📜", "/paysupport": "🧾", "/deleteme": "🗑️"}


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


async def bans(opened: Opened, channel: str, chat: str) -> None:
    await opened.house.addresses.ban(Address(channel, chat, chat), reason="spam", actor=OWNER)


def told(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def holds(files: dict[str, bytes], words: str) -> None:
    """The picture, its words, and an order that was begun."""
    assert words in files["prompts.json"].decode()
    assert [name for name in files if name.startswith("images/")]
    assert [order["state"] for order in json.loads(files["orders.json"])] == ["pending"]


async def test_on_telegram_the_file_comes_into_the_chat_also_of_who_is_banned(road: phone.Street) -> None:
    async with road.house() as opened:
        an = road.meets(101)
        await an.arrives()
        await an.is_shown(await an.says("một con mèo"))
        ways = await an.sees("50.000", after=await an.says("/topup 50k"))
        await an.presses(phone.buttons(ways)[-1], ways)
        await an.sees_bill()  # of Stars, which are in the ZIP like any other order
        await bans(opened, "telegram", "101")
        refused = await an.says("một con chó")
        await an.sees("🚫", "/mydata", after=refused)

        asked = await an.says("/mydata")
        file = await road.until(lambda: the_file(an, asked))
        for words, answer in RIGHTS.items():
            await an.sees(answer, after=await an.says(words))

        document = road.played.telegram.files.named(file.body["document"]["file_id"])
        assert document
        assert document.upload.name == "imagify.zip"
        holds(told(document.upload.data), "một con mèo")


def the_file(an: phone.Passer, asked: Message) -> Message | None:
    newer = (one for one in an.chat.newest_first() if one.id > asked.id and one.by_bot)
    return next((one for one in newer if "document" in one.body), None)


async def test_on_zalo_a_link_leads_to_it_that_gives_nothing_away_before_somebody_presses(
    zalo: zalo_phone.Street,
) -> None:
    async with zalo.house() as opened:
        an = zalo.meets()
        await an.arrives()
        await an.is_shown(after=await an.says("một con mèo"))
        await an.sees("50.000", after=await an.says("nap 50k"))
        await bans(opened, "zalo", an.known.id)

        asked = await an.says("/mydata")
        link = next(word for word in (await an.sees("/mydata/", after=asked)).text.split() if word.startswith("http"))
        async with zalo.session.get(link) as page:
            looked = await page.text()
        async with zalo.session.post(link) as answer:
            files = told(await answer.read())
        async with zalo.session.post(link[:-1] + "x") as forged:
            assert forged.status == 404

        assert "<form" in looked
        assert "mèo" not in looked
        holds(files, "một con mèo")
        for words, said in RIGHTS.items():
            await an.sees(said, after=await an.says(words))


async def test_on_the_page_it_comes_in_pieces_one_at_a_time_also_for_who_is_banned(web: Web) -> None:
    async with web.browser() as browser, browser.tab() as tab:
        await tab.agrees()
        await tab.draws("một con mèo", "1")
        chat = browser.cookie().partition(".")[0]
        await bans(web.opened, "web", chat)
        await tab.says("/mydata", "2")
        await tab.until(lambda: "📦" in tab.last)
        takeaway = web.opened.house.desk.takeaway
        person = await web.opened.house.people.find("web", chat)
        assert person

        begun = takeaway.pieces(person)
        await anext(begun)
        second = await browser.asks("/mydata")
        await begun.aclose()
        third = await browser.asks("/mydata")

        assert second.status == 429
        assert "đang được tải" in await second.text()
        assert third.headers["Transfer-Encoding"] == "chunked"
        assert [name for name in told(await third.read()) if name.startswith("images/")]
        for number, (words, answer) in enumerate(RIGHTS.items()):
            await tab.says(words, f"r{number}")
            await tab.until(lambda answer=answer: answer in tab.last)  # type: ignore[misc]  # it is called at once


async def test_no_more_than_a_few_are_handed_out_at_once(web: Web) -> None:
    house = web.opened.house
    people = [await house.people.greet("web", f"chat{number}", "vi") for number in range(7)]
    begun = [house.desk.takeaway.pieces(person) for person in people]

    done = await asyncio.gather(*map(anext, begun), return_exceptions=True)

    assert sum(isinstance(one, Exception) for one in done) == 1
    for one in begun:
        await one.aclose()
