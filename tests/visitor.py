"""Somebody at the door of a house in another process (tests/image.sh): orders a picture, and comes back for it later.

python -m tests.visitor orders URL CHAT    ends as soon as the picture is being painted; CHAT is made, with the cookie
python -m tests.visitor looks URL CHAT     ends when the picture stands in the chat
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, CookieJar

from tests.bot.web.browsers import PATIENCE, Tab

COMMAND_LINE = 4  # words


@asynccontextmanager
async def tab(url: str, cookie: str) -> AsyncIterator[tuple[Tab, str]]:
    """The page as whoever has this cookie sees it, and the cookie, which is new where there was none."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True), cookies={"imagify": cookie} if cookie else None) as own:
        async with own.get(url) as page:
            kept = page.cookies["imagify"].value if "imagify" in page.cookies else cookie
        async with own.ws_connect(f"{url}/live", headers={"Origin": url}, max_msg_size=0) as socket:
            opened = Tab(socket)
            await opened.sends(do="hello", after=0, language="vi")
            yield opened, kept


async def orders(url: str, _: str) -> str:
    async with tab(url, "") as (page, cookie):
        await page.agrees()
        await page.says("mèo mướp đội nón lá", "1")
        await page.until(lambda: any(step["progress"]["place"] == 0 for step in page.steps))
        return cookie


async def looks(url: str, cookie: str) -> str:
    async with tab(url, cookie) as (page, _):
        await page.until(lambda: bool(page.pictures))
        async with asyncio.timeout(PATIENCE), ClientSession() as own, own.get(f"{url}{page.pictures[-1]}") as picture:
            assert picture.status == 200
            assert picture.content_type.startswith("image/")
            return cookie


if __name__ == "__main__":
    assert len(sys.argv) == COMMAND_LINE, __doc__
    does, where, chat = {"orders": orders, "looks": looks}[sys.argv[1]], sys.argv[2], Path(sys.argv[3])
    chat.write_text(asyncio.run(does(where, chat.read_text() if chat.exists() else "")))
