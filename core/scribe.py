"""Port: who reads and writes words for us."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wording:
    """A prompt in English, and the language it was in; enhanced where that was asked for."""

    english: str
    language: str
    avoid: str = ""  # what the picture is to be without, in English
    enhanced: str = ""  # the English words with light and detail added

    @property
    def painted(self) -> str:
        """What the painter reads."""
        return self.enhanced or self.english


class Scribe(Protocol):
    async def word(self, words: str, avoid: str = "", *, enhance: bool = False) -> Wording:
        """The words in English; numbers, names and quoted text stay as they are. Raises Unavailable or Declined."""
        ...

    def describe(self, picture: bytes, language: str) -> AsyncIterator[str]:
        """What a picture shows, for someone who cannot see it, piece by piece as it is written.

        Raises Unavailable, Declined or NotAPicture.
        """
        ...
