"""Uploads: pictures that people send us to have them changed or described. Each is kept for a day after its last use.

It is named for its person and its bytes, so that the same one sent twice is one. Its row stands before its bytes do and
goes after them: bytes without a row are nobody's. The row says which mark of ours it came with, for the bytes are kept
without it.
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

UPLOADS = "UPLOADS"  # the shelf
PREFIX = "UPLOAD#"  # of their rows
KEPT_FOR = DAY
FOLDER = "upload/"  # of their bytes
JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Upload:
    id: str
    person: str
    sha256: str
    size: int
    due: int
    mark: Mark | None = None  # that it came with

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
        """What the darkroom has admitted, as large as a chat would show it: no model looks at more."""
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
        """One of this person's, by its id or the blob it is. Raises Unknown."""
        for one in ids:
            if row := await self._table.get(upload_key(one, name.removeprefix(FOLDER))):
                return Upload.of(row)
        raise Unknown("picture", name.removeprefix(FOLDER))

    async def named(self, ids: Sequence[str], tail: str) -> Upload:
        """One of this person's, by its id or the last letters of it. Raises Unknown."""
        for one in ids:
            for row in await self._table.list(owner_of(one), PREFIX):
                if row.key.name.endswith(tail.upper()):
                    return Upload.of(row)
        raise Unknown("picture", tail)

    async def use(self, ids: Sequence[str], name: str) -> Upload:
        """It is to be changed: whatever becomes of that, it stays for another day. Raises Unknown."""
        upload = await self.find(ids, name)
        stays = Change(upload_key(upload.person, upload.id), set={"due": self._clock.now() + KEPT_FOR})
        try:
            await self._table.write(stays)
        except Refused:
            raise Unknown("picture", upload.id) from None
        return upload

    async def forget(self, upload: Upload) -> None:
        """Nothing can be done with it, or it is not to be here."""
        await self._blobs.delete(upload.blob)
        with suppress(Refused):  # sent again this very moment
            await self._table.write(Delete(upload_key(upload.person, upload.id), when={"due": upload.due}))

    async def sweep(self) -> int:
        """Forget those whose day is over; an order that still needs one has made it longer."""
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
