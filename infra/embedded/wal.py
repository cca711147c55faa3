"""The journal of the database (its WAL), looked at from outside: whether anything in it can no longer be read.

SQLite reads a journal up to the first frame that does not match its checksum and takes that for the end. After a power
cut it is; after a damaged byte everything behind it is gone without a word. So what lies behind the end is looked at
by the salts that each frame carries: those of this round through the file are no remains of an earlier one.
"""

import sqlite3
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

HEADER, FRAME = 32, 24  # bytes
MAGIC = 0x377F0682  # and one more where checksums are taken over words with the high byte first
ROUND = 2**32
LAST_READ = slice(16, 20)  # in the index beside it: the last frame that SQLite takes for written

Verdict = Literal["whole", "torn", "damaged"]


def examined(database: Path, reader: sqlite3.Connection) -> Verdict:
    """Whole; torn in its very last write; or damaged before that. The `reader` has read since it was opened."""
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
    """Of the frames behind those that are read: those of this round, and whether a write ends with them."""
    page, *salts = struct.unpack(">I4x2I", header[8:24])
    file.seek(HEADER + read * (FRAME + page))
    while len(frame := file.read(FRAME + page)) == FRAME + page:
        ends, *own = struct.unpack(">3I", frame[4:16])
        if own[0] == salts[0] or own[1] == salts[1]:  # one of the two may be what was damaged
            yield ends > 0


def behind(found: Sequence[bool]) -> Verdict:
    """A write is on the disk before the next one begins, so only the last one may be torn by a power cut."""
    if not found:
        return "whole"
    return "damaged" if any(found[:-1]) else "torn"


def sound(header: bytes) -> bool:
    """Whether it matches the checksum in its last eight bytes."""
    magic, *_ = struct.unpack(">I", header[:4])
    words = struct.unpack(">6I" if magic & 1 else "<6I", header[:24])
    one = two = 0
    for at in range(0, 6, 2):
        one = (one + words[at] + two) % ROUND
        two = (two + words[at + 1] + one) % ROUND
    return magic | 1 == MAGIC | 1 and (one, two) == struct.unpack(">2I", header[24:])
