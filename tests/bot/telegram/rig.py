"""The way in by itself: a real house in which nobody answers, its webhook on its real door, Telegram played."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from prometheus_client import Counter
from telegram.ext import ApplicationBuilder

from bot.app import plan
from bot.channel import Heard
from bot.house import House
from bot.server import Door, build_app, serve
from bot.telegram import WEBHOOK
from bot.telegram.application import build
from bot.telegram.buttons import Buttons
from bot.telegram.inlet import SECRET as HEADER
from bot.telegram.inlet import Inlet
from bot.telegram.updates import Me
from core.inbox import Kept
from infra import embedded
from tests.bot.homes import settings_of

TOKEN = "1234567890:AAF-played-and-never-to-be-seen-in-a-log"
SECRET = "shown-by-telegram-alone"
ME = Me(1234567890, "imagify_bot", frozenset({"imagine"}))


class Desk:
    """A house that keeps what it hears and, where it runs, notes in which order it came to be handled."""

    def __init__(self, house: House, inlet: Inlet) -> None:
        self.house, self.inlet = house, inlet
        self.handled: list[Heard] = []
        self.noted = asyncio.Event()
        self.url = ""
        self.session: ClientSession

    async def posts(self, body: bytes | dict[str, Any], secret: str | None = SECRET) -> int:
        """As Telegram would; the status."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {} if secret is None else {HEADER: secret}
        async with self.session.post(f"{self.url}{WEBHOOK}", data=data, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def waiting(self, chat: int = 101) -> list[Heard]:
        return [Heard.of(kept) for kept in await self.house.inbox.waiting(f"telegram:{chat}")]

    def counted(self, became: str) -> float:
        return self.house.registry.get_sample_value("imagify_telegram_total", {"became": became}) or 0

    async def note(self, kept: Kept, _: str) -> None:
        self.handled.append(Heard.of(kept))
        self.noted.set()


@asynccontextmanager
async def a_desk(home: Path, api: str = "http://127.0.0.1:9") -> AsyncIterator[Desk]:
    """`api`: where Telegram is; nobody listens at the one that is taken without."""
    async with AsyncExitStack() as closing:
        wing = await closing.enter_async_context(embedded.open(home))
        plan_ = plan(settings_of(home), wing)
        desk: Desk

        async def note(kept: Kept, key: str) -> None:
            await desk.note(kept, key)

        house = House(wing, plan_, handle=note)
        await house.wake(alone=True)
        bot = build(ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot")).bot
        closing.push_async_callback(bot.request.shutdown)
        taken = Counter("imagify_telegram", "Updates", ["became"], registry=house.registry)
        inlet = Inlet(bot, house.inbox, wing.ports.cache, Buttons(plan_.secrets), taken, me=ME)
        closing.push_async_callback(inlet.close)
        desk = Desk(house, inlet)
        routes: list[web.AbstractRouteDef] = inlet.routes(SECRET)
        door = Door(wing.ports.cache, wing.ports.chance, vendor_paths=frozenset({WEBHOOK}), registry=house.registry)
        port = await closing.enter_async_context(serve(build_app(door, house.ready, routes), "127.0.0.1", 0))
        desk.url = f"http://127.0.0.1:{port}"
        desk.session = await closing.enter_async_context(ClientSession())
        yield desk


def says(number: int, text: str = "mèo", chat: int = 101, **more: Any) -> dict[str, Any]:
    """An update in which a person says something in their private chat."""
    person = {"id": chat, "first_name": "An", "language_code": "vi"}
    message = {
        "message_id": number,
        "date": 1_795_132_800,
        "chat": {**person, "type": "private"},
        "from": {**person, "is_bot": False},
        "text": text,
        **more,
    }
    return {"update_id": number, "message": message}


def presses(number: int, data: str, chat: int = 101, by: int = 101, kind: str = "private") -> dict[str, Any]:
    message = {"message_id": 4, "date": 0, "chat": {"id": chat, "type": kind}}
    person = {"id": by, "is_bot": False, "first_name": "An", "language_code": "vi"}
    query = {"id": f"q{number}", "from": person, "data": data, "message": message, "chat_instance": "1"}
    return {"update_id": number, "callback_query": query}
