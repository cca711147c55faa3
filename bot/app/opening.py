"""Opening: from a wing's ports to the running house with its door and its mouths, in reading order."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from bot.admin.files import AdminFiles
from bot.app.keeping import engine
from bot.app.mouths import open_both, open_mouth, open_phone, open_zalo, sells_stars
from bot.app.planning import plan
from bot.app.tills import OpenTill, open_till, refuse_played_credits
from bot.app.wings import open_wing
from bot.house import House
from bot.pages import Pages
from bot.progress import Progresses
from bot.server import Door, build_app, build_metrics_app, caller, serve
from bot.settings import Settings
from bot.strangers import StrangerLimits
from bot.telegram import WEBHOOK as TELEGRAM
from bot.web.faces import Faces, owner_link
from bot.web.live import Mouth
from bot.web.messages import Messages
from bot.web.tokens import Signer
from bot.zalo import WEBHOOK as ZALO
from core.errors import CannotStart
from core.ports import Wing
from core.rotation import know_secret
from core.schema import open_schema
from core.supervise import Crew
from payments.routes import IPN, Gate, at_a_loss

if TYPE_CHECKING:
    from bot.channel import Channel
    from payments.tills import Till

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open house, and where its owner gets in."""

    house: House
    port: int
    owner: str  # the path of the one-time link
    till: "OpenTill | None" = None
    phone: str = ""  # where the played Telegram is chatted with
    zalo: str = ""  # and the played Zalo
    both: str = ""  # where both stand side by side


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[Opened]:
    """The whole house, open on its port; closed again in the order of its opening."""
    async with open_wing(settings) as wing, open_in(wing, settings) as opened:
        version, mended = engine()
        if not (settings.on_aws or mended):
            log.info("SQLite %s can lose commits of two connections that write; here one writes", version)
        yield opened


@asynccontextmanager
async def open_in(wing: Wing, settings: Settings) -> AsyncIterator[Opened]:
    """The house on the ports of this wing, with its door, its mouths and everything that runs."""
    async with AsyncExitStack() as closing:
        plan_ = plan(settings, wing)
        await open_schema(wing.ports.table)  # before anything is written: the house may be elsewhere
        await know_secret(wing.ports.table, plan_.secrets)
        await refuse_played_credits(wing, settings)
        till = await closing.enter_async_context(open_till(settings, wing))
        signer = Signer(plan_.secrets)
        messages = Messages(wing.ports.table, wing.ports.cache, wing.ports.clock, signer)
        phone, own = await closing.enter_async_context(open_phone(settings, wing))
        telegram = open_mouth(own, wing, plan_, phone)
        zalos, zalo = await closing.enter_async_context(open_zalo(settings, wing, plan_))
        mouths = [one for one in (telegram, zalo) if one]
        channels: list[Channel] = [messages, *(one.channel for one in mouths)]
        tills: list[Till] = [till.vnpay] if till else []
        if telegram and sells_stars(settings):
            tills.append(telegram.till(wing.ports.table, settings.stars.vnd_per_star))
        house = House(wing, plan_, channels, tills)
        await house.wake(alone=wing.alone)
        progresses = Progresses(wing.ports.clock, house.places, house.pace)
        mouth = Mouth(house.desk, house.inbox, messages, signer, progresses)
        door = door_of(settings, house)
        faces = [*web_faces(settings, mouth).routes(), *AdminFiles(house.desk).routes()]
        for one in mouths:
            closing.push_async_callback(one.close)
            faces += one.join(house)
        port = await closing.enter_async_context(open_door(settings, house, door, faces, till))
        closing.push_async_callback(mouth.close)
        crew = await closing.enter_async_context(Crew(wing.ports.clock, wing.ports.chance))
        house.enlist(crew)
        for one in mouths:
            one.enlist(crew)
        both = await closing.enter_async_context(open_both(phone, zalos))
        owner = await owner_link(wing.ports.table, wing.ports.chance)
        yield Opened(house, port, owner, till, phone, zalos, both)


@asynccontextmanager
async def open_workshop(settings: Settings) -> AsyncIterator[Opened]:
    """Workers alone, past one machine: nobody is heard here, and the door has only its probes."""
    if not settings.on_aws:
        raise CannotStart(
            "`imagify work` is for the AWS wing (IMAGIFY_AWS__TABLE). An embedded home is one process: "
            "`imagify run --workers N` gives it more hands."
        )
    async with AsyncExitStack() as closing:
        wing = await closing.enter_async_context(open_wing(settings))
        house = House(wing, plan(settings, wing))
        await house.wake(alone=wing.alone)
        port = await closing.enter_async_context(open_door(settings, house, door_of(settings, house), (), None))
        crew = await closing.enter_async_context(Crew(wing.ports.clock, wing.ports.chance))
        house.enlist(crew)
        yield Opened(house, port, owner="")


def web_faces(settings: Settings, mouth: Mouth) -> Faces:
    return Faces(mouth, settings.public_url, partial(caller, trusted_hops=settings.trusted_hops))


def door_of(settings: Settings, house: House) -> Door:
    return Door(
        cache=house.ports.cache,
        chance=house.ports.chance,
        bind=settings.bind,
        public_url=settings.public_url,
        trusted_hops=settings.trusted_hops,
        requests=settings.requests,
        strangers=StrangerLimits(connections=settings.connections),
        own_metrics_port=bool(settings.metrics_port),
        registry=house.registry,
        vendor_paths=frozenset({IPN, TELEGRAM, ZALO}),
        faults={IPN: at_a_loss},
    )


@asynccontextmanager
async def open_door(
    settings: Settings, house: House, door: Door, faces: Sequence[web.AbstractRouteDef], till: OpenTill | None
) -> AsyncIterator[int]:
    """The one application, and the metrics' own port where one is set."""
    async with AsyncExitStack() as doors:
        if settings.metrics_port:
            own = serve(build_metrics_app(door), settings.bind, settings.metrics_port, "IMAGIFY_METRICS_PORT")
            await doors.enter_async_context(own)
        routes = [*faces, *(paying(settings, house, door, till) if till else [])]
        port = await doors.enter_async_context(
            serve(build_app(door, house.ready, routes, house.contacts.told), settings.bind, settings.port)
        )
        house.counter.base = settings.public_url or f"http://{settings.bind}:{port}"
        if till:
            till.listen(f"{house.counter.base}{IPN}")
        yield port


def paying(settings: Settings, house: House, door: Door, till: OpenTill) -> list[web.AbstractRouteDef]:
    """Where VNPAY calls, and the pages on which an order is paid."""
    callers = frozenset(one.strip() for one in settings.vnpay.callers.split(",") if one.strip())
    gate = Gate(till.terminal, house.cashier, house.counter.calls, house.ports.cache, door.caller, callers)
    pages = Pages(house.desk, till.terminal, door.caller)
    return [*gate.routes(), *pages.routes()]
