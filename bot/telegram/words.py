"""How long what Telegram takes may be, in UTF-16 units."""

from bot import lengths
from bot.lengths import length

__all__ = ["LONGEST_CAPTION", "LONGEST_COPY", "LONGEST_TEXT", "captioned", "length", "pieces"]

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
LONGEST_COPY = 256


def pieces(text: str, most: int = LONGEST_TEXT) -> list[str]:
    return lengths.pieces(text, most)


def captioned(text: str) -> tuple[str, str]:
    return lengths.captioned(text, LONGEST_CAPTION)
