"""Port: what may be forgotten at any time. Nothing about money is ever decided here."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol


class Cache(Protocol):
    async def get(self, key: str) -> bytes | None: ...

    async def put(self, key: str, value: bytes, seconds: int, tags: Sequence[str] = ()) -> None: ...

    async def forget(self, tag: str) -> None:
        """Drop everything that was put under this tag."""
        ...

    async def take(self, bucket: str, per_second: float, burst: float) -> float:
        """Take one from a bucket; 0 when it was there, else the seconds until it would be (nothing taken).

        `burst`: how many it holds; a part of one is time that whoever waits for the next may be late without loss.
        """
        ...

    async def publish(self, topic: str, word: str) -> None: ...

    def follow(self, topic: str) -> AsyncIterator[str]:
        """What is published from now on."""
        ...
