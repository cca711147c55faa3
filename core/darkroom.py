"""Darkroom port – all work on a picture's bytes, with limits and off the event loop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.provenance import Mark


@dataclass(frozen=True, slots=True)
class Print:
    """Picture that decodes, without foreign metadata, and its `thumbnail`. Both carry our mark once developed."""

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str
    thumbnail: bytes
    mark: Mark | None = None  # mark found in an upload, read before it was removed


class Darkroom(Protocol):
    async def develop(self, data: bytes, mark: Mark) -> Print:
        """Make a painter's `data` fit to keep, with `mark`. Raises NotAPicture."""
        ...

    async def admit(self, data: bytes) -> Print:
        """Check the size of the upload `data` in bytes and pixels, and remove EXIF and location. Raises NotAPicture."""
        ...

    async def photo(self, data: bytes, heaviest: int = 0) -> bytes:
        """JPEG of moderate size for a chat, with the mark of the original. Raises NotAPicture.

        `heaviest`: most bytes of a plain JPEG that any decoder can read. 0: no bound, and any kind of JPEG will do.
        """
        ...

    async def contact_sheet(self, pictures: Sequence[bytes]) -> bytes:
        """JPEG of up to four `pictures` side by side, numbered, with the mark of the first. Raises NotAPicture."""
        ...
