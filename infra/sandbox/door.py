"""The door of every played vendor: loopback callers only, no strangers' pages, and what a browser may do with ours."""

import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

HOST = "127.0.0.1"  # and nowhere else: whoever reaches a played vendor makes money out of nothing
CLOSES_WITHIN = 2.0  # seconds
KINDS = {".css": "text/css", ".js": "text/javascript", ".html": "text/html"}
BIGGEST_BODY = 64 * 1024  # bytes
OURS_ALONE = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'"
PAGE = Path(__file__).parent / "page"  # what every telephone is made of
FILES = ("phone.css", "side.css", "made.js", "speech.js")
POLICY = f"{OURS_ALONE}; base-uri 'none'; frame-ancestors 'none'"
# A telephone may stand in a frame of ours: on this machine, where no stranger's page is served.
PHONE = f"{OURS_ALONE}; base-uri 'none'; frame-ancestors http://127.0.0.1:*; img-src 'self' blob:; form-action 'self'"


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A name that points here is not enough (it may have been pointed here by a stranger), nor is a stranger's page."""
    if not _is_loopback(f"//{request.host}"):
        raise web.HTTPMisdirectedRequest(text="only as 127.0.0.1 or localhost")
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="not from another page")
    return await handler(request)


async def dress(_: web.Request, response: web.StreamResponse) -> None:
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cache-Control"] = "no-store"
    headers.setdefault("Content-Security-Policy", f"{POLICY}; form-action 'self'")


def application(biggest: int = BIGGEST_BODY) -> web.Application:
    app = web.Application(middlewares=[loopback_only], client_max_size=biggest)
    app.on_response_prepare.append(dress)
    app.router.add_get("/favicon.ico", _no_icon)
    return app


def file(path: Path) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The route that serves a file of ours."""
    text = path.read_text(encoding="utf-8")

    async def serve(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type=KINDS[path.suffix])

    return serve


def files(folder: Path, names: Iterable[str]) -> list[web.RouteDef]:
    return [web.get(f"/{name}", file(folder / name)) for name in names]


@asynccontextmanager
async def served(app: web.Application, port: int) -> AsyncIterator[str]:
    """On loopback until the block ends; hands over the address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSES_WITHIN)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _no_icon(_: web.Request) -> web.Response:
    """Browsers ask for one and complain of a page that is not there."""
    return web.Response(status=204)


def _is_loopback(url: str) -> bool:
    try:
        name = urlsplit(url).hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
