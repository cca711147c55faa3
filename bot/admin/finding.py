"""Finding people as admins are told of them: by what the house calls them, and by what they read themselves."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated, TypeAlias

from bot.admin.orders import order_named
from bot.asking import SHORT_ID, Ask
from core.errors import Unknown
from core.jobs import FAILED, LEFTOVERS, PAINTING, QUEUED, Job, job_key
from core.people import Person
from core.table import SHELF_INDEX

SHELVES = (FAILED, LEFTOVERS, QUEUED, PAINTING)  # where a job is found by its last letters
NEWEST = 500  # jobs of a shelf that are looked through

Found: TypeAlias = Callable[[Ask, str], Awaitable[Person | None]]


async def by_address(ask: Ask, word: str) -> Person | None:
    channel, colon, id_ = word.partition(":")
    return await ask.desk.people.find(channel.lower(), id_) if colon else None


async def by_email(ask: Ask, word: str) -> Person | None:
    return await ask.desk.people.find_by_email(word) if "@" in word else None


async def by_id(ask: Ask, word: str) -> Person | None:
    with suppress(Unknown):
        return await ask.desk.people.person(word)
    return None


async def by_order(ask: Ask, word: str) -> Person | None:
    """By the code of an order, as a receipt says it."""
    with suppress(Unknown):
        return await ask.desk.people.person((await order_named(ask, word)).person)
    return None


async def by_picture(ask: Ask, word: str) -> Person | None:
    """By the id of a picture, as its recipe says it, or by the support code of one that failed."""
    row = await ask.desk.ports.table.get(job_key(word))
    rows = [row] if row else []
    if row is None and len(word) == SHORT_ID:
        shelves = [await ask.desk.ports.table.find(SHELF_INDEX, shelf, limit=NEWEST) for shelf in SHELVES]
        rows = [one for shelf in shelves for one in shelf if Job.of(one).id.endswith(word)]
    people = {Job.of(one).person for one in rows}
    return await ask.desk.people.person(people.pop()) if len(people) == 1 else None


WAYS: tuple[Found, ...] = (by_address, by_email, by_id, by_order, by_picture)


async def person_named(ask: Ask, word: str) -> Person:
    """By their id, an address (`telegram:123`), an e-mail, the code of an order or the id of a picture."""
    for way in WAYS:
        if found := await way(ask, word if ":" in word or "@" in word else word.upper()):
            return found
    raise Unknown("person", word)


PersonNamed: TypeAlias = Annotated[Person, person_named]
