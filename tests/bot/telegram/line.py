"""A line from the channel to the played Telegram, without a socket, on virtual time; it can go dead either way."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Literal

import aiohttp
from aiohttp.client_reqrep import ConnectionKey
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.answers import read_answer
from bot.telegram.buttons import MOST_BYTES
from bot.telegram.channel import TelegramChannel
from bot.telegram.pacing import Pacing
from core.clock import SECOND
from core.darkroom import Print
from core.gallery import Image, hanging
from core.provenance import Mark
from infra.sandbox.telegram import Bot as PlayedBot
from infra.sandbox.telegram import Clock, Cut, Message, Telegram, Upload
from infra.sandbox.telegram.telegram import Call
from tests.house import Imagify
from tests.pictures import a_jpeg
from tests.storms.loop import SimClock
from tests.storms.played import PlayedDarkroom

TOKEN = "123456:AAE-play"
A_PHOTO = a_jpeg()
NOWHERE = ConnectionKey("api.telegram.org", 443, True, True, None, None, None)

WAITS = (3.0, 60.0)  # seconds that a chat is told to wait

Break = Literal["before", "unreached", "after", "silence", "torn"]


class Lab(PlayedDarkroom):
    """Its photos are real ones, for Telegram looks at them."""

    async def develop(self, data: bytes, mark: Mark) -> Print:
        return replace(await super().develop(data, mark), thumbnail=A_PHOTO)

    async def photo(self, data: bytes, heaviest: int = 0) -> bytes:  # noqa: ARG002  every photo of it is small
        return A_PHOTO + data


class Line(BaseRequest):
    """As the aiohttp one: it maps what goes wrong to the library's errors, with the fault behind them."""

    def __init__(
        self, telegram: Telegram, clock: SimClock, lot: random.Random, delay: tuple[float, float] = (0.02, 0.1)
    ) -> None:
        self.telegram, self._clock, self._lot, self._delay = telegram, clock, lot, delay
        self.breaks: list[Break] = []
        self.floods = 0.0  # the share of calls whose chat is told to wait

    @property
    def read_timeout(self) -> float:
        return 5

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        del method
        fault = self.breaks.pop(0) if self.breaks else None
        await self._clock.sleep(self._lot.uniform(*self._delay))
        self._go(fault)
        params, files = asked(request_data)
        if self._lot.random() < self.floods:
            wait = self._lot.uniform(*WAITS)
            self.telegram.faults.set("flood", chat=int(params["chat_id"]), times=1, seconds=wait)
        try:
            answer = await self.telegram.call(TOKEN, url.rpartition("/")[2], params, files)
        except Cut:
            raise NetworkError("cut") from aiohttp.ServerDisconnectedError()
        await self._clock.sleep(self._lot.uniform(*self._delay))
        if fault == "silence":
            raise TimedOut
        if fault == "after":
            raise NetworkError("cut") from aiohttp.ClientOSError()
        body = b"{" if fault == "torn" else json.dumps(answer.body).encode()
        return read_answer(url.rpartition("/")[2], answer.status, body)

    def _go(self, fault: Break | None) -> None:
        if fault == "before":
            raise TimedOut from aiohttp.ConnectionTimeoutError()
        if fault == "unreached":
            raise NetworkError("no way") from aiohttp.ClientConnectorError(NOWHERE, OSError())


def asked(data: RequestData | None) -> tuple[dict[str, str], dict[str, Upload]]:
    if data is None:
        return {}, {}
    files = data.multipart_data or {}
    uploads = {name: Upload(body, file, mime) for name, (file, body, mime) in files.items() if isinstance(body, bytes)}
    return dict(data.json_parameters), uploads


class Phone:
    """The played Telegram with the channel that speaks to it, on the ports of a house."""

    def __init__(self, imagify: Imagify, **ports: Any) -> None:
        clock = Clock(wall=lambda: imagify.clock.now() / SECOND)
        self.telegram = Telegram([PlayedBot(TOKEN)], clock=clock, lot=random.Random(7))
        self.ports = replace(imagify.ports(imagify.clock), darkroom=Lab(), **ports)
        self.line = Line(self.telegram, imagify.clock, imagify.lot)
        self.pacing = Pacing(imagify.clock)
        self.channel = TelegramChannel(Bot(TOKEN, request=self.line), self.ports, signed, self.pacing)
        self.imagify = imagify

    def again(self) -> TelegramChannel:
        """The channel of the next process: it remembers nothing but what was written down."""
        return TelegramChannel(Bot(TOKEN, request=self.line), self.ports, signed)

    def meets(self, number: int) -> str:
        """Somebody who has started the bot; their chat."""
        self.telegram.person(number).chat()
        return str(number)

    def messages(self, chat: str) -> list[Message]:
        return self.telegram.chat(int(chat)).messages

    def text(self, chat: str) -> str:
        """Of the newest message."""
        return said(self.messages(chat)[-1])

    def buttons(self, chat: str) -> list[list[dict[str, Any]]]:
        markup = self.messages(chat)[-1].body.get("reply_markup", {})
        rows: list[list[dict[str, Any]]] = markup.get("inline_keyboard", [])
        return rows

    def calls(self, *methods: str) -> Sequence[Call]:
        return [call for call in self.telegram.calls if not methods or call.method in methods]

    async def hangs(self, image: str, data: bytes = b"PLAYED one", **more: Any) -> Image:
        """A kept picture with its bytes."""
        facts: dict[str, Any] = {
            "sha256": sha256(data).hexdigest(),
            "thumb_sha256": sha256(A_PHOTO).hexdigest(),
            "size": len(data),
            "mime": "image/png",
            "width": 64,
            "height": 48,
            "model": "pocket",
            "route": "pocket@here",
            "seed": 7,
            "price": 1,
            "prompt": {"words": "mèo"},
            "at": 0,
        }
        kept = Image(id=image, person="P1", **{**facts, **more})
        await self.ports.table.write(hanging(kept))
        await self.ports.blobs.put(kept.blob, data, kept.mime)
        await self.ports.blobs.put(kept.thumb, A_PHOTO, "image/jpeg")
        return kept


def signed(chat: str, action: str, _: str = "") -> str:
    """As the real ones, it refuses what would not fit."""
    data = f"{chat}|{action}"
    if len(data) > MOST_BYTES:
        raise ValueError(action)
    return data


def said(message: Message) -> str:
    return str(message.body.get("text") or message.body.get("caption") or "")
