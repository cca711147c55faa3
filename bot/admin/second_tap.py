"""The second tap: what touches money or a person's access is written down, read back and done once on a yes."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from bot.asking import Ask, Rest, action
from bot.replies import Choice, Reply
from bot.texts import admin as texts
from core.clock import MINUTE
from core.people import Person
from core.table import Change, Create, Delete, Key, Refused, Row, Value

FRESH = 10 * MINUTE  # a yes that comes later is no answer to what was asked


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done, as it was written down when it was asked for, and the key that its move carries."""

    ask: Ask
    key: str
    facts: Row

    def text(self, name: str) -> str:
        return self.facts.text(name)

    def number(self, name: str) -> int:
        return self.facts.number(name)

    @property
    def reason(self) -> str:
        return self.text("reason")

    async def person(self) -> Person:
        """Whom it is about."""
        return await self.ask.desk.people.person(self.text("person"))

    def noting(self, *whom: str, reason: str = "") -> Create:
        """The line in the log, to stand in the same write as the deed."""
        address = self.ask.heard.address
        return self.ask.desk.addresses.noting(address, self.text("do"), whom, reason or self.reason)


Do: TypeAlias = Callable[[Ask, Deed], Awaitable[Reply]]
CONFIRMED: dict[str, Do] = {}


def confirmed(name: str) -> Callable[[Do], Do]:
    """Declare what is done after the second tap."""

    def declare(do: Do) -> Do:
        CONFIRMED[name] = do
        return do

    return declare


def pending_key(ask: Ask) -> Key:
    return Key(f"USER#{ask.person.id}", "PENDING")


async def asking_twice(ask: Ask, what: str, **facts: Value) -> Reply:
    """Write down what is about to be done, and ask."""
    kept: dict[str, Value] = {"facts": facts, "key": ask.key, "at": ask.now}
    await ask.desk.ports.table.write(Change(pending_key(ask), set=kept, or_create=True))
    return Reply(ask.say(texts.SURE, what=what), (Choice(ask.say(texts.YES), action=f"yes:{ask.short}"),))


@action("yes", rights="moderator")
async def yes(ask: Ask, key: Rest) -> Reply:
    """Whoever asked had the rights for it; nobody else has this row."""
    row = await ask.desk.ports.table.get(pending_key(ask))
    if row is None or not fits(row, key, ask.now):
        return Reply(ask.say(texts.STALE))
    deed = Deed(ask, row.text("key"), Row(row.key, row.map("facts")))
    done = await CONFIRMED[deed.text("do")](ask, deed)
    with suppress(Refused):  # something else has been asked meanwhile
        await ask.desk.ports.table.write(Delete(pending_key(ask), when={"key": deed.key}))
    return done


def fits(row: Row, key: str, now: int) -> bool:
    return row.text("key").startswith(key) and row.number("at") <= now < row.number("at") + FRESH
