"""What each vendor's wing is told: its address, its keys and its ways, each with a default."""

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic_settings import NoDecode

from payments.packages import VND_PER_STAR

Mode: TypeAlias = Literal["poll", "webhook"]


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def web_address(text: str) -> str:
    """With http or https and a host, without the slash at the end; nothing is fine too."""
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError(text)
    return text.rstrip("/")


def read_rates(text: object) -> object:
    """Calls a second, by the name of a model."""
    if not isinstance(text, str):
        return text
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    rates = {name.strip(): float(rate) for name, _, rate in pairs}
    if not all(name and isfinite(rate) and rate > 0 for name, rate in rates.items()):
        raise ValueError(text)
    return rates


Web: TypeAlias = Annotated[str, AfterValidator(web_address)]
Port: TypeAlias = Annotated[int, Field(ge=0, le=65535)]


class Wing(BaseModel):
    model_config = ConfigDict(frozen=True)


class Telegram(Wing):
    token: SecretStr = Field(default=SecretStr(""), description="the bot's token; it turns Telegram on")
    api: Web = Field(default="https://api.telegram.org", description="where the Bot API answers (http or https)")
    files: Web = Field(
        default="https://api.telegram.org/file", description="where files are fetched from (http or https)"
    )
    mode: Mode = Field(default="poll", description="poll or webhook")
    secret: SecretStr = Field(
        default=SecretStr(""), description="what Telegram shows at our webhook; webhook mode needs it"
    )


class Zalo(Wing):
    token: SecretStr = Field(default=SecretStr(""), description="the bot's token; it turns Zalo on")
    api: Web = Field(
        default="https://bot-api.zaloplatforms.com", description="where the Bot API answers (http or https)"
    )
    mode: Mode = Field(default="poll", description="poll or webhook")
    secret: SecretStr = Field(
        default=SecretStr(""), description="what Zalo shows at our webhook; webhook mode needs it"
    )
    photos: str = Field(
        default="zdn.vn", description="hosts from which photos that people send are fetched, with commas between"
    )
    users: int = Field(default=50, ge=0, description="people that the bot's plan lets it write to (0: no limit)")
    messages: int = Field(default=3_000, ge=0, description="messages a month that the bot's plan holds (0: no limit)")
    reserve: int = Field(default=300, ge=0, description="messages of those that are for pictures and receipts alone")
    daily: int = Field(
        default=60, ge=0, description="messages to one person a day, but for pictures and receipts (0: no limit)"
    )


class Vnpay(Wing):
    tmn_code: str = Field(default="", description="the terminal's code as VNPAY gave it; it turns VNPAY on")
    secret: SecretStr = Field(default=SecretStr(""), description="the key that signs, as VNPAY gave it")
    pay_url: Web = Field(
        default="https://sandbox.vnpayment.vn/paymentv2/vpcpay.html", description="where a person pays (http or https)"
    )
    api_url: Web = Field(
        default="https://sandbox.vnpayment.vn/merchant_webapi/api/transaction",
        description="where VNPAY answers queries and refunds (http or https)",
    )
    callers: str = Field(
        default="", description="addresses that may call us, with commas between (empty: whoever signs)"
    )
    ip: str = Field(default="127.0.0.1", description="our own public IPv4 address, told with every question")
    every: int = Field(
        default=310, ge=1, le=86_400, description="seconds between two questions of one terminal, 1 to 86400"
    )


class Stars(Wing):
    vnd_per_star: int = Field(
        default=VND_PER_STAR, ge=1, le=100_000, description="đồng that Telegram pays us for a Star, 1 to 100000"
    )


class Aws(Wing):
    region: str = Field(default="ap-southeast-1", description="the Region of the table, the bucket and the queue")
    table: str = Field(default="", description="the name of the DynamoDB table; it turns the AWS wing on")
    bucket: str = Field(default="", description="the name of the S3 bucket of the pictures")
    queue: str = Field(default="", description="the name of the SQS queue")
    redis: str = Field(
        default="", description="redis://host:port of the cache; without it nothing is cached between processes"
    )
    stream: str = Field(default="", description="the name of the Firehose stream of the journal (empty: no journal)")
    endpoint: Web = Field(default="", description="a look-alike to speak to instead of AWS (http or https)")


class Bedrock(Wing):
    region: str = Field(
        default="", description="the Region that paints, instead of the catalogue's own; it turns Bedrock on"
    )
    endpoint: Web = Field(default="", description="a look-alike to speak to instead of Bedrock (http or https)")
    rates: Annotated[Mapping[str, float], NoDecode, BeforeValidator(read_rates)] = Field(
        default={}, description="calls a second that your quotas allow in each Region, like core=2,ultra=0.2"
    )
