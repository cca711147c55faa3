"""One person at a page: speaks the contract of docs/web.md and nothing else, and never loses a word of theirs.

What was not acknowledged is sent again under the same id, after every break.
"""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, CookieJar, TCPConnector, WSMsgType

LOST = (ClientError, ConnectionError, OSError, asyncio.TimeoutError)
PAUSE = 0.3  # seconds before a lost socket is opened again


@dataclass(slots=True)
class Chatter:
    """What one person has said and seen."""

    base: str
    name: str
    own: str = ""  # the address they come from; any
    seq: int = 0
    cookie: str = ""
    unacked: dict[str, dict[str, str]] = field(default_factory=dict)
    sent_at: dict[str, float] = field(default_factory=dict)
    acked_in: list[float] = field(default_factory=list)  # seconds
    placed_in: list[float] = field(default_factory=list)  # until the status message stands
    pictured_in: list[float] = field(default_factory=list)
    greeted_in: float = 0.0
    waiting: list[float] = field(default_factory=list)  # when what is not answered yet was said
    placed: dict[str, float] = field(default_factory=dict)  # message -> when its prompt was said
    messages: dict[str, dict[str, object]] = field(default_factory=dict)  # as they read now
    said: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    socket: ClientWebSocketResponse | None = None

    def say(self, text: str) -> None:
        self.waiting.append(time.monotonic())
        self._send({"do": "say", "id": f"{self.name}-{len(self.sent_at)}", "text": text})

    def press(self, choice: str) -> None:
        self._send({"do": "press", "id": f"{self.name}-{len(self.sent_at)}", "choice": choice})

    def _send(self, frame: dict[str, str]) -> None:
        self.unacked[frame["id"]] = frame
        self.sent_at[frame["id"]] = time.monotonic()
        self._try(frame)

    def _try(self, frame: dict[str, str]) -> None:
        socket = self.socket
        if socket and not socket.closed:
            with suppress(*LOST):
                asyncio.get_running_loop().create_task(self._write(socket, frame))

    async def _write(self, socket: ClientWebSocketResponse, frame: dict[str, str]) -> None:
        with suppress(*LOST):
            await socket.send_str(json.dumps(frame))

    async def live(self) -> None:
        """Until cancelled: a socket, and after every break another."""
        line = TCPConnector(local_addr=(self.own, 0) if self.own else None)
        async with ClientSession(connector=line, cookie_jar=CookieJar(unsafe=True)) as session:
            while True:
                with suppress(*LOST):
                    await self._sit(session)
                await asyncio.sleep(PAUSE)

    async def _sit(self, session: ClientSession) -> None:
        if not self.cookie:
            async with session.get(f"{self.base}/") as page:
                self.cookie = page.cookies["imagify"].value if "imagify" in page.cookies else ""
        opened = time.monotonic()
        async with session.ws_connect(f"{self.base}/live", headers={"Origin": self.base}, max_msg_size=0) as socket:
            self.socket = socket
            await socket.send_str(json.dumps({"do": "hello", "after": self.seq, "language": "vi"}))
            for frame in list(self.unacked.values()):
                await self._write(socket, frame)
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._read(json.loads(message.data))
                    self.greeted_in = self.greeted_in or time.monotonic() - opened

    def _read(self, frame: dict[str, object]) -> None:
        match frame["kind"]:
            case "ack" | "refused":
                self._acked(str(frame["id"]))
            case "said" | "reply" | "edit" if "progress" not in frame:
                self._kept(frame)

    def _acked(self, id_: str) -> None:
        if self.unacked.pop(id_, None):
            self.acked_in.append(time.monotonic() - self.sent_at[id_])

    def _kept(self, frame: dict[str, object]) -> None:
        seq = frame["seq"]
        assert isinstance(seq, int)
        assert seq == self.seq + 1, f"{self.name} saw {seq} after {self.seq}"
        self.seq = seq
        if frame["kind"] == "said":
            self.said.append(str(frame["text"]))
        else:
            self._timed(str(frame["message"]), frame)
            self.messages[str(frame["message"])] = frame

    def _timed(self, message: str, frame: dict[str, object]) -> None:
        """Answers come in the order of the words, so each status message belongs to the oldest open word."""
        now = time.monotonic()
        if message not in self.messages and "⏳" in str(frame["text"]) and self.waiting:
            self.placed[message] = self.waiting.pop(0)
            self.placed_in.append(now - self.placed[message])
        if "picture" in frame and message in self.placed:
            self.pictured_in.append(now - self.placed.pop(message))

    def button(self, ends: str) -> str:
        """A button that stands somewhere, by what it does."""
        for frame in reversed(self.messages.values()):
            choices = frame.get("choices")
            for choice in choices if isinstance(choices, list) else []:
                if str(choice.get("choice", "")).endswith(ends):
                    return str(choice["choice"])
        return ""

    def labelled(self, begins: str) -> str:
        """The newest button that begins like this."""
        for frame in reversed(self.messages.values()):
            choices = frame.get("choices")
            for choice in choices if isinstance(choices, list) else []:
                if str(choice["text"]).startswith(begins) and "choice" in choice:
                    return str(choice["choice"])
        return ""

    def pictures(self) -> list[str]:
        """The captions of the pictures that stand in the chat."""
        return [str(frame["text"]) for frame in self.messages.values() if "picture" in frame]
