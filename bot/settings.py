"""Every setting, its default and its unit. Read once, when the house opens; a wrong one is told in one sentence.

A setting is an environment variable: `IMAGIFY_` and its name, with `__` between a wing and its own setting
(`IMAGIFY_TELEGRAM__TOKEN`). Every one has a default, and a secret turns a wing on.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BaseModel, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.vendors import Aws, Bedrock, Port, Stars, Telegram, Vnpay, Web, Wing, Zalo, host_of
from core.errors import CannotStart

PREFIX = "IMAGIFY_"

VENDORS = frozenset({"vnpay", "telegram", "zalo", "bedrock"})  # that can be played
CHANNELS, TILLS = frozenset({"telegram", "zalo", "web"}), frozenset({"vnpay", "stars"})
VNPAY_SANDBOX = "sandbox.vnpayment.vn"  # host
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HEADER_LETTERS = re.compile(r"[A-Za-z0-9_-]{0,256}")  # that Telegram takes as a webhook's secret
LEAST_HOOK_SECRET, MOST_HOOK_SECRET = 8, 256  # characters that Zalo takes as one
VNPAYS = ".vnpay.vn"  # how every host of its production ends
LEAST_SECRET, LEAST_KINDS = 16, 8  # characters, and different ones; VNPAY gives 32
PLACEHOLDERS = ("secret", "change", "example", "placeholder", "your-", "your_")

Rights: TypeAlias = Literal["owner", "moderator"]


@dataclass(frozen=True, slots=True)
class Admin:
    """A chat address with rights; by channel and id, never by a name that someone could take."""

    channel: str
    id: str
    rights: Rights


def read_admins(text: object) -> object:
    if not isinstance(text, str):
        return text
    return tuple(read_admin(part.strip()) for part in text.split(",") if part.strip())


def read_admin(part: str) -> Admin:
    address, _, rights = part.partition("=")
    channel, _, id_ = address.strip().partition(":")
    for known in get_args(Rights):
        if channel and id_ and rights.strip() == known:
            return Admin(channel, id_, known)
    raise ValueError(part)


def read_secrets(text: object) -> object:
    return tuple(part.strip() for part in text.split(",") if part.strip()) if isinstance(text, str) else text


def read_sandbox(text: object) -> object:
    if not isinstance(text, str):
        return text
    played = frozenset(part.strip() for part in text.split(",") if part.strip()) - {"none"}
    if not played <= VENDORS:
        raise ValueError(text)
    return played


def read_tills(text: object) -> object:
    """Which ways to pay a channel offers, in this order."""
    if not isinstance(text, str):
        return text
    pairs = [part.strip().partition("=") for part in text.split(",") if part.strip()]
    offered = {channel: tuple(tills.split("+")) for channel, _, tills in pairs}
    if not all(tills_at(channel).issuperset(tills) for channel, tills in offered.items()):
        raise ValueError(text)
    return offered


def tills_at(channel: str) -> frozenset[str]:
    """Telegram alone takes Stars."""
    if channel not in CHANNELS:
        return frozenset()
    return TILLS if channel == "telegram" else TILLS - {"stars"}


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_ignore_empty=True, extra="forbid", frozen=True
    )

    home: Path = Field(default=Path("home"), description="the folder of the embedded house")
    port: Port = Field(default=8421, description="the port to listen on, 0 to 65535 (0: any that is free)")
    bind: str = Field(default="127.0.0.1", description="the address to listen on")
    metrics_port: Port = Field(
        default=0, description="a port for /metrics alone, 0 to 65535 (0: loopback callers only)"
    )
    trusted_hops: int = Field(default=0, ge=0, le=9, description="how many proxies of ours stand in front, 0 to 9")
    requests: int = Field(default=1_000, ge=1, description="most requests from one address in 5 minutes, at least 1")
    connections: int = Field(
        default=64, ge=4, le=2_000, description="most connections from one address at once, 4 to 2000"
    )
    workers: int = Field(default=1, ge=0, le=64, description="workers in this process, 0 to 64 (0: channels only)")
    sandbox: Annotated[frozenset[str] | None, NoDecode, BeforeValidator(read_sandbox)] = Field(
        default=None, description="vendors to play here, of vnpay, telegram, zalo and bedrock; or none"
    )
    public_url: Web = Field(default="", description="where people reach us from outside (http or https)")
    secret: SecretStr = Field(
        default=SecretStr(""), description="what signs our links; the embedded house makes its own"
    )
    secrets_before: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(read_secrets)] = Field(
        (), description="earlier secrets with commas between, until the doctor says that they may go"
    )
    admins: Annotated[tuple[Admin, ...], NoDecode, BeforeValidator(read_admins)] = Field(
        (), description="chat addresses with rights, like telegram:123=owner,zalo:ab12=moderator"
    )
    tills: Annotated[Mapping[str, tuple[str, ...]], NoDecode, BeforeValidator(read_tills)] = Field(
        {}, description="tills per channel, like telegram=vnpay+stars,web=vnpay (empty: all that fit)"
    )
    packages: str = Field(
        "20000=20,50000=55,100000=120,200000=260", description="đồng=credits for each package, with commas between"
    )
    vnd_per_usd: int = Field(default=26_000, ge=1, description="đồng for one US dollar, a whole number")
    margin: int = Field(default=50, ge=0, le=1_000, description="what is added to a picture's cost, 0 to 1000 percent")
    spend_per_day_paid: int = Field(
        default=0, ge=0, description="US cents a day that painting for those who paid may cost us (0: no cap)"
    )
    spend_per_day_gift: int = Field(
        default=0, ge=0, description="US cents a day that painting for those who never paid may cost us (0: no cap)"
    )
    stand_in_per_day: int = Field(
        default=0, ge=0, description="US cents a day that dearer stand-ins may cost us more (0: none stands in)"
    )
    gift: int = Field(default=10, ge=0, le=1_000, description="credits given once, after consent, 0 to 1000")
    open_sheets: int = Field(default=2, ge=1, le=100, description="orders a person may have open at once, 1 to 100")
    gift_open_sheets: int = Field(
        default=1, ge=1, le=100, description="orders that a person who never paid may have open at once, 1 to 100"
    )
    prompts_per_minute: int = Field(default=10, ge=1, le=10_000, description="prompts of one person, 1 to 10000")
    descriptions: int = Field(
        default=10, ge=1, le=10_000, description="pictures described for a person a day, 1 to 10000"
    )
    longest_wait: int = Field(
        default=600, ge=10, le=100_000, description="seconds in the queue beyond which nothing is taken, 10 to 100000"
    )
    pace: float = Field(default=2.0, ge=0, le=60, description="seconds the pocket painter takes for a picture, 0 to 60")
    lease: int = Field(default=30, ge=1, le=600, description="seconds a worker owns a job between heartbeats, 1 to 600")
    telegram: Telegram = Telegram()
    zalo: Zalo = Zalo()
    vnpay: Vnpay = Vnpay()
    stars: Stars = Stars()
    aws: Aws = Aws()
    bedrock: Bedrock = Bedrock()

    @property
    def plays(self) -> frozenset[str]:
        """Which vendors are played here: what is asked for, else the till of a house nobody else can reach."""
        if self.sandbox is not None:
            return self.sandbox
        return frozenset({"vnpay"} if self.all_loopback and not self.vnpay.tmn_code else ())

    @property
    def door_is_loopback(self) -> bool:
        """Nobody but whoever sits at this machine gets in, so a web chat is as good as a person."""
        return {self.bind, host_of(self.public_url) or self.bind} <= LOOPBACK

    @property
    def all_loopback(self) -> bool:
        """Nothing here reaches anybody outside: neither the door nor a channel nor the wing."""
        reached = [
            (host_of(self.telegram.api), self.telegram.token.get_secret_value()),
            (host_of(self.zalo.api), self.zalo.token.get_secret_value()),
            (host_of(self.aws.endpoint), self.aws.table),
            (host_of(self.bedrock.endpoint), self.on_bedrock and not self.asks_to_play("bedrock")),
        ]
        return self.door_is_loopback and all(host in LOOPBACK for host, turned_on in reached if turned_on)

    @property
    def zalo_is_on(self) -> bool:
        """With a token, and where Zalo can look at the pictures that it is to show: it takes no bytes."""
        own = self.zalo
        seen = self.public_url.startswith("https://") or host_of(own.api) in LOOPBACK
        return "zalo" in self.plays or bool(own.token.get_secret_value() and seen)

    def asks_to_play(self, vendor: str) -> bool:
        return vendor in (self.sandbox or ())

    @property
    def on_aws(self) -> bool:
        return bool(self.aws.table)

    @property
    def on_bedrock(self) -> bool:
        """Real models paint, or those of a look-alike; else the pocket painter."""
        return bool(self.on_aws or self.bedrock.region or self.bedrock.endpoint or self.asks_to_play("bedrock"))

    @property
    def channels(self) -> frozenset[str]:
        """Where people are heard, in whichever process of the house."""
        telegram = "telegram" in self.plays or self.telegram.token.get_secret_value()
        mouths = {"web": True, "telegram": telegram, "zalo": self.zalo_is_on}
        return frozenset(name for name, is_on in mouths.items() if is_on)


def read(**options: object) -> Settings:
    """The settings of this process; what the command line gives as options goes before the environment."""
    refuse_strangers(os.environ)
    try:
        settings = Settings(**options)  # type: ignore[arg-type]  # pydantic checks them, that is the point
    except ValidationError as wrong:
        raise CannotStart(told(wrong)) from None
    refuse_half(settings)
    return settings


def told(wrong: ValidationError) -> str:
    """The first thing that is wrong, for a person; a secret's value is never repeated."""
    first = wrong.errors(include_url=False)[0]
    known, path = variables(), first["loc"]
    name = next((variable(path[:end]) for end in range(len(path), 0, -1) if variable(path[:end]) in known), "")
    if not name:
        return f"{variable(path)} is not a setting."
    return f"{name} cannot be {str(first['input'])!r}: it is {known[name]}."


def variable(path: Iterable[str | int]) -> str:
    return PREFIX + "__".join(str(part) for part in path).upper()


def variables() -> Mapping[str, str]:
    """Every setting's variable and what it is."""
    return dict(described(Settings, ()))


def described(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Wing):
            yield from described(kind, (*path, name))
        else:
            yield variable((*path, name)), field.description or ""


def refuse_strangers(environment: Iterable[str]) -> None:
    """A misspelt name would be silently without effect, and a token that turns nothing on is hard to find."""
    known = variables()
    for name in (name.upper() for name in environment):
        if name.startswith(PREFIX) and name not in known:
            meant = [other for other in known if other.startswith(f"{name}__")]
            for near in meant or get_close_matches(name, known, n=1, cutoff=0.8):
                raise CannotStart(f"{name} is not a setting; did you mean {near}?")


def refuse_half(settings: Settings) -> None:
    """What is right by itself and wrong together."""
    for wing, name in ((settings.telegram, "TELEGRAM"), (settings.zalo, "ZALO")):
        here = host_of(wing.api) in LOOPBACK or name.lower() in settings.plays  # it calls us on this machine
        if wing.mode == "webhook" and not wing.secret.get_secret_value():
            raise CannotStart(f"IMAGIFY_{name}__MODE is webhook, so IMAGIFY_{name}__SECRET must be set too.")
        if wing.mode == "webhook" and not here and not settings.public_url.startswith("https://"):
            raise CannotStart(f"IMAGIFY_{name}__MODE is webhook, so IMAGIFY_PUBLIC_URL must be an https address.")
    if not HEADER_LETTERS.fullmatch(settings.telegram.secret.get_secret_value()):
        raise CannotStart("IMAGIFY_TELEGRAM__SECRET may have letters, digits, _ and - only, 256 at most.")
    secret = settings.zalo.secret.get_secret_value()
    if secret and not LEAST_HOOK_SECRET <= len(secret) <= MOST_HOOK_SECRET:
        raise CannotStart("IMAGIFY_ZALO__SECRET must have 8 to 256 characters: Zalo takes no other.")
    refuse_unsafe_play(settings)
    refuse_unsafe_till(settings)
    if settings.on_aws:
        refuse_half_a_cloud(settings)


def refuse_half_a_cloud(settings: Settings) -> None:
    """The parts of AWS come together."""
    if not settings.secret.get_secret_value():
        raise CannotStart(
            "IMAGIFY_AWS__TABLE is set, so IMAGIFY_SECRET must be set too: all processes share it "
            "(`imagify migrate --secret` prints the one of a home that moves there)."
        )
    for name in ("bucket", "queue"):
        if not getattr(settings.aws, name):
            raise CannotStart(f"IMAGIFY_AWS__TABLE is set, so IMAGIFY_AWS__{name.upper()} must be set too.")


def refuse_unsafe_play(settings: Settings) -> None:
    """What is played and what is real do not meet, neither in a vendor nor in a house that others can reach."""
    real = {
        "vnpay": ("VNPAY", "VNPAY__TMN_CODE", settings.vnpay.tmn_code),
        "telegram": ("Telegram", "TELEGRAM__TOKEN", settings.telegram.token.get_secret_value()),
        "zalo": ("Zalo", "ZALO__TOKEN", settings.zalo.token.get_secret_value()),
    }
    for vendor, (name, variable, is_set) in real.items():
        if vendor in settings.plays and is_set:
            raise CannotStart(
                f"IMAGIFY_{variable} is set, so {name} cannot be played too: leave {vendor} out of --sandbox."
            )
        if vendor in settings.plays and not settings.all_loopback:
            raise CannotStart(
                f"{name} can be played only in a house that nobody else can reach: leave {vendor} out of --sandbox."
            )


def refuse_unsafe_till(settings: Settings) -> None:
    """Real money goes over safe ways only."""
    vnpay, secret = settings.vnpay, settings.vnpay.secret.get_secret_value()
    if vnpay.tmn_code and len(secret) < LEAST_SECRET:
        raise CannotStart("IMAGIFY_VNPAY__TMN_CODE is set, so IMAGIFY_VNPAY__SECRET must be the key that VNPAY gave.")
    hosts = {host_of(vnpay.pay_url), host_of(vnpay.api_url)}
    if VNPAY_SANDBOX in hosts and len(hosts) > 1:
        raise CannotStart("IMAGIFY_VNPAY__PAY_URL and __API_URL must both be VNPAY's sandbox, or neither.")
    if vnpay.tmn_code and any(host.endswith(VNPAYS) for host in hosts):
        refuse_open_ways(settings)


def refuse_open_ways(settings: Settings) -> None:
    """In production whatever carries money is https, leads to VNPAY and back to us, and is signed with a real key."""
    ways = {
        "IMAGIFY_PUBLIC_URL": settings.public_url,
        "IMAGIFY_VNPAY__PAY_URL": settings.vnpay.pay_url,
        "IMAGIFY_VNPAY__API_URL": settings.vnpay.api_url,
    }
    for name, way in ways.items():
        if not way.startswith("https://") or host_of(way) in LOOPBACK:
            raise CannotStart(
                f"{name} must be an https address that others reach: VNPAY's production takes real money."
            )
    for name, way in list(ways.items())[1:]:
        if not host_of(way).endswith(VNPAYS):
            raise CannotStart(f"{name} must be VNPAY's production like the other, not {host_of(way)}.")
    if is_placeholder(settings.vnpay.secret.get_secret_value()):
        raise CannotStart("IMAGIFY_VNPAY__SECRET must be the key that VNPAY gave, not one to be replaced.")


def is_placeholder(secret: str) -> bool:
    """Nobody drew this one by lot."""
    return len(set(secret)) < LEAST_KINDS or any(word in secret.lower() for word in PLACEHOLDERS)
