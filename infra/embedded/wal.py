"""WAL – examines the database's journal from outside for frames that SQLite will not read.

SQLite reads a journal up to the first frame with a wrong checksum, and takes that for the end. After a power cut this
is right, but after a damaged byte everything behind it is lost silently. So the frames behind the end are examined by
their salts: frames with the salts of this round are no remains of an earlier one.
"""

import sqlite3
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

HEADER, FRAME = 32, 24  # bytes
MAGIC = 0x377F0682  # plus one if checksums are over big-endian words
ROUND = 2**32
LAST_READ = slice(16, 20)  # in the shm index: the last frame that SQLite counts as written

Verdict = Literal["whole", "torn", "damaged"]


def examined(database: Path, reader: sqlite3.Connection) -> Verdict:
    """Verdict on the journal of `database`: whole, torn in the very last write, or damaged before.

    The `reader` must have read since it was opened.
    """
    reader.execute("select count(*) from sqlite_schema").fetchone()
    journal, index = (database.with_name(f"{database.name}-{part}") for part in ("wal", "shm"))
    if not journal.exists() or journal.stat().st_size <= HEADER:
        return "whole"
    with journal.open("rb") as file:
        header = file.read(HEADER)
        if not sound(header):
            return "damaged"
        with index.open("rb") as beside:
            read = int.from_bytes(beside.read(LAST_READ.stop)[LAST_READ], "little")
        return behind([*frames(file, header, read)])


def frames(file: BinaryIO, header: bytes, read: int) -> Iterator[bool]:
    """Frames behind the first `read` ones that belong to this round, each True if a write ends there."""
    page, *salts = struct.unpack(">I4x2I", header[8:24])
    file.seek(HEADER + read * (FRAME + page))
    while len(frame := file.read(FRAME + page)) == FRAME + page:
        ends, *own = struct.unpack(">3I", frame[4:16])
        if own[0] == salts[0] or own[1] == salts[1]:  # one of the two salts may be the damaged part
            yield ends > 0


def behind(found: Sequence[bool]) -> Verdict:
    """Verdict on the frames `found`: a write is on disk before the next begins, so only the last can be torn."""
    if not found:
        return "whole"
    return "damaged" if any(found[:-1]) else "torn"


def sound(header: bytes) -> bool:
    """True if `header` matches the checksum in the last eight bytes."""
    magic, *_ = struct.unpack(">I", header[:4])
    words = struct.unpack(">6I" if magic & 1 else "<6I", header[:24])
    one = two = 0
    for at in range(0, 6, 2):
        one = (one + words[at] + two) % ROUND
        two = (two + words[at + 1] + one) % ROUND
    return magic | 1 == MAGIC | 1 and (one, two) == struct.unpack(">2I", header[24:])
