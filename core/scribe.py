"""Scribe port – translates and enhances prompts, and describes pictures."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wording:
    """Wording of a prompt in English, with the `language` of the original, and `enhanced` on demand."""

    english: str
    language: str
    avoid: str = ""  # what the picture is to be without, in English
    enhanced: str = ""  # the English words with light and detail added

    @property
    def painted(self) -> str:
        """Words for the painter."""
        return self.enhanced or self.english


class Scribe(Protocol):
    async def word(self, words: str, avoid: str = "", *, enhance: bool = False) -> Wording:
        """Translate `words` into English. Numbers, names and quoted text stay. Raises Unavailable or Declined."""
        ...

    def describe(self, picture: bytes, language: str) -> AsyncIterator[str]:
        """Description of `picture` for a person who cannot see it, piece by piece.

        Raises Unavailable, Declined or NotAPicture.
        """
        ...
