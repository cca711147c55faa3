"""Telephones side by side: one page with each of the played vendors' own in a frame, as they lie on a table."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import escape

from aiohttp import web

from infra.sandbox import door

FRAME = '<iframe src="{url}" title="{name}"></iframe>'
WHOLE = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Imagify: {names}</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/phones.css">'
    "</head><body>{frames}</body></html>"
)


@asynccontextmanager
async def open_phones(phones: Mapping[str, str]) -> AsyncIterator[str]:
    """The address of the page on which these stand beside each other, by the names of their vendors."""
    app = door.application()
    app.add_routes([web.get("/", Table(phones).page), *door.files(door.PAGE, ["phones.css"])])
    async with door.served(app, 0) as url:
        yield url


class Table:
    def __init__(self, phones: Mapping[str, str]) -> None:
        frames = "".join(FRAME.format(url=escape(url), name=escape(name)) for name, url in phones.items())
        self._html = WHOLE.format(names=escape(", ".join(phones)), frames=frames)
        self._policy = f"{door.POLICY}; frame-src {' '.join(url.rstrip('/') for url in phones.values())}"

    async def page(self, _: web.Request) -> web.Response:
        policy = {"Content-Security-Policy": self._policy}
        return web.Response(text=self._html, content_type="text/html", headers=policy)
