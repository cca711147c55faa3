"""How we speak to Telegram: python-telegram-bot's own seam for HTTP, filled with aiohttp.

No address goes into an error or a log, for the token stands in every one of them. What aiohttp said stays behind the
error as its context: it tells whether Telegram can have heard of the call at all.
"""

from typing import Any, TypeAlias

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.telegram.answers import read_answer

CONNECT, READ, MEDIA = 5.0, 10.0, 60.0  # seconds: to connect, to be answered, and to carry a file up on top of that
KEEP_ALIVE = 75.0  # seconds a connection is kept for the next call; a new one costs three round trips
MOST_CONNECTIONS = 256
Bound: TypeAlias = Any  # seconds, or nothing said; the library keeps the name of its type to itself
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class AiohttpRequest(BaseRequest):
    """One session; the library wants an instance for calls, and another one for getUpdates."""

    __slots__ = ("_read", "_session")

    def __init__(self, read: float = READ) -> None:
        self._read = read
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read

    async def initialize(self) -> None:
        self._open()

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's own list
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Bound = BaseRequest.DEFAULT_NONE,
        write_timeout: Bound = BaseRequest.DEFAULT_NONE,
        connect_timeout: Bound = BaseRequest.DEFAULT_NONE,
        pool_timeout: Bound = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - our pool has no queue worth a bound
    ) -> tuple[int, bytes]:
        """Status and body. One bound for all of it: a body that goes up slowly is no reason to wait for ever."""
        files = request_data is not None and request_data.contains_files
        connect = seconds(connect_timeout, CONNECT)
        whole = connect + seconds(read_timeout, self._read) + seconds(write_timeout, MEDIA if files else 0)
        bounds = aiohttp.ClientTimeout(total=whole, sock_connect=connect)
        body, headers = body_of(request_data)
        session = self._session or self._open()
        try:
            async with session.request(
                method, URL(url, encoded=True), data=body, headers=headers, timeout=bounds
            ) as answer:
                status, heard = answer.status, await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as fault:
            raise NetworkError(f"no answer ({type(fault).__name__})") from None
        if method == "GET":  # a file, not an answer
            return status, heard
        return read_answer(url.partition("?")[0].rpartition("/")[2], status, heard)

    def _open(self) -> aiohttp.ClientSession:
        """Where nobody has opened it yet, the first call does."""
        if self._session is None:
            line = aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=KEEP_ALIVE)
            named = {"User-Agent": "imagify"}
            self._session = aiohttp.ClientSession(connector=line, headers=named, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def seconds(asked: Bound, usual: float) -> float:
    """What a call asks for, or the usual; without a bound there is none here."""
    return float(asked) if isinstance(asked, int | float) else usual


def body_of(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """A form, which costs little; in several parts only where files go with it."""
    if data is None:
        return None, {}
    if not data.contains_files:
        return data.url_encoded_parameters().encode(), FORM
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=file, content_type=mime)
    return form, {}
