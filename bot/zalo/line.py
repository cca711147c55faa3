"""How we speak to Zalo's Bot Platform. What an answer says counts, never its HTTP status, which says nothing.

No address goes into an error or a log, for the token stands in every one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import BaseModel, ConfigDict, ValidationError
from yarl import URL

from bot.zalo.updates import moment

CONNECT, READ, SHOWN = 5.0, 30.0, 150.0  # seconds: to connect, to be answered, and with a photo that is fetched
HUNG = 5.0  # seconds beyond those that a question may wait
KEEP_ALIVE = 30.0  # seconds a connection is kept for the next call
MOST_CONNECTIONS = 64
LAPSED = frozenset({408, 504})  # error codes of what took too long
LAPSE = "timeout"
NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)  # no byte of the request was sent


class Trouble(Exception):
    """A call that came to nothing, or of which nobody knows what it came to (`maybe`). Code 0: none was named."""

    def __init__(self, code: int, words: str = "", *, maybe: bool = False, lapsed: bool = False) -> None:
        """`lapsed`: Zalo itself says that it took too long."""
        super().__init__(f"{code} {words}".strip())
        self.code, self.words, self.maybe, self.lapsed = code, words, maybe or lapsed, lapsed


class Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    ok: bool
    result: Any = None
    description: Any = ""
    error_code: Any = 0

    @property
    def code(self) -> int:
        return self.error_code if isinstance(self.error_code, int) else 0


class Account(BaseModel):
    """Who the bot is."""

    model_config = ConfigDict(extra="ignore")

    id: str = ""
    account_name: str = ""


class Message(BaseModel):
    model_config = ConfigDict(extra="ignore")

    message_id: str = ""
    date: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as Zalo took it, and when by its own clock (0: it does not say)."""

    id: str
    at: int


class Line:
    """One session; every method raises Trouble."""

    def __init__(self, api: str, token: str) -> None:
        self._base = f"{api}/bot{token}"
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        session, self._session = self._session, None
        if session:
            await session.close()

    # -- hearing ------------------------------------------------------------------------------------------------------

    async def me(self) -> Account:
        try:
            return Account.model_validate(await self._call("getMe", {}))
        except ValidationError:
            return Account()

    async def update(self, seconds: float) -> object:
        """The next thing that was said; nothing where nobody said anything for so long."""
        try:
            return await self._call("getUpdates", {"timeout": str(int(seconds))}, seconds + HUNG)
        except Trouble as trouble:
            if trouble.lapsed:
                return None
            raise

    async def hook(self) -> str:
        """Where Zalo calls us; nothing where it does not. Some do not know the question."""
        try:
            told = await self._call("getWebhookInfo", {})
        except Trouble as trouble:
            if trouble.code in {400, 404}:
                return ""
            raise
        return str(told.get("url") or "") if isinstance(told, dict) else ""

    async def call_us(self, url: str, secret: str) -> None:
        await self._call("setWebhook", {"url": url, "secret_token": secret})

    async def call_nobody(self) -> None:
        await self._call("deleteWebhook", {})

    # -- saying -------------------------------------------------------------------------------------------------------

    async def say(self, chat: str, text: str) -> Sent:
        return sent(await self._call("sendMessage", {"chat_id": chat, "text": text}))

    async def show(self, chat: str, photo: str, caption: str) -> Sent:
        """`photo`: an address that Zalo itself can reach, and will look at more than once."""
        asked = {"chat_id": chat, "photo": photo, **({"caption": caption} if caption else {})}
        return sent(await self._call("sendPhoto", asked, SHOWN))

    async def type(self, chat: str) -> None:
        await self._call("sendChatAction", {"chat_id": chat, "action": "typing"})

    # -- the wire -----------------------------------------------------------------------------------------------------

    async def _call(self, method: str, asked: Mapping[str, str], patience: float = READ) -> Any:
        status, body = await self._posted(method, asked, patience)
        try:
            answer = Answer.model_validate_json(body)
        except (
            ValidationError
        ):  # somebody between us and Zalo has answered; of a fault there, nobody knows how far it came
            raise Trouble(status, "no answer of Zalo's", maybe=not 400 <= status < 500) from None
        if answer.ok:
            return answer.result
        code, words = answer.code or (status if status >= 400 else 0), str(answer.description)[:200]
        raise Trouble(code, words, lapsed=code in LAPSED or LAPSE in words.lower())

    async def _posted(self, method: str, asked: Mapping[str, str], patience: float) -> tuple[int, bytes]:
        session = self._session or self._open()
        bounds = aiohttp.ClientTimeout(total=CONNECT + patience, sock_connect=CONNECT)
        url = URL(f"{self._base}/{method}", encoded=True)
        try:
            async with session.post(url, json=asked, timeout=bounds, allow_redirects=False) as answer:
                return answer.status, await answer.read()
        except NEVER_LEFT as fault:
            raise Trouble(0, type(fault).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise Trouble(0, type(fault).__name__, maybe=True) from None

    def _open(self) -> aiohttp.ClientSession:
        """Where nobody has opened it yet, the first call does."""
        line = aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=KEEP_ALIVE)
        named = {"User-Agent": "imagify"}
        self._session = aiohttp.ClientSession(connector=line, headers=named, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def sent(told: object) -> Sent:
    """It is there, whatever else the answer says."""
    try:
        message = Message.model_validate(told)
    except ValidationError:
        return Sent("", 0)
    return Sent(message.message_id, moment(message.date))
