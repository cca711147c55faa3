"""Frames of the web chat: read into a thing with names, or rude; words in one are bounded and can be written down."""

from collections.abc import Iterator
from contextlib import suppress

from aiohttp import WSMessage, WSMsgType, web

from bot.web.live import Mouth, Page, Rude, word_of
from core.clock import Clock
from tests.clocks import SetClock
from tests.fuzz.shapes import bent, straight

NAMES = ("id", "text", "action", "data", "do")


class Ports:
    clock: Clock = SetClock()


class Desk:
    ports = Ports()


class Mute:
    """A mouth of which only the time is asked."""

    desk = Desk()


FRAMES: list[object] = [
    {"do": "hello", "after": 3, "language": "vi"},
    {"do": "say", "id": "a1", "text": "mèo \ud83d\ude00"},
    {"do": "press", "id": "a2", "action": "again:1", "message": "m"},
    {"do": "picture", "id": "a3", "data": "aGk=", "text": "sửa"},
]


def seeds() -> Iterator[bytes]:
    return straight(FRAMES)


def shoot(data: bytes) -> None:
    mouth: Mouth = Mute()  # type: ignore[assignment]  # a part of one
    page = Page(mouth, "c", web.WebSocketResponse())
    with suppress(Rude):
        frame = page._read(WSMessage(WSMsgType.TEXT, bent(FRAMES, data).decode("utf-8", "replace"), None))
        assert isinstance(frame, dict)
        for name in NAMES:
            with suppress(Rude):
                word = word_of(frame, name, 4_000)
                assert 1 <= len(word) <= 4_000
                word.encode()
