"""Port: facts for later study, appended and never read back by the house."""

import json
from typing import Protocol

from core.table import Fields


class Journal(Protocol):
    """Noting neither waits nor fails."""

    lost: int  # facts that could not be kept

    async def note(self, kind: str, facts: Fields, once: str = "") -> None:
        """Append a fact. `once` goes into its line as its id: of two lines with one id, the reader takes one."""
        ...

    async def settle(self) -> None:
        """Return once everything noted so far is kept, whatever becomes of this process, or counted as lost."""
        ...


class Unkept:
    """For a house that keeps no journal: facts are noted by nobody, and none of them counts as lost."""

    lost = 0

    async def note(self, kind: str, facts: Fields, once: str = "") -> None:
        """Nothing is kept."""

    async def settle(self) -> None:
        """Nothing is waited for."""


def line(at: int, kind: str, facts: Fields, once: str = "") -> str:
    """A fact as every journal writes it: JSON in one line of ASCII, without the line's end."""
    named = {"id": once} if once else {}
    return json.dumps({**named, "at": at, "kind": kind, "facts": dict(facts)}, default=repr)
