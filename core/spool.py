"""Port: a painter's bytes on this machine's own disk, before anything else can go wrong with them."""

from typing import Protocol


class Spool(Protocol):
    """Every verb raises Unavailable when the disk is full or failing."""

    async def keep(self, job: str, data: bytes) -> None:
        """On disk for good when this returns (fsync, rename)."""
        ...

    async def find(self, job: str) -> bytes | None: ...

    async def forget(self, job: str) -> None: ...

    async def waiting(self) -> list[str]:
        """Jobs whose bytes are still here."""
        ...
