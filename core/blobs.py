"""Blobs port – bytes under a name, written once."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """Blob under `name`. `fresh` is True if this very `put` wrote the bytes."""

    name: str
    size: int
    sha256: str
    fresh: bool = False


class Blobs(Protocol):
    """Store of bytes. Every method raises Unavailable when the store cannot be reached or is full."""

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        """Keep `data` if `name` is free, else leave the old bytes. Return what is stored under `name`."""
        ...

    async def get(self, name: str) -> bytes | None: ...

    async def delete(self, name: str) -> None: ...

    async def walk(self, after: str = "", limit: int = 1000) -> list[Stored]:
        """Up to `limit` stored blobs with names above `after`, in the order of names."""
        ...
