"""Port: the doorbell. A ticket says only "look at the table"; a lost or doubled one costs time, never money."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ticket:
    job: str
    receipt: str = ""  # what the queue wants back when the ticket is done


class Queue(Protocol):
    """No verb fails: who cannot be heard rings again later, and who hears nothing looks at the table."""

    lost: int  # rings that nobody will hear

    async def ring(self, job: str) -> None: ...

    async def listen(self, seconds: float) -> Ticket | None:
        """The next ticket, or nothing after so many seconds."""
        ...

    async def hold(self, ticket: Ticket) -> None:
        """Whoever heard it is still at it; a ticket that is neither held nor done is heard again by somebody."""
        ...

    async def done(self, ticket: Ticket) -> None: ...
