"""Cache port – values that may be lost at any time, so no decision on money rests on them."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol


class Cache(Protocol):
    async def get(self, key: str) -> bytes | None: ...

    async def put(self, key: str, value: bytes, seconds: int, tags: Sequence[str] = ()) -> None: ...

    async def forget(self, tag: str) -> None:
        """Drop every value put under `tag`."""
        ...

    async def take(self, bucket: str, per_second: float, burst: float) -> float:
        """Take one token from `bucket` and return 0, or take none and return the seconds until one is there.

        `burst`: how many tokens the bucket holds. A fraction above a whole number lets callers be late at no loss.
        """
        ...

    async def publish(self, topic: str, word: str) -> None: ...

    def follow(self, topic: str) -> AsyncIterator[str]:
        """Words published to `topic` from now on."""
        ...
