"""Connections of strangers and the limits of everything that anybody may cost us before they are known.

They stand below the application: nothing of a request is there yet while its head has not come to an end.
"""

import asyncio
import ipaddress
import logging
import resource
from collections import Counter as Tally
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter

log = logging.getLogger(__name__)

MACHINE = frozenset({"127.0.0.1", "::1"})  # a proxy on this machine speaks from here, for everybody
OWN_FILES = 128  # kept free for the table, the blobs and the vendors
FEWEST = 16  # connections, however few files there are
TOLD_EVERY = 60.0  # seconds between two lines about the same nuisance
NO_FILES = "socket.accept() out of system resource"  # as asyncio says it
SERVER = "imagify"  # instead of the versions that aiohttp tells


@dataclass(frozen=True, slots=True)
class StrangerLimits:
    """Bytes, seconds and numbers, each bounded before it is spent."""

    head_seconds: float = 10.0  # from the first byte of a request to the end of its headers
    head_bytes: int = 32 * 1024
    idle_seconds: float = 75.0  # between two requests; longer than proxies keep theirs
    linger_seconds: float = 2.0  # in which a body that nobody reads may end
    body_pause: float = 10.0  # seconds without the least of a body
    body_least: int = 16 * 1024  # bytes of a body that must come in that time, where it has so many
    connections: int = 64  # of one address
    most: int = 2_000  # connections of all
    frame_bytes: int = 64 * 1024  # of a socket
    chat_sockets: int = 8  # tabs of one chat
    address_sockets: int = 32

    @property
    def all_connections(self) -> int:
        """As many as there are files, less those that the house needs itself."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return max(FEWEST, min(self.most, files - OWN_FILES))


@dataclass(slots=True)
class Nuisances:
    """Counted each, told once a minute: no stranger may fill the log."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _counted: Counter = field(init=False)
    _silent: "Tally[str]" = field(default_factory=Tally, init=False)  # since it was told last
    _told: dict[str, float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._counted = Counter("imagify_nuisances", "Strangers turned away, by why", ["why"], registry=self.registry)

    def count(self, why: str) -> None:
        self._counted.labels(why).inc()
        self._silent[why] += 1
        now = asyncio.get_running_loop().time()
        if now - self._told.get(why, -TOLD_EVERY) >= TOLD_EVERY:
            log.warning("strangers turned away: %s", why, extra={"times": self._silent.pop(why)})
            self._told[why] = now


@dataclass(slots=True)
class Crowd:
    """Every open connection, and by which address."""

    limits: StrangerLimits = field(default_factory=StrangerLimits)
    behind_proxies: bool = False  # then the address is a proxy's, and the proxy counts
    nuisances: Nuisances = field(default_factory=Nuisances)
    _open: "dict[Connection, str]" = field(default_factory=dict, init=False)  # the oldest first
    _by_address: "Tally[str]" = field(default_factory=Tally, init=False)

    def admits(self, one: "Connection", peer: str) -> bool:
        """Where all places are taken, the connection that has waited longest for a request gives way."""
        address = household(peer)
        counts = not self.behind_proxies and peer not in MACHINE
        if counts and self._by_address[address] >= self.limits.connections:
            self.nuisances.count("connections of one address")
            return False
        if len(self._open) >= self.limits.all_connections and not self._made_room():
            self.nuisances.count("connections in all")
            return False
        self._open[one] = address
        self._by_address[address] += 1
        return True

    def leaves(self, one: "Connection") -> None:
        address = self._open.pop(one, None)
        if address is not None:
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]

    def _made_room(self) -> bool:
        idle = next((one for one in self._open if one.is_idle), None)
        if idle is None:
            return False
        self.leaves(idle)
        idle.drop("gave way to another")
        return True


@dataclass(slots=True)
class Seats:
    """A bounded number of anything at once, under as many names as count."""

    _taken: "Tally[str]" = field(default_factory=Tally, init=False)

    @contextmanager
    def take(self, most: Mapping[str, int]) -> Iterator[bool]:
        """One under each name for as long as this is open; false, and none, where a name has no more."""
        free = all(self._taken[name] < bound for name, bound in most.items())
        self._taken.update(most.keys() if free else ())
        try:
            yield free
        finally:
            self._taken.subtract(most.keys() if free else ())
            self._taken = +self._taken  # without those that are nought


CROWD = web.AppKey("crowd", Crowd)  # of an application that is listened to


class Connection(web.RequestHandler):
    """A connection as aiohttp serves it, within the limits of the crowd."""

    __slots__ = ("_crowd", "_head", "_head_ends")

    def __init__(self, crowd: Crowd, server: web.Server | None, loop: asyncio.AbstractEventLoop) -> None:
        limits = crowd.limits
        super().__init__(
            server,  # type: ignore[arg-type]  # there as long as anybody listens
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # aiohttp takes none for no log
            auto_decompress=False,
            keepalive_timeout=limits.idle_seconds,
            lingering_time=limits.linger_seconds,
        )
        self._crowd, self._head = crowd, 0
        self._head_ends: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Nothing of it is being answered."""
        return self._waiter is not None and not self._waiter.done()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername") or ("",)
        if not self._crowd.admits(self, str(peer[0])):
            self.force_close()
            transport.abort()  # type: ignore[attr-defined]  # TCP's has it
            return
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._head_came()
        self._crowd.leaves(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._head_ends is None and self.is_idle:
            self._expect_head()
        before = self._request_count
        super().data_received(data)
        if self._request_count > before:
            self._head_came()
        elif self._head_ends is not None:
            self._head += len(data)
            if self._head > self._crowd.limits.head_bytes:
                self.drop("heads too long")

    def drop(self, why: str) -> None:
        """Without a word: nobody is there yet to be spoken to."""
        self._crowd.nuisances.count(why)
        if self.transport is not None:
            self.transport.abort()

    def _expect_head(self) -> None:
        self._head = 0
        self._head_ends = self._loop.call_later(self._crowd.limits.head_seconds, self.drop, "heads too slow")

    def _head_came(self) -> None:
        if self._head_ends is not None:
            self._head_ends.cancel()
            self._head_ends = None

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What cannot be read as HTTP may hold anything, a hash of a payment too: nothing of it is said or logged."""
        if status != HTTPStatus.BAD_REQUEST:
            answer = super().handle_error(request, status, exc, message)
        else:
            self._crowd.nuisances.count("requests that cannot be read")
            answer = web.Response(status=status, text="This cannot be read.")
            answer.force_close()
        answer.headers["Server"] = SERVER
        return answer


def household(address: str) -> str:
    """Whoever has one IPv6 address has the whole /64 around it; an IPv4 address in IPv6's clothes is itself."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))


@contextmanager
def short_of_files(nuisances: Nuisances) -> Iterator[None]:
    """While this is open, a machine that has no file left for another connection says so once a minute."""
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()

    def told(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if context.get("message") == NO_FILES:
            nuisances.count("no file left for a connection")
        elif before:
            before(loop, context)
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(told)
    try:
        yield
    finally:
        loop.set_exception_handler(before)
