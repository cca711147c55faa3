"""Limits of a page: how much a chat says, how large a frame is, how many tabs; each told, and nothing lost."""

import json
from contextlib import AsyncExitStack

from bot.flood import Flood
from bot.strangers import StrangerLimits
from bot.web.ear import LONGEST_TEXT
from core.audit import every_row
from tests.bot.web.browsers import Browser, Tab, Web

TOO_BIG, TOO_MANY = 1009, 4008


async def test_a_chat_that_floods_is_told_so_and_only_so_much_of_it_is_kept(web: Web, tab: Tab) -> None:
    flood = Flood()
    for number in range(flood.at_once + 10):
        await tab.sends(do="say", id=str(number), text="số dư")
    await tab.until(lambda: len(tab.acked) - 1 + len(tab.refused) == flood.at_once + 10)

    assert "Hơi nhanh quá" in tab.refused[0]
    said = [row async for row in every_row(web.opened.house.ports.table) if row.fields.get("kind") == "said"]
    assert len(said) == len(tab.acked) - 1 < flood.at_once + 10


async def test_words_that_are_too_long_are_refused_with_a_sentence_and_the_page_stays_open(tab: Tab) -> None:
    await tab.sends(do="say", id="long", text="ơ" * (LONGEST_TEXT + 1))
    await tab.until(lambda: bool(tab.refused))
    await tab.says("số dư", "2")
    await tab.until(lambda: tab.last.startswith("💰"))

    assert "tối đa 4000" in tab.refused[0]


async def test_a_frame_beyond_64_kib_is_not_even_taken_in(tab: Tab) -> None:
    await tab.socket.send_str(json.dumps({"do": "say", "id": "1", "text": "x" * 70_000}))

    assert await tab.closed() == TOO_BIG


async def test_a_socket_is_never_packed(mai: Browser) -> None:
    await mai.asks("/")
    async with mai.session.ws_connect(f"{mai.web.url}/live", headers={"Origin": mai.web.url}, compress=15) as socket:
        assert not socket.compress


async def test_a_chat_has_so_many_tabs_and_one_more_is_told_why(mai: Browser) -> None:
    async with AsyncExitStack() as open_:
        for _ in range(StrangerLimits().chat_sockets):
            await open_.enter_async_context(mai.tab())

        async with mai.tab() as beyond:
            assert await beyond.closed() == TOO_MANY
        await open_.aclose()
        async with mai.tab() as again:
            await again.until(lambda: bool(again.frames))
