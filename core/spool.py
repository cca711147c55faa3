"""Spool port – a painter's bytes on this machine's disk, before any later step can fail."""

from typing import Protocol


class Spool(Protocol):
    """Spool of bytes. Every method raises Unavailable when the disk is full or failing."""

    async def keep(self, job: str, data: bytes) -> None:
        """Keep `data`, durable on return (fsync, rename)."""
        ...

    async def find(self, job: str) -> bytes | None: ...

    async def forget(self, job: str) -> None: ...

    async def waiting(self) -> list[str]:
        """Jobs with bytes still here."""
        ...
