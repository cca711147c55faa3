"""A desk for the storms of linking: everything that touches a wallet, as one process has it, on the ports of a world.

Whoever acts does so as a chat: who speaks from it is looked up anew each time, as the conversation does.
"""

from dataclasses import dataclass, replace

from core.addresses import Address, Addresses
from core.alarms import Alarms
from core.closings import Closings
from core.errors import NotLinked
from core.gallery import Gallery
from core.jobs import Attempt, Job, Sheet, changing, creating
from core.ledger import Draft, Ledger, Purse, holding, splitting
from core.linking import Linking
from core.people import CONSENT_VERSION, People, Person
from core.unlinking import Unlinking
from payments.cashier import Cashier
from payments.orders import Order, Place
from payments.packages import Package
from payments.parting import OrdersAside
from payments.refunds import Refunds
from payments.tills import Till
from tests.core.rig import a_job, an_image
from tests.storms.simulation import Hands

GIFT = 10
GIVERS = ("telegram", "zalo")  # an address is hard to come by there
PACKAGE = Package(50_000, 55)
ADMIN = Address("telegram", "1", "1")


@dataclass(frozen=True, slots=True)
class Desk:
    """The nouns of one process."""

    hands: Hands
    ledger: Ledger
    people: People
    linking: Linking
    unlinking: Unlinking
    cashier: Cashier
    refunds: Refunds
    closings: Closings
    gallery: Gallery

    @classmethod
    def of(cls, hands: Hands, till: Till) -> "Desk":
        table, clock, chance = hands.table, hands.clock, hands.chance
        ledger = Ledger(table, clock)
        addresses = Addresses(table, clock, chance, (b"a secret",), {("telegram", "1"): "owner"})
        people = People(table, clock, chance, ledger, addresses)
        alarms = Alarms(table, addresses, clock, chance, frozenset({"telegram"}))
        cashier, orders = Cashier(table, clock, chance, ledger, alarms, [till]), OrdersAside(table)
        return cls(
            hands=hands,
            ledger=ledger,
            people=people,
            linking=Linking(table, clock, chance, ledger, people, alarms, orders=orders),
            unlinking=Unlinking(table, clock, chance, ledger, people, orders),
            cashier=cashier,
            refunds=Refunds(table, clock, ledger, cashier, alarms),
            closings=Closings(table, ledger, clock, chance),
            gallery=Gallery(table),
        )

    # -- who speaks ---------------------------------------------------------------------------------------------------

    async def met(self, at: Address) -> Person:
        """Whoever speaks from there; somebody new agrees first."""
        person = await self.people.greet(at.channel, at.id, "vi", at.chat)
        return person if person.agreed else await self.welcome(at)

    async def welcome(self, at: Address) -> Person:
        """Consent, and the gift where there is one to have."""
        person = await self.people.greet(at.channel, at.id, "vi", at.chat)
        person = await self.people.agree(person, CONSENT_VERSION, at.channel)
        if at.channel in GIVERS:
            await self.people.gift(person, at, GIFT, key=f"gift:{at.channel}:{at.id}")
        return person

    async def leave(self, at: Address) -> Person:
        """Shown and done in one breath."""
        person = await self.met(at)
        would = await self.unlinking.look(person, at)
        return await self.unlinking.leave(person, at, would.links)

    # -- what a wallet is for -----------------------------------------------------------------------------------------

    async def order(self, at: Address, price: int = 1) -> Job:
        """A picture is ordered in this chat, its price held."""
        person, chance, now = await self.met(at), self.hands.chance, self.hands.clock.now()
        sheet, job_id = chance.ulid(now), chance.ulid(now)

        def draft(purse: Purse) -> Draft:
            if purse.frozen:
                raise NotLinked("frozen")
            (parts,) = splitting(purse, price, 1)
            job = replace(a_job(person, sheet, job_id, price), person=purse.person, channel=at.channel, chat=at.chat)
            money = holding(purse, {job_id: parts}, sheet)
            made = Sheet(sheet, purse.person, (job_id,), {}).creating(now)
            also = (made, *money.also, creating(replace(job, from_gift=parts.gift)))
            return Draft(money.lines, also, {"open": purse.opening(sheet, 1)})

        await self.ledger.commit(person.id, draft)
        return await self.closings.job(job_id)

    async def paint(self, job: Job) -> None:
        """Claimed and kept; nobody has seen it yet."""
        now = self.hands.clock.now()
        painting = job.claimed(now, 30_000).asking(Attempt("pocket", now, 0))
        await self.hands.table.write(changing(job, painting))
        kept = await self.hands.blobs.put(painting.blob, f"picture {job.id}".encode(), "image/png")
        thumb = await self.hands.blobs.put(painting.thumb, f"thumb {job.id}".encode(), "image/jpeg")
        await self.closings.keep(painting, an_image(painting, kept.sha256, thumb.sha256))

    async def buy(self, at: Address) -> Order:
        """An order of this chat's, opened at the gateway."""
        person = await self.met(at)
        order = await self.cashier.checkout(person, PACKAGE, "vnpay", Place(at.channel, at.chat))
        return await self.cashier.open(order.ref)
