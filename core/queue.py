"""Queue port – a doorbell: a ticket only says "look at the table".

A lost or doubled ticket costs time, never money.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ticket:
    job: str
    receipt: str = ""  # what the queue needs back when the ticket is done


class Queue(Protocol):
    """Queue of tickets. No method fails: after a failure, a ring comes later, and listeners look at the table."""

    lost: int  # rings that no process will hear

    async def ring(self, job: str) -> None: ...

    async def listen(self, seconds: float) -> Ticket | None:
        """Next ticket, or None after `seconds`."""
        ...

    async def hold(self, ticket: Ticket) -> None:
        """Extend the hold on `ticket`. A ticket neither held nor done goes to another listener."""
        ...

    async def done(self, ticket: Ticket) -> None: ...
