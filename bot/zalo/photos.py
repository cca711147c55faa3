"""Photos that people send: fetched from Zalo's own hosts and nobody else's, as far as they go.

Whoever can make us believe an event could send us anywhere. So the host is one of those that are set, the way is
https, no redirect is followed, whatever the name resolves to must be a public address, and too much is not read.
What was resolved and found public is what is connected to: no name is looked up a second time.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

from core.errors import NotAPicture, Unavailable

LARGEST = 20_000_000  # bytes
PATIENCE = aiohttp.ClientTimeout(total=60, sock_connect=5)  # seconds
GONE = frozenset({401, 403, 404, 410})  # it has run out, or never was there
UNICAST = IPv6Network("2000::/3")  # all that is ever routed between networks
NAT64 = IPv6Network("64:ff9b::/96")  # how a network without IPv4 reaches it: the address stands at the end
TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # 6to4 and Teredo lead to whatever IPv4 they name


class Inside(OSError):
    """A name that leads to where nobody outside has anything to look for."""


class PublicOnly(AbstractResolver):
    """Resolves as the machine does; an address that is not public is none."""

    def __init__(self) -> None:
        self._own = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._own.resolve(host, port, family)
        if not found or not all(is_public(one["host"]) for one in found):
            raise Inside(host)
        return found

    async def close(self) -> None:
        await self._own.close()


@dataclass(frozen=True, slots=True)
class Photos:
    """`here`: the host and port at which a played Zalo keeps what people send; only that one is reached plainly."""

    hosts: Sequence[str]  # each stands for itself and all names below it
    here: str = ""
    largest: int = LARGEST

    async def fetch(self, url: str) -> bytes:
        """Raises NotAPicture, or Unavailable."""
        if not self.allowed(url):
            raise NotAPicture("unreadable")
        resolver = None if self._is_here(url) else PublicOnly()
        line = aiohttp.TCPConnector(resolver=resolver, force_close=True)
        try:
            async with aiohttp.ClientSession(connector=line, timeout=PATIENCE, trust_env=False) as session:
                return await self._read(session, url)
        except aiohttp.ClientConnectorError as fault:
            if isinstance(fault.os_error, Inside):
                raise NotAPicture("unreadable") from None
            raise Unavailable("outage", "no") from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise Unavailable("outage", "no") from None

    def allowed(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            return False
        if self._is_here(url):
            return True
        named = any(host == one or host.endswith(f".{one}") for one in self.hosts)
        return named and parts.scheme == "https" and port in {None, 443} and not parts.username and not is_number(host)

    def _is_here(self, url: str) -> bool:
        parts = urlsplit(url)
        return bool(self.here) and parts.scheme == "http" and parts.netloc == self.here

    async def _read(self, session: aiohttp.ClientSession, url: str) -> bytes:
        async with session.get(URL(url, encoded=True), allow_redirects=False) as answer:
            if answer.status in GONE or 300 <= answer.status < 400:
                raise NotAPicture("unreadable")
            if answer.status != 200:
                raise Unavailable("outage", "no")
            if (answer.content_length or 0) > self.largest:
                raise NotAPicture("bytes")
            data = bytearray()
            async for part in answer.content.iter_chunked(64 * 1024):
                data += part
                if len(data) > self.largest:
                    raise NotAPicture("bytes")
            return bytes(data)


def is_public(host: str) -> bool:
    """Whether an address leads to the open net, whatever it is wrapped in."""
    address = unwrapped(ip_address(host))
    if isinstance(address, IPv6Address) and (address not in UNICAST or any(address in one for one in TUNNELS)):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that is connected to in the end, where an IPv6 one only carries it."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address


def is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def hosts_of(said: str) -> tuple[str, ...]:
    """As they are set, with commas between; a star before a name says what is so anyway."""
    return tuple(one.strip().lower().removeprefix("*.") for one in said.split(",") if one.strip())
