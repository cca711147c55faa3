"""Link codes – begins and finds the codes that link two chats into one wallet.

A code has 50 bits, lives for ten minutes and is stored as a keyed digest, one open code per person. The asker and the
person who accepted may look up the code without limit. Any other look-up counts as a guess (core/guesses.py).
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
    """Code in the present `state`: who asked in which `chat`, and who accepted."""

    digest: str
    asker: str
    chat: str  # owner part of the key of the address row where the code was asked for
    links: int  # count of the asker's links at that time
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
        """Write that moves the code on, refused if `state` or `second` changed since the read."""
        return Change(code_key(self.digest), set=fields, when={"state": self.state, "second": self.second or None})


class Codes:
    def __init__(self, table: Table, clock: Clock, chance: Chance, people: People, guesses: Guesses) -> None:
        self._table, self._clock, self._chance = table, clock, chance
        self._addresses, self._guesses = people.addresses, guesses

    async def begin(self, person: Person, at: Address) -> str:
        """New code for `person`, which voids an earlier one."""
        code = self._chance.code()
        while code.isalpha():  # with a digit in it, no reader takes the code for a word
            code = self._chance.code()
        while not await self._begun(person, at, code):
            pass
        return code

    async def _begun(self, person: Person, at: Address, code: str) -> bool:
        """True if `code` was stored, False if another one was asked for in the same moment."""
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
        """Code that `by` may use here. Counts as a guess if the code does not name `by`. Raises NotLinked, TooOften."""
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
        """Owner part of the key of the address row, which outlives the person."""
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
        """True if `name` belongs to the address row of `at`, also under an earlier secret."""
        return name in [key.owner for key in self._addresses.keys(at)]


def plain(code: str) -> str:
    """Normalised form of `code`, the same in every spelling."""
    return f"link:{code.upper().translate(LOOKALIKES)}"


def code_key(digest: str) -> Key:
    return Key(f"LINK#{digest}", "META")


def pointer_key(person: str) -> Key:
    """Key of the row that names the person's open code."""
    return Key(owner_of(person), "LINK")
