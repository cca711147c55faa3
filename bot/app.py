"""The composition root: from a wing's ports to the running house, in reading order. Alone knows infra."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry

from bot.asking import Desk
from bot.channel import Channel
from bot.conversation import Conversation
from bot.courier import Courier
from bot.metrics import Gauges
from bot.progress import Progresses
from bot.server import Door, build_app, build_metrics_app, serve
from bot.settings import Settings
from bot.telling import Teller
from bot.web.faces import Faces, owner_link
from bot.web.live import Mouth
from bot.web.messages import Messages
from bot.web.tokens import Signer
from core.addresses import Addresses, Rights
from core.audit import Report, audit
from core.chores import Chore, Chores
from core.clock import SECOND
from core.errors import CannotStart
from core.inbox import Handle, Inbox
from core.leases import Leases
from core.ledger import Ledger
from core.limits import Limits
from core.linking import Linking
from core.models import Catalogue
from core.pace import Pace
from core.people import People
from core.places import Places
from core.ports import Wing
from core.prices import Rates
from core.privacy import Privacy
from core.schema import SCHEMA_KEY, open_schema
from core.studio import Studio, Terms
from core.supervise import Crew
from core.sweeps import Sweeps
from core.table import TableUnavailable
from core.tally import Tally
from core.worker import Worker
from infra import embedded
from infra.embedded.backup import backup, restore
from infra.embedded.blobs import FileBlobs
from infra.embedded.home import BLOBS, look_in
from infra.local.clock import WallClock
from payments.packages import TILLS, lowest_net_per_credit, read_packages

SECONDS_EACH = 4.0  # how long the house takes an image, until it has measured it
HANDS = 4  # jobs one worker paints at once
READY_WITHIN = 2.0  # seconds a store has to answer
PERCENT = 10_000  # parts per million


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
    play: bool = False


__all__ = ["House", "Plan", "audit_home", "backup", "now", "open_house", "plan", "restore"]


class House:
    """Every noun of the house, standing on the ports of one wing."""

    def __init__(self, wing: Wing, plan: Plan, channels: Sequence[Channel] = (), handle: Handle | None = None) -> None:
        """`handle` stands in for the conversation, where something else is to be done with what is heard."""
        ports = self.ports = wing.ports
        table, clock, chance = ports.table, ports.clock, ports.chance
        self.ledger = Ledger(table, clock, play=plan.play)
        self.addresses = Addresses(table, clock, chance, plan.secrets, plan.admins)
        self.people = People(table, clock, chance, self.ledger, self.addresses)
        self.privacy = Privacy(table, ports.blobs, clock, self.ledger, self.people)
        self.linking = Linking(table, clock, chance, self.ledger, self.people)
        self.places = Places(table, clock, plan.terms.limits, seconds_each=SECONDS_EACH)
        self.studio = Studio(ports, self.ledger, plan.terms, self.places)
        self.leases = Leases(table, clock, chance.token(), alone=wing.alone)
        self.tally = Tally(table)
        self.sweeps = Sweeps(ports, self.studio.closings, lease=plan.lease, patience=plan.terms.limits.give_up * SECOND)
        self.worker = Worker(ports, self.studio, lease=plan.lease, hands=plan.hands) if plan.hands else None
        self.pace = Pace(table, clock)
        self.teller = Teller(self.people, self.ledger, plan.terms)
        self.desk = self._desk(plan)
        closings = self.studio.closings
        self.couriers = [Courier(ports, self.people, closings, self.leases, self.teller, one) for one in channels]
        handle = handle or Conversation(self.desk, channels).handle
        self.inbox = Inbox(table, clock, chance, self.leases, self.addresses.digest, handle)
        self.registry = CollectorRegistry()
        self.gauges = Gauges(self.registry, table, clock, [channel.name for channel in channels])
        self.chores = Chores(table, clock, self.leases, self._chores())

    def _desk(self, plan: Plan) -> Desk:
        return Desk(
            ports=self.ports,
            people=self.people,
            addresses=self.addresses,
            ledger=self.ledger,
            studio=self.studio,
            privacy=self.privacy,
            places=self.places,
            tally=self.tally,
            terms=plan.terms,
            teller=self.teller,
            gift=plan.gift,
            givers=plan.givers,
        )

    def _chores(self) -> list[Chore]:
        """Everything that is done now and again, how often in seconds."""
        sweeps = self.sweeps
        return [
            Chore("ring", 5, sweeps.ring),
            Chore("give up", 30, sweeps.give_up),
            Chore("clear leftovers", 60, sweeps.clear_leftovers),
            Chore("return parked", 300, sweeps.return_parked),
            Chore("clear gone", 60, sweeps.clear_gone),
            Chore("clear spool", 300, sweeps.clear_spool, everywhere=True),
            Chore("erase", 600, self._erase),
            Chore("tally", 20, self.tally.count),
            Chore("forget handled", 600, self.inbox.sweep),
            Chore("measure", 10, self.gauges.measure, everywhere=True),
        ]

    async def _erase(self) -> None:
        await self.privacy.erase_due(self.ports.clock.now())

    async def wake(self, *, alone: bool) -> None:
        """Before anything runs: the schema fits, and what a dead process left is taken up at once."""
        await open_schema(self.ports.table)
        if alone:
            await self.sweeps.revive()

    def enlist(self, crew: Crew) -> None:
        """Everything that runs for as long as the house is open."""
        self.gauges.follow(crew)
        for name, work in self.chores.works():
            crew.add(name, work)
        for courier in self.couriers:
            crew.add(f"courier {courier.channel}", courier.run)
        if self.couriers:
            crew.add("inbox", self.inbox.run)
        if self.worker:
            crew.add("worker", self.worker.run, stop=self.worker.stop)

    async def ready(self) -> dict[str, bool]:
        """Which stores answer."""
        return {
            "table": await answers(self.ports.table.get(SCHEMA_KEY)),
            "blobs": await answers(self.ports.blobs.walk(limit=1)),
        }


async def answers(question: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(READY_WITHIN):
            await question
    except (OSError, TableUnavailable, TimeoutError):
        return False
    return True


def plan(settings: Settings, wing: Wing) -> Plan:
    """What the nouns are told, from what the owner has set."""
    packages = read_packages(settings.packages)
    net = lowest_net_per_credit(packages, TILLS)
    rates = Rates(net, vnd_per_usd=settings.vnd_per_usd, margin=settings.margin * PERCENT)
    own = settings.secret.get_secret_value()
    return Plan(
        terms=Terms(Catalogue.open(), rates, limits(settings), wing.vendors),
        admins={(admin.channel, admin.id): admin.rights for admin in settings.admins},
        secrets=tuple(secret.encode() for secret in (own, wing.secret) if secret),
        lease=settings.lease * SECOND,
        hands=HANDS * settings.workers,
        gift=settings.gift,
        givers=frozenset({"telegram", "zalo", "web"} if all_loopback(settings) else {"telegram", "zalo"}),
    )


def refuse_what_is_not_here(settings: Settings) -> None:
    """A wing that is switched on and cannot be opened must not be passed over in silence."""
    if settings.on_aws:
        raise CannotStart("IMAGIFY_AWS__TABLE is set, but this version cannot open the AWS wing yet: unset it.")


def limits(settings: Settings) -> Limits:
    return Limits(
        open_sheets=settings.open_sheets,
        gift_open_sheets=settings.gift_open_sheets,
        prompts_per_minute=settings.prompts_per_minute,
        prompts_at_once=max(1, settings.prompts_per_minute // 2),
        requests_per_five_minutes=settings.requests,
        longest_wait=settings.longest_wait,
    )


def all_loopback(settings: Settings) -> bool:
    """Nobody but whoever sits at this machine gets in, so a web chat is as good as a person."""
    hosts = {settings.bind, urlsplit(settings.public_url).hostname or settings.bind}
    return hosts <= {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Opened:
    """An open house, and where its owner gets in."""

    house: House
    port: int
    owner: str  # the path of the one-time link


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[Opened]:
    """The whole house, open on its port; closed again in the order of its opening."""
    refuse_what_is_not_here(settings)
    async with embedded.open(settings.home, settings.pace) as wing, open_in(wing, settings) as opened:
        yield opened


@asynccontextmanager
async def open_in(wing: Wing, settings: Settings) -> AsyncIterator[Opened]:
    """The house on the ports of this wing, with its door, its mouths and everything that runs."""
    async with AsyncExitStack() as closing:
        plan_ = plan(settings, wing)
        signer = Signer(plan_.secrets)
        messages = Messages(wing.ports.table, wing.ports.cache, wing.ports.clock, signer)
        house = House(wing, plan_, [messages])
        await house.wake(alone=wing.alone)
        progresses = Progresses(wing.ports.clock, house.places, house.pace)
        mouth = Mouth(house.desk, house.inbox, messages, signer, progresses)
        port = await closing.enter_async_context(open_door(settings, house, web_faces(settings, mouth)))
        closing.push_async_callback(mouth.close)
        crew = await closing.enter_async_context(Crew(wing.ports.clock, wing.ports.chance))
        house.enlist(crew)
        yield Opened(house, port, await owner_link(wing.ports.table, wing.ports.chance))


def web_faces(settings: Settings, mouth: Mouth) -> Faces:
    origins = frozenset({settings.public_url} if settings.public_url else ())
    return Faces(mouth, origins, secure=settings.public_url.startswith("https://"))


@asynccontextmanager
async def open_door(settings: Settings, house: House, faces: Faces) -> AsyncIterator[int]:
    """The one application, and the metrics' own port where one is set."""
    door = Door(
        cache=house.ports.cache,
        chance=house.ports.chance,
        bind=settings.bind,
        public_url=settings.public_url,
        trusted_hops=settings.trusted_hops,
        requests=settings.requests,
        own_metrics_port=bool(settings.metrics_port),
        registry=house.registry,
    )
    async with AsyncExitStack() as doors:
        if settings.metrics_port:
            own = serve(build_metrics_app(door), settings.bind, settings.metrics_port, "IMAGIFY_METRICS_PORT")
            await doors.enter_async_context(own)
        yield await doors.enter_async_context(
            serve(build_app(door, house.ready, faces.routes()), settings.bind, settings.port)
        )


async def audit_home(home: Path) -> Report:
    """The proof of an embedded home at one moment, whether the house is open or shut."""
    table = look_in(home)
    try:
        return await audit(table, FileBlobs(home / BLOBS, looking=True))
    finally:
        await table.close()


def now() -> int:
    """The moment, for those who only look."""
    return WallClock().now()
