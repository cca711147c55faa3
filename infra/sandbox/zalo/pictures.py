"""Photos: what a bot sends is an address that Zalo looks at itself, more than once; what people send Zalo hosts.

A photo that cannot be got when Zalo looks again is a black box in the chat, though the call was answered with ok.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias
from urllib.parse import urlsplit

import aiohttp

from infra.sandbox.clock import Agenda, Clock
from infra.sandbox.faults import Faults
from infra.sandbox.images import size_of
from infra.sandbox.zalo.habits import Habits
from infra.sandbox.zalo.refusing import bad

PATIENCE = 30.0  # real seconds a photo's address has to answer
MOST_KEPT = 256 * 1024 * 1024  # bytes of all photos together, of each side; the oldest are forgotten
KINDS = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png", b"RI": "image/webp", b"GI": "image/gif"}
LOST = "nobody answers"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered. `length` is what its header says, -1 where there is none."""

    status: int
    kind: str = ""
    length: int = -1
    body: bytes = b""


# Method, address, most bytes, whether to follow; raises OSError, TimeoutError.
Fetch: TypeAlias = Callable[[str, str, int, bool], Awaitable[Fetched]]


@dataclass(frozen=True, slots=True)
class Look:
    """One look of Zalo's at a photo's address, and what was wrong with it."""

    at: float
    method: str
    status: int
    kind: str
    size: int
    wrong: str = ""


@dataclass(slots=True, eq=False)
class Picture:
    url: str
    data: bytes = b""
    looks: list[Look] = field(default_factory=list)
    black: bool = False
    settled: bool = False  # no further look will come

    @property
    def kind(self) -> str:
        return KINDS.get(self.data[:2], "application/octet-stream")


class Kept:
    """The newest so many bytes, by name."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most, self._weight = most, 0
        self._all: dict[str, tuple[bytes, float]] = {}

    def keep(self, name: str, data: bytes, until: float) -> None:
        self._all[name] = (data, until)
        self._weight += len(data)
        while self._weight > self._most:
            gone, _ = self._all.pop(next(iter(self._all)))
            self._weight -= len(gone)

    def get(self, name: str, now: float) -> bytes | None:
        data, until = self._all.get(name, (None, 0.0))
        return data if now < until else None


@dataclass(slots=True)
class Gallery:
    clock: Clock
    agenda: Agenda
    faults: Faults
    habits: Habits
    fetch: Fetch
    stirred: Callable[[], None]
    most: int = MOST_KEPT  # bytes
    _weight: int = 0
    _pictures: list[Picture] = field(default_factory=list)

    async def take(self, url: str, chat: str) -> Picture:
        """Looks for the first time, while the bot waits for its answer."""
        picture = Picture(url)
        wrong = "the fault says so" if self.faults.meet("photo_unfetched", "sendphoto", chat) else ""
        if self.habits.head_first and not wrong:
            wrong = await self._look(picture, "HEAD")
        wrong = wrong or await self._look(picture, "GET")
        if wrong and self.habits.unfetched == "refused":
            raise bad(f"photo cannot be fetched: {wrong}")
        picture.black = bool(wrong)
        self.keep(picture)
        self._plan(picture, chat, self.habits.fetches - 1)
        return picture

    def _plan(self, picture: Picture, chat: str, left: int) -> None:
        picture.settled = left <= 0 or picture.black
        if not picture.settled:
            self.agenda.after(self.habits.again_after, partial(self._again, picture, chat, left))

    async def _again(self, picture: Picture, chat: str, left: int) -> None:
        fault = self.faults.meet("photo_black", "sendphoto", chat)
        picture.black = bool(fault) or bool(await self._look(picture, "GET"))
        self._plan(picture, chat, left - 1)
        self.stirred()

    async def _look(self, picture: Picture, method: str) -> str:
        habits = self.habits
        try:
            got = await self.fetch(method, picture.url, habits.biggest_photo + 1, habits.follows)
            wrong = self._wrong(got, picture, method)
        except (OSError, TimeoutError):
            got, wrong = Fetched(0), LOST
        size = len(got.body) if method == "GET" else got.length
        picture.looks.append(Look(self.clock.now(), method, got.status, got.kind, size, wrong))
        if method == "GET" and not wrong:
            picture.data = got.body
        return wrong

    def _wrong(self, got: Fetched, picture: Picture, method: str) -> str:
        if got.status != 200:
            return f"HTTP {got.status}"
        if got.kind not in self.habits.photo_kinds:
            return f"it is {got.kind or 'of no kind'}"
        if max(got.length, len(got.body)) > self.habits.biggest_photo:
            return "it is too big"
        if method == "HEAD":
            return ""
        if size_of(got.body) is None:
            return "it is no picture"
        promised = next((one.size for one in picture.looks if one.method == "HEAD"), -1)
        return "HEAD promised another length" if promised not in {-1, len(got.body)} else ""

    def keep(self, picture: Picture) -> None:
        """The oldest lose their bytes, and cannot be seen any more."""
        self._pictures.append(picture)
        self._weight += len(picture.data)
        while self._weight > self.most:
            old = self._pictures.pop(0)
            self._weight -= len(old.data)
            old.data = b""


def checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad("photo must be an absolute http or https URL")
    return url


async def no_fetch(method: str, url: str, most: int, follow: bool) -> Fetched:
    raise ConnectionRefusedError(method, url, most, follow)


def fetcher(session: aiohttp.ClientSession) -> Fetch:
    async def fetch(method: str, url: str, most: int, follow: bool) -> Fetched:
        try:
            async with (
                asyncio.timeout(PATIENCE),
                session.request(method, url, allow_redirects=follow) as answer,
            ):
                body = await _read(answer, most) if method == "GET" else b""
                length = int(answer.headers.get("Content-Length", -1))
                return Fetched(answer.status, answer.content_type, length, body)
        except (aiohttp.ClientError, ValueError) as fault:
            raise ConnectionError(str(fault)) from fault

    return fetch


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """To its end, or to what is too much of it."""
    parts = bytearray()
    async for part in answer.content.iter_any():
        parts += part
        if len(parts) > most:
            break
    return bytes(parts)
