"""Wire – how VNPAY writes signatures, encodings, times, amounts and fields.

Links are signed over their sorted query string, the two calls over their values joined by `|`, both with HMAC-SHA512.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import IPv6Address, ip_address
from urllib.parse import quote_plus

from core.errors import Failure

VERSION = "2.1.0"
HASH = "vnp_SecureHash"
HUNDREDTHS = 100  # VNPAY counts in hundredths of a đồng: here, and nowhere else
LOCALHOST = "127.0.0.1"
SHORTEST_ADDRESS = 7  # letters, as VNPAY counts
LONGEST_INFO = 255
VIETNAM = timezone(timedelta(hours=7))  # no summer time, and the host's own zone never matters
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

# Encoders disagree on ~*!'() alone. Letters left as they are by: Python, PHP, browsers and Java, Node, .NET.
ENCODINGS = ("~", "", "*", "~*!'()", "*!()")

# Shapes of the fields we send; none lets in a letter that two encoders write differently.
SHAPES = {
    "vnp_TmnCode": r"[A-Za-z0-9]{8}",
    "vnp_TxnRef": r"[A-Za-z0-9]{1,100}",
    "vnp_RequestId": r"[A-Za-z0-9]{1,32}",
    "vnp_Amount": r"[1-9][0-9]{2,11}",
    "vnp_BankCode": r"([A-Za-z0-9]{3,20})?",
    "vnp_CreateDate": r"[0-9]{14}",
    "vnp_ExpireDate": r"[0-9]{14}",
    "vnp_TransactionDate": r"[0-9]{14}",
    "vnp_IpAddr": r"[0-9a-f.:]{7,45}",
    "vnp_Locale": r"vn|en",
    "vnp_OrderInfo": r"[A-Za-z0-9 .,:_-]{1,255}",
    "vnp_CreateBy": r"[A-Za-z0-9 .,:_-]{1,245}",
    "vnp_OrderType": r"[A-Za-z0-9]{1,100}",
    "vnp_ReturnUrl": r"(?=.{10,255}$)https?://[A-Za-z0-9.:/?&=%_,+@#;\[\]-]+",
}
AMOUNT = re.compile(r"[1-9][0-9]{0,9}00")
NOT_PLAIN = re.compile(r"[^A-Za-z0-9.,:_-]+")  # a run of blanks becomes one


class NotVerified(Failure):
    """The text is not proved to be VNPAY's, so no word counts."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Terminal of the shop at VNPAY: `code`, `secret` for both sides' signatures, and addresses."""

    code: str
    secret: str = field(repr=False)
    pay_url: str
    api_url: str

    def __post_init__(self) -> None:
        if not self.secret:
            raise ValueError("a terminal without a secret would believe anybody")

    def sign(self, text: str) -> str:
        return hmac.new(self.secret.encode(), bytes_of(text), hashlib.sha512).hexdigest()

    def signed(self, text: str, given: str) -> bool:
        """True if `given` is the hash of `text`. Takes the same time for every wrong hash."""
        return hmac.compare_digest(self.sign(text).encode(), bytes_of(given.lower()))


def bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # JSON may hold half a letter, which must not stop us


def encoded(params: Mapping[str, str], plain: str = ENCODINGS[0]) -> str:
    """Query string of `params`: sorted, without empty ones, a space as +, the letters in `plain` unchanged."""
    pairs = sorted((name, value) for name, value in params.items() if value)
    query = "&".join(f"{quote_plus(name, plain)}={quote_plus(value, plain)}" for name, value in pairs)
    return query if "~" in plain else query.replace("~", "%7E")  # which Python never escapes


def checked(params: dict[str, str]) -> dict[str, str]:
    """Check `params` against VNPAY's shapes. Raises ValueError: a mistake of ours, not of a person's."""
    for name, value in params.items():
        if name in SHAPES and not re.fullmatch(SHAPES[name], value):
            raise ValueError(f"{name} cannot be {value!r}")
    return params


def amount_of(vnd: int) -> str:
    return str(vnd * HUNDREDTHS)


def read_amount(text: str) -> int | None:
    return int(text) // HUNDREDTHS if AMOUNT.fullmatch(text) else None


def address_of(ip: str) -> str:
    """Address that VNPAY takes: no IPv4 within IPv6, and none too short. A wrong one becomes localhost."""
    try:
        found = ip_address(ip.strip().partition("%")[0])
    except ValueError:
        return LOCALHOST
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback:
        return LOCALHOST
    return str(found) if len(str(found)) >= SHORTEST_ADDRESS else found.exploded


def ascii_info(text: str) -> str:
    """Text without accents, cut to the letters and length VNPAY takes in the description of an order."""
    letters = unicodedata.normalize("NFKD", text).translate({ord("đ"): "d", ord("Đ"): "D"})
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return NOT_PLAIN.sub(" ", bare).strip()[:LONGEST_INFO].rstrip()


def vietnam_time(ms: int) -> str:
    """Time as yyyyMMddHHmmss in Việt Nam."""
    return (EPOCH + ms * MILLISECOND).astimezone(VIETNAM).strftime("%Y%m%d%H%M%S")


def read_vietnam_time(text: str) -> int | None:
    if not re.fullmatch(r"[0-9]{14}", text):
        return None
    try:
        return (datetime.strptime(f"{text}+0700", "%Y%m%d%H%M%S%z") - EPOCH) // MILLISECOND
    except ValueError:
        return None
