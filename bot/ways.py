"""Ways in: the address that opens a person's private chat with us, by channel, with a word for us to hear there.

A mouth says its own as soon as it knows who it is; of any other channel nobody but the person knows the way.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ways:
    known: dict[str, Callable[[str], str]] = field(default_factory=dict)

    def into(self, channel: str, payload: str) -> str:
        """Where it is; nothing where that is not known, or not yet."""
        way = self.known.get(channel)
        return way(payload) if way else ""
