"""A bot for the played Zalo: calls without a socket, a webhook and a web that answer as told, a clock by hand."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from infra.sandbox.zalo import Answer, Bot, Clock, Fetched, Heard, Message, Person, Zalo
from tests.infra.sandbox.telegram_rig import png

TOKEN = "1459232241454765289:abc-play"
BOT = Bot(TOKEN)
THE_DAY = 1_795_132_800.0  # 2026-11-20, midnight UTC
HOOK = "http://127.0.0.1:9/zalo/webhook"
SECRET = "s3cret-of-eight"
PHOTO = "http://127.0.0.1:9/i/cat.png"
OK = Heard(200)
Wire = dict[str, Any]


def served(data: bytes | None = None, kind: str = "image/png") -> Fetched:
    body = png() if data is None else data
    return Fetched(200, kind, len(body), body)


class Rig:
    """One bot, and one person who has written to it; the webhook hears what it is sent and says what it is told to."""

    def __init__(self, *bots: Bot) -> None:
        self.heard: list[tuple[bytes, Mapping[str, str]]] = []
        self.says: list[Heard | Exception] = []  # one for each delivery, then 200
        self.web: dict[str, Fetched] = {PHOTO: served()}
        self.zalo = Zalo(
            bots or [BOT],
            clock=Clock.by_hand(THE_DAY),
            line=self._line,
            fetch=self._fetch,
            lot=random.Random(7),
        )
        self.an: Person = self.zalo.person(name="An")

    async def _line(self, url: str, body: bytes, headers: Mapping[str, str]) -> Heard:
        assert url == HOOK
        self.heard.append((body, headers))
        said = self.says.pop(0) if self.says else OK
        if isinstance(said, Exception):
            raise said
        return said

    async def _fetch(self, method: str, url: str, *_: object) -> Fetched:
        if url not in self.web:
            return Fetched(404, "text/plain")
        got = self.web[url]
        return Fetched(got.status, got.kind, got.length) if method == "HEAD" else got

    @property
    def updates_heard(self) -> list[Wire]:
        """By the webhook, probes left out."""
        return [json.loads(body) for body, _ in self.heard if body]

    @property
    def texts_heard(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates_heard]

    async def begins(self) -> None:
        """An writes, and the bot has read it."""
        await self.an.says("chào")
        await self.calls("getUpdates", timeout=0)

    async def calls(self, method: str, /, **params: object) -> Answer:
        return await self.zalo.call(TOKEN, method, params)

    async def gets(self, method: str, /, **params: object) -> Any:
        """What is wanted is what comes."""
        answer = await self.calls(method, **params)
        assert answer.ok, answer.body
        return answer.result

    async def refused(self, method: str, /, **params: object) -> tuple[int, str]:
        """Code and words, in an answer that HTTP calls a success."""
        answer = await self.calls(method, **params)
        assert (answer.status, answer.ok) == (200, False)
        return answer.code, answer.words

    async def sends(self, text: str = "chào", **params: object) -> Message:
        return self._found(await self.gets("sendMessage", **{"chat_id": self.an.id, "text": text, **params}))

    async def sends_photo(self, url: str = PHOTO, **params: object) -> Message:
        return self._found(await self.gets("sendPhoto", **{"chat_id": self.an.id, "photo": url, **params}))

    def _found(self, sent: Wire) -> Message:
        return next(one for one in self.zalo.chat(self.an.id).newest_first() if one.id == sent["message_id"])

    async def reads(self) -> Wire | None:
        """One update that waits, if one does."""
        answer = await self.calls("getUpdates", timeout="0")
        return answer.body["result"] if answer.ok else None

    async def reads_all(self) -> list[Wire]:
        return [update async for update in self._waiting()]

    async def _waiting(self) -> AsyncIterator[Wire]:
        while update := await self.reads():
            yield update

    async def hooks(self, **params: object) -> Any:
        return await self.gets("setWebhook", **{"url": HOOK, "secret_token": SECRET, **params})


@asynccontextmanager
async def waiting(rig: Rig, **params: object) -> AsyncIterator["asyncio.Task[Answer]"]:
    """A long poll that is under way."""
    polled = rig.zalo.robot().updates.polled
    task = asyncio.create_task(rig.calls("getUpdates", **params))
    await asyncio.sleep(0)
    assert rig.zalo.robot().updates.polled == polled + 1
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(zalo: Zalo, met: Callable[[], bool]) -> None:
    """Whatever has to happen first happens."""
    while not met():
        zalo.stirred.clear()
        await zalo.stirred.wait()
