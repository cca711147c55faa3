"""Lengths as chats count them, in UTF-16 units, and long texts cut where a reader would pause."""

import re
from collections.abc import Iterator

PAUSES = ("\n\n", "\n", " ")  # where a text is cut, the best first
JOINED = re.compile("[\u0300-\u036f\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")  # belongs to the character before it
JOINS = "\u200d"


def length(text: str) -> int:
    """A character beyond the first plane counts twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def fits(text: str, most: int) -> bool:
    return length(text) <= most


def pieces(text: str, most: int) -> list[str]:
    """The text in as few parts as it takes, each short enough; nothing but the white space between them is lost."""
    return list(_pieces(text, most))


def _pieces(text: str, most: int) -> Iterator[str]:
    rest = text.strip("\n") or text
    while not fits(rest, most):
        piece, rest = cut(rest, most)
        yield piece
    if rest or not text:
        yield rest


def captioned(text: str, most: int) -> tuple[str, str]:
    """What stands under a picture, and what does not fit there."""
    return (text, "") if fits(text, most) else cut(text, most)


def cut(text: str, most: int) -> tuple[str, str]:
    """At a paragraph, a line or a word in the second half of what fits; else wherever no character is torn."""
    end = reach(text, most)
    for pause in PAUSES:
        place = text.rfind(pause, end // 2, end + len(pause))
        if place > 0:
            return text[:place].rstrip(), text[place:].lstrip()
    while end > 1 and (JOINED.match(text[end]) or text[end - 1] == JOINS):
        end -= 1
    return text[:end], text[end:]


def reach(text: str, most: int) -> int:
    """How many characters fit."""
    units = 0
    for place, character in enumerate(text):
        units += 1 + (character > "\uffff")
        if units > most:
            return place
    return len(text)
