"""What the nouns are told, from what the owner has set."""

from bot.house import Plan
from bot.settings import Settings
from core.clock import SECOND
from core.errors import CannotStart, UnknownModel
from core.limits import Limits
from core.models import Catalogue
from core.ports import Wing
from core.prices import Rates
from core.studio import Terms
from payments.packages import TILLS, lowest_net_per_credit, read_packages

HANDS = 4  # jobs one worker paints at once, where this machine paints
FAR_HANDS = 16  # where a vendor does: as many as its routes take at once, and those that wait for their turn
PERCENT = 10_000  # parts per million


def plan(settings: Settings, wing: Wing) -> Plan:
    """What the nouns are told, from what the owner has set."""
    packages = read_packages(settings.packages)
    net = lowest_net_per_credit(packages, TILLS)
    rates = Rates(net, vnd_per_usd=settings.vnd_per_usd, margin=settings.margin * PERCENT)
    return Plan(
        terms=Terms(catalogue(settings), rates, limits(settings), wing.vendors),
        admins={(admin.channel, admin.id): admin.rights for admin in settings.admins},
        secrets=secrets(settings, wing.secret),
        lease=settings.lease * SECOND,
        hands=(FAR_HANDS if settings.on_aws else HANDS) * settings.workers,
        gift=settings.gift,
        play="vnpay" in settings.plays,
        packages=packages,
        tills=settings.tills,
        ask_every=settings.vnpay.every * SECOND,
        speaks=settings.channels,
        givers=frozenset({"telegram", "zalo", "web"} if settings.door_is_loopback else {"telegram", "zalo"}),
    )


def secrets(settings: Settings, homes: str) -> tuple[bytes, ...]:
    """The current one first: what is set, else what the home has made for itself."""
    said = (settings.secret.get_secret_value(), homes, *(one.get_secret_value() for one in settings.secrets_before))
    return tuple(dict.fromkeys(secret.encode() for secret in said if secret))


def catalogue(settings: Settings) -> Catalogue:
    """The models, as fast as this account's quotas let them paint."""
    try:
        return Catalogue.open().at_rates(settings.bedrock.rates)
    except UnknownModel as unknown:
        known = ", ".join(unknown.known)
        raise CannotStart(f"IMAGIFY_BEDROCK__RATES names {unknown.name!r}, which is none of {known}.") from None


def limits(settings: Settings) -> Limits:
    return Limits(
        open_sheets=settings.open_sheets,
        gift_open_sheets=settings.gift_open_sheets,
        prompts_per_minute=settings.prompts_per_minute,
        prompts_at_once=max(1, settings.prompts_per_minute // 2),
        requests_per_five_minutes=settings.requests,
        longest_wait=settings.longest_wait,
        descriptions_per_day=settings.descriptions,
        spend_per_day_paid=settings.spend_per_day_paid,
        spend_per_day_gift=settings.spend_per_day_gift,
        stand_in_per_day=settings.stand_in_per_day,
    )
