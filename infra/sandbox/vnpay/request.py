"""A payment request, checked field by field as the gateway would: what is asked for, or the code it is refused with."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from infra.sandbox.vnpay.codes import BANKS, DOMESTIC, INTERNATIONAL, QR
from infra.sandbox.vnpay.wire import HASH, moment_of

WINDOW = 15 * 60  # seconds to pay in, where the link names no end
BAD_DATA = "03"


class Turned(Exception):  # away at the door; the payer sees an error page and is not sent back
    """The gateway does not take this payment request."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code, self.why = code, why


@dataclass(frozen=True, slots=True)
class Wish:
    """What a link asks for, once it is understood."""

    terminal: str
    ref: str
    amount: int  # a hundredth of a đồng, as on the wire
    info: str
    locale: str
    bank: str  # "": the payer chooses
    create_date: str
    expires: float
    return_url: str
    command: str


def read_query(query: str) -> dict[str, str]:
    """The request's own parameters. One that comes twice is refused: nobody can say which of them was meant."""
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0].startswith("vnp_")]
    if len(dict(pairs)) != len(pairs):
        raise Turned(BAD_DATA, "a parameter comes twice")
    return dict(pairs)


def wish_of(params: Mapping[str, str], now: float) -> Wish:
    for name, fits in FIELDS.items():
        _check(name, params.get(name, ""), fits)
    created = moment_of(params["vnp_CreateDate"]) or 0.0
    expires = moment_of(params.get("vnp_ExpireDate", ""))
    return Wish(
        terminal=params["vnp_TmnCode"],
        ref=params["vnp_TxnRef"],
        amount=int(params["vnp_Amount"]),
        info=params["vnp_OrderInfo"],
        locale=params["vnp_Locale"],
        bank=params.get("vnp_BankCode", ""),
        create_date=params["vnp_CreateDate"],
        expires=max(created, now) + WINDOW if expires is None else expires,
        return_url=params["vnp_ReturnUrl"],
        command=params["vnp_Command"],
    )


def _check(name: str, value: str, fits: Callable[[str], bool]) -> None:
    if not value and name in OPTIONAL:
        return
    if not fits(value):
        raise Turned(BAD_DATA, f"{name} does not fit")


def _pattern(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _one_of(*values: str) -> Callable[[str], bool]:
    return lambda value: value in values


def _is_moment(value: str) -> bool:
    return moment_of(value) is not None


def is_address(value: str) -> bool:
    """The live gateway refuses an IPv4 address in IPv6 clothes, and anything shorter than seven characters."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
    return 7 <= len(value) <= 45 and not mapped


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        known = parts.hostname is not None and parts.port != 0
    except ValueError:  # brackets that do not close, a port that is none
        return False
    plain = value.isascii() and value.isprintable() and " " not in value
    return 10 <= len(value) <= 255 and parts.scheme in {"http", "https"} and known and plain


OPTIONAL = frozenset({"vnp_BankCode", "vnp_ExpireDate"})  # the documents want an end; many merchants send none
FIELDS: Mapping[str, Callable[[str], bool]] = {
    "vnp_Version": _one_of("2.1.0"),
    "vnp_Command": _one_of("pay", "genqr"),
    "vnp_TmnCode": _pattern("[A-Za-z0-9]{1,8}"),
    "vnp_Amount": _pattern("[1-9][0-9]{0,11}"),
    "vnp_BankCode": _one_of(QR, DOMESTIC, INTERNATIONAL, *BANKS),
    "vnp_CreateDate": _is_moment,
    "vnp_ExpireDate": _is_moment,
    "vnp_CurrCode": _one_of("VND"),
    "vnp_IpAddr": is_address,
    "vnp_Locale": _one_of("vn", "en"),
    # Stricter than the live gateway, which lets accents pass: the documents forbid them, and they break signatures.
    "vnp_OrderInfo": _pattern("[A-Za-z0-9 .,:_-]{1,255}"),
    "vnp_OrderType": _pattern("[A-Za-z0-9_]{1,100}"),
    "vnp_ReturnUrl": _is_url,
    "vnp_TxnRef": _pattern("[A-Za-z0-9._-]{1,100}"),
    HASH: _pattern("[0-9A-Fa-f]{32,256}"),
}
