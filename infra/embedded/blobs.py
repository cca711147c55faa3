"""File blobs – keep pictures as files in the home, each written once.

A name becomes one quoted file name in a folder named by the name's first letters. Ids begin with their time, so one
folder holds about nine hours of pictures, and reading the folders in order reads the names in order.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from core.blobs import Stored, sound
from infra.local.disk import file_name, name_of, on_disk, read, sweep, sync_folder, write_aside

PROBE = bytes(65_536)
FAN = len("img/") + 5  # letters of the name that choose its folder


class FileBlobs:
    """Blobs in a folder. Sizes and hashes are always read from the disk, so that the audit notices damage."""

    def __init__(self, folder: Path, *, looking: bool = False) -> None:
        """Open the store in `folder`. With `looking`, another process owns the folder and its unfinished files stay."""
        self._kept, self._aside = folder / "kept", folder / "aside"
        self.damaged: set[str] = set()
        if not looking:
            self._kept.mkdir(parents=True, exist_ok=True)
            sweep(self._aside)

    async def put(self, name: str, data: bytes, mime: str) -> Stored:  # noqa: ARG002  the bytes say what they are
        return await on_disk(self._put, name, data)

    async def get(self, name: str, sha256: str = "") -> bytes | None:
        return await on_disk(self._get, name, sha256)

    async def probe(self) -> None:
        await on_disk(self._probe)

    async def delete(self, name: str) -> None:
        await on_disk(self._delete, self._path(name))

    async def walk(self, after: str = "", limit: int = 1000) -> list[Stored]:
        return await on_disk(self._walk, after, limit)

    def _path(self, name: str) -> Path:
        return self._kept / file_name(name[:FAN]) / file_name(name)

    def _probe(self) -> None:
        write_aside(self._aside, PROBE).unlink()

    def _get(self, name: str, sha256: str) -> bytes | None:
        return sound(read(self._path(name)), name, sha256, self.damaged)

    def _put(self, name: str, data: bytes) -> Stored:
        path = self._path(name)
        fresh = not path.exists() and self._place(path, data)
        sync_folder(path.parent)  # even if another put placed the file: our answer must survive a power cut
        stands = data if fresh else read(path)
        if stands is None:  # deleted in between, so this put places the file after all
            return self._put(name, data)
        return stored(name, stands, fresh=fresh)

    def _delete(self, path: Path) -> None:
        """Delete `path` durably: a person's erased picture must not come back after a power cut."""
        with suppress(FileNotFoundError):
            path.unlink()
            sync_folder(path.parent)

    def _place(self, path: Path, data: bytes) -> bool:
        """Link a finished file to `path`. A link never overwrites, so exactly one of two puts returns True."""
        if not path.parent.exists():
            path.parent.mkdir(exist_ok=True)
            sync_folder(self._kept)
        aside = write_aside(self._aside, data)
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            return False
        finally:
            aside.unlink()
        return True

    def _walk(self, after: str, limit: int) -> list[Stored]:
        found = ((name, read(self._path(name))) for name in self._names(after))
        return list(islice((stored(name, data) for name, data in found if data is not None), limit))

    def _names(self, after: str) -> Iterator[str]:
        """Names behind `after`, in order: folder by folder, since the folders' names are the first letters."""
        for lead in names_in(self._kept):
            if lead >= after[:FAN]:
                folder = self._kept / file_name(lead)
                yield from (name for name in names_in(folder) if name > after)


def names_in(folder: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return sorted(name_of(path.name) for path in folder.iterdir())
    return []


def stored(name: str, data: bytes, *, fresh: bool = False) -> Stored:
    return Stored(name, len(data), hashlib.sha256(data).hexdigest(), fresh=fresh)
