"""One aiohttp application behind one door: the door checks Host, counts requests per address and catches what falls.

The middleware here is one of the three borders where anything at all may be caught. What a caller gets to see of a
fault is a number; the log has the rest under that number.
"""

import asyncio
import errno
import ipaddress
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from bot.bodies import closing
from bot.strangers import CROWD, SERVER, Connection, Crowd, Nuisances, StrangerLimits, household, short_of_files
from core.cache import Cache
from core.chance import Chance
from core.errors import CannotStart
from core.supervise import is_away

log = logging.getLogger(__name__)

WINDOW = 300  # seconds in which a full bucket of requests fills again
PATIENCE = 5.0  # seconds open requests have to end when the house closes
BIGGEST_BODY = 1024 * 1024  # bytes
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}
SORRY = (
    '<!doctype html><meta charset="utf-8"><title>Imagify</title>'
    "<p>Có lỗi ở phía Imagify. Mã hỗ trợ: {number}<p>Something went wrong on our side. Support code: {number}"
)

LATE = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds
LOOKED_EVERY = 0.05  # seconds between two looks at how late the loop is

Sorry: TypeAlias = Callable[[web.Request, str], web.Response]
Ready: TypeAlias = Callable[[], Awaitable[Mapping[str, bool]]]
Deaf: TypeAlias = Callable[[], Mapping[str, str]]  # channels of which nothing is heard, and since when


@dataclass(frozen=True, slots=True)
class Door:
    """What the application must know about where it stands."""

    cache: Cache
    chance: Chance
    bind: str = "127.0.0.1"
    public_url: str = ""
    trusted_hops: int = 0  # proxies of ours in front
    requests: int = 1_000  # from one address in WINDOW seconds
    vendor_paths: frozenset[str] = frozenset()  # they check a secret or a signature before anything else
    faults: Mapping[str, Sorry] = field(default_factory=dict)  # what a vendor is told of a fault, by path
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    own_metrics_port: bool = False
    strangers: StrangerLimits = field(default_factory=StrangerLimits)

    def knows(self, host: str) -> bool:
        """Whether a request for this host is meant for us. On a public address any IP will do: it cannot be rebound."""
        name = host_name(f"//{host}")
        if name and name in {"localhost", self.bind, host_name(self.public_url)}:
            return True
        address = ip(name)
        return address is not None and (address.is_loopback or is_wildcard(self.bind))

    def caller(self, request: web.Request) -> str:
        return caller(request, self.trusted_hops)

    def is_local(self, request: web.Request) -> bool:
        """Asked from this machine. Forwarded by a proxy that nobody told us of is not."""
        if not self.trusted_hops and "X-Forwarded-For" in request.headers:
            return False
        address = ip(self.caller(request))
        return address is not None and address.is_loopback

    async def wait_for(self, request: web.Request) -> float:
        """Seconds until this address may ask again; 0 for now."""
        if request.path in self.vendor_paths:
            return 0
        bucket = f"requests:{household(self.caller(request))}"
        return await self.cache.take(bucket, self.requests / WINDOW, self.requests)


def caller(request: web.Request, trusted_hops: int) -> str:
    """The address that asks: as many steps back from us as proxies of ours stand in front, and no more."""
    steps = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    peer = request.remote or ""
    if not 0 < trusted_hops <= len(steps):
        return peer
    told = ip(steps[-trusted_hops].strip())
    return str(told) if told else peer


def host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # brackets that do not close
        return ""


def ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_wildcard(bind: str) -> bool:
    address = ip(bind)
    return address is not None and address.is_unspecified


def build_app(
    door: Door, ready: Ready, routes: Iterable[web.AbstractRouteDef] = (), deaf: Deaf = dict
) -> web.Application:
    """The application; `ready` says of each store whether it can be reached, `routes` are the faces of the house."""
    app = web.Application(middlewares=[border(door), unpacked, guard(door)], client_max_size=BIGGEST_BODY)
    app[CROWD] = Crowd(door.strangers, door.trusted_hops > 0, Nuisances(door.registry))
    app.cleanup_ctx.append(watching(door.registry))
    app.on_response_prepare.append(dress(door.public_url.startswith("https://")))
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz(ready, deaf))
    if not door.own_metrics_port:
        app.router.add_get("/metrics", local_only(door, metrics(door.registry)))
    app.add_routes(routes)
    return app


def build_metrics_app(door: Door) -> web.Application:
    """What listens on a metrics port of its own, where nobody from outside gets in."""
    app = web.Application(middlewares=[unpacked])
    app.on_response_prepare.append(dress(secure=False))
    app.router.add_get("/metrics", metrics(door.registry))
    return app


def border(door: Door) -> Middleware:
    """The outermost step: every answer is counted, and a fault becomes a number."""
    answers = Counter("imagify_answers", "Answers by route and status", ["route", "status"], registry=door.registry)

    @web.middleware
    async def caught(request: web.Request, handler: Handler) -> web.StreamResponse:
        status = 500
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as answer:
            status = answer.status
            raise
        except Exception as fault:
            number = door.chance.code()
            facts = {"error": number, "route": route_of(request)}
            if away := is_away(fault):
                log.warning("a request found a store away (%s)", away, extra=facts)
            else:
                log.exception("a request failed", extra=facts)
            return door.faults.get(request.path, sorry)(request, number)
        finally:
            answers.labels(route_of(request), status).inc()
        return response

    return caught


def route_of(request: web.Request) -> str:
    """The route as it is written, never the path: that one may hold a token, and there is no end of them."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"


def sorry(request: web.Request, number: str) -> web.Response:
    if "text/html" in request.headers.get("Accept", ""):
        return web.Response(text=SORRY.format(number=number), content_type="text/html", status=500)
    return web.json_response({"error": number}, status=500)


def guard(door: Door) -> Middleware:
    """Whoever asks for another host or too often gets no further. The probes are not counted."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not door.knows(request.headers.get("Host", "")):
            raise web.HTTPMisdirectedRequest(text="This host is not served here.")
        wait = 0 if request.path in PROBES else await door.wait_for(request)
        if wait:
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(int(wait) + 1)})
        return await handler(request)

    return guarded


@web.middleware
async def unpacked(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What is packed is as large as its sender likes once it is unpacked, so nothing is, on any path."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise closing(web.HTTPUnsupportedMediaType(text="Send it as it is, not packed."))
    return await handler(request)


def dress(secure: bool) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Headers for every answer; a page that needs more room in its policy has set its own before."""
    headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})

    async def dressed(_: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = SERVER

    return dressed


async def healthz(_: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"alive": True})


def readyz(ready: Ready, deaf: Deaf) -> Handler:
    """The stores answer; which of them do not is told by the name of its port and nothing more.

    Beside it, since when a channel hears nothing: that is told with 200, for the others are served, and a webhook that
    is not called for a while would never be called again.
    """

    async def answer(_: web.Request) -> web.Response:
        missing = sorted(port for port, reachable in (await ready()).items() if not reachable)
        told = {"ready": not missing, "not_reachable": missing, **({"deaf": silent} if (silent := deaf()) else {})}
        return web.json_response(told, status=503 if missing else 200)

    return answer


def metrics(registry: CollectorRegistry) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return answer


def local_only(door: Door, answer: Handler) -> Handler:
    async def asked(request: web.Request) -> web.StreamResponse:
        if not door.is_local(request):
            raise web.HTTPNotFound
        return await answer(request)

    return asked


def watching(registry: CollectorRegistry) -> Callable[[web.Application], AsyncIterator[None]]:
    """How late the loop is, all the time: whatever holds it up holds up everybody."""
    late = Histogram("imagify_loop_late_seconds", "How late the loop came", buckets=LATE, registry=registry)

    async def look() -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LOOKED_EVERY
            await asyncio.sleep(LOOKED_EVERY)
            late.observe(max(0.0, loop.time() - due))

    async def watched(_: web.Application) -> AsyncIterator[None]:
        looking = asyncio.create_task(look())
        yield
        looking.cancel()

    return watched


@asynccontextmanager
async def serve(app: web.Application, bind: str, port: int, option: str = "--port") -> AsyncIterator[int]:
    """The application listens as long as this is open; hands over the port, which matters where 0 was asked for."""
    runner = web.AppRunner(app, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        async with listening(runner, app.get(CROWD, Crowd()), bind, port, option) as listener:
            yield listener.sockets[0].getsockname()[1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def listening(
    runner: web.AppRunner, crowd: Crowd, bind: str, port: int, option: str
) -> AsyncIterator[asyncio.Server]:
    """Every connection of the application is one of the crowd."""
    loop = asyncio.get_running_loop()
    try:
        listener = await loop.create_server(lambda: Connection(crowd, runner.server, loop), bind, port, backlog=128)
    except OSError as error:
        raise CannotStart(why_not(error, bind, port, option)) from error
    with short_of_files(crowd.nuisances):
        try:
            yield listener
        finally:
            listener.close()


def why_not(error: OSError, bind: str, port: int, option: str) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is taken; stop what listens there or choose another with {option}."
        case errno.EACCES:
            return f"This user may not listen on port {port}; choose one above 1023 with {option}."
        case _:
            return f"Nothing can listen on {bind}:{port} here; see IMAGIFY_BIND and {option}."
