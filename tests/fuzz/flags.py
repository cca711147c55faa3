"""The flag grammar: a sentence is a prompt or refused; a prompt that is spelled out reads back as itself."""

from collections.abc import Iterator

from core.chance import MAX_SEED
from core.errors import BadPrompt
from core.flags import MOST_AT_ONCE, RATIOS
from core.letters import count
from core.prompts import MOST_SIGNS, read, spelled


def seeds() -> Iterator[bytes]:
    for text in (
        "mèo mướp",
        "mèo --ar 16:9 --seed 7 --n 4 --model core --style màu nước --plain --no chữ, người",
        "mèo — ar dọc",
        'viết "xin --ar chào" –seed 3',
        "mèo --không chữ --tỉ-lệ vuông",
        'a “b" --no "x y" --n 2',
        "x --seed 99999999999 --ar 7:7",
    ):
        yield text.encode()


def shoot(data: bytes) -> None:
    try:
        prompt = read(data.decode("utf-8", "replace"))
    except BadPrompt:
        return
    assert prompt.words.strip()
    assert count(prompt.words) + count(prompt.avoid) <= MOST_SIGNS
    assert prompt.ratio in RATIOS
    assert 0 <= prompt.seed <= MAX_SEED
    assert 1 <= prompt.count <= MOST_AT_ONCE
    again = spelled(prompt)
    assert read(again) == prompt, again
