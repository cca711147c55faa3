"""Port: the doorbell. A ticket says only "look at the table"; a lost or doubled one costs time, never money."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ticket:
    job: str
    receipt: str = ""  # what the queue wants back when the ticket is done


class Queue(Protocol):
    async def ring(self, job: str) -> None: ...

    async def listen(self, seconds: float) -> Ticket | None:
        """The next ticket, or nothing after so many seconds."""
        ...

    async def done(self, ticket: Ticket) -> None: ...
