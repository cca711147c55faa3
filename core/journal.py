"""Port: facts for later study, appended and never read back by the house."""

import json
from typing import Protocol

from core.table import Fields


class Journal(Protocol):
    """Noting neither waits nor fails."""

    lost: int  # facts that could not be kept

    async def note(self, kind: str, facts: Fields) -> None: ...


class Unkept:
    """For a house that keeps no journal: facts are noted by nobody, and none of them counts as lost."""

    lost = 0

    async def note(self, kind: str, facts: Fields) -> None:
        """Nothing is kept."""


def line(at: int, kind: str, facts: Fields) -> str:
    """A fact as every journal writes it: JSON in one line of ASCII, without the line's end."""
    return json.dumps({"at": at, "kind": kind, "facts": dict(facts)}, default=repr)
