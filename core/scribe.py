"""Port: who reads and writes words for us."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wording:
    """A prompt in English, as the painter will read it, and the language it was in."""

    english: str
    language: str


class Scribe(Protocol):
    async def translate(self, words: str) -> Wording:
        """The same words in English; numbers and quoted text stay as they are. Raises Unavailable."""
        ...

    async def enhance(self, english: str) -> str:
        """The words with light and detail added."""
        ...

    async def describe(self, picture: bytes, language: str) -> str:
        """What a picture shows, for someone who cannot see it."""
        ...
