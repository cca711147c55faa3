"""The second tap: what touches money or a person's access is written down, read back and done once on a yes."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

from bot.asking import Ask, Rest, action
from bot.replies import Choice, Reply
from bot.texts import admin as texts
from core.clock import MINUTE
from core.people import Person
from core.table import Change, Delete, Key, Refused, Row, Value

FRESH = 10 * MINUTE  # a yes that comes later is no answer to what was asked

Do: TypeAlias = Callable[[Ask, Person, int, str, str], Awaitable[Reply]]
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
    row = await ask.desk.ports.table.get(pending_key(ask))
    if row is None or not fits(row, key, ask.now):
        return Reply(ask.say(texts.STALE))
    facts = row.map("facts")
    person = await ask.desk.people.person(str(facts["person"]))
    credits_ = facts.get("credits", 0)
    do = CONFIRMED[str(facts["do"])]
    done = await do(ask, person, credits_ if isinstance(credits_, int) else 0, str(facts["reason"]), row.text("key"))
    with suppress(Refused):  # something else has been asked meanwhile
        await ask.desk.ports.table.write(Delete(pending_key(ask), when={"key": row.text("key")}))
    return done


def fits(row: Row, key: str, now: int) -> bool:
    return row.text("key").startswith(key) and row.number("at") <= now < row.number("at") + FRESH
