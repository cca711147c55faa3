"""Port: who paints."""

from dataclasses import dataclass
from typing import Protocol

from core.models import Route
from core.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes of a picture as the painter gave them."""

    data: bytes
    mime: str
    seed: int
    unread: tuple[str, ...] = ()  # words that the painter does not know


class Painter(Protocol):
    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        """One attempt, never repeated from within; on a source picture where the prompt is to change one.

        Raises Declined or Unavailable.
        """
        ...
