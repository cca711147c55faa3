"""Codes for linking: asked for in one chat, said in the other, and known to nobody in between.

50 bits that live for ten minutes, kept as a keyed digest; one open code a person. Whoever a code names, its asker and
who accepted it, may look at it as often as they like; to anybody else saying a code is a guess (core/guesses.py).
"""

from dataclasses import dataclass

from core.addresses import Address
from core.chance import Chance
from core.clock import MINUTE, Clock
from core.errors import NotLinked
from core.guesses import Guesses
from core.ledger import owner_of
from core.people import People, Person
from core.table import Change, Create, Delete, Fields, Key, Refused, Row, Table

CODE_LASTS = 10 * MINUTE
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it stands: who asked and where, who accepted, and how far it got."""

    digest: str
    asker: str
    chat: str  # where it was asked for, as its address row is called
    links: int  # how often the asker had linked then
    second: str
    second_links: int
    state: str  # open -> accepted -> used
    until: int

    @classmethod
    def of(cls, row: Row) -> "Code":
        return cls(
            digest=row.key.owner.removeprefix("LINK#"),
            asker=row.text("asker"),
            chat=row.text("chat"),
            links=row.number("links"),
            second=row.text("second"),
            second_links=row.number("second_links"),
            state=row.text("state"),
            until=row.number("until"),
        )

    def moving(self, fields: Fields) -> Change:
        """A step forward, from the state the code was read in."""
        return Change(code_key(self.digest), set=fields, when={"state": self.state, "second": self.second or None})


class Codes:
    def __init__(self, table: Table, clock: Clock, chance: Chance, people: People, guesses: Guesses) -> None:
        self._table, self._clock, self._chance = table, clock, chance
        self._addresses, self._guesses = people.addresses, guesses

    async def begin(self, person: Person, at: Address) -> str:
        """A new one; an earlier one is void from now on."""
        code = self._chance.code()
        while code.isalpha():  # with a figure in it, nobody can take it for a word
            code = self._chance.code()
        while not await self._begun(person, at, code):
            pass
        return code

    async def _begun(self, person: Person, at: Address, code: str) -> bool:
        """Whether the code stands; not, when another one was asked for in the same moment."""
        row = await self._table.get(pointer_key(person.id))
        old, new = row.text("code") if row else "", self._digest(code)
        facts: Fields = {
            "asker": person.id,
            "chat": self.chat_of(at),
            "links": person.links,
            "state": "open",
            "until": self._clock.now() + CODE_LASTS,
        }
        pointer = Change(pointer_key(person.id), set={"code": new}, when={"code": old or None}, or_create=True)
        void = [Delete(code_key(old))] if old else []
        try:
            await self._table.write(pointer, Create(code_key(new), facts), *void)
        except Refused:
            return False
        return True

    async def find(self, code: str, by: Person, at: Address) -> Code:
        """The code, if it is one that this person may use here; to whoever it does not name, saying it is a guess."""
        rows = [await self._table.get(code_key(one)) for one in self._addresses.digests(plain(code))]
        found = next((Code.of(row) for row in rows if row), None)
        if found is not None and by.id in (found.asker, found.second):
            self._check_time(found)
            return found
        spent = await self._guesses.spend(self.chat_of(at), at.channel, at.home)
        if found is None:
            raise NotLinked("code")
        self._check_free(found)
        await self._guesses.take_back(spent)
        return found

    def chat_of(self, at: Address) -> str:
        """How the row of an address is called: what stands there outlives the person who speaks from it."""
        return self._addresses.key(at).owner

    def _check_free(self, code: Code) -> None:
        if code.state == "used":
            raise NotLinked("used")
        self._check_time(code)
        if code.state == "accepted":
            raise NotLinked("taken")

    def _check_time(self, code: Code) -> None:
        if code.state != "used" and not 0 < code.until - self._clock.now() <= 2 * CODE_LASTS:
            raise NotLinked("expired")

    def _digest(self, code: str) -> str:
        return self._addresses.digest(plain(code))

    def is_chat_of(self, name: str, at: Address) -> bool:
        """Whether an address row is called so, or was under an earlier secret."""
        return name in [key.owner for key in self._addresses.keys(at)]


def plain(code: str) -> str:
    """However a code was written, it is the same word."""
    return f"link:{code.upper().translate(LOOKALIKES)}"


def code_key(digest: str) -> Key:
    return Key(f"LINK#{digest}", "META")


def pointer_key(person: str) -> Key:
    """Which code of a person is open."""
    return Key(owner_of(person), "LINK")
