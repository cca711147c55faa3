"""Blobs port – bytes under a name, written once."""

import hashlib
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

    damaged: set[str]  # names under which other bytes were found than were kept, until an admin is told

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        """Keep `data` if `name` is free, else leave the old bytes. Return what is stored under `name`."""
        ...

    async def get(self, name: str, sha256: str = "") -> bytes | None:
        """The bytes, where they are those of `sha256`; others are damaged, and are told as if nothing stood there."""
        ...

    async def probe(self) -> None:
        """Find out whether a put could be kept now, and leave nothing behind."""
        ...

    async def delete(self, name: str) -> None: ...

    async def walk(self, after: str = "", limit: int = 1000) -> list[Stored]:
        """Up to `limit` stored blobs with names above `after`, in the order of names."""
        ...


def sound(data: bytes | None, name: str, sha256: str, damaged: set[str]) -> bytes | None:
    """The bytes, unless they are not those of `sha256`: then nothing, and the name is among the damaged."""
    if data is None or not sha256 or hashlib.sha256(data).hexdigest() == sha256:
        return data
    damaged.add(name)
    return None
