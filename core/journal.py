"""Port: facts for later study, appended and never read back by the house."""

from typing import Protocol

from core.table import Fields


class Journal(Protocol):
    async def note(self, kind: str, facts: Fields) -> None: ...
