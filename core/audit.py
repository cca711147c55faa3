"""Audit – reads every row of the table once and names every rule that does not hold."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from core import proofs
from core.blobs import Blobs, Stored
from core.proofs import Annex, Books, Violation
from core.table import Key, Row, Walked

PAGE = 500


@dataclass(frozen=True, slots=True)
class Report:
    """Report of an audit: the counts of rows read, and the `violations` found."""

    people: int
    entries: int
    jobs: int
    images: int
    blobs: int
    violations: tuple[Violation, ...]
    annexes: Mapping[str, int] = field(default_factory=dict)  # counts of further rows, by name

    @property
    def clean(self) -> bool:
        return not self.violations

    def facts(self) -> dict[str, object]:
        counted = {name: getattr(self, name) for name in ("people", "entries", "jobs", "images", "blobs")}
        told = [{"rule": one.rule, "where": one.where, "detail": one.detail} for one in self.violations]
        return {"clean": self.clean, **counted, **self.annexes, "violations": told}


async def audit(table: Walked, blobs: Blobs | None = None, *annexes: Annex) -> Report:
    """Read all rows and prove all rules. Without `blobs` the stored bytes are left out of the proof."""
    books = Books()
    async for row in every_row(table):
        books.take(row)
        for annex in annexes:
            annex.take(row)
    stored = [one async for one in every_blob(blobs)] if blobs else None
    violations = tuple(proofs.violations(books, stored, annexes))
    return Report(
        people=len(books.purses),
        entries=sum(map(len, books.entries.values())),
        jobs=len(books.jobs),
        images=len(books.images),
        blobs=len(stored or ()),
        violations=violations,
        annexes={annex.name: len(annex) for annex in annexes},
    )


async def every_row(table: Walked) -> AsyncIterator[Row]:
    after: Key | None = None
    while rows := await table.walk(after, PAGE):
        for row in rows:
            yield row
        after = rows[-1].key
        if len(rows) < PAGE:
            return


async def every_blob(blobs: Blobs) -> AsyncIterator[Stored]:
    after = ""
    while page := await blobs.walk(after, PAGE):
        for one in page:
            yield one
        after = page[-1].name
