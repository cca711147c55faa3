"""Files as Telegram keeps them: an identifier for each bot, photos in several sizes, and a path to fetch them from.

Telegram draws a photo anew in each size. Here every size of a photo is the file as it came; only the numbers differ.
"""

import base64
import hashlib
from dataclasses import dataclass

from infra.sandbox.images import Size, size_of
from infra.sandbox.telegram.asked import Asked, Upload, Wire
from infra.sandbox.telegram.refusing import WRONG_FILE, Refused, bad

BIGGEST_PHOTO = 10 * 1024 * 1024
BIGGEST_DOCUMENT = 50 * 1024 * 1024
BIGGEST_FETCHED = 20 * 1024 * 1024  # bytes, by getFile
MOST_KEPT = 256 * 1024 * 1024  # bytes of all files together; the oldest are forgotten
SIDES = (90, 320, 800, 1280, 2560)
LONGEST_SIDES = 10_000  # width and height together
STEEPEST = 20
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}
KINDS = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png", b"RI": "image/webp", b"GI": "image/gif"}


@dataclass(frozen=True, slots=True)
class File:
    """One size of a photo, or a document; `number` is shared by all sizes of a photo."""

    id: str
    unique: str
    bot: int
    kind: str  # photo or document
    number: int
    size: Size | None
    upload: Upload

    @property
    def path(self) -> str:
        extension = EXTENSIONS.get(self.upload.mime) or self.upload.name.rpartition(".")[2] or "bin"
        return f"{self.kind}s/file_{self.number}.{extension if extension.isalnum() else 'bin'}"

    @property
    def wire(self) -> Wire:
        known = {"file_id": self.id, "file_unique_id": self.unique, "file_size": len(self.upload.data)}
        if self.kind == "photo" and self.size:
            return {**known, "width": self.size[0], "height": self.size[1]}
        return {**known, "file_name": self.upload.name, "mime_type": self.upload.mime}


class Files:
    def __init__(self) -> None:
        self.web: dict[str, bytes] = {}  # what a bot may send by its address; there is no other web here
        self._kept: dict[str, File] = {}
        self._weight, self._next = 0, 0

    def photo(self, bot: int, upload: Upload) -> Wire:
        """The fields of a message with this photo; raises what Telegram says of one it does not take."""
        size = _checked_photo(upload.data)
        upload = Upload(upload.data, upload.name, KINDS.get(upload.data[:2], upload.mime))
        self._begin(upload)
        return {"photo": [self._keep(bot, "photo", one, upload).wire for one in _sizes(size)]}

    def document(self, bot: int, upload: Upload) -> Wire:
        if not upload.data:
            raise bad("file must be non-empty")
        if len(upload.data) > BIGGEST_DOCUMENT:
            raise Refused(413, "Request Entity Too Large")
        self._begin(upload)
        return {"document": self._keep(bot, "document", size_of(upload.data), upload).wire}

    def again(self, bot: int, identifier: str, kind: str) -> Wire:
        """The fields of a message that sends a file once more by its identifier."""
        file = self._kept.get(identifier)
        if file is None or file.bot != bot:
            raise bad(WRONG_FILE)
        if file.kind != kind:
            raise bad(f"can't use file of type {file.kind.title()} as {kind.title()}")
        if kind == "photo":
            same = [one for one in self._kept.values() if (one.number, one.bot) == (file.number, bot)]
            return {"photo": [one.wire for one in same]}
        return {"document": file.wire}

    def asked_for(self, bot: int, asked: Asked, source: str, kind: str) -> Wire:
        """Whatever a parameter named: an upload, an address of the web, or an identifier."""
        put = {"photo": self.photo, "document": self.document}[kind]
        if upload := asked.upload(source):
            return put(bot, upload)
        if source.startswith(("http://", "https://")):
            if source not in self.web:
                raise bad("failed to get HTTP URL content")
            return put(bot, Upload(self.web[source], source.rpartition("/")[2] or "file"))
        if source.startswith("attach://") or not source:
            raise bad(f"there is no {kind} in the request")
        return self.again(bot, source, kind)

    def find(self, bot: int, identifier: str) -> File:
        """For getFile."""
        file = self._kept.get(identifier)
        if file is None or file.bot != bot:
            raise bad("invalid file_id")
        if len(file.upload.data) > BIGGEST_FETCHED:
            raise bad("file is too big")
        return file

    def named(self, identifier: str) -> File | None:
        """For people, who see every file they were sent."""
        return self._kept.get(identifier)

    def at(self, bot: int, path: str) -> Upload | None:
        """What lies on a path that getFile told."""
        found = (file.upload for file in self._kept.values() if file.bot == bot and file.path == path)
        return next(found, None)

    def _begin(self, upload: Upload) -> None:
        self._next += 1
        self._weight += len(upload.data)
        while self._weight > MOST_KEPT and self._kept:
            self._forget(next(iter(self._kept.values())))

    def _forget(self, old: File) -> None:
        self._weight -= len(old.upload.data)
        self._kept = {name: file for name, file in self._kept.items() if file.number != old.number}

    def _keep(self, bot: int, kind: str, size: Size | None, upload: Upload) -> File:
        """Identifiers look like Telegram's; which one a file gets hangs on nothing but the order of the uploads."""
        seed = hashlib.sha256(f"{bot} {self._next} {size}".encode()).digest()
        head = {"photo": "AgACAgUAAxkD", "document": "BQACAgUAAxkD"}[kind]
        identifier = head + base64.urlsafe_b64encode(seed[:30]).decode()
        unique = "AQAD" + base64.urlsafe_b64encode(seed[:9]).decode()
        file = File(identifier, unique, bot, kind, self._next, size, upload)
        self._kept[identifier] = file
        return file


def _checked_photo(data: bytes) -> Size:
    if not data:
        raise bad("file must be non-empty")
    if len(data) > BIGGEST_PHOTO:
        raise bad(f"file of size {len(data)} bytes is too big for a photo; the maximum size is {BIGGEST_PHOTO} bytes")
    size = size_of(data)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    if sum(size) > LONGEST_SIDES or max(size) > STEEPEST * max(1, min(size)) or min(size) < 1:
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return size


def _sizes(size: Size) -> list[Size]:
    """The smaller ones first, the photo itself last, as large as Telegram keeps one."""
    longest = max(size)
    smaller = [side for side in SIDES if side < longest]
    last = [] if longest > SIDES[-1] else [longest]
    return [(max(1, size[0] * side // longest), max(1, size[1] * side // longest)) for side in [*smaller, *last]]
