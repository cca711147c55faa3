"""The little Vietnamese that the played text model knows: enough to turn an ordinary prompt into plain English."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from infra.sandbox.bedrock.filters import foreign

PARTS = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»|\w+|[^\w\s]')
LONGEST = 4  # words of a phrase
GLUED = set(",.;:!?)%")


@dataclass(frozen=True, slots=True)
class Lexicon:
    words: dict[str, str]

    @staticmethod
    @cache
    def open() -> "Lexicon":
        text = (files(__package__) / "lexicon.toml").read_text("utf-8")
        listed = tomllib.loads(text)["words"]
        return Lexicon({unicodedata.normalize("NFC", word): english for word, english in listed.items()})

    def language(self, text: str) -> str:
        """Vietnamese (vi) where a letter or a known word is, or where every word is known; else English (en)."""
        parts = PARTS.findall(unicodedata.normalize("NFC", text).lower())
        words = [part for part in parts if part[0].isalpha()]
        marked = any(word in self.words and not word.isascii() for word in words)
        strange = any(foreign(letter) for word in words for letter in word)
        known = {word for phrase in self.words for word in phrase.split()}
        return "vi" if marked or strange or (words and known.issuperset(words)) else "en"

    def english(self, text: str) -> str:
        """The longest phrases first; quoted text and numbers as they are, an unknown word without its accents."""
        if self.language(text) == "en":
            return text
        said = " ".join(self._translated(PARTS.findall(unicodedata.normalize("NFC", text))))
        return re.sub(r" ([" + re.escape("".join(GLUED)) + "])", r"\1", said)

    def _translated(self, parts: list[str]) -> Iterator[str]:
        at = 0
        while at < len(parts):
            length = next((n for n in range(LONGEST, 0, -1) if self._phrase(parts[at : at + n]) in self.words), 0)
            english = self.words[self._phrase(parts[at : at + length])] if length else plain(parts[at])
            at += length or 1
            if english:
                yield english

    def _phrase(self, parts: list[str]) -> str:
        return " ".join(parts).lower()


def plain(word: str) -> str:
    """Without its accents, unless it is quoted."""
    if not word[0].isalnum():
        return word
    parts = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
