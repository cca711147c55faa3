"""Linking: two chats become one person, once each side has seen the other and said yes.

    asker   ask_code -> a code to type into the other chat      (15 minutes, one open code a person)
    second  look, accept                                        sees what moves and, masked, where to
    asker   look, confirm                                       sees the same from the other side; now they are one

The asker's wallet is the one that stays: whoever asks for a code keeps their profile, language and e-mail, and the
other's paid credits, images and addresses come to them. Gift credits are not carried; they lapse.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.chance import Chance
from core.clock import HOUR, MINUTE, SECOND, Clock
from core.errors import Busy, Frozen, NotAgreed, TooLate, TooOften, Unknown
from core.ledger import Draft, Ledger, Line, Lost, Purse, owner_of
from core.people import People, Person, changing
from core.table import Below, Change, Condition, Create, Delete, Fields, Key, Refused, Row, Table, When, Write, every

CODE_LASTS = 15 * MINUTE
MOST_TRIES = 5  # wrong codes a person may enter in an hour
MOST_ADDRESSES = 20  # of one person; every one of them changes in the write that links
MOST_RACES = 20
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it stands: who asked, who accepted, and how far it got."""

    digest: str
    asker: str
    second: str
    state: str  # open -> accepted -> used
    until: int

    @classmethod
    def of(cls, row: Row) -> "Code":
        digest = row.key.owner.removeprefix("LINK#")
        return cls(digest, row.text("asker"), row.text("second"), row.text("state"), row.number("until"))

    def moving(self, fields: Fields) -> Change:
        """A step forward, from the state the code was read in."""
        return Change(code_key(self.digest), set=fields, when={"state": self.state})


@dataclass(frozen=True, slots=True)
class Offer:
    """What linking would do, for either side to see before saying yes."""

    state: str
    keeps: bool  # yours is the wallet that stays
    other: tuple[str, ...]  # the other side's addresses, masked; none while nobody has accepted
    paid: int = 0  # credits that move
    lapses: int = 0  # gift credits that are not carried
    images: int = 0


@dataclass(frozen=True, slots=True)
class Linked:
    """The one they are now, and whether they were before."""

    person: Person
    already: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Who stays and who is merged into them, as their profiles were read."""

    stays: Person
    goes: Person
    code: Code


class Changed(Exception):
    """A purse or profile is not what it was read as: look at everything again."""


class Linking:
    def __init__(self, table: Table, clock: Clock, chance: Chance, ledger: Ledger, people: People) -> None:
        self._table, self._clock, self._chance = table, clock, chance
        self._ledger, self._people = ledger, people
        self._addresses = people.addresses

    # -- the code -----------------------------------------------------------------------------------------------------

    async def ask_code(self, person: Person) -> str:
        """A code for the other chat; an earlier one is void from now on."""
        if not person.agreed:
            raise NotAgreed
        code = self._chance.code()
        while not await self._begun(person, code):
            pass
        return code

    async def _begun(self, person: Person, code: str) -> bool:
        """Whether the code stands; not, when another one was asked for in the same moment."""
        row = await self._table.get(pointer_key(person.id))
        old = row.text("code") if row else ""
        new = self._digest(code)
        facts: Fields = {"asker": person.id, "state": "open", "until": self._clock.now() + CODE_LASTS}
        pointer = Change(pointer_key(person.id), set={"code": new}, when={"code": old or None}, or_create=True)
        void = [Delete(code_key(old))] if old else []
        try:
            await self._table.write(pointer, Create(code_key(new), facts), *void)
        except Refused:
            return False
        return True

    async def look(self, code: str, by: Person) -> Offer:
        """What it would do, as this side sees it."""
        found = await self._find(code, by)
        keeps = by.id == found.asker
        goes = found.second if keeps else by.id
        if not goes or found.state == "used":
            return Offer(found.state, keeps, ())
        other = await self._people.person(goes if keeps else found.asker)
        purse = await self._ledger.purse(goes)
        images = [await images_of(self._table, one) for one in (await self._people.person(goes)).ids]
        masked = tuple(address.masked for address in other.addresses)
        return Offer(found.state, keeps, masked, purse.paid, purse.gift, sum(images))

    async def accept(self, code: str, by: Person) -> Offer:
        """The second chat says yes. Accepting again says the same."""
        found = await self._find(code, by)
        if not by.agreed:
            raise NotAgreed
        if by.id == found.asker:
            raise Unknown("other side of", code)
        if found.state == "open":
            await self._accept(found, by)
        return await self.look(code, by)

    async def _accept(self, code: Code, by: Person) -> None:
        try:
            await self._table.write(code.moving({"state": "accepted", "second": by.id}))
        except Refused as refused:
            row = refused.rows[0]
            if row is None or row.text("second") != by.id:
                raise TooLate("accepted") from None

    async def _find(self, code: str, by: Person) -> Code:
        """The code, if it is one that this person may use; a wrong one costs a try."""
        await self._check_tries(by)
        row = await self._table.get(code_key(self._digest(code)))
        if row is not None and self._serves(found := Code.of(row), by):
            return found
        await self._spend_try(by)
        raise Unknown("code", code)

    def _serves(self, code: Code, by: Person) -> bool:
        if code.state == "used":
            return code.asker == by.id
        return self._clock.now() < code.until and (code.state == "open" or by.id in (code.asker, code.second))

    def _digest(self, code: str) -> str:
        return self._addresses.digest(f"link:{code.upper().translate(LOOKALIKES)}")

    # -- tries --------------------------------------------------------------------------------------------------------

    async def _check_tries(self, person: Person) -> None:
        row = await self._table.get(tries_key(person.id))
        if row and self._fresh(row) and row.number("tries") >= MOST_TRIES:
            raise TooOften(self._wait(row))

    async def _spend_try(self, person: Person) -> None:
        """One wrong code more within the hour that began with the first; counted in a row, for a cache may forget."""
        row = await self._table.get(tries_key(person.id))
        try:
            await self._table.write(self._trying(person, row))
        except Refused:
            await self._check_tries(person)
            await self._spend_try(person)

    def _trying(self, person: Person, row: Row | None) -> Change:
        key = tries_key(person.id)
        if row and self._fresh(row):
            return Change(key, add={"tries": 1}, when={"since": row.number("since"), "tries": Below(MOST_TRIES)})
        since: Condition = row.number("since") if row else None
        return Change(key, set={"since": self._clock.now(), "tries": 1}, when={"since": since}, or_create=True)

    def _fresh(self, row: Row) -> bool:
        return row.number("since") <= self._clock.now() < row.number("since") + HOUR

    def _wait(self, row: Row) -> int:
        return -(-(row.number("since") + HOUR - self._clock.now()) // SECOND)

    # -- becoming one -------------------------------------------------------------------------------------------------

    async def confirm(self, code: str, by: Person) -> Linked:
        """The asker says yes: both purses, both profiles, the addresses and the code change in one write."""
        for _ in range(MOST_RACES):
            found = await self._find(code, by)
            if found.asker != by.id:
                raise Unknown("code", code)
            if found.state == "used":
                return Linked(await self._people.person(by.id), already=True)
            if found.state == "open":
                raise Busy("not accepted")
            try:
                return await self._merge(await self._pair(found))
            except (Changed, Lost):
                continue  # somebody moved first: look again at what stands there now
        raise Busy("raced")

    async def _pair(self, code: Code) -> Pair:
        stays, goes = await self._people.profile(code.asker), await self._people.profile(code.second)
        for person in (stays, goes):
            if person.status != "active":
                raise TooLate(person.status)
        if len(stays.addresses) + len(goes.addresses) > MOST_ADDRESSES:
            raise Busy("addresses")
        await self._addresses.renew(*goes.addresses)
        return Pair(stays, goes, code)

    async def _merge(self, pair: Pair) -> Linked:
        purses = [await self._ledger.purse(person.id) for person in (pair.stays, pair.goes)]
        await self._ledger.commit_all(purses, lambda purses: self._drafts(pair, purses))
        return Linked(await self._people.person(pair.stays.id))

    def _drafts(self, pair: Pair, purses: Sequence[Purse]) -> tuple[Draft, Draft]:
        stays, goes = purses
        if (stays.person, goes.person) != (pair.stays.id, pair.goes.id):
            raise Changed
        check_purses(stays, goes)
        moving = self._ledger.line("merge in", goes.paid, key=f"merge:{pair.code.digest}", ref=pair.code.digest)
        carried: Fields = {"had_paid": True} if goes.had_paid else {}
        return (
            Draft((moving,), self._rows(pair), carried),
            Draft(emptying(goes, moving), (), {"merged_into": pair.stays.id}),
        )

    def _rows(self, pair: Pair) -> tuple[Write, ...]:
        """Everything but money: profiles, addresses and the code, each as it was read."""
        stays, goes = pair.stays, pair.goes
        return (
            changing(stays, joined(stays, goes), linking(stays)),
            changing(goes, merged(goes, stays), linking(goes)),
            *(self._addresses.handing(address, goes.id, stays.id) for address in goes.addresses),
            pair.code.moving({"state": "used"}),
            Change(pointer_key(stays.id), unset=("code",), when={"code": pair.code.digest}),
        )


def code_key(digest: str) -> Key:
    return Key(f"LINK#{digest}", "META")


def pointer_key(person: str) -> Key:
    """Which code of a person is open."""
    return Key(owner_of(person), "LINK")


def tries_key(person: str) -> Key:
    return Key(owner_of(person), "TRIES")


async def images_of(table: Table, person: str) -> int:
    """How many images of theirs can still be looked at."""
    return sum([row.text("state") == "kept" async for row in every(table, owner_of(person), "IMAGE#")])


def check_purses(stays: Purse, goes: Purse) -> None:
    """A frozen purse is linked to nothing, and one with something open is not emptied."""
    if stays.frozen or goes.frozen:
        raise Frozen
    if goes.held or goes.open:
        raise Busy("holds")


def emptying(goes: Purse, moving: Line) -> tuple[Line, ...]:
    """The paid credits leave for the other purse, the gift lapses."""
    out = replace(moving, kind="merge out", paid=-moving.paid)
    lapse = replace(moving, kind="lapse", key=f"lapse:{moving.ref}", paid=0, gift=-goes.gift)
    return (out, lapse) if goes.gift else (out,)


def joined(stays: Person, goes: Person) -> Fields:
    return {
        "absorbed": [*stays.absorbed, *goes.ids],
        "addresses": [address.facts() for address in (*stays.addresses, *goes.addresses)],
        "links": stays.links + 1,
    }


def merged(goes: Person, stays: Person) -> Fields:
    return {"status": "merged", "merged_into": stays.id, "addresses": [], "links": goes.links + 1}


def linking(person: Person) -> When:
    """Only as it was read, and not while leaving: a wish to be erased must not be lost in another."""
    return {"status": "active", "links": person.links}
