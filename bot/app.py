"""The composition root: from a wing's ports to the running house, in reading order. Alone knows infra."""

import hmac
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from pydantic import SecretStr

from bot.admin.files import AdminFiles
from bot.house import House, Plan
from bot.pages import Pages
from bot.progress import Progresses
from bot.server import Door, build_app, build_metrics_app, serve
from bot.settings import Settings, Telegram
from bot.telegram import WEBHOOK
from bot.web.faces import Faces, owner_link
from bot.web.live import Mouth
from bot.web.messages import Messages
from bot.web.tokens import Signer
from core.audit import Report, audit
from core.clock import SECOND
from core.errors import CannotStart
from core.limits import Limits
from core.models import Catalogue
from core.play import mark_played, was_played
from core.ports import Wing
from core.prices import Rates
from core.schema import open_schema
from core.studio import Terms
from core.supervise import Crew
from core.voiding import Voided, void_play
from infra import embedded
from infra.embedded.backup import backup, restore
from infra.embedded.blobs import FileBlobs
from infra.embedded.home import BLOBS, look_in
from infra.local.clock import WallClock
from infra.sandbox.vnpay import Played, open_vnpay
from infra.sandbox.vnpay import Terminal as PlayedTerminal
from payments.orders import Order, Orders
from payments.packages import TILLS, lowest_net_per_credit, read_packages
from payments.proofs import OrderBooks
from payments.routes import IPN, Gate, at_a_loss
from payments.vnpay import Terminal
from payments.vnpay_client import Vnpay
from payments.voiding import close_played

if TYPE_CHECKING:
    from bot.channel import Channel
    from bot.telegram.mouth import TelegramMouth
    from payments.tills import Till

HANDS = 4  # jobs one worker paints at once
PERCENT = 10_000  # parts per million


__all__ = ["audit_home", "backup", "now", "open_house", "paid_in", "plan", "restore", "void_played"]


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
        play="vnpay" in settings.plays,
        packages=packages,
        tills=settings.tills,
        ask_every=settings.vnpay.every * SECOND,
        givers=frozenset({"telegram", "zalo", "web"} if settings.door_is_loopback else {"telegram", "zalo"}),
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


@dataclass(frozen=True, slots=True)
class Opened:
    """An open house, and where its owner gets in."""

    house: House
    port: int
    owner: str  # the path of the one-time link
    till: "OpenTill | None" = None
    phone: str = ""  # where the played Telegram is chatted with


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
        await refuse_played_credits(wing, settings)
        till = await closing.enter_async_context(open_till(settings, wing))
        signer = Signer(plan_.secrets)
        messages = Messages(wing.ports.table, wing.ports.cache, wing.ports.clock, signer)
        phone, own = await closing.enter_async_context(open_phone(settings, wing))
        telegram = open_mouth(own, wing, plan_, phone)
        channels: list[Channel] = [messages, *([telegram.channel] if telegram else [])]
        tills: list[Till] = [till.vnpay] if till else []
        if telegram and sells_stars(settings):
            tills.append(telegram.till(wing.ports.table, settings.stars.vnd_per_star))
        house = House(wing, plan_, channels, tills)
        await house.wake(alone=wing.alone)
        progresses = Progresses(wing.ports.clock, house.places, house.pace)
        mouth = Mouth(house.desk, house.inbox, messages, signer, progresses)
        faces = [*web_faces(settings, mouth).routes(), *AdminFiles(house.desk).routes()]
        if telegram:
            closing.push_async_callback(telegram.close)
            faces += telegram.join(house)
        port = await closing.enter_async_context(open_door(settings, house, faces, till))
        closing.push_async_callback(mouth.close)
        crew = await closing.enter_async_context(Crew(wing.ports.clock, wing.ports.chance))
        house.enlist(crew)
        if telegram:
            telegram.enlist(crew)
        yield Opened(house, port, await owner_link(wing.ports.table, wing.ports.chance), till, phone)


def sells_stars(settings: Settings) -> bool:
    """Stars of a played Telegram are play money, which is taken only where everything that is taken is."""
    return "telegram" not in settings.plays or "vnpay" in settings.plays


def open_mouth(own: Telegram, wing: Wing, plan_: Plan, phone: str) -> "TelegramMouth | None":
    """Telegram, where a token turns it on."""
    if not own.token.get_secret_value():
        return None
    from bot.telegram.mouth import TelegramMouth  # noqa: PLC0415 - its library takes a fifth of a second to import

    return TelegramMouth(own, wing.ports, plan_.secrets, phone)


@asynccontextmanager
async def open_phone(settings: Settings, wing: Wing) -> AsyncIterator[tuple[str, Telegram]]:
    """Where Telegram is played: its telephone, and the bot that it has for this house. Else the bot as it is set."""
    if "telegram" not in settings.plays:
        yield "", settings.telegram
        return
    from infra.sandbox.telegram import Bot, open_telegram  # noqa: PLC0415 - only where it is played

    async with open_telegram([Bot(played_token(wing))]) as played:
        at = {"token": SecretStr(played_token(wing)), "api": played.api_url, "files": played.files_url}
        yield played.phone_url, settings.telegram.model_copy(update=at)


def played_token(wing: Wing) -> str:
    """Of this home's own, in the shape that logs strike out."""
    key = hmac.digest(wing.secret.encode(), b"the played telegram", "sha256").hex()
    return f"{int(key[:8], 16) + 1_000_000_000}:{key[8:43]}"


def web_faces(settings: Settings, mouth: Mouth) -> Faces:
    origins = frozenset({settings.public_url} if settings.public_url else ())
    return Faces(mouth, origins, secure=settings.public_url.startswith("https://"))


@dataclass(frozen=True, slots=True)
class OpenTill:
    """VNPAY as this house has it: a terminal of its own, or the whole gateway played."""

    terminal: Terminal
    vnpay: Vnpay
    played: Played | None = None

    def listen(self, url: str) -> None:
        """A real terminal is told by hand where to call; the played one hears it from us."""
        if self.played:
            self.played.gateway.set_ipn_url(self.terminal.code, url)


@asynccontextmanager
async def open_till(settings: Settings, wing: Wing) -> AsyncIterator[OpenTill | None]:
    """VNPAY, or the played one; none where neither is set up."""
    async with AsyncExitStack() as closing:
        played = None
        if "vnpay" in settings.plays:
            played = await closing.enter_async_context(open_vnpay([played_terminal(wing)]))
        if played is None and not settings.vnpay.tmn_code:
            yield None
            return
        terminal = terminal_of(settings, wing, played)
        vnpay = Vnpay(terminal, wing.ports.clock, wing.ports.chance, ip=settings.vnpay.ip)
        closing.push_async_callback(vnpay.close)
        yield OpenTill(terminal, vnpay, played)


def played_terminal(wing: Wing) -> PlayedTerminal:
    """With a key of this home's own, so that no page of another house is believed here."""
    key = hmac.digest(wing.secret.encode(), b"the played till", "sha256").hex()[:32].upper()
    return PlayedTerminal("PLAYED01", key)


def terminal_of(settings: Settings, wing: Wing, played: Played | None) -> Terminal:
    if played:
        own = played_terminal(wing)
        return Terminal(own.code, own.secret, played.pay_url, played.api_url)
    vnpay = settings.vnpay
    return Terminal(vnpay.tmn_code, vnpay.secret.get_secret_value(), vnpay.pay_url, vnpay.api_url)


@asynccontextmanager
async def open_door(
    settings: Settings, house: House, faces: Sequence[web.AbstractRouteDef], till: OpenTill | None
) -> AsyncIterator[int]:
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
        vendor_paths=frozenset({IPN, WEBHOOK}),
        faults={IPN: at_a_loss},
    )
    async with AsyncExitStack() as doors:
        if settings.metrics_port:
            own = serve(build_metrics_app(door), settings.bind, settings.metrics_port, "IMAGIFY_METRICS_PORT")
            await doors.enter_async_context(own)
        routes = [*faces, *(paying(settings, house, door, till) if till else [])]
        port = await doors.enter_async_context(
            serve(build_app(door, house.ready, routes), settings.bind, settings.port)
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


async def refuse_played_credits(wing: Wing, settings: Settings) -> None:
    """Credits that were bought with nothing buy no real pictures and are paid back with no real money."""
    if "vnpay" in settings.plays:
        await mark_played(wing.ports.table)
    elif settings.vnpay.tmn_code and await was_played(wing.ports.table):
        raise CannotStart(
            f"The home {settings.home} has credits from the played till, so it does not open with real keys: "
            f"run `imagify void-play --home {settings.home}` once, which voids them, or choose another home."
        )


async def audit_home(home: Path) -> Report:
    """The proof of an embedded home at one moment, whether the house is open or shut."""
    table = look_in(home)
    try:
        return await audit(table, FileBlobs(home / BLOBS, looking=True), OrderBooks())
    finally:
        await table.close()


async def paid_in(home: Path, day: str) -> list[Order]:
    """What was paid on a day, as an embedded home has it at this moment, open or shut."""
    table = look_in(home)
    try:
        return await Orders(table).paid_on(day)
    finally:
        await table.close()


async def void_played(settings: Settings) -> tuple[Voided, int]:
    """What was played is taken back, in a house that is shut; and how many orders were closed. Nobody is told."""
    await look_in(settings.home).close()  # there is a house to do it in
    async with embedded.open(settings.home) as wing:
        house = House(wing, plan(settings, wing))
        table = wing.ports.table
        await open_schema(table)
        closed = await close_played(table, house.cashier, house.refunds, wing.ports.clock.now())
        return await void_play(table, house.ledger), closed


def now() -> int:
    """The moment, for those who only look."""
    return WallClock().now()
