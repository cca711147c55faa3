"""The routes on which a person takes their data along: from the page, or by a link that was sent to another chat."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass

from aiohttp import web

from bot.asking import Desk
from bot.texts import Said
from bot.texts import people as texts
from core.errors import UnderWay
from core.people import Person

PATIENCE = 60.0  # seconds in which a piece must have gone
HEADERS: Mapping[str, str] = {
    "Content-Disposition": 'attachment; filename="imagify.zip"',
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
POLICY = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
PAGE = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>Imagify</title><main><h1>Imagify</h1><p>{vi}</p><p lang="en">{en}</p>{form}</main></html>'
)
FORM = '<form method="post"><button>{vi} / <span lang="en">{en}</span></button></form>'


@dataclass(frozen=True, slots=True)
class Luggage:
    desk: Desk

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get("/mydata/{token}", self.offer), web.post("/mydata/{token}", self.fetch)]

    async def offer(self, request: web.Request) -> web.Response:
        """A chat may look at the link by itself, so this hands nothing over and marks nothing as seen."""
        if not self.desk.takeaway.of(request.match_info["token"]):
            return notice(texts.LINK_OVER, 404)
        return notice(texts.MYDATA, 200, FORM.format(**texts.DOWNLOAD))

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        person = self.desk.takeaway.of(request.match_info["token"])
        if not person:
            return notice(texts.LINK_OVER, 404)
        return await self.handed(request, await self.desk.people.person(person))

    async def handed(self, request: web.Request, person: Person) -> web.StreamResponse:
        """The ZIP as it is made. Where it breaks off the connection does, so that nobody takes it for the whole."""
        try:
            self.desk.takeaway.check(person.id)
        except UnderWay:
            return notice(texts.UNDER_WAY, 429)
        response = web.StreamResponse(headers=HEADERS)
        response.content_type = "application/zip"
        response.enable_chunked_encoding()
        await response.prepare(request)
        async with aclosing(self.desk.takeaway.pieces(person)) as pieces:
            async for piece in pieces:
                async with asyncio.timeout(PATIENCE):
                    await response.write(piece)
        await response.write_eof()
        return response


def notice(said: Said, status: int, form: str = "") -> web.Response:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    html = PAGE.format(vi=said["vi"], en=said["en"], form=form)
    return web.Response(text=html, content_type="text/html", status=status, headers=headers)
