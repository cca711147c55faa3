"""Frames of the web chat: read into a thing with names, or rude; words in one are bounded and can be written down."""

from collections.abc import Iterator
from contextlib import suppress

from bot.web.ear import Rude, frame_of, word_of
from tests.fuzz.shapes import bent, straight

NAMES = ("id", "text", "action", "data", "do")


FRAMES: list[object] = [
    {"do": "hello", "after": 3, "language": "vi"},
    {"do": "say", "id": "a1", "text": "mèo \ud83d\ude00"},
    {"do": "press", "id": "a2", "action": "again:1", "message": "m"},
    {"do": "picture", "id": "a3", "data": "aGk=", "text": "sửa"},
]


def seeds() -> Iterator[bytes]:
    return straight(FRAMES)


def shoot(data: bytes) -> None:
    with suppress(Rude):
        frame = frame_of(bent(FRAMES, data).decode("utf-8", "replace"))
        for name in NAMES:
            with suppress(Rude):
                word = word_of(frame, name, 4_000)
                assert 1 <= len(word) <= 4_000
                word.encode()
