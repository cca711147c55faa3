"""Painter port – turns a prompt into a picture."""

from dataclasses import dataclass
from typing import Protocol

from core.models import Route
from core.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Picture:
    """Picture as it came from the painter."""

    data: bytes
    mime: str
    seed: int
    unread: tuple[str, ...] = ()  # words that the painter does not know


class Painter(Protocol):
    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        """Paint `prompt` in one attempt, never repeated from within, from `source` where a picture is to be changed.

        Raises Declined or Unavailable.
        """
        ...
