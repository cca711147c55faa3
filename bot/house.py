"""The house: every noun of it, standing on the ports of one wing, in reading order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from prometheus_client import CollectorRegistry

from bot.asking import Desk
from bot.channel import Channel, Fetching, Following, Forgetting
from bot.contact import LOOKED_EVERY as LISTENED_EVERY
from bot.contact import Contacts
from bot.conversation import Conversation
from bot.counter import Counter
from bot.courier import Courier
from bot.metrics import Gauges
from bot.progress import Progresses
from bot.statuses import Statuses
from bot.takeaway import Takeaway
from bot.telling import Teller
from bot.upkeep import LOOKED_EVERY as UPKEPT_EVERY
from bot.upkeep import Upkeep, answers
from bot.vitals import Vitals, of_ports, of_routes
from bot.ways import Ways
from core.addresses import Addresses, Rights
from core.alarms import Alarms
from core.appeals import Appeals
from core.chores import Chore, Chores
from core.clock import SECOND, Lived
from core.drafts import Drafts
from core.inbox import Handle, Inbox
from core.leases import Leases
from core.ledger import Ledger
from core.lifecycle import EVERY as LOOKED_EVERY
from core.lifecycle import Lifecycle
from core.linking import Linking
from core.pace import Pace
from core.people import People
from core.places import Places
from core.ports import Wing
from core.privacy import Privacy
from core.remembered import ADDRESSES, SOLD, Remembered
from core.roll import CALLED_EVERY
from core.rotation import Rotation, know_secret
from core.router import Router
from core.schema import SCHEMA_KEY, open_schema
from core.studio import Studio, Terms
from core.supervise import Crew
from core.sweeps import Sweeps
from core.tally import Tally
from core.unlinking import Unlinking
from core.worker import Worker
from payments.calls import Calls
from payments.cashier import Cashier
from payments.packages import PACKAGES, Offer, Package
from payments.parting import OrdersAside
from payments.reconciler import EVERY, Reconciler
from payments.refunds import Refunds
from payments.stars import WALK_EVERY, Stars, StarsTill
from payments.tills import Till

SECONDS_EACH = 4.0  # how long the house takes an image, until it has measured it


@dataclass(frozen=True, slots=True)
class Plan:
    """What of the settings the nouns need."""

    terms: Terms
    admins: Mapping[tuple[str, str], Rights]
    secrets: tuple[bytes, ...]
    lease: int  # milliseconds
    hands: int = 4  # jobs painted at once; 0: channels only
    gift: int = 10  # credits after consent
    givers: frozenset[str] = frozenset({"telegram", "zalo"})  # channels on which an address is hard to come by
    play: bool = False  # the till is played, so whatever comes in is marked
    packages: tuple[Package, ...] = PACKAGES
    tills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by channel; none: all there are
    ask_every: int = EVERY  # milliseconds between two questions of one terminal
    speaks: frozenset[str] = frozenset()  # channels that other processes of the house have, too


class House:
    """Every noun of the house, standing on the ports of one wing."""

    def __init__(
        self,
        wing: Wing,
        plan: Plan,
        channels: Sequence[Channel] = (),
        tills: Sequence[Till] = (),
        handle: Handle | None = None,
    ) -> None:
        """`handle` stands in for the conversation, where something else is to be done with what is heard."""
        ports, self.roll = wing.ports, wing.roll
        self.ports = ports
        table, clock, chance = ports.table, ports.clock, ports.chance
        self.lived = Lived(clock)
        self.ledger = Ledger(table, clock, play=plan.play)
        self.addresses = Addresses(table, clock, chance, plan.secrets, plan.admins)
        self.rotation = Rotation(table, self.addresses)
        known = Remembered(ports.cache, ADDRESSES)
        self.people = People(table, clock, chance, self.ledger, self.addresses, known)
        self.privacy = Privacy(table, ports.blobs, clock, self.ledger, self.people)
        self.places = Places(table, clock, plan.terms.limits, seconds_each=SECONDS_EACH)
        speaking = plan.speaks | {channel.name for channel in channels}
        self.alarms = Alarms(table, self.addresses, clock, chance, speaking)
        self.appeals = Appeals(table, clock, self.alarms)
        self.contacts, self.upkeep = Contacts(clock, self.alarms), Upkeep(ports, self.alarms, wing.room)
        orders = OrdersAside(table)
        self.linking = Linking(table, clock, chance, self.ledger, self.people, self.alarms, orders=orders)
        self.unlinking = Unlinking(table, clock, chance, self.ledger, self.people, orders)
        terms = plan.terms
        self.router = Router(ports, terms.catalogue, terms.vendors, terms.limits, self.alarms)
        almanac = wing.almanac
        self.lifecycle = Lifecycle(terms.catalogue, terms.vendors, self.router, self.alarms, clock, almanac)
        self.studio = Studio(ports, self.ledger, plan.terms, self.places, self.router)
        self.leases = Leases(table, clock, chance.token(), alone=wing.alone)
        self.tally = Tally(table, speaking, ports.journal)
        self.sweeps = Sweeps(ports, self.studio.closings, lease=plan.lease, patience=plan.terms.limits.give_up * SECOND)
        self.worker = Worker(ports, self.studio, lease=plan.lease, hands=plan.hands) if plan.hands else None
        self.pace = Pace(table, clock)
        self.cashier = Cashier(table, clock, chance, self.ledger, self.alarms, tills, play=plan.play)
        self.refunds = Refunds(table, clock, self.ledger, self.cashier, self.alarms)
        self.stars = self._stars(tills)
        self.reconciler = Reconciler(table, clock, self.cashier, self.refunds, every=plan.ask_every)
        self.counter = self._counter(plan)
        self.teller = Teller(self.people, self.ledger, plan.terms, self.counter, Drafts(table), clock)
        self.desk = self._desk(plan, channels)
        self._forgetting = {one.name: one for one in channels if isinstance(one, Forgetting)}
        closings = self.studio.closings
        self.couriers = [Courier(ports, self.people, closings, self.leases, self.teller, one) for one in channels]
        self.statuses = self._statuses(channels, plan.terms.limits.give_up)
        handle = handle or Conversation(self.desk, channels).handle
        self.inbox = Inbox(table, clock, chance, self.leases, self.addresses.digest, handle)
        self.registry = CollectorRegistry()
        self.gauges = Gauges(self.registry, table, clock, [channel.name for channel in channels])
        Vitals(self.registry, of_routes(self.router), of_ports(ports), self.contacts.measured, wing.measures)
        chores = [*self._painting(), *(self._serving() if channels else [])]
        self.chores = Chores(table, clock, self.leases, chores)

    def _stars(self, tills: Sequence[Till]) -> Stars | None:
        """Where Telegram takes money for us."""
        till = next((one for one in tills if isinstance(one, StarsTill)), None)
        ports = self.ports
        return Stars(ports.table, ports.clock, self.cashier, self.refunds, self.alarms, till) if till else None

    def _counter(self, plan: Plan) -> Counter:
        ports = self.ports
        return Counter(
            cashier=self.cashier,
            refunds=self.refunds,
            reconciler=self.reconciler,
            calls=Calls(ports.table, ports.clock, ports.chance),
            offer=Offer(ports.table, plan.packages, Remembered(ports.cache, SOLD)),
            stars=self.stars,
            tills=plan.tills,
        )

    def _desk(self, plan: Plan, channels: Sequence[Channel]) -> Desk:
        return Desk(
            ports=self.ports,
            people=self.people,
            addresses=self.addresses,
            ledger=self.ledger,
            studio=self.studio,
            privacy=self.privacy,
            linking=self.linking,
            unlinking=self.unlinking,
            appeals=self.appeals,
            places=self.places,
            tally=self.tally,
            terms=plan.terms,
            teller=self.teller,
            counter=self.counter,
            gift=plan.gift,
            givers=plan.givers,
            ways=Ways(),
            fetching={one.name: one for one in channels if isinstance(one, Fetching)},
            takeaway=Takeaway(self.ports, self.studio.gallery, self.cashier.orders, plan.secrets),
            filing=frozenset(one.name for one in channels if one.takes_files),
        )

    def _statuses(self, channels: Sequence[Channel], give_up: int) -> list[Statuses]:
        """For every channel that shows how far an order is, beside its courier."""
        ports, progresses = self.ports, Progresses(self.ports.clock, self.places, self.pace)
        return [
            Statuses(
                table=ports.table,
                clock=ports.clock,
                studio=self.studio,
                people=self.people,
                progresses=progresses,
                channel=channel,
                speaks=partial(getattr, courier, "carries"),
                give_up=give_up,
            )
            for channel, courier in zip(channels, self.couriers, strict=True)
            if isinstance(channel, Following)
        ]

    def _painting(self) -> list[Chore]:
        """What is done now and again wherever anything of the house runs, how often in seconds."""
        sweeps = self.sweeps
        return [
            Chore("ring", 5, sweeps.ring),
            Chore("give up", 30, sweeps.give_up),
            Chore("redate", 60, sweeps.redate),
            Chore("clear leftovers", 60, sweeps.clear_leftovers),
            Chore("return parked", 300, sweeps.return_parked),
            Chore("clear gone", 60, sweeps.clear_gone),
            Chore("clear uploads", 600, self.studio.uploads.sweep),
            Chore("clear spool", 300, sweeps.clear_spool, everywhere=True),
            Chore("erase", 600, self._erase),
            Chore("move addresses", 60, self.rotation.move),
            Chore("look for ends", LOOKED_EVERY, self.lifecycle.look, everywhere=True),
            Chore("look for damage", UPKEPT_EVERY, self.upkeep.look, everywhere=True),
            Chore("measure", 10, self.gauges.measure, everywhere=True),
            *([Chore("roll", CALLED_EVERY, self.roll.call, everywhere=True)] if self.roll else []),
        ]

    def _serving(self) -> list[Chore]:
        """What is done only where people are heard: workers alone have neither tills, nor an inbox, nor an outbox."""
        return [
            Chore("tally", 20, self.tally.count),
            Chore("expire orders", 20, self.cashier.expire),
            Chore("ask gateways", 2, self.reconciler.run, everywhere=True),  # its own slot keeps it to one
            Chore("revive refunds", 60, self.refunds.revive),
            *([Chore("walk stars", WALK_EVERY, self.stars.walk)] if self.stars else []),
            Chore("forget handled", 600, self.inbox.sweep),
            Chore("forget unagreed", 600, self._forget_unagreed),
            Chore("forget appeals", 600, self._forget_appeals),
            Chore("look for silence", LISTENED_EVERY, self.contacts.look, everywhere=True),
        ]

    async def _forget_unagreed(self) -> None:
        """What people said a day ago who have not answered the notice since, on every channel that keeps it with us."""
        for one in await Drafts(self.ports.table).sweep(self.lived.now()):
            person = await self.people.person(one)
            for at in () if person.agreed else person.addresses:
                if channel := self._forgetting.get(at.channel):
                    await channel.forget(at.chat)

    async def _forget_appeals(self) -> None:
        await self.appeals.sweep(self.lived.now())

    async def _erase(self) -> None:
        await self.privacy.erase_due(self.lived.now())

    async def wake(self, *, alone: bool) -> None:
        """Before anything runs: the schema fits, and what a dead process left is taken up at once."""
        await open_schema(self.ports.table)
        await know_secret(self.ports.table, self.addresses.secrets)
        if alone:
            await self.sweeps.revive()

    def enlist(self, crew: Crew) -> None:
        """Everything that runs for as long as the house is open."""
        self.gauges.follow(crew)
        for name, work in self.chores.works():
            crew.add(name, work)
        for courier in self.couriers:
            crew.add(f"courier {courier.channel}", courier.run)
        for statuses in self.statuses:
            crew.add(f"statuses {statuses.channel.name}", statuses.run)
        if self.couriers:
            crew.add("inbox", self.inbox.run)
        if self.worker:
            crew.add("worker", self.worker.run, stop=self.worker.stop)

    async def ready(self) -> dict[str, bool]:
        """Which stores answer."""
        takes = await self.upkeep.takes_writes()
        return {
            "table": await answers(self.ports.table.get(SCHEMA_KEY)) and takes["table"],
            "blobs": await answers(self.ports.blobs.walk(limit=1)) and takes["blobs"],
        }
