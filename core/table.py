"""One table, described by what we need of it and nothing more.

Everything Imagify remembers (people, credits, holds, jobs, orders, messages) is a row with a two-part key.
Rows change only through `write`, which applies all its writes or none. Two tables are built to this plan,
SQLite for one machine and DynamoDB past it, and one suite in tests/twins holds them to it.

Rules that both builders keep, checked here so that neither can forget one:
- a value is text, a whole number, a truth, or a list or map of these; never a float, never nothing;
- no row stands twice in one write, and a write has at most 100 parts;
- numbers stay within 18 digits, so that every builder stores them whole;
- a field named `shelf` with a whole-number `due` puts the row on ShelfIndex; a text field `email` on EmailIndex;
  these three keep their kind in every row, and an empty text stands on no index, so the field is left out instead;
- no part of a key is empty, and no field is called `owner`, `name`, `v` or `w`: these are the table's own.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

Value: TypeAlias = "str | int | bool | list[Value] | dict[str, Value]"
Scalar: TypeAlias = str | int | bool
Fields: TypeAlias = Mapping[str, Value]

MOST_WRITES = 100
BIGGEST = 10**18


@dataclass(frozen=True, slots=True, order=True)
class Key:
    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    key: Key
    fields: Mapping[str, Value]

    def text(self, name: str, default: str = "") -> str:
        value = self.fields.get(name, default)
        return value if isinstance(value, str) else default

    def number(self, name: str, default: int = 0) -> int:
        value = self.fields.get(name, default)
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    def flag(self, name: str) -> bool:
        return self.fields.get(name) is True

    def items(self, name: str) -> list[Value]:
        value = self.fields.get(name)
        return list(value) if isinstance(value, list) else []

    def texts(self, name: str) -> list[str]:
        return [item for item in self.items(name) if isinstance(item, str)]

    def map(self, name: str) -> dict[str, Value]:
        value = self.fields.get(name)
        return dict(value) if isinstance(value, dict) else {}


Rows: TypeAlias = list[Row]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The field equals one of these."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Below:
    """The field stands there as a number and is smaller than this."""

    limit: int


Condition: TypeAlias = Scalar | AnyOf | Below | None  # nothing: the field does not stand there
When: TypeAlias = Mapping[str, Condition]


@dataclass(frozen=True, slots=True)
class Create:
    """Add a row; refused where one stands already."""

    key: Key
    fields: Fields


@dataclass(frozen=True, slots=True)
class Change:
    """Set, add to and unset fields of a row; refused unless it stands, `when` holds and no sum falls below its floor.

    With `or_create` a row that does not stand is begun (`when` and `floor` then look at an empty one).

    `alone` promises that no other change that goes alone can pass on this row before an answer to this one is known: a
    lease, a fence or a state keeps it out. As a whole write it then needs no token, which halves its price on DynamoDB.
    """

    key: Key
    set: Fields = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    when: When = field(default_factory=dict)
    floor: Mapping[str, int] = field(default_factory=dict)
    or_create: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """Change nothing; refused unless the row stands and `when` holds."""

    key: Key
    when: When = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delete:
    """Take the row away. Without `when` a row gone already is fine; with it, refused unless it stands and holds."""

    key: Key
    when: When | None = None


Write: TypeAlias = Create | Change | Check | Delete


@dataclass(frozen=True, slots=True)
class Index:
    """Where rows are found by a field of theirs; it may lag, so it finds and a conditional write decides."""

    name: str
    field: str
    order: str | None = None


EMAIL_INDEX = Index("EmailIndex", "email")
SHELF_INDEX = Index("ShelfIndex", "shelf", "due")
INDEXES = (EMAIL_INDEX, SHELF_INDEX)
INDEXED: Mapping[str, type] = {"email": str, "shelf": str, "due": int}
OWNER, NAME = "owner", "name"  # the table's own two key fields
VERSION = "v"  # the schema a row was begun under: stored with it, never seen by a noun (core/schema.py)
MARK = "w"  # of the last write that went alone (infra/aws/table.py): same
OWN = frozenset({OWNER, NAME, VERSION, MARK})


class Refused(Exception):
    """Nothing was written: these positions did not meet their conditions; the rows are what stood there."""

    def __init__(self, rows: Mapping[int, Row | None]) -> None:
        super().__init__(f"refused at {sorted(rows)}")
        self.rows = dict(rows)


class TableUnavailable(Exception):
    """The table gave no sure answer in time; whether it wrote is told by the guard row, never by this."""


class Walked(Protocol):
    """Whatever can be read from end to end."""

    async def walk(self, after: Key | None = None, limit: int = 100) -> Rows:
        """Every row in some order; fewer rows than `limit` means the end."""
        ...


class Table(Walked, Protocol):
    async def get(self, key: Key) -> Row | None:
        """The row as it stands now."""
        ...

    async def list(
        self, owner: str, prefix: str = "", *, after: str = "", limit: int = 100, newest_first: bool = False
    ) -> Rows:
        """Rows of one owner in the order of their names, beginning behind `after`, as they stand now."""
        ...

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        """Rows on an index by value, in the order of the index, up to and with `until`, beginning behind `after`."""
        ...

    async def write(self, *writes: Write) -> None:
        """All of it or nothing. Raises Refused, or TableUnavailable when no sure answer came."""
        ...


async def every(table: Table, owner: str, prefix: str = "") -> AsyncIterator[Row]:
    """All rows of one owner, page by page; they may change or go while they are read."""
    after = ""
    while rows := await table.list(owner, prefix, after=after):
        for row in rows:
            yield row
        after = rows[-1].key.name


def checked(writes: Sequence[Write]) -> Sequence[Write]:
    """The writes, once they keep the table's own rules; a breach is a mistake in our code, so ValueError."""
    if not 0 < len(writes) <= MOST_WRITES:
        raise ValueError(f"a write has 1 to {MOST_WRITES} parts, not {len(writes)}")
    if len({write.key for write in writes}) < len(writes):
        raise ValueError("a row stands twice in one write")
    for write in writes:
        check_names(write)
        for name, value in values_of(write):
            check_value(name, value)
            check_indexed(name, value)
    return writes


def check_names(write: Write) -> None:
    """A key has two parts that are not empty; a field has a name, and not one that is the table's own."""
    if not (write.key.owner and write.key.name):
        raise ValueError(f"half a key: {write.key}")
    if "" in names_of(write):
        raise ValueError(f"a field without a name in {write.key}")
    if taken := OWN.intersection(names_of(write)):
        raise ValueError(f"the table's own {sorted(taken)} as a field of {write.key}")


def names_of(write: Write) -> list[str]:
    match write:
        case Create():
            return [*write.fields]
        case Change():
            return [*write.set, *write.add, *write.unset]
        case _:
            return []


def values_of(write: Write) -> Iterator[tuple[str, Value]]:
    yield from ((OWNER, write.key.owner), (NAME, write.key.name))
    if isinstance(write, Create):
        yield from write.fields.items()
    if isinstance(write, Change):
        check_once(write)
        yield from write.set.items()
        yield from write.add.items()
        yield from write.floor.items()


def check_once(change: Change) -> None:
    """A field is set, added to or unset, not two of these; only whole numbers are added, only they have a floor."""
    named = names_of(change)
    if not all(type(more) is int for more in change.add.values()):
        raise ValueError(f"only whole numbers are added, in {change.key}")
    if len(set(named)) < len(named):
        raise ValueError(f"a field is changed twice in {change.key}")
    if change.alone and (change.add or change.or_create):
        raise ValueError(f"only what is set and unset in a row that stands goes alone, not {change.key}")
    if not set(change.floor) <= set(change.add):
        raise ValueError(f"a floor without an addition in {change.key}")


def check_indexed(name: str, value: Value) -> None:
    kind = INDEXED.get(name)
    if kind and (type(value) is not kind or value == ""):
        raise ValueError(f"{name} stands on an index and cannot be {value!r}")


def check_value(name: str, value: object) -> None:
    match value:
        case bool():
            return
        case str():
            value.encode()  # half a surrogate pair is no text; the error it raises is a ValueError
        case int():
            if abs(value) >= BIGGEST:
                raise ValueError(f"{name} is too big a number")
        case list():
            for item in value:
                check_value(name, item)
        case dict():
            if "" in value:
                raise ValueError(f"a field without a name in {name}")
            for inner, item in value.items():
                check_value(f"{name}.{inner}", item)
        case _:
            raise ValueError(f"{name} is {type(value).__name__}, which the table does not keep")


def same(one: object, other: object) -> bool:
    """Equal in kind and value: True is not 1."""
    return type(one) is type(other) and one == other


def holds(fields: Fields, name: str, condition: Condition) -> bool:
    """Whether a condition holds on a row's fields; the words both builders mean."""
    value = fields.get(name)
    match condition:
        case None:
            return value is None
        case AnyOf(values):
            return any(same(value, one) for one in values)
        case Below(limit):
            return isinstance(value, int) and not isinstance(value, bool) and value < limit
        case _:
            return same(value, condition)
