"""Disk spool – keeps a painter's bytes on disk, before anything else can fail."""

from pathlib import Path

from infra.local.disk import file_name, name_of, on_disk, read, sweep, sync_folder, write_aside

KEPT = ".picture"


class DiskSpool:
    """Files of bytes, one per job. A `folder` belongs to one process, so unfinished files at the start are torn."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        sweep(folder)

    async def keep(self, job: str, data: bytes) -> None:
        await on_disk(self._keep, self._path(job), data)

    async def find(self, job: str) -> bytes | None:
        return await on_disk(read, self._path(job))

    async def forget(self, job: str) -> None:
        await on_disk(self._path(job).unlink, missing_ok=True)

    async def waiting(self) -> list[str]:
        return await on_disk(self._waiting)

    def _path(self, job: str) -> Path:
        return self._folder / (file_name(job) + KEPT)

    def _keep(self, path: Path, data: bytes) -> None:
        write_aside(self._folder, data).replace(path)
        sync_folder(self._folder)

    def _waiting(self) -> list[str]:
        return sorted(name_of(path.name.removesuffix(KEPT)) for path in self._folder.glob(f"*{KEPT}"))
