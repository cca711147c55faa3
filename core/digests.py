"""Digests: what the row of an image, or of what somebody sent us, says of the bytes that were kept under a name."""

from collections.abc import Sequence

from core.gallery import image_key
from core.table import Table
from core.uploads import FOLDER, upload_key


async def digest_of(table: Table, ids: Sequence[str], name: str) -> str:
    """The SHA-256 of what was kept under this name for a person of these ids; nothing where no row of theirs says."""
    kind, _, id_ = name.partition("/")
    for one in ids:
        key = upload_key(one, id_) if name.startswith(FOLDER) else image_key(one, id_)
        if row := await table.get(key):
            return row.text("thumb_sha256" if kind == "thumb" else "sha256")
    return ""
