"""Voiding – takes back played purchases, so that a home may open with real keys.

Each purse loses what is left of its play credits: never more than is free, and never more than came from a played till
or as a gift of a played house, to this purse or to one merged into it. Held credits stay held, and are counted.

    USER#person VOIDED      number of the last entry looked at, in the same write: a second run takes no credit twice,
                            and later purchases with real money are safe
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.audit import every_row
from core.ledger import Draft, Ledger, Line, Purse, guard, owner_of
from core.play import forget_played
from core.table import Change, Key, Row, Table

MOVED = ("merge in", "merge out", "lapse")  # from one purse to another, or away: the first purse counts
BACK = ("release", "give back", "refund release")  # credits that were there before
LOOKED = "VOIDED"


@dataclass(frozen=True, slots=True)
class Voided:
    """Count of people and credits taken back, and of credits that stay held for open work."""

    people: int
    credits: int
    held: int


@dataclass(slots=True)
class Book:
    """Book of one purse: the entries that speak of play."""

    purse: Purse | None = None
    looked: int = 0
    entries: list[Row] = field(default_factory=list)  # every entry that brought credits, once

    @property
    def new(self) -> list[Row]:
        return [row for row in self.entries if row.flag("play") and number_of(row) > self.looked]

    def brought(self, pocket: str) -> int:
        """Credits that play brought to `pocket` since the last look."""
        return sum(row.number(pocket) for row in self.new)

    @property
    def paid_for(self) -> bool:
        """True if real money or an admin's grant ever came in."""
        return any(row.number("paid") and not row.flag("play") for row in self.entries)

    @property
    def last(self) -> int:
        return max(map(number_of, self.new), default=self.looked)


async def void_play(table: Table, ledger: Ledger) -> Voided:
    """Void all play. The house must be shut. The mark of a played house goes only when all is done."""
    people = credits_ = held = 0
    for person, books in merged(await read(table)).items():
        if any(book.new for book in books.values()):
            moved = await ledger.commit(person, lambda purse, books=books: voiding(purse, books))  # type: ignore[misc]  # bound now
            taken = moved.before.free - moved.purse.free
            people, credits_, held = people + bool(taken), credits_ + taken, held + moved.purse.held
    await forget_played(table)
    return Voided(people, credits_, held)


async def read(table: Table) -> Mapping[str, Book]:
    """Books of all people."""
    books: dict[str, Book] = defaultdict(Book)
    async for row in every_row(table):
        kind, _, person = row.key.owner.partition("#")
        if kind != "USER":
            continue
        if row.key.name == "PURSE":
            books[person].purse = Purse.of(person, row)
        elif row.key.name == LOOKED:
            books[person].looked = row.number("to")
        elif row.key.name.startswith("TRANSACTION#") and brings(row):
            books[person].entries.append(row)
    return books


def brings(row: Row) -> bool:
    return row.text("kind") not in (*MOVED, *BACK) and row.number("gift") + row.number("paid") > 0


def merged(books: Mapping[str, Book]) -> Mapping[str, Mapping[str, Book]]:
    """Books by the present owner of the purse, with the books of merged purses."""
    found: dict[str, dict[str, Book]] = defaultdict(dict)
    for person, book in books.items():
        found[today(person, books)][person] = book
    return found


def today(person: str, books: Mapping[str, Book]) -> str:
    purse = books[person].purse
    return today(purse.merged_into, books) if purse and purse.merged_into else person


def voiding(purse: Purse, books: Mapping[str, Book]) -> Draft:
    """Draft of one entry for all that goes. Gifts were not carried along when purses were merged."""
    own = books[purse.person]
    gift = min(purse.gift, own.brought("gift"))
    paid = min(purse.paid, sum(book.brought("paid") for book in books.values()))
    line = Line("void", f"void:{purse.seq + 1}", gift=-gift, paid=-paid)
    marks = [looked_at(person, book) for person, book in books.items() if book.new]
    facts = {"had_paid": any(book.paid_for for book in books.values())}  # else they come after people who paid
    if not gift + paid:
        return Draft((), tuple(marks), facts)
    return Draft((line,), (guard(purse.person, line, purse.seq + 1), *marks), facts)


def looked_at(person: str, book: Book) -> Change:
    return Change(Key(owner_of(person), LOOKED), set={"to": book.last}, or_create=True)


def number_of(row: Row) -> int:
    """Number of the entry within the purse."""
    return int(row.key.name.partition("#")[2])
