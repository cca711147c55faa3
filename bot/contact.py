"""Contact with the vendors of chats: since when nothing is heard of one, told by /readyz, /metrics and an alarm.

A vendor that has nothing to tell is heard all the same, for it answers. A house that is deaf to one vendor serves the
others, so /readyz names it and stays 200: a process taken out for it would be deaf for good.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.alarms import Alarms
from core.clock import HOUR, MINUTE, SECOND, Clock
from core.measures import Measure

DEAF = 5 * MINUTE  # of silence; a question is answered within half of one
LOOKED_EVERY = 30.0  # seconds


@dataclass(slots=True)
class Contact:
    """When a vendor was last heard; at first, when the house began to listen."""

    clock: Clock
    heard_at: int

    def note(self) -> None:
        self.heard_at = self.clock.now()

    @property
    def silence(self) -> int:
        """Milliseconds; a clock that is set back makes none."""
        return max(0, self.clock.now() - self.heard_at)


@dataclass(slots=True)
class Contacts:
    """All of them, by channel."""

    clock: Clock
    alarms: Alarms
    known: dict[str, Contact] = field(default_factory=dict)

    def open(self, channel: str) -> Contact:
        self.known[channel] = Contact(self.clock, self.clock.now())
        return self.known[channel]

    @property
    def deaf(self) -> dict[str, int]:
        """Since when, by channel; nothing of those that are heard."""
        return {channel: one.heard_at for channel, one in self.known.items() if one.silence >= DEAF}

    def told(self) -> dict[str, str]:
        """The same for a machine to read."""
        return {
            channel: datetime.fromtimestamp(since / SECOND, UTC).isoformat(timespec="seconds")
            for channel, since in self.deaf.items()
        }

    def measured(self) -> Iterator[Measure]:
        for channel, one in self.known.items():
            about = "Seconds since a vendor of chats was last heard"
            yield Measure("silence_seconds", about, one.silence / SECOND, {"channel": channel})

    async def look(self) -> None:
        """Admins hear of each silence once, however many processes share it."""
        for channel, since in self.deaf.items():
            await self.alarms.once(f"deaf {channel} {since // HOUR}", "deaf", vendor=channel, since=since)
