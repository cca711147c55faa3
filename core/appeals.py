"""Appeals – keeps what a person says against a decision of ours, on a shelf for admins.

Against a ban there is one, in the person's own words; it is gone with its answer. Against a refusal there is one for
each wording: the words are kept from the press until `KEPT` after the answer, and a yes lets them pass once.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256

from core.alarms import Alarms
from core.chance import letters
from core.clock import DAY, HOUR, SECOND, Clock
from core.errors import TooOften
from core.ledger import owner_of
from core.table import SHELF_INDEX, Change, Create, Delete, Fields, Key, Refused, Row, Table, Write

APPEAL, APPEALS = "APPEAL", "APPEALS"  # the row of a person, and the shelf of all
ANSWERED = "APPEALS#answered"  # shelf
BAN, WORDS, PICTURE, UPLOAD = "ban", "words", "picture", "upload"  # what one is about
OPEN, GRANTED, LOST, USED = "open", "granted", "lost", "used"  # used: what was granted has been ordered
ALARM = "appeal"  # what admins are told of one
LONGEST = 1_000  # characters of what somebody says
KEPT = 30 * DAY  # after its answer, or without one
MOST_A_DAY = 5  # refusals that a person appeals against
CODE_LETTERS, DIGEST_LETTERS = 8, 16
THURSDAY, FIRST_OF_WEEKEND, WEEK = 3, 5, 7  # days since 1970 began on a Thursday
ZONE = 7 * HOUR  # admins work by the days of Việt Nam
WORKING_DAYS = 2  # within which an appeal is to be answered


@dataclass(frozen=True, slots=True)
class Appeal:
    """Appeal of `person`, in `words`, `about` a ban or a refusal, which has the `rule` with its `group` and `pack`."""

    person: str
    about: str
    words: str
    at: int
    code: str = ""  # of an appeal against a refusal
    group: str = ""
    rule: str = ""
    pack: str = ""
    job: str = ""  # whose picture was refused
    state: str = OPEN

    @classmethod
    def of(cls, row: Row) -> "Appeal":
        said = {name: row.text(name) for name in ("about", "words", "group", "rule", "pack", "job")}
        person, code = row.key.owner.removeprefix(owner_of("")), row.key.name.partition("#")[2]
        at = row.number("at") or row.number("due")
        return cls(person, at=at, code=code, state=row.text("state") or OPEN, **said)

    @property
    def key(self) -> Key:
        return appeal_key(self.person, self.code)

    @property
    def due(self) -> int:
        """Moment until which admins have to answer, after two working days."""
        moment, left = self.at, WORKING_DAYS
        while left:
            moment += DAY
            left -= weekday(moment) < FIRST_OF_WEEKEND
        return moment

    def fields(self) -> Fields:
        said = {name: getattr(self, name) for name in ("about", "words", "group", "rule", "pack", "job", "state", "at")}
        return {**said, "shelf": APPEALS, "due": self.at}


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

    async def against(self, appeal: Appeal) -> Appeal:
        """Keep the appeal, or find the one kept before under its code; return it. Raises TooOften."""
        if (standing := await self.named(appeal.person, appeal.code)) and standing.state != USED:
            return standing
        made = replace(appeal, at=self._clock.now())
        await self._bound(made)
        with suppress(Refused):  # pressed twice in the same moment
            await self._keep(made, anew=standing is not None)
        return made

    async def _bound(self, appeal: Appeal) -> None:
        rows = await self._table.list(owner_of(appeal.person), f"{APPEAL}#")
        recent = sorted(row.number("at") for row in rows if row.number("at") > appeal.at - DAY)
        if len(recent) >= MOST_A_DAY:
            raise TooOften((recent[-MOST_A_DAY] + DAY - appeal.at) // SECOND + 1)

    async def _keep(self, appeal: Appeal, *, anew: bool) -> None:
        """Write the appeal, and tell admins of one in an hour at most."""
        kept = Change(appeal.key, set=appeal.fields(), when={"state": USED}) if anew else None
        row = kept or Create(appeal.key, appeal.fields())
        told = Create(Key(f"ALARM#{ALARM}", f"{appeal.at // HOUR:08d}"), {"shelf": ANSWERED, "due": appeal.at + KEPT})
        try:
            await self._table.write(told, row, *await self._alarms.posting(ALARM))
        except Refused:
            await self._table.write(row)

    async def of(self, person: str) -> Appeal | None:
        """Appeal of `person` against a ban that no admin has answered yet, or None."""
        return await self.named(person, "")

    async def named(self, person: str, code: str) -> Appeal | None:
        row = await self._table.get(appeal_key(person, code))
        return Appeal.of(row) if row else None

    async def open(self) -> list[Appeal]:
        """Appeals that wait for an answer, the oldest first."""
        found: list[Row] = []
        while rows := await self._table.find(SHELF_INDEX, APPEALS, after=found[-1] if found else None):
            found += rows
        return [Appeal.of(row) for row in found]

    async def sweep(self, now: int) -> None:
        """Delete appeals that were answered `KEPT` ago, and refused words that waited for as long."""
        old = await self._table.find(SHELF_INDEX, ANSWERED, until=now)
        waited = await self._table.find(SHELF_INDEX, APPEALS, until=now - KEPT)
        for row in [*old, *(one for one in waited if Appeal.of(one).code)]:
            with suppress(Refused):  # answered, or made anew, this very moment
                await self._table.write(Delete(row.key, when={"due": row.number("due")}))


async def passing(table: Table, people: tuple[str, ...], words: str, avoid: str) -> Appeal | None:
    """Granted appeal of one of these `people` for this very wording, or None."""
    for person in people:
        row = await table.get(appeal_key(person, code_of(person, words, avoid)))
        if row and (appeal := Appeal.of(row)).state == GRANTED:
            return appeal
    return None


def using(appeal: Appeal) -> Change:
    """Write that uses the granted `appeal` up, to go with the write of the order."""
    return Change(appeal.key, set={"state": USED}, when={"state": GRANTED})


def appeal_key(person: str, code: str = "") -> Key:
    return Key(owner_of(person), f"{APPEAL}#{code}" if code else APPEAL)


def answering(appeal: Appeal, state: str, now: int) -> Write:
    """Write that ends `appeal`, to go with the write of the answer."""
    if not appeal.code:
        return Delete(appeal.key)
    return Change(appeal.key, set={"state": state, "shelf": ANSWERED, "due": now + KEPT}, when={"state": OPEN})


def code_of(person: str, *what: str) -> str:
    """Short name of one refusal of `person`; the same refusal has the same name."""
    return letters(int.from_bytes(sha256("\n".join((person, *what)).encode()).digest()), CODE_LETTERS)


def digest_of(words: str) -> str:
    """Digest by which a button knows the words that were refused."""
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LETTERS]


def weekday(moment: int) -> int:
    """Number of the day in its week in Việt Nam, from 0 for Monday."""
    return ((moment + ZONE) // DAY + THURSDAY) % WEEK
