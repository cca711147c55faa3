"""A hundred strangers who send anything at all, each from an address of its own on loopback.

python -m tests.storms.hostile URL SECONDS SEED STRANGERS
"""

import asyncio
import json
import random
import sys
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import islice, repeat
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, CookieJar, TCPConnector
from PIL import Image

from tests.storms.chatter import Chatter

LOST = (ClientError, ConnectionError, OSError, TimeoutError)
PAUSE = 0.05  # seconds between two deeds of a stranger
HELD = 100  # connections that one opens at once
KEPT = 15.0  # seconds that they are held
MEGABYTE = 1024 * 1024
WEBHOOKS = ("/telegram/webhook", "/zalo/webhook")
WRONG = dict.fromkeys(("X-Telegram-Bot-Api-Secret-Token", "X-Bot-Api-Secret-Token"), "not-the-secret")
UPDATE = b'{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"text":"m"}}'
LOOKS = 300  # at a contact sheet at once
PATHS = (
    "/",
    "/nowhere",
    "/live",
    "/live/picture",
    "/vnpay/ipn",
    *WEBHOOKS,
    "/p/x/pay",
    "/metrics",
    "/i/x",
    "/mydata",
)


def bomb() -> str:
    """A little when it is packed, and 28 MB that no JSON can be."""
    return '{"do":' + "[" * (28 * MEGABYTE)


@dataclass(frozen=True, slots=True)
class Enemy:
    """One of them, and what it has ready."""

    url: str
    own: str  # the address it comes from
    lot: random.Random

    @asynccontextmanager
    async def session(self) -> AsyncIterator[ClientSession]:
        line = TCPConnector(local_addr=(self.own, 0), limit=0)
        own = ClientSession(connector=line, cookie_jar=CookieJar(unsafe=True), timeout=ClientTimeout(60))
        async with own as session:
            async with session.get(self.url) as page:
                await page.read()
            yield session

    # -- over sockets -------------------------------------------------------------------------------------------------

    async def packs_frames(self) -> None:
        await self._frames(bomb(), compress=15)

    async def sends_fat_frames(self) -> None:
        await self._frames("x" * self.lot.randrange(70_000, 8 * MEGABYTE))

    async def sends_nonsense_frames(self) -> None:
        await self._frames(
            self.lot.choice(("[" * 60_000, "{}", "\x00", '{"do":"say","id":"1"}', '{"do":"hello"}' * 99))
        )

    async def floods(self) -> None:
        words = "ơ" * self.lot.choice((10, 4_000, 12_000))
        await self._frames(*(json.dumps({"do": "say", "id": str(self.lot.random()), "text": words}) for _ in range(45)))

    async def opens_many_pages(self) -> None:
        async with self.session() as session:
            await asyncio.gather(*(self._page(session, (), KEPT) for _ in range(HELD)), return_exceptions=True)

    async def _frames(self, *frames: str, compress: int = 0) -> None:
        async with self.session() as session:
            await self._page(session, frames, compress=compress)

    async def _page(self, session: ClientSession, frames: tuple[str, ...], stays: float = 0, compress: int = 0) -> None:
        async with session.ws_connect(f"{self.url}/live", headers={"Origin": self.url}, compress=compress) as socket:
            for frame in frames:
                await socket.send_str(frame)
            await asyncio.sleep(stays)

    # -- over HTTP ----------------------------------------------------------------------------------------------------

    async def packs_bodies(self) -> None:
        body = zlib.compress(bytes(100 * MEGABYTE))
        await self._posts(self.lot.choice(PATHS), body, {"Content-Encoding": "deflate"})

    async def posts_pictures(self) -> None:
        head = json.dumps({"do": "upload", "id": str(self.lot.random()), "text": ""}).encode() + b"\n"
        await self._posts("/live/picture", head + self.lot.choice(PICTURES)())

    async def posts_anything(self) -> None:
        await self._posts(self.lot.choice(PATHS), self.lot.randbytes(self.lot.randrange(200_000)))

    async def forges_updates(self) -> None:
        await self._posts(self.lot.choice(WEBHOOKS), self.lot.choice((UPDATE, b"[" * 200_000, b"\xff")), WRONG)

    async def sends_fat_updates(self) -> None:
        await self._posts(self.lot.choice(WEBHOOKS), bytes(self.lot.randrange(300_000, 20 * MEGABYTE)), WRONG)

    async def looks_at_sheets(self) -> None:
        """As somebody honest who has ordered four pictures, and then looks at all of them at once without an end."""
        one = Chatter(self.url, f"visitor at {self.own}", own=self.own)
        page = asyncio.create_task(one.live())
        try:
            sheet = await self._sheet(one)
            async with self.session() as session:
                while True:
                    await asyncio.gather(*(self._looks(session, sheet) for _ in range(LOOKS)), return_exceptions=True)
                    await asyncio.sleep(PAUSE)
        finally:
            page.cancel()

    async def _sheet(self, one: Chatter) -> str:
        """The address of the sheet that somebody has ordered."""
        one.press(await seen(lambda: one.button("agree")))
        one.say("một con mèo")
        one.press(await seen(lambda: one.labelled("🎲")))
        await seen(lambda: "".join(one.pictures()[1:]))
        return self.url + [str(frame["picture"]) for frame in one.messages.values() if "picture" in frame][-1]

    async def _looks(self, session: ClientSession, address: str) -> None:
        async with session.get(address) as answer:
            await answer.read()

    async def _posts(self, path: str, body: bytes, more: dict[str, str] | None = None) -> None:
        headers = {"Origin": self.url, **(more or {})}
        async with (
            self.session() as session,
            session.post(f"{self.url}{path}", data=BytesIO(body), headers=headers) as answer,
        ):
            await answer.read()

    # -- by the byte --------------------------------------------------------------------------------------------------

    async def asks_by_halves(self) -> None:
        await self._holds(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")

    async def leaves_bodies_open(self) -> None:
        path = self.lot.choice(PATHS)
        await self._holds(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\nx".encode())

    async def sends_bytes(self) -> None:
        await self._says(self.lot.randbytes(self.lot.randrange(1, 5_000)) + b"\r\n\r\n")

    async def sends_heads(self) -> None:
        await self._says(b"GET / HTTP/1.1\r\n" + b"".join(islice(repeat(b"X: " + b"y" * 8_000 + b"\r\n"), 120)))

    async def dribbles(self) -> None:
        await self._dribbles(b"", b"GET /vnpay/ipn HTTP/1.1\r\nHost: 127.0.0.1\r\n")

    async def dribbles_updates(self) -> None:
        """Slower than anybody has to be waited for, and without the secret."""
        shown = "".join(f"{name}: {value}\r\n" for name, value in WRONG.items())
        head = f"POST {self.lot.choice(WEBHOOKS)} HTTP/1.1\r\nHost: 127.0.0.1\r\n{shown}Content-Length: 90000\r\n\r\n"
        await self._dribbles(head.encode(), UPDATE)

    async def _dribbles(self, at_once: bytes, slowly: bytes) -> None:
        async with self._line() as writer:
            writer.write(at_once)
            for byte in slowly:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(1)

    async def _holds(self, said: bytes) -> None:
        await asyncio.gather(*(self._says(said, KEPT) for _ in range(HELD)), return_exceptions=True)

    async def _says(self, said: bytes, stays: float = 0) -> None:
        async with self._line() as writer:
            writer.write(said)
            await writer.drain()
            await asyncio.sleep(stays)

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[asyncio.StreamWriter]:
        there = urlsplit(self.url)
        _, writer = await asyncio.open_connection(there.hostname, there.port, local_addr=(self.own, 0))
        try:
            yield writer
        finally:
            writer.transport.abort()


async def seen(look: Callable[[], str]) -> str:
    """What is looked for, once it is there."""
    while not (found := look()):  # noqa: ASYNC110 - a socket fills what it looks at
        await asyncio.sleep(PAUSE)
    return found


def a_bomb() -> bytes:
    data = BytesIO()
    Image.new("1", (7_000, 5_500)).save(data, "PNG")
    return data.getvalue()


PICTURES: tuple[Callable[[], bytes], ...] = (
    a_bomb,
    lambda: b"\xff\xd8\xff\xe0" + bytes(19 * MEGABYTE),
    lambda: b"RIFF\x00\x00\x00\x00WEBPVP8L" + bytes(2_000),
    lambda: bytes(25 * MEGABYTE),
)
DEEDS: tuple[Callable[[Enemy], Awaitable[None]], ...] = (
    Enemy.packs_frames,
    Enemy.sends_fat_frames,
    Enemy.sends_nonsense_frames,
    Enemy.floods,
    Enemy.opens_many_pages,
    Enemy.packs_bodies,
    Enemy.posts_pictures,
    Enemy.posts_anything,
    Enemy.asks_by_halves,
    Enemy.leaves_bodies_open,
    Enemy.sends_bytes,
    Enemy.sends_heads,
    Enemy.dribbles,
    Enemy.dribbles_updates,
    Enemy.forges_updates,
    Enemy.sends_fat_updates,
    Enemy.looks_at_sheets,
)


async def raged(enemy: Enemy, number: int) -> None:
    """The same deed over and over: the house has to bear each of them without an end."""
    deed = DEEDS[number % len(DEEDS)]
    while True:
        with suppress(*LOST):
            await deed(enemy)
        await asyncio.sleep(PAUSE)


async def rage(url: str, seconds: float, seed: int, strangers: int) -> None:
    enemies = [Enemy(url, f"127.0.1.{number + 1}", random.Random(f"{seed} {number}")) for number in range(strangers)]
    sys.stdout.write("here\n")
    sys.stdout.flush()
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(raged(enemy, number) for number, enemy in enumerate(enemies)))


if __name__ == "__main__":
    asyncio.run(rage(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
