"""Journal port – facts for later study, appended and never read back by the house."""

import json
from typing import Protocol

from core.table import Fields


class Journal(Protocol):
    """Journal of facts. A note neither waits nor fails."""

    lost: int  # count of facts that could not be kept

    async def note(self, kind: str, facts: Fields, once: str = "") -> None:
        """Append `facts`. `once` becomes the id of the line: of two lines with one id, a reader takes one."""
        ...

    async def settle(self) -> None:
        """Return once every fact noted so far is kept for good, or counted as lost."""
        ...


class Unkept:
    """Journal of a house that keeps none: facts are dropped, and do not count as lost."""

    lost = 0

    async def note(self, kind: str, facts: Fields, once: str = "") -> None:
        """Keep no `facts`."""

    async def settle(self) -> None:
        """Return at once."""


def line(at: int, kind: str, facts: Fields, once: str = "") -> str:
    """Line of JSON in ASCII, without a line's end, as every journal writes `facts`."""
    named = {"id": once} if once else {}
    return json.dumps({**named, "at": at, "kind": kind, "facts": dict(facts)}, default=repr)
