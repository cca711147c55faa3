"""A bot for the played Telegram: calls without a socket, a webhook that answers as it is told, a clock by hand."""

import asyncio
import json
import random
import struct
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from infra.sandbox.telegram import Answer, Bot, Clock, Heard, Message, Person, Telegram, Upload

TOKEN = "123456:AAE-play"
BOT = Bot(TOKEN)
OTHER = Bot("654321:AAE-other", "other_bot", "Other")
THE_DAY = 1_795_132_800.0  # 2026-11-20, midnight UTC
HOOK = "http://127.0.0.1:9/telegram/webhook"
OK = Heard(200)
Wire = dict[str, Any]


class Rig:
    """One bot, one person who has started it; the webhook hears what it is sent and says what it is told to."""

    def __init__(self, *bots: Bot, started: bool = True) -> None:
        self.heard: list[tuple[Wire, Mapping[str, str]]] = []
        self.says: list[Heard | Exception] = []  # one for each update, then 200
        self.telegram = Telegram(bots or [BOT], clock=Clock.by_hand(THE_DAY), line=self._line, lot=random.Random(7))
        self.an: Person = self.telegram.person(101, "An")
        if started:
            self.an.chat()

    async def _line(self, url: str, body: bytes, headers: Mapping[str, str]) -> Heard:
        assert url == HOOK
        self.heard.append((json.loads(body), headers))
        said = self.says.pop(0) if self.says else OK
        if isinstance(said, Exception):
            raise said
        return said

    @property
    def heard_texts(self) -> list[str]:
        return [update["message"]["text"] for update, _ in self.heard]

    async def calls(self, method: str, files: Mapping[str, Upload] | None = None, /, **params: object) -> Answer:
        return await self.telegram.call(TOKEN, method, params, files)

    async def gets(self, method: str, files: Mapping[str, Upload] | None = None, /, **params: object) -> Any:
        """What is wanted is what comes."""
        answer = await self.calls(method, files, **params)
        assert answer.status == 200, answer.body
        return answer.result

    async def refused(self, method: str, files: Mapping[str, Upload] | None = None, /, **params: object) -> str:
        """Telegram's words, after the status that they stand for has been seen to fit."""
        answer = await self.calls(method, files, **params)
        assert answer.status == answer.body["error_code"] != 200
        assert answer.body["ok"] is False
        return answer.words

    async def sends(self, text: str = "chào", **params: object) -> Message:
        """The bot does, to An unless somewhere else is meant."""
        sent = await self.gets("sendMessage", **{"chat_id": 101, "text": text, **params})
        found = self.telegram.chat(int(sent["chat"]["id"])).find(sent["message_id"])
        assert found is not None
        return found

    async def updates(self, offset: int = 0, **params: object) -> list[Wire]:
        got = await self.gets("getUpdates", offset=offset, **params)
        assert isinstance(got, list)
        return got

    async def kinds(self) -> list[str]:
        return [next(name for name in update if name != "update_id") for update in await self.updates()]

    async def hooks(self, **params: object) -> None:
        """Sets the webhook; a second passes, for Telegram minds two settings within one."""
        await self.telegram.pass_by(1)
        await self.gets("setWebhook", url=HOOK, **params)


@asynccontextmanager
async def waiting(rig: Rig, **params: object) -> AsyncIterator["asyncio.Task[Answer]"]:
    """A long poll that is under way."""
    task = asyncio.create_task(rig.calls("getUpdates", **params))
    await asyncio.sleep(0)
    assert rig.telegram.robot().updates.polled
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(telegram: Telegram, met: Callable[[], bool]) -> None:
    """Whatever has to happen first happens."""
    while not met():
        telegram.stirred.clear()
        await telegram.stirred.wait()


def buttons(*rows: list[Wire]) -> Wire:
    return {"inline_keyboard": list(rows)}


def button(text: str = "Vẽ", **more: object) -> Wire:
    return {"text": text, **(more or {"callback_data": "draw"})}


def png(width: int = 64, height: int = 48, weight: int = 0) -> bytes:
    """A picture of one grey, as heavy as wished."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(min(height, 3000))))
    filler = chunk(b"tEXt", b"\0" * max(0, weight))
    return head + chunk(b"IDAT", rows) + (filler if weight else b"") + chunk(b"IEND", b"")


def photo(data: bytes | None = None) -> dict[str, Upload]:
    return {"photo": Upload(data or png(), "a.png", "image/png")}
