"""People with wallets and pictures, on one table in memory: what the tests of this folder stand on."""

import asyncio
from dataclasses import dataclass, replace
from random import Random

from core.addresses import Address, Addresses
from core.alarms import Alarms
from core.audit import audit
from core.chance import Chance
from core.closings import Closings
from core.gallery import Gallery, Image
from core.inbox import HANDLED
from core.jobs import Attempt, Job, Sheet, changing, creating, job_key
from core.ledger import Draft, Ledger, Purse, holding, splitting
from core.linking import Linking
from core.people import CONSENT_VERSION, People, Person
from core.privacy import Privacy, Telling, nobody
from core.table import Create, Fields, Index, Key, Row, Rows, Table, Write
from core.unlinking import Unlinking
from tests.clocks import SetClock
from tests.storms.memory import MemoryBlobs

HOME = Address("telegram", "5550123", "5550123")
OWNER = Address("telegram", "1", "1")
WORDS = "mèo mướp đội nón lá"


class PowerCut(Exception):
    """The process died here."""


class Crowded:
    """A table at which everybody gets a turn before anybody's call, so that those who race do meet."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def get(self, key: Key) -> Row | None:
        await asyncio.sleep(0)
        return await self._table.get(key)

    async def list(
        self, owner: str, prefix: str = "", *, after: str = "", limit: int = 100, newest_first: bool = False
    ) -> Rows:
        await asyncio.sleep(0)
        return await self._table.list(owner, prefix, after=after, limit=limit, newest_first=newest_first)

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        await asyncio.sleep(0)
        return await self._table.find(index, value, until=until, after=after, limit=limit)

    async def walk(self, after: Key | None = None, limit: int = 100) -> Rows:
        return await self._table.walk(after, limit)

    async def write(self, *writes: Write) -> None:
        await asyncio.sleep(0)
        await self._table.write(*writes)


class Mortal(Crowded):
    """A table that dies at its k-th write, before it or after it."""

    def __init__(self, table: Table, k: int, *, after: bool = False) -> None:
        super().__init__(table)
        self._left, self._after = k, after

    async def write(self, *writes: Write) -> None:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise PowerCut
        await super().write(*writes)
        if self._left == 0:
            raise PowerCut


@dataclass
class House:
    """Everything about people, wired over one table."""

    table: Table
    blobs: MemoryBlobs
    clock: SetClock
    chance: Chance
    ledger: Ledger
    addresses: Addresses
    people: People
    linking: Linking
    unlinking: Unlinking
    privacy: Privacy
    gallery: Gallery

    @classmethod
    def build(
        cls,
        table: Table,
        secrets: tuple[bytes, ...] = (b"a secret",),
        telling: Telling = nobody,
        like: "House | None" = None,
    ) -> "House":
        """A house on this table; one that is `like` another shares its clock, chance and blobs: another process."""
        clock, chance = (like.clock, like.chance) if like else (SetClock(), Chance(Random(1)))
        blobs = like.blobs if like else MemoryBlobs()
        ledger = Ledger(table, clock)
        addresses = Addresses(table, clock, chance, secrets, {("telegram", "1"): "owner"})
        people = People(table, clock, chance, ledger, addresses)
        alarms = Alarms(table, addresses, clock, chance, frozenset({"telegram"}))
        linking = Linking(table, clock, chance, ledger, people, alarms)
        unlinking = Unlinking(table, clock, chance, ledger, people)
        privacy = Privacy(table, blobs, clock, ledger, people, telling)
        gallery = Gallery(table)
        return cls(table, blobs, clock, chance, ledger, addresses, people, linking, unlinking, privacy, gallery)

    async def meet(self, channel: str, id_: str, gift: int = 0, paid: int = 0) -> Person:
        """Somebody who has agreed, with credits to begin with."""
        met = await self.people.greet(channel, id_, "vi")
        person = await self.people.agree(met, CONSENT_VERSION, channel)
        if gift:
            await self.people.gift(person, person.addresses[0], gift, key=f"gift:{person.id}")
        if paid:
            await self.ledger.deposit(person.id, paid, key=f"order:{person.id}", kind="topup")
        return person

    async def orders(self, person: Person, price: int = 1) -> Job:
        """A sheet of one job, its price held."""
        sheet, job_id = self.chance.ulid(self.clock.now()), self.chance.ulid(self.clock.now())
        job = a_job(person, sheet, job_id, price)

        def draft(purse: Purse) -> Draft:
            (parts,) = splitting(purse, price, 1)
            ordered = replace(job, from_gift=parts.gift)
            money = holding(purse, {job_id: parts}, sheet)
            made = Sheet(sheet, person.id, (job_id,), {"words": WORDS}).creating(self.clock.now())
            return Draft(money.lines, (made, *money.also, creating(ordered)), {"open": purse.opening(sheet, 1)})

        await self.ledger.commit(person.id, draft)
        return Job.of(await self.row(job_id))

    async def paints(self, person: Person, price: int = 1) -> Image:
        """An order, painted and kept; nobody has seen it yet."""
        queued = await self.orders(person, price)
        now = self.clock.now()
        painting = queued.claimed(now, 30_000).asking(Attempt("pocket", now, 0))
        await self.table.write(changing(queued, painting))
        kept = await self.blobs.put(painting.blob, f"picture {painting.id}".encode(), "image/png")
        thumb = await self.blobs.put(painting.thumb, f"thumb {painting.id}".encode(), "image/jpeg")
        image = an_image(painting, kept.sha256, thumb.sha256)
        await Closings(self.table, self.ledger, self.clock, self.chance).keep(painting, image)
        return image

    async def row(self, job: str) -> Row:
        row = await self.table.get(job_key(job))
        assert row is not None
        return row

    async def balanced(self, *, midway: bool = False) -> bool:
        """Whether the whole ledger can be proved; midway through forgetting, bytes may outlive their row."""
        report = await audit(self.table, None if midway else self.blobs)
        assert report.clean, report.violations
        return True

    async def said_anywhere(self, word: str) -> list[str]:
        """The rows that still say a word, in a field or a key."""
        rows = await self.table.walk(limit=10_000)
        return [f"{row.key.owner} {row.key.name}" for row in rows if word in f"{row.key} {row.fields}"]


def a_job(person: Person, sheet: str, job: str, price: int) -> Job:
    home = person.addresses[0]
    return Job(
        id=job,
        person=person.id,
        sheet=sheet,
        price=price,
        model="pocket",
        prompt={"words": WORDS},
        channel=home.channel,
        chat=home.chat,
        place=1,
        created=1,
    )


def an_image(job: Job, sha256: str, thumb: str) -> Image:
    return Image(
        id=job.id,
        person=job.person,
        sha256=sha256,
        thumb_sha256=thumb,
        size=9,
        mime="image/png",
        width=8,
        height=8,
        model=job.model,
        route="pocket",
        seed=7,
        price=job.price,
        prompt=job.prompt,
        at=job.created,
    )


async def somebody(house: House) -> Person:
    """With credits, pictures, an e-mail, a linked chat, words in lane and chat."""
    person = await house.meet(HOME.channel, HOME.id, gift=10, paid=20)
    await house.paints(person, price=2)
    zalo = await house.meet("zalo", "8880456", paid=7)
    await house.paints(zalo, price=1)
    await house.people.claim_email(zalo, "an.zalo@example.vn")
    code = await house.linking.ask_code(person)
    await house.linking.accept(code, zalo)
    one = (await house.linking.confirm(code, person)).person
    one = await house.people.claim_email(one, "an@example.vn")
    await house.table.write(*said(one))
    return one


def said(person: Person) -> list[Write]:
    """What the mouths keep of a person: a chat on the web, and words that were handled."""
    handled: Fields = {"shelf": HANDLED, "due": 1, "words": {"text": "hello there"}}
    return [
        Create(Key(f"USER#{person.id}", "CHAT#1"), {"text": "hello there"}),
        Create(Key("LANE#telegram:5550123", "update1"), handled),
    ]
