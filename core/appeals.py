"""Appeals – keeps a person's words against a decision of ours, one at a time, for admins."""

from dataclasses import dataclass

from core.alarms import Alarms
from core.clock import Clock
from core.ledger import owner_of
from core.table import SHELF_INDEX, Change, Create, Delete, Fields, Key, Refused, Row, Table

APPEAL, APPEALS = "APPEAL", "APPEALS"  # name of the person's row, and the shelf of all appeals
ALARM = "appeal"  # the alarm that admins get
LONGEST = 1_000  # characters of an appeal


@dataclass(frozen=True, slots=True)
class Appeal:
    """Appeal of `person`, in the person's own `words`, against `about`: `ban`, or the reason of another decision."""

    person: str
    about: str
    words: str
    at: int

    @classmethod
    def of(cls, row: Row) -> "Appeal":
        person = row.key.owner.removeprefix(owner_of(""))
        return cls(person, row.text("about"), row.text("words"), row.number("due"))


class Appeals:
    def __init__(self, table: Table, clock: Clock, alarms: Alarms) -> None:
        self._table, self._clock, self._alarms = table, clock, alarms

    async def make(self, person: str, about: str, words: str) -> None:
        """Keep `words` in place of the person's earlier appeal, and tell admins of the first one."""
        said: Fields = {"about": about, "words": words, "shelf": APPEALS, "due": self._clock.now()}
        try:
            await self._table.write(Create(appeal_key(person), said), *await self._alarms.posting(ALARM))
        except Refused:
            await self._table.write(Change(appeal_key(person), set=said, or_create=True))

    async def of(self, person: str) -> Appeal | None:
        """Appeal of `person` that no admin has answered yet, or None."""
        row = await self._table.get(appeal_key(person))
        return Appeal.of(row) if row else None

    async def open(self) -> list[Appeal]:
        """Appeals that wait for an answer, the oldest first."""
        found: list[Row] = []
        while rows := await self._table.find(SHELF_INDEX, APPEALS, after=found[-1] if found else None):
            found += rows
        return [Appeal.of(row) for row in found]


def appeal_key(person: str) -> Key:
    return Key(owner_of(person), APPEAL)


def answering(appeal: Appeal) -> Delete:
    """Write that removes `appeal`, to go with the write of the answer."""
    return Delete(appeal_key(appeal.person))
