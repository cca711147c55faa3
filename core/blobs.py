"""Port: bytes under a name, written once."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """What stands under a name; `fresh` when this very put wrote it."""

    name: str
    size: int
    sha256: str
    fresh: bool = False


class Blobs(Protocol):
    """Every verb raises Unavailable when the store cannot be reached, or is full."""

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        """Keep the bytes if nothing stands there; else leave them and say what stands there."""
        ...

    async def get(self, name: str) -> bytes | None: ...

    async def delete(self, name: str) -> None: ...

    async def walk(self, after: str = "", limit: int = 1000) -> list[Stored]:
        """What is kept, in the order of the names."""
        ...
