"""The rules for words: any words pass or are blocked, the same way twice, whatever case and form they come in."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from core.errors import Blocked
from core.safety import check

VECTORS = Path("tests/vectors/safety.toml")


def seeds() -> Iterator[bytes]:
    yield from (b"a cat", "👨‍👩‍👧 gia đình\nsúng".encode())
    for groups in tomllib.loads(VECTORS.read_text("utf-8")).values():
        for sentences in groups.values():
            yield from (sentence.encode() for sentence in sentences)


def shoot(data: bytes) -> None:
    words, _, avoid = data.decode("utf-8", "replace").partition("\n")
    first = verdict(words, avoid)
    assert verdict(words, avoid) == first
    assert verdict(f" {words} ", avoid) == first, "a space around it changes a verdict"


def verdict(words: str, avoid: str) -> str:
    try:
        check(words, avoid)
    except Blocked as blocked:
        return str(blocked)
    return ""
