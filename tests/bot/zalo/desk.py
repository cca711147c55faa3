"""The way in by itself: a real house in which nobody answers, its webhook on its real door, and Zalo played."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from pydantic import SecretStr

from bot.app import plan
from bot.channel import Heard
from bot.house import House
from bot.server import Door, build_app, serve
from bot.vendors import Zalo
from bot.zalo import WEBHOOK
from bot.zalo.inlet import SECRET as HEADER
from bot.zalo.mouth import ZaloMouth
from core.inbox import Kept
from infra import embedded
from infra.sandbox.zalo import Bot, Person, Played, open_zalo
from tests.bot.homes import settings_of

TOKEN, SECRET = "12345689:abc-played-and-never-to-be-seen-in-a-log", "shown-by-zalo-alone"
AN = "6ede9afa66b88fe6d6a9"


class Desk:
    """A house that keeps what it hears."""

    def __init__(self, house: House, mouth: ZaloMouth, played: Played) -> None:
        self.house, self.mouth, self.played = house, mouth, played
        self.url = ""
        self.session: ClientSession

    async def posts(self, body: bytes | dict[str, Any], secret: str | None = SECRET) -> int:
        """As Zalo would; the status."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {} if secret is None else {HEADER: secret}
        async with self.session.post(f"{self.url}{WEBHOOK}", data=data, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def waiting(self, chat: str = AN) -> list[Heard]:
        return [Heard.of(kept) for kept in await self.house.inbox.waiting(f"zalo:{chat}")]

    def counted(self, became: str) -> float:
        return self.house.registry.get_sample_value("imagify_zalo_total", {"became": became}) or 0

    def person(self, name: str = "An", *, protected: bool = False) -> Person:
        return self.played.zalo.person(name=name, protected=protected)

    async def until(self, holds: Callable[[], object]) -> None:
        """Looked at whenever Zalo has something new to show, and now and then."""
        async with asyncio.timeout(10):
            while not holds():
                stirred = self.played.zalo.stirred
                stirred.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await stirred.wait()


@asynccontextmanager
async def a_desk(home: Path, token: str = TOKEN, **own: Any) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as closing:
        played = await closing.enter_async_context(open_zalo([Bot(TOKEN, groups=True)], scale=20))
        wing = await closing.enter_async_context(embedded.open(home))
        plan_ = plan(settings_of(home), wing)
        said = {"token": token, "api": played.api_url, "mode": "webhook", "secret": SecretStr(SECRET), **own}
        mouth = ZaloMouth(Zalo.model_validate(said), wing.ports, plan_.secrets)

        async def note(_: Kept, __: str) -> None:
            """Nobody answers."""

        house = House(wing, plan_, [mouth.channel], handle=note)
        await house.wake(alone=True)
        routes: list[web.AbstractRouteDef] = mouth.join(house)
        closing.push_async_callback(mouth.close)
        door = Door(wing.ports.cache, wing.ports.chance, vendor_paths=frozenset({WEBHOOK}), registry=house.registry)
        port = await closing.enter_async_context(serve(build_app(door, house.ready, routes), "127.0.0.1", 0))
        desk = Desk(house, mouth, played)
        desk.url = house.counter.base = f"http://127.0.0.1:{port}"
        desk.session = await closing.enter_async_context(ClientSession())
        yield desk


def says(number: int, text: str = "mèo", chat: str = AN, kind: str = "text", **more: Any) -> dict[str, Any]:
    """An event in which a person says something in their private chat."""
    message = {
        "message_id": f"{number:020x}",
        "date": 1_795_132_800_000 + number,
        "text": text,
        "from": {"id": chat, "display_name": "An", "is_bot": False},
        "chat": {"id": chat, "chat_type": "PRIVATE"},
        **more,
    }
    return {"event_name": f"message.{kind}.received", "message": message}
