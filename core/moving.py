"""Moving – carries a house to another table and blob store, unchanged, and proves the copy.

The old house is shut, and its schema row and the new one (the two doors, core/schema.py) are shut during the move, so
the process may be killed at any step:

    1 the old door names the new place and a name drawn for this move, so no process opens the house from now on
    2 the new door has the same name and "arriving". Only an empty place takes it
    3 rows and bytes are carried. A second run skips what is there already, and stops at any difference
    4 both sides are read from end to end, proved and compared
    5 the new door is opened, and only then does the old one say that the house is gone

A row is carried as read: one written under an older schema arrives in today's.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar

from core import schema
from core.audit import Report, audit, every_blob, every_row
from core.blobs import Blobs, Stored
from core.errors import CannotStart
from core.proofs import Annex, Books, Violation
from core.schema import NEVER, SCHEMA, SCHEMA_KEY, open_schema
from core.table import MOST_WRITES, Change, Create, Fields, Key, Refused, Row, Rows, Table

HEAVIEST = 1_000_000  # bytes in one write; DynamoDB takes 4 MB, in its own and longer spelling
WRITES, PUTS = 4, 8  # at the same time
MODULUS = 2**256
KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}

Door: TypeAlias = Literal["empty", "arriving", "arrived"]
Annexes: TypeAlias = Callable[[], Sequence[Annex]]  # fresh ones for each side
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Ground:
    """Stores of one house: `table` and `blobs`."""

    table: Table
    blobs: Blobs


@dataclass(frozen=True, slots=True)
class Moved:
    """Result of a move: counts in the new place, and `differences` between the sides, which keep the new door shut."""

    rows: int = 0
    blobs: int = 0
    report: Report | None = None  # None where an earlier run had done all of it
    differences: tuple[str, ...] = ()


async def move(old: Ground, new: Ground, to: str, name: str, annexes: Annexes = tuple) -> Moved:
    """Carry all rows and bytes that are not there yet. Raises CannotStart, with nothing lost on either side.

    `to` is the new place as shown to a person. `name` is drawn for this move, and ignored where one has begun before.
    """
    name = await begun(old.table, to) or name
    door = await look_at(new, name)
    await leave(old.table, to, name)
    moved = Moved()
    if door != "arrived":
        await arrive(new.table, name, door)
        await carry_rows(old.table, new.table)
        await carry_blobs(old.blobs, new.blobs)
        moved = await compared(old, new, annexes)
        if moved.differences:
            return moved
        row = await old.table.get(SCHEMA_KEY)
        known: Fields = {what: row.text(what) for what in ("secret", "former") if row and row.text(what)}
        await open_door(new.table, name, known)
    await old.table.write(Change(SCHEMA_KEY, set={"gone": True}, when={"moving": name}))
    return moved


async def stay(table: Table) -> str:
    """Take a move back, finished or not, and return the target. Rows carried there already stay there."""
    row = await table.get(SCHEMA_KEY)
    if row is None or not row.text("moving"):
        raise CannotStart("This house has not moved, so there is nothing to take back.")
    oldest = {"oldest": row.number("version") - 1}
    marks = ("moving", "gone_to", *(("gone",) if row.flag("gone") else ()))
    await table.write(Change(SCHEMA_KEY, set=oldest, unset=marks, when={"moving": row.text("moving")}))
    return row.text("gone_to")


# -- the doors --------------------------------------------------------------------------------------------------------


async def begun(table: Table, to: str) -> str:
    """Name of the move under way, or "". Raises CannotStart if that move goes to another place."""
    row = await table.get(SCHEMA_KEY)
    if row and row.text("moving") and row.text("gone_to") != to:
        raise CannotStart(f"{schema.shut(row)} It cannot go to {to} before that.")
    return row.text("moving") if row else ""


async def look_at(new: Ground, name: str) -> Door:
    """State of the new place. Raises CannotStart where anything there is not of this move."""
    row = await new.table.get(SCHEMA_KEY)
    if row and row.text("arrived") == name:
        return "arrived"
    if row and row.text("arriving") == name:
        return "arriving"
    if row and row.text("arriving"):
        raise CannotStart("The table there holds a part of another house, or of this one from a move that was undone.")
    if row or await new.table.walk(limit=1):
        raise CannotStart("The table there is not empty, so no house can move in: name another one.")
    if await new.blobs.walk(limit=1):
        raise CannotStart("The bucket there is not empty, so no house can move in: name another one.")
    return "empty"


async def leave(table: Table, to: str, name: str) -> None:
    """Shut the old house for every process, also for versions that know nothing of moving."""
    row = await table.get(SCHEMA_KEY)
    if row and row.text("moving") == name:
        return
    await open_schema(table)
    row = await table.get(SCHEMA_KEY)
    version = row.number("version") if row else SCHEMA
    if version > SCHEMA:
        raise CannotStart(schema.too_old(version, SCHEMA))
    marks: Fields = {"oldest": NEVER, "moving": name, "gone_to": to}
    await table.write(Change(SCHEMA_KEY, set=marks, when={"version": version, "moving": None}))


async def arrive(table: Table, name: str, door: Door) -> None:
    """Shut the new place until all rows and bytes are there."""
    if door == "empty":
        await table.write(Create(SCHEMA_KEY, {"version": NEVER, "oldest": NEVER, "arriving": name}))


async def open_door(table: Table, name: str, known: Fields) -> None:
    """Open the new house: the last write. `known` takes the digests of the house's secrets along."""
    kept: Fields = {"version": SCHEMA, "oldest": SCHEMA - 1, "arrived": name, **known}
    await table.write(Change(SCHEMA_KEY, set=kept, unset=("arriving",), when={"arriving": name}))


# -- the rows ---------------------------------------------------------------------------------------------------------


async def carry_rows(old: Table, new: Table) -> None:
    async def carry(rows: Rows) -> None:
        await create(new, rows)

    await side_by_side(carry, bundles(old), WRITES)


async def bundles(table: Table) -> AsyncIterator[Rows]:
    """Rows of `table` but the door, in bundles as large as one write takes."""
    bundle, weight = Rows(), 0
    async for row in every_row(table):
        if row.key == SCHEMA_KEY:
            continue
        heavy = len(letters(row))
        if bundle and (len(bundle) == MOST_WRITES or weight + heavy > HEAVIEST):
            yield bundle
            bundle, weight = Rows(), 0
        bundle.append(row)
        weight += heavy
    if bundle:
        yield bundle


async def create(table: Table, rows: Rows) -> None:
    """Create `rows` in one write, leaving out rows that are there already. Raises CannotStart for a differing one."""
    try:
        await table.write(*(Create(row.key, row.fields) for row in rows))
    except Refused as refused:
        for place, stands in refused.rows.items():
            if stands is None or letters(stands) != letters(rows[place]):
                raise differs(rows[place].key) from None
        if left := [row for place, row in enumerate(rows) if place not in refused.rows]:
            await create(table, left)
    except ValueError as error:
        raise CannotStart(f"Of the rows from {rows[0].key} on, one is too much for the table there.") from error


def differs(what: Key | str) -> CannotStart:
    return CannotStart(f"{what} stands there otherwise than here, so this is not the place to go on moving to.")


def letters(row: Row) -> bytes:
    """Bytes of `row`, the same for the same row in every store."""
    whole = [row.key.owner, row.key.name, row.fields]
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# -- the bytes --------------------------------------------------------------------------------------------------------


async def carry_blobs(old: Blobs, new: Blobs) -> None:
    there = {one.name: one.sha256 async for one in every_blob(new)}
    missing = (one async for one in every_blob(old) if there.get(one.name) != one.sha256)

    async def carry(one: Stored) -> None:
        data = await old.get(one.name)
        if data is None:
            raise CannotStart(f"{one.name} has gone from here in the midst of the move: let nobody touch this house.")
        if (await new.put(one.name, data, kind_of(data))).sha256 != one.sha256:
            raise differs(one.name)

    await side_by_side(carry, missing, PUTS)


def kind_of(data: bytes) -> str:
    return next((kind for lead, kind in KINDS.items() if data.startswith(lead)), "application/octet-stream")


async def side_by_side(do: Callable[[One], Awaitable[None]], ones: AsyncIterator[One], hands: int) -> None:
    """Call `do` for every one of `ones`, so many at once as `hands`. The first failure ends all."""
    turn = asyncio.Lock()

    async def work() -> None:
        while True:
            async with turn:
                one = await anext(ones, None)
            if one is None:
                return
            await do(one)

    working = [asyncio.create_task(work()) for _ in range(hands)]
    try:
        await asyncio.gather(*working)
    finally:
        for hand in working:
            hand.cancel()
        await asyncio.gather(*working, return_exceptions=True)


# -- the proof --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Sums:
    """Sums over every row but the door: count, credits and a digest that does not depend on the order."""

    name: str = "rows"
    count: int = 0
    digest: int = 0
    credits: dict[str, int] = field(default_factory=lambda: {"gift": 0, "paid": 0, "held": 0})

    def __len__(self) -> int:
        return self.count

    def take(self, row: Row) -> None:
        if row.key == SCHEMA_KEY:
            return
        self.count += 1
        self.digest = (self.digest + int.from_bytes(hashlib.sha256(letters(row)).digest())) % MODULUS
        if row.key.name == "PURSE":
            self.credits = {pocket: sum_ + row.number(pocket) for pocket, sum_ in self.credits.items()}

    def violations(self, books: Books) -> Iterator[Violation]:
        """No violations, as sums are only counted."""
        del books
        return iter(())


async def compared(old: Ground, new: Ground, annexes: Annexes) -> Moved:
    """Proof of both sides, and every difference between both."""
    (here, ours), (there, theirs) = [await proved(ground, annexes) for ground in (old, new)]
    return Moved(len(theirs), there.blobs, there, tuple(differing(here, ours, there, theirs)))


async def proved(ground: Ground, annexes: Annexes) -> tuple[Report, Sums]:
    sums = Sums()
    return await audit(ground.table, ground.blobs, *annexes(), sums), sums


def differing(here: Report, ours: Sums, there: Report, theirs: Sums) -> Iterator[str]:
    said, answered = ({**report.facts(), **sums.credits} for report, sums in ((here, ours), (there, theirs)))
    for what, count in said.items():
        if what != "violations" and answered[what] != count:
            yield f"{what}: {count} here, {answered[what]} there"
    if set(here.violations) != set(there.violations):
        yield f"violations: {len(here.violations)} here, {len(there.violations)} there, and not the same ones"
    if ours.digest != theirs.digest:
        yield "what the rows say"
