"""Eyes – fit a picture to the formats and limits of a model that looks at pictures."""

from collections.abc import Collection
from dataclasses import dataclass

from core.darkroom import Darkroom
from core.errors import NotAPicture
from core.provenance import Kind, Torn
from infra.local.negative import look


@dataclass(frozen=True, slots=True)
class Eyes:
    darkroom: Darkroom
    kinds: Collection[Kind]
    most_bytes: int
    most_side: int  # pixels

    async def fitted(self, picture: bytes) -> tuple[bytes, Kind]:
        """Return `picture` as given if the model takes it, else a chat photo or thumbnail of it. Raises NotAPicture."""
        if kind := self._sees(picture):
            return picture, kind
        photo = await self.darkroom.photo(picture)
        if kind := self._sees(photo):
            return photo, kind
        return (await self.darkroom.admit(picture)).thumbnail, "JPEG"

    def _sees(self, picture: bytes) -> Kind | None:
        try:
            seen = look(picture)
        except Torn:
            raise NotAPicture("unreadable") from None
        fits = seen and seen.kind in self.kinds and max(seen.width, seen.height) <= self.most_side
        return seen.kind if seen and fits and len(picture) <= self.most_bytes else None
