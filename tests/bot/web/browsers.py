"""Browsers at a real door: the embedded house on a real disk with a quick painter, and tabs that speak docs/web.md."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from bot.app import Opened, open_in
from bot.web.tokens import Kind, Signer
from core.models import Route
from core.painter import Painter, Picture
from core.ports import Wing
from core.prompts import Prompt
from core.scribe import Scribe
from infra import embedded
from tests.bot.homes import settings_of
from tests.storms.quick import QuickPainter

SECRET = "known to the tests"
PATIENCE = 60.0  # seconds on a busy machine until what must come has come
Frame = dict[str, Any]


class Easel(QuickPainter):
    """Paints at once, or not before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()
        self.may.set()

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        await self.may.wait()
        return await super().paint(prompt, route, source)


@dataclass
class Web:
    """An open house as it is seen from outside."""

    opened: Opened
    easel: Easel

    def link(self, kind: Kind, id_: str) -> str:
        """As the house signs it."""
        return f"/i/{Signer((SECRET.encode(),)).link(kind, id_)}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.opened.port}"

    @asynccontextmanager
    async def browser(self) -> AsyncIterator["Browser"]:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            yield Browser(self, session)


@asynccontextmanager
async def opened(
    home: Path,
    *,
    vendors: frozenset[str] = frozenset(),
    painter: Painter | None = None,
    scribe: Scribe | None = None,
    **settings: object,
) -> AsyncIterator[Web]:
    """House of `home` with everything that runs in it, and other `vendors`, `painter` or `scribe` where given."""
    easel = Easel()
    async with embedded.open(home) as wing:
        ports = replace(wing.ports, painter=painter or easel, scribe=scribe or wing.ports.scribe)
        played = Wing(ports, wing.secret, vendors or wing.vendors, alone=True)
        async with open_in(played, settings_of(home, secret=SECRET, **settings)) as house:
            yield Web(house, easel)


@dataclass
class Browser:
    """One person's browser, whatever tabs are open in it."""

    web: Web
    session: ClientSession

    async def asks(self, path: str, method: str = "GET", **headers: str) -> ClientResponse:
        """What is answered there, read to its end."""
        response = await self.session.request(method, f"{self.web.url}{path}", headers=headers, allow_redirects=False)
        await response.read()
        return response

    async def posts(self, body: bytes | AsyncIterator[bytes], **headers: str) -> tuple[int, Frame]:
        """A picture by the way of docs/web.md: the status, and the frame where there is one."""
        url, where = f"{self.web.url}/live/picture", {"Origin": self.web.url, **headers}
        async with self.session.post(
            url, data=BytesIO(body) if isinstance(body, bytes) else body, headers=where
        ) as answer:
            told: Frame = await answer.json() if answer.content_type == "application/json" else {}
            return answer.status, told

    def cookie(self) -> str:
        return next((one.value for one in self.session.cookie_jar if one.key == "imagify"), "")

    @asynccontextmanager
    async def tab(self, after: int = 0, language: str = "vi") -> AsyncIterator["Tab"]:
        """The page is open: it has its cookie, and its socket has said hello."""
        if not self.cookie():
            await self.asks("/")
        url = f"{self.web.url}/live"
        async with self.session.ws_connect(url, headers={"Origin": self.web.url}, max_msg_size=0) as socket:
            tab = Tab(socket, self, seq=after)
            await tab.sends(do="hello", after=after, language=language)
            yield tab


def picture_in(data: bytes, **words: str) -> bytes:
    """A picture as it is posted."""
    return json.dumps({"do": "upload", **words}).encode() + b"\n" + data


@dataclass
class Tab:
    """One open page: what it has been sent, and what the person does at it."""

    socket: ClientWebSocketResponse
    browser: "Browser | None" = None  # by which pictures are posted
    seq: int = 0
    frames: list[Frame] = field(default_factory=list)  # those that are kept, in order
    steps: list[Frame] = field(default_factory=list)  # of a progress bar
    acked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    purse: Frame = field(default_factory=dict)
    menu: list[Frame] = field(default_factory=list)

    # -- what is seen -------------------------------------------------------------------------------------------------

    @property
    def messages(self) -> list[Frame]:
        """As they stand on the page, the oldest first."""
        return list({str(frame["message"]): frame for frame in self.frames}.values())

    @property
    def last(self) -> str:
        return str(self.messages[-1]["text"]) if self.frames else ""

    @property
    def pictures(self) -> list[str]:
        return [str(frame["picture"]) for frame in self.messages if "picture" in frame]

    def choice(self, label: str) -> str:
        """The token of the newest button that begins like this."""
        choices = [choice for frame in reversed(self.messages) for choice in frame.get("choices", ())]
        return next(str(choice["choice"]) for choice in choices if choice["text"].startswith(label))

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await self.hears()

    async def hears(self) -> None:
        """One frame more. The socket must not have been closed."""
        message = await self.socket.receive()
        assert message.type is WSMsgType.TEXT, f"{message.type} {message.data}"
        frame = json.loads(message.data)
        match frame["kind"]:
            case "ack":
                self.acked.append(frame["id"])
            case "refused":
                self.refused.append(frame["text"])
            case "purse":
                self.purse = frame
            case "menu":
                self.menu = frame["commands"]
            case "edit" if "progress" in frame:
                self.steps.append(frame)
            case _:
                assert frame["seq"] == self.seq + 1
                self.seq = frame["seq"]
                self.frames.append(frame)

    async def closed(self) -> int | None:
        """The code with which the house closed the socket."""
        async with asyncio.timeout(PATIENCE):
            while not self.socket.closed:
                await self.socket.receive()
        return self.socket.close_code

    # -- what is done -------------------------------------------------------------------------------------------------

    async def sends(self, **frame: object) -> None:
        await self.socket.send_str(json.dumps(frame))

    async def says(self, text: str, id_: str) -> None:
        """Said, and kept."""
        await self.sends(do="say", id=id_, text=text)
        await self.until(lambda: id_ in self.acked)

    async def presses(self, label: str, id_: str) -> None:
        await self.sends(do="press", id=id_, choice=self.choice(label))
        await self.until(lambda: id_ in self.acked)

    async def uploads(self, data: bytes, id_: str, text: str = "") -> int:
        """Posted, and answered as a frame would be; the status."""
        assert self.browser
        status, answer = await self.browser.posts(picture_in(data, id=id_, text=text))
        if answer.get("kind") == "ack":
            self.acked.append(answer["id"])
        if answer.get("kind") == "refused":
            self.refused.append(answer["text"])
        return status

    async def agrees(self, gift: int = 10) -> None:
        """Agree to the notice, and wait for the welcome with its `gift` of credits."""
        await self.until(lambda: bool(self.frames))
        await self.presses("Đồng ý", "agree")
        await self.until(lambda: self.purse.get("free") == gift)

    async def draws(self, text: str, id_: str) -> str:
        """From the word to the picture; its link."""
        before = len(self.pictures)
        await self.says(text, id_)
        await self.until(lambda: len(self.pictures) > before)
        return self.pictures[-1]
