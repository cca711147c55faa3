"""Table port – the one store of rows, with no more features than we need.

Everything Imagify remembers (people, credits, holds, jobs, orders, messages) is a row with a two-part key.
Rows change only through `write`, which applies all its writes or none. Two tables are built to this plan,
SQLite for one machine and DynamoDB past it, and one suite in tests/twins tests both.

Rules of both builders, checked here so that neither can forget one:
- a value is text, a whole number, a bool, or a list or map of these, never a float or None
- no row stands twice in one write, and a write has at most 100 parts
- numbers stay within 18 digits, so that every builder stores them whole
- a field named `shelf` with a whole-number `due` puts the row on ShelfIndex, a text field `email` on EmailIndex
- these three fields keep their type in every row, and an empty text stands on no index, so the field is left out
- no part of a key is empty, and no field is called `owner`, `name`, `v` or `w`, which are the table's own
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
    """Condition that the field equals one of `values`."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Below:
    """Condition that the field is a number below `limit`."""

    limit: int


Condition: TypeAlias = Scalar | AnyOf | Below | None  # None: the row has no such field
When: TypeAlias = Mapping[str, Condition]


@dataclass(frozen=True, slots=True)
class Create:
    """Add a row. Refused if a row with this `key` exists."""

    key: Key
    fields: Fields


@dataclass(frozen=True, slots=True)
class Change:
    """Set, add to and unset fields. Refused unless the row exists, `when` holds and no sum is below the `floor`.

    With `or_create` a missing row is created (`when` and `floor` then look at an empty one).

    `alone` promises that no other change marked so passes on this row before the answer to this one: a lease, fence or
    a state excludes that. As a whole write, such a change needs no token, which halves the price on DynamoDB.
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
    """Change nothing. Refused unless the row exists and `when` holds."""

    key: Key
    when: When = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete the row. With `when`, refused unless the row exists and `when` holds. Without, a missing row is fine."""

    key: Key
    when: When | None = None


Write: TypeAlias = Create | Change | Check | Delete


@dataclass(frozen=True, slots=True)
class Index:
    """Index of rows by a `field`. An index may lag: `find` finds, and a conditional write decides."""

    name: str
    field: str
    order: str | None = None


EMAIL_INDEX = Index("EmailIndex", "email")
SHELF_INDEX = Index("ShelfIndex", "shelf", "due")
INDEXES = (EMAIL_INDEX, SHELF_INDEX)
INDEXED: Mapping[str, type] = {"email": str, "shelf": str, "due": int}
OWNER, NAME = "owner", "name"  # the table's own two key fields
VERSION = "v"  # schema under which a row was created: stored, and never seen by a noun (core/schema.py)
MARK = "w"  # of the last write marked `alone` (infra/aws/table.py): same
OWN = frozenset({OWNER, NAME, VERSION, MARK})


class Refused(Exception):
    """Refusal of a whole write. `rows`: position of each part whose condition failed -> the row found there."""

    def __init__(self, rows: Mapping[int, Row | None]) -> None:
        super().__init__(f"refused at {sorted(rows)}")
        self.rows = dict(rows)


class TableUnavailable(Exception):
    """The table gave no sure answer in time. Only the guard row tells if the write was made."""


class Walked(Protocol):
    """Store that can be read from end to end."""

    async def walk(self, after: Key | None = None, limit: int = 100) -> Rows:
        """Rows in some order, after the key `after`. Fewer than `limit` rows mean the end."""
        ...


class Table(Walked, Protocol):
    async def get(self, key: Key) -> Row | None:
        """Row as it stands now, or None."""
        ...

    async def list(
        self, owner: str, prefix: str = "", *, after: str = "", limit: int = 100, newest_first: bool = False
    ) -> Rows:
        """Rows of one `owner` as they stand now, in the order of their names, with names above `after`."""
        ...

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        """Rows on `index` with `value`, in the order of the index, up to and with `until`, from the row `after` on."""
        ...

    async def write(self, *writes: Write) -> None:
        """Write all of `writes` or none. Raises Refused, or TableUnavailable when no sure answer came."""
        ...


async def every(table: Table, owner: str, prefix: str = "") -> AsyncIterator[Row]:
    """Rows of one `owner`, page by page, which may change or go during the walk."""
    after = ""
    while rows := await table.list(owner, prefix, after=after):
        for row in rows:
            yield row
        after = rows[-1].key.name


def checked(writes: Sequence[Write]) -> Sequence[Write]:
    """Check that `writes` keep the table's rules. A breach is a mistake in our code, so ValueError."""
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
    """Check that both parts of the key are filled, and that no field is nameless or the table's own."""
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
    """Check that `change` names no field twice, adds whole numbers only and has no floor without an addition."""
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
            value.encode()  # half a surrogate pair is no text: encode raises a ValueError
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
    """True if both are equal in type and value: True is not 1."""
    return type(one) is type(other) and one == other


def holds(fields: Fields, name: str, condition: Condition) -> bool:
    """True if `condition` holds for `name` in `fields`: the meaning that both builders follow."""
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
