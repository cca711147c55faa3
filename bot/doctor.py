"""The doctor: names each setting and wing, says whether it answers, and gives the line that mends it."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from yarl import URL

from bot import app
from bot.pages import RETURN
from bot.settings import LOOPBACK, VNPAYS, Settings
from bot.telegram import WEBHOOK
from bot.upkeep import ROOM
from bot.vendors import Telegram, Zalo, host_of
from bot.when import moment_of
from bot.zalo import WEBHOOK as ZALO
from bot.zalo.line import Line, Trouble
from core.chance import Chance
from core.clock import SECOND
from core.errors import CannotStart
from core.models import Catalogue, Model, day
from core.table import TableUnavailable
from payments.orders import LASTS, REF_LETTERS, new_ref
from payments.packages import LEAST_VND
from payments.routes import IPN
from payments.vnpay import Payment, Terminal, pay_url

HOOK_PORTS = frozenset({80, 88, 443, 8443})  # that Telegram calls
WARN_DAYS = 60  # before a model ends
PATIENCE = aiohttp.ClientTimeout(total=15)  # seconds
MENDS: Mapping[str, str] = {  # by the code of VNPAY's error page
    "70": "IMAGIFY_VNPAY__SECRET is not the key of this terminal: copy it again from what VNPAY sent",
    "71": "the terminal is not approved yet: ask VNPAY",
    "72": "IMAGIFY_VNPAY__TMN_CODE is not known at this IMAGIFY_VNPAY__PAY_URL: copy both again",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: well or not, and what mends it."""

    well: bool
    what: str
    mend: str = ""

    def __str__(self) -> str:
        mend = f"\n     {self.mend}" if self.mend else ""
        return f"{'ok ' if self.well else 'BAD'}  {self.what}{mend}"


async def examine(settings: Settings, *, ask: bool = False) -> list[Finding]:
    """Everything there is to look at, in the order in which a house needs it; `ask`: over the network too."""
    home = await cloud(settings) if settings.on_aws else [await house(settings.home)]
    if home[0].well and (settings.on_aws or stands(settings.home)):
        home.append(await secret(settings))
        home += [] if settings.on_aws else [await writing(settings.home)]
    here = [
        room(settings.home),
        *([] if settings.on_aws else [engine()]),
        *telegram(settings),
        zalo(settings),
        *wings(settings),
        *vnpay(settings),
    ]
    return [*home, *here, *(await over_the_network(settings) if ask else []), *models(app.now())]


async def over_the_network(settings: Settings) -> list[Finding]:
    """Whoever is set is asked whether they know us."""
    own = settings.telegram
    known = (
        [await asked_telegram(own), *await hearing(own, settings.public_url)] if own.token.get_secret_value() else []
    )
    known += [await asked_zalo(settings.zalo)] if settings.zalo.token.get_secret_value() else []
    return [*known, *([await asked_vnpay(settings, app.now())] if settings.vnpay.tmn_code else [])]


async def cloud(settings: Settings) -> list[Finding]:
    """What the house stands on past one machine, each part of it."""
    return [Finding(well, what, mend) for well, what, mend in await app.look(settings)]


async def house(home: Path) -> Finding:
    return await ledger(home) if stands(home) else empty(home)


def stands(home: Path) -> bool:
    return home.exists()


def empty(home: Path) -> Finding:
    return Finding(True, f"home {home}: not there yet, `imagify run` makes it")


async def ledger(home: Path) -> Finding:
    """The home opens, and what stands in it is proved."""
    try:
        report = await app.audit_home(home)
    except CannotStart as reason:
        return Finding(False, f"home {home}", str(reason))
    counted = f"{report.people} people, {report.entries} entries, {report.jobs} jobs, {report.images} images"
    mend = "" if report.clean else f"imagify audit --home {home}"
    return Finding(report.clean, f"home {home}: {counted}, {len(report.violations)} violations", mend)


async def secret(settings: Settings) -> Finding:
    """By which secret people are known, and whether an earlier one is still wanted."""
    try:
        known = await app.known_by(settings)
    except (CannotStart, TableUnavailable) as reason:
        return Finding(False, "secret: it cannot be compared with that of the house", str(reason))
    before, spare = "IMAGIFY_SECRETS_BEFORE", bool(settings.secrets_before)
    if known.refused:
        return Finding(False, "secret: not the one of this house", known.refused)
    if not known.wanted:
        return Finding(True, "secret: everybody is known by it" + (f", so {before} may go" if spare else ""))
    told = (
        f"secret: {known.behind} of {known.listed} addresses are still known by an earlier one, which stays in {before}"
    )
    left = f"; {known.left} chats without a person are found only when they speak" if known.left else ""
    return Finding(True, told + left)


async def writing(home: Path) -> Finding:
    """A small file is made and removed, as the house does before it says that it is ready."""
    takes = await app.takes_writes(home)
    mend = "" if takes else f"make room on the disk, and see that {home} and all in it is yours"
    return Finding(takes, f"writes: {'taken' if takes else 'refused'}", mend)


def engine() -> Finding:
    """Said, and no fault of the house: one connection alone writes and folds the journal, the others cannot."""
    version, mended = app.engine()
    fault = ", one of those that can lose commits of two connections that write (mended in 3.51.3); here one writes"
    return Finding(True, f"SQLite: {version}" + ("" if mended else fault))


def room(home: Path) -> Finding:
    standing = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(standing).free
    mend = "" if free >= ROOM else "make room on the disk, or choose another folder with --home"
    return Finding(free >= ROOM, f"disk: {free // 1024**2} MiB free", mend)


def wings(settings: Settings) -> Iterator[Finding]:
    """Which wings the settings turn on, and which of them this version can open."""
    region = f"on, in {settings.aws.region}" if settings.on_aws else "off (IMAGIFY_AWS__TABLE is not set)"
    yield Finding(True, f"AWS: {region}")
    painting = "played on this machine" if "bedrock" in settings.plays else "on" if settings.on_bedrock else "off"
    yield Finding(True, f"Bedrock: {painting}" + ("" if settings.on_bedrock else ", the pocket painter paints"))


# -- Telegram -------------------------------------------------------------------------------------------------------


def telegram(settings: Settings) -> Iterator[Finding]:
    """Which Telegram this house speaks to, and how it hears it."""
    own = settings.telegram
    if "telegram" in settings.plays:
        yield Finding(True, "Telegram: played on this machine, nobody outside is reached")
    elif not own.token.get_secret_value():
        yield Finding(True, "Telegram: off (IMAGIFY_TELEGRAM__TOKEN is not set)")
    elif own.mode == "poll":
        yield Finding(True, f"Telegram: on, asked at {host_of(own.api)}")
    else:
        yield hooked(settings.public_url)


def hooked(public_url: str) -> Finding:
    """Telegram calls four ports and no other."""
    reached = urlsplit(public_url).port or 443
    told = f"Telegram: on, it calls {public_url}{WEBHOOK}"
    if reached in HOOK_PORTS or host_of(public_url) in LOOPBACK:
        return Finding(True, told)
    return Finding(False, f"{told}, but Telegram calls no port {reached}", "IMAGIFY_PUBLIC_URL=https://YOUR-HOST")


async def asked_telegram(own: Telegram) -> Finding:
    """Whether it knows the bot. The token stands in the address, so nothing of a fault is repeated but its kind."""
    address = URL(f"{own.api}/bot{own.token.get_secret_value()}/getMe")
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.get(address) as answer:
            told = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        what = f"Telegram at {host_of(own.api)} does not answer ({type(error).__name__})"
        return Finding(False, what, "look at the network, or at IMAGIFY_TELEGRAM__API")
    if isinstance(told, dict) and told.get("ok"):
        return Finding(True, f"Telegram knows the bot as @{told['result'].get('username', '')}")
    return Finding(False, "Telegram does not know the bot", "copy IMAGIFY_TELEGRAM__TOKEN again from @BotFather")


async def hearing(own: Telegram, public_url: str) -> list[Finding]:
    """Whether what is said to the bot is fetched here, or brought; nothing where Telegram does not say."""
    from bot.telegram.answers import hook  # noqa: PLC0415 - the library comes with it

    address = URL(f"{own.api}/bot{own.token.get_secret_value()}/getWebhookInfo")
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.post(address) as answer:
            told = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return []
    known = isinstance(told, dict) and told.get("ok") is True
    return (
        [heard_of(hook(told.get("result")), f"{public_url}{WEBHOOK}" if own.mode == "webhook" else "")] if known else []
    )


def heard_of(info: Mapping[str, Any], ours: str) -> Finding:
    """`ours`: where it is to call; nothing where it is asked."""
    waiting, failed = info["pending_update_count"], info.get("last_error_date", 0)
    if info["url"] != ours:
        whom = host_of(info["url"]) or "nobody"
        return Finding(
            False, f"Telegram calls {whom} instead of this house", "open the house, and no other with its bot"
        )
    if waiting and failed:
        since = moment_of(failed * SECOND, "en")
        return Finding(False, f"Telegram cannot call this house since {since}, {waiting} updates wait", "open port 443")
    if waiting:
        return Finding(False, f"{waiting} updates wait at Telegram", "open the house; if it is open, look at /readyz")
    return Finding(True, "Telegram has nothing waiting for this house")


# -- Zalo -----------------------------------------------------------------------------------------------------------


def zalo(settings: Settings) -> Finding:
    """Which Zalo this house speaks to, how it hears it, and whether its pictures can be looked at."""
    own = settings.zalo
    if "zalo" in settings.plays:
        return Finding(True, "Zalo: played on this machine, nobody outside is reached")
    if not own.token.get_secret_value():
        return Finding(True, "Zalo: off (IMAGIFY_ZALO__TOKEN is not set)")
    if not settings.zalo_is_on:
        what = "Zalo: off, for it shows pictures by their address and cannot reach this house"
        return Finding(False, what, "IMAGIFY_PUBLIC_URL=https://YOUR-HOST")
    if own.mode == "poll":
        return Finding(True, f"Zalo: on, asked at {host_of(own.api)}; what is heard as the house dies is lost")
    return Finding(True, f"Zalo: on, it calls {settings.public_url}{ZALO}")


async def asked_zalo(own: Zalo) -> Finding:
    """Whether it knows the bot."""
    line = Line(own.api, own.token.get_secret_value())
    try:
        account = await line.me()
    except Trouble as trouble:
        if trouble.code == 401:
            return Finding(False, "Zalo does not know the bot", "copy IMAGIFY_ZALO__TOKEN again from Zalo Bot Creator")
        what = f"Zalo at {host_of(own.api)} does not answer ({trouble})"
        return Finding(False, what, "look at the network, or at IMAGIFY_ZALO__API")
    finally:
        await line.close()
    return Finding(True, f"Zalo knows the bot as {account.account_name}")


# -- VNPAY ----------------------------------------------------------------------------------------------------------


def vnpay(settings: Settings) -> Iterator[Finding]:
    """Which VNPAY this house takes money through, and whether VNPAY can call it."""
    if "vnpay" in settings.plays:
        yield Finding(True, "VNPAY: played on this machine, no money moves")
    elif not settings.vnpay.tmn_code:
        yield Finding(True, "VNPAY: off (IMAGIFY_VNPAY__TMN_CODE is not set)")
    else:
        real = host_of(settings.vnpay.pay_url).endswith(VNPAYS)
        which = "PRODUCTION, real money" if real else f"trial at {host_of(settings.vnpay.pay_url)}"
        yield Finding(True, f"VNPAY: {which}, terminal {masked(settings.vnpay.tmn_code)}")
        yield called(settings.public_url)


def masked(code: str) -> str:
    """Enough to know one's own by."""
    return f"{code[:2]}…{code[-2:]}"


def called(public_url: str) -> Finding:
    """VNPAY calls over https only, and never reaches this machine by a loopback name."""
    if public_url.startswith("https://") and host_of(public_url) not in LOOPBACK:
        return Finding(True, f"VNPAY calls {public_url}{IPN} (give it to VNPAY), people come back to {RETURN}")
    mend = f"IMAGIFY_PUBLIC_URL=https://YOUR-HOST, and give VNPAY https://YOUR-HOST{IPN} as IPN address"
    return Finding(
        False, f"VNPAY cannot call {public_url or 'this machine'}: paid orders are found by asking only", mend
    )


async def asked_vnpay(settings: Settings, now: int) -> Finding:
    """Follow a signed link as a browser would, one step; nobody pays it, and nothing of ours is written."""
    link = trial_link(settings, now)
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(URL(link, encoded=True), allow_redirects=False) as answer,
        ):
            return heard(answer.headers.get("Location", ""), answer.status)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        host = host_of(settings.vnpay.pay_url)
        return Finding(False, f"VNPAY at {host} does not answer ({type(error).__name__})", "look at the network")


def trial_link(settings: Settings, now: int) -> str:
    own = settings.vnpay
    terminal = Terminal(own.tmn_code, own.secret.get_secret_value(), own.pay_url, own.api_url)
    back = f"{settings.public_url or 'http://127.0.0.1'}{RETURN}"
    ref = new_ref(now, Chance().bits(5 * REF_LETTERS))
    return pay_url(terminal, Payment(ref, LEAST_VND, now, now + LASTS, "Imagify doctor", back, own.ip))


def heard(location: str, status: int) -> Finding:
    """Where VNPAY sends the browser says what it thinks of us."""
    code = dict(parse_qsl(urlsplit(location).query)).get("code", "")
    if "PaymentMethod" in location:
        return Finding(True, "VNPAY takes our links")
    told = (
        f"VNPAY turns our links away with code {code}" if code else f"VNPAY answered {status} and no redirect we know"
    )
    return Finding(False, told, MENDS.get(code, "ask VNPAY about this terminal"))


def models(now: int) -> Iterator[Finding]:
    """Models that have ended, or will soon."""
    catalogue = Catalogue.open()
    living = catalogue.living(now)
    yield Finding(True, f"models: {len(living)} living, {len(catalogue.models) - len(living)} ended")
    for model in catalogue.ending(now, WARN_DAYS):
        yield Finding(False, f"model {model.name} ends on {model.ends}", successor(model, now))


def successor(model: Model, now: int) -> str:
    return f"use {model.successor} instead" if model.successor else f"no successor is known on {day(now)}"
