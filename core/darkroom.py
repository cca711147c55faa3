"""Port: everything done to the bytes of a picture, with care and off the event loop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.provenance import Mark


@dataclass(frozen=True, slots=True)
class Print:
    """A picture that decodes, without foreign metadata, and its thumbnail; both with our mark when developed."""

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str
    thumbnail: bytes
    mark: Mark | None = None  # that somebody's upload came with, read before it was taken off


class Darkroom(Protocol):
    async def develop(self, data: bytes, mark: Mark) -> Print:
        """A painter's bytes made fit to keep. Raises NotAPicture."""
        ...

    async def admit(self, data: bytes) -> Print:
        """A person's upload: limits on bytes and pixels, EXIF and place removed. Raises NotAPicture."""
        ...

    async def photo(self, data: bytes, heaviest: int = 0) -> bytes:
        """As a chat takes a picture: a JPEG of moderate size, with the mark of the original. Raises NotAPicture.

        `heaviest`: the most bytes of one that must be plain, for who knows which decoder; 0 for any that will do.
        """
        ...

    async def contact_sheet(self, pictures: Sequence[bytes]) -> bytes:
        """Up to four pictures side by side, numbered, as one JPEG with the mark of the first. Raises NotAPicture."""
        ...
