"""Unlinking – lets a chat leave a shared wallet, which stays with the other chats.

Only the address leaves, whichever chat once asked for the link. The address gets a new person with an empty purse.
Credits, pictures, orders and every id that was ever merged stay, so that a late payment still finds the wallet. The
address keeps rights, strikes and ban, and the gift counts as taken: linking and parting brings no credits.

Orders and jobs of this chat must be closed first, or later news would tell the next person about the wallet.
"""

from dataclasses import dataclass

from core.addresses import Address
from core.chance import Chance
from core.clock import Clock
from core.errors import NotLinked
from core.gallery import Image
from core.jobs import OPEN, Job, Sheet, job_key, sheet_key
from core.ledger import Ledger, Purse, opening_purse, owner_of, purse_key
from core.linking import MOST_RACES, NoOrders, OrdersBeside, images_of, linking
from core.news import UNLINKED_HERE, UNLINKED_THERE, posting, to_chat
from core.people import People, Person, changing, profile_key
from core.table import Check, Create, Fields, Key, Refused, Table, Write

NEWEST = 8  # pictures that may still be on their way


@dataclass(frozen=True, slots=True)
class Parting:
    """Preview of leaving, shown before the person decides."""

    others: tuple[str, ...]  # the chats that keep the wallet, masked
    free: int
    images: int
    links: int  # count of links and partings when this was shown


class Unlinking:
    def __init__(
        self,
        table: Table,
        clock: Clock,
        chance: Chance,
        ledger: Ledger,
        people: People,
        orders: OrdersBeside | None = None,
    ) -> None:
        self._table, self._clock, self._chance = table, clock, chance
        self._ledger, self._people, self._orders = ledger, people, orders or NoOrders()

    async def look(self, by: Person, at: Address) -> Parting:
        """Preview of leaving for chat `at`. Raises NotLinked if the chat cannot leave."""
        person, purse = await self._at_rest(by, at)
        await self._orders.at_rest(person.ids, at)
        others = [one for one in person.addresses if not one.same(at)]
        images = sum([await images_of(self._table, one) for one in person.ids])
        return Parting(tuple(one.masked for one in others), purse.free, images, person.links)

    async def leave(self, by: Person, at: Address, links: int) -> Person:
        """Move chat `at` to a new person. Raises NotLinked if `links` has changed since the preview."""
        for _ in range(MOST_RACES):
            person, purse = await self._at_rest(by, at)
            if person.links != links:
                raise NotLinked("void")
            (gone,) = (one for one in person.addresses if one.same(at))
            await self._people.addresses.renew(gone)
            fresh = Person(self._chance.ulid(self._clock.now()), language=person.language, addresses=(gone,))
            writes = [*self._rows(person, purse, fresh), *await self._beside(person, fresh)]
            try:
                await self._table.write(*writes)
            except Refused:
                continue  # another write came first: read again
            return fresh
        raise NotLinked("raced")

    # -- what stands in the way ---------------------------------------------------------------------------------------

    async def _at_rest(self, by: Person, at: Address) -> tuple[Person, Purse]:
        person = await self._people.profile(by.id)
        if person.status == "leaving":
            raise NotLinked("leaving", person.id)
        if person.status != "active" or len(person.addresses) < 2 or not any(map(at.same, person.addresses)):
            raise NotLinked("alone")
        purse = await self._ledger.purse(person.id)
        if purse.frozen:
            raise NotLinked("frozen", person.id)
        if await self._drawing(person, purse, at):
            raise NotLinked("drawing", person.id)
        return person, purse

    async def _drawing(self, person: Person, purse: Purse, at: Address) -> bool:
        """True if a job ordered in `at` is open, or a picture is still on the way there."""
        jobs = [name for sheet in purse.open for name in await self._jobs_of(sheet)]
        for one in person.ids:
            rows = await self._table.list(owner_of(one), "IMAGE#", limit=NEWEST, newest_first=True)
            images = [Image.of(row) for row in rows]
            jobs += [image.id for image in images if image.state == "kept" and image.seen != "yes"]
        for name in jobs:
            row = await self._table.get(job_key(name))
            if row and comes_to(Job.of(row), at):
                return True
        return False

    async def _jobs_of(self, sheet: str) -> tuple[str, ...]:
        row = await self._table.get(sheet_key(sheet))
        return Sheet.of(row).jobs if row else ()

    # -- parting ------------------------------------------------------------------------------------------------------

    def _rows(self, person: Person, purse: Purse, fresh: Person) -> list[Write]:
        """Writes that part chat and wallet, refused if anything was ordered or paid meanwhile."""
        (leaving,), now = fresh.addresses, self._clock.now()
        staying = [one for one in person.addresses if not one.same(leaving)]
        fewer: Fields = {"addresses": [one.facts() for one in staying], "links": person.links + 1}
        return [
            Check(purse_key(person.id), {"seq": purse.seq, "frozen": False, "merged_into": None}),
            changing(person, fewer, linking(person)),
            self._people.addresses.parting(leaving, person.id, fresh.id),
            Create(profile_key(fresh.id), fresh.facts()),
            opening_purse(fresh.id),
            Create(left_key(fresh.id), {"wallet": person.id, "at": now}),
        ]

    async def _beside(self, person: Person, fresh: Person) -> list[Write]:
        """Writes that send later news of orders to a chat that stays, and tell every chat about the parting."""
        (gone,) = fresh.addresses
        staying = [one for one in person.addresses if not one.same(gone)]
        others = ", ".join(one.masked for one in staying)
        told = [self._news(UNLINKED_HERE, fresh.id, gone, others)]
        told += [self._news(UNLINKED_THERE, person.id, one, gone.masked) for one in staying]
        pending = await self._orders.at_rest(person.ids, gone)
        return [*pending, *await self._orders.moving(person.ids, gone, staying[0]), *told]

    def _news(self, kind: str, person: str, to: Address, other: str) -> Write:
        now = self._clock.now()
        return posting(to_chat(kind, person, to.channel, to.chat, self._chance.ulid(now), now, other=other))


def comes_to(job: Job, at: Address) -> bool:
    """True if `job` was ordered in this chat, or by the person in a group, and is not delivered yet."""
    here = job.channel == at.channel and (job.chat == at.chat or job.asker == at.id)
    return here and job.state in (*OPEN, "kept")


def left_key(person: str) -> Key:
    """Row with the wallet that a new person has left: a person who shared the wallet is no stranger there."""
    return Key(owner_of(person), "LEFT")
