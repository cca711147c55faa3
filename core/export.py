"""Export – files for one archive of all that a person may take along.

The files cover all ids of the person: profile, proofs of consent, prompts, entries, appeals, pictures and uploads.
A picture that is exported counts as seen, and is marked seen before: it cannot be given back afterwards.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict

from core.appeals import APPEAL
from core.blobs import Blobs
from core.errors import Unknown
from core.gallery import Gallery
from core.jobs import Job, job_key
from core.ledger import owner_of
from core.people import Person
from core.table import Row, Table, every
from core.uploads import PREFIX, Upload

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class Export:
    def __init__(self, table: Table, blobs: Blobs, gallery: Gallery) -> None:
        self._table, self._blobs, self._gallery = table, blobs, gallery

    async def files(self, person: Person) -> AsyncIterator[tuple[str, bytes]]:
        """Name and bytes of one file after the other, for `person`."""
        yield "profile.json", written(asdict(person))
        yield "consents.json", written([told(row) async for row in self._rows(person, "CONSENT#")])
        yield "prompts.json", written([job async for job in self._prompts(person)])
        yield "entries.json", written([told(row) async for row in self._rows(person, "TRANSACTION#")])
        if appeals := [told(row) async for row in self._rows(person, APPEAL)]:
            yield "appeals.json", written(appeals)
        async for row in self._rows(person, "IMAGE#"):
            if file := await self._picture(row):
                yield file
        async for row in self._rows(person, PREFIX):
            upload = Upload.of(row)
            if data := await self._blobs.get(upload.blob, upload.sha256):
                yield f"uploads/{upload.id}.jpg", data

    async def _rows(self, person: Person, prefix: str) -> AsyncIterator[Row]:
        for one in person.ids:
            async for row in every(self._table, owner_of(one), prefix):
                yield row

    async def _prompts(self, person: Person) -> AsyncIterator[dict[str, object]]:
        """Prompts of all orders of `person`, whatever became of the order."""
        async for hold in self._rows(person, "HOLD#"):
            if row := await self._table.get(job_key(hold.key.name.removeprefix("HOLD#"))):
                job = Job.of(row)
                yield {"job": job.id, "at": job.created, "model": job.model, "state": job.state, "prompt": job.prompt}

    async def _picture(self, row: Row) -> tuple[str, bytes] | None:
        """Name and bytes of the picture of `row`, or None for one withdrawn or deleted."""
        owner, image_id = row.key.owner.removeprefix("USER#"), row.key.name.removeprefix("IMAGE#")
        try:
            image = await self._gallery.view(owner, image_id)
        except Unknown:
            return None
        data = await self._blobs.get(image.blob, image.sha256)
        return (f"images/{image.id}.{ENDINGS.get(image.mime, 'bin')}", data) if data else None


def told(row: Row) -> dict[str, object]:
    """Fields of `row` as the person may read them, without our prefix in the name."""
    return {"name": row.key.name.partition("#")[2], "wallet": row.key.owner.removeprefix("USER#"), **row.fields}


def written(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=2).encode()
