"""Uploads – pictures that people send to be changed or described, kept a day after last use.

An upload is named by person and bytes, so that the same picture sent twice is one. The row is written before the
bytes and deleted after them: bytes without a row belong to no person. The row says which mark of ours the upload came
with, as the bytes are kept without the mark.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from core.blobs import Blobs
from core.chance import letters
from core.clock import DAY, Clock, Lived
from core.darkroom import Darkroom, Print
from core.errors import Unknown
from core.ledger import owner_of
from core.provenance import Mark
from core.table import SHELF_INDEX, Change, Delete, Fields, Key, Refused, Row, Table, Value

UPLOADS = "UPLOADS"  # the shelf of all uploads
PREFIX = "UPLOAD#"  # of the names of their rows
KEPT_FOR = DAY
FOLDER = "upload/"  # of the names of their bytes
JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Upload:
    id: str
    person: str
    sha256: str
    size: int
    due: int
    mark: Mark | None = None  # the mark the upload came with

    @classmethod
    def of(cls, row: Row) -> "Upload":
        person, id_ = row.key.owner.removeprefix("USER#"), row.key.name.removeprefix(PREFIX)
        return cls(id_, person, row.text("sha256"), row.number("size"), row.number("due"), mark_in(row))

    @property
    def blob(self) -> str:
        return f"{FOLDER}{self.id}"


class Uploads:
    def __init__(self, table: Table, blobs: Blobs, darkroom: Darkroom, clock: Clock) -> None:
        self._table, self._blobs, self._darkroom, self._clock = table, blobs, darkroom, clock
        self._lived = Lived(clock)

    async def keep(self, person: str, admitted: Print) -> Upload:
        """Keep what the darkroom has `admitted`, in the size that a chat shows, as no model looks at more."""
        photo = await self._darkroom.photo(admitted.data)
        digest = sha256(photo).hexdigest()
        due, mark = self._clock.now() + KEPT_FOR, admitted.mark
        upload = Upload(name_of(person, digest), person, digest, len(photo), due, mark)
        said: dict[str, Value] = {"model": mark.model, "job": mark.job, "made": mark.made} if mark else {}
        kept: Fields = {"sha256": digest, "size": upload.size, "shelf": UPLOADS, "due": due, "mark": said}
        await self._table.write(Change(upload_key(person, upload.id), set=kept, or_create=True))
        await self._blobs.put(upload.blob, photo, JPEG)
        return upload

    async def find(self, ids: Sequence[str], name: str) -> Upload:
        """Upload under any of `ids`, by the id or the name of the blob. Raises Unknown."""
        for one in ids:
            if row := await self._table.get(upload_key(one, name.removeprefix(FOLDER))):
                return Upload.of(row)
        raise Unknown("picture", name.removeprefix(FOLDER))

    async def named(self, ids: Sequence[str], tail: str) -> Upload:
        """Upload under any of `ids`, by the id or the last letters of the id. Raises Unknown."""
        for one in ids:
            for row in await self._table.list(owner_of(one), PREFIX):
                if row.key.name.endswith(tail.upper()):
                    return Upload.of(row)
        raise Unknown("picture", tail)

    async def use(self, ids: Sequence[str], name: str) -> Upload:
        """Keep an upload that an order needs for another day, whatever becomes of the order. Raises Unknown."""
        upload = await self.find(ids, name)
        stays = Change(upload_key(upload.person, upload.id), set={"due": self._clock.now() + KEPT_FOR})
        try:
            await self._table.write(stays)
        except Refused:
            raise Unknown("picture", upload.id) from None
        return upload

    async def forget(self, upload: Upload) -> None:
        """Delete an upload that is not needed, or not allowed here."""
        await self._blobs.delete(upload.blob)
        with suppress(Refused):  # refused: sent again this very moment
            await self._table.write(Delete(upload_key(upload.person, upload.id), when={"due": upload.due}))

    async def sweep(self) -> int:
        """Delete uploads whose day is over. An order that still needs one has extended the day."""
        rows = await self._table.find(SHELF_INDEX, UPLOADS, until=self._lived.now())
        for row in rows:
            await self.forget(Upload.of(row))
        return len(rows)


def mark_in(row: Row) -> Mark | None:
    said = row.map("mark")
    return Mark(str(said["model"]), str(said["job"]), int(str(said["made"]))) if said else None


def name_of(person: str, digest: str) -> str:
    return letters(int.from_bytes(sha256(f"{person}:{digest}".encode()).digest()), 26)


def upload_key(person: str, upload: str) -> Key:
    return Key(owner_of(person), f"{PREFIX}{upload}")
