"""Pictures on their way to Zalo: it is handed an address of ours and looks there itself, more than once.

What stands there is a plain JPEG of less than a megabyte, for as long as the picture is kept: the same to HEAD and to
GET, today and tomorrow. The address is signed and shows one picture, or one sheet of them, to whoever has it; that Zalo
has looked says nothing of the person, so it marks nothing as seen. The picture in full stands behind a link of the web
mouth's, where a look is a look.
"""

import hmac
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiohttp import web

from bot.replies import Reply
from bot.web.tokens import ID_LETTERS, MAC_LETTERS, Signer, mac, raw
from core.errors import NotAPicture, Unknown
from core.gallery import Image, image_key
from core.jobs import Job, job_key
from core.ports import Ports
from core.studio import Studio

AT = "/zalo/i/{token}.jpg"
HEAVIEST = 1_000_000  # bytes of what Zalo is shown
MOST_ON_A_SHEET = 4
MEMORY = 32 * 1024 * 1024  # bytes of the newest pictures that are kept at hand: each is asked for three times
KEPT = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


@dataclass(slots=True)
class Postcards:
    ports: Ports
    secrets: Sequence[bytes]
    base: str = ""  # where we are reached, once that is known
    studio: Studio | None = None
    made: OrderedDict[tuple[str, ...], bytes] = field(default_factory=OrderedDict)

    # -- addresses ----------------------------------------------------------------------------------------------------

    def address(self, reply: Reply) -> str:
        """Of the picture of a reply; nothing where it has none that is kept."""
        if reply.as_file:
            return ""
        if reply.sheet:
            return self._at("s", [reply.sheet])
        hung = [one.image for one in reply.wall][:MOST_ON_A_SHEET]
        shown = [reply.shown.image] if reply.shown else hung
        return self._at("p", shown) if shown else ""

    def whole(self, reply: Reply) -> str:
        """Where the picture is as it is kept."""
        return f"{self.base}/i/{Signer(self.secrets).link('i', reply.shown.image)}" if reply.shown else ""

    def _at(self, kind: str, ids: Sequence[str]) -> str:
        named = f"{kind}{''.join(ids)}"
        return f"{self.base}{AT.format(token=named + self._mark(self.secrets[0], named))}"

    def _mark(self, secret: bytes, named: str) -> str:
        return mac(secret, "zalo picture", named)

    # -- looks --------------------------------------------------------------------------------------------------------

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get(AT, self.look)]

    async def look(self, request: web.Request) -> web.Response:
        """HEAD is a GET without its body: the same length, the same kind."""
        data = await self.picture(request.match_info["token"])
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="image/jpeg", headers=KEPT)

    async def picture(self, token: str) -> bytes | None:
        """What stands there; nothing where the address is none of ours, or what it showed is gone."""
        images = await self._images(token)
        return await self._made(images) if images else None

    async def _images(self, token: str) -> list[Image]:
        """Those that are still kept."""
        named, shown = token[:-MAC_LETTERS], token[-MAC_LETTERS:]
        if not any(hmac.compare_digest(raw(shown), raw(self._mark(secret, named))) for secret in self.secrets):
            return []
        ids = [named[1:][start : start + ID_LETTERS] for start in range(0, len(named) - 1, ID_LETTERS)]
        jobs = await (self._of_sheet(ids[0]) if named[0] == "s" else self._of(ids))
        rows = [await self.ports.table.get(image_key(job.person, job.id)) for job in jobs]
        return [Image.of(row) for row in rows if row and row.text("state") == "kept"]

    async def _of_sheet(self, sheet: str) -> Sequence[Job]:
        if self.studio is None:
            return ()
        try:
            return (await self.studio.ordered(sheet)).jobs
        except Unknown:
            return ()

    async def _of(self, ids: Sequence[str]) -> Sequence[Job]:
        rows = [await self.ports.table.get(job_key(one)) for one in ids]
        return [Job.of(row) for row in rows if row]

    async def _made(self, images: Sequence[Image]) -> bytes | None:
        """Once for all three looks, in this process."""
        key = tuple(image.id for image in images)
        if key in self.made:
            self.made.move_to_end(key)
            return self.made[key]
        pictures = [data for image in images if (data := await self.ports.blobs.get(image.blob, image.sha256))]
        if not pictures:
            return None
        whole = await self.ports.darkroom.contact_sheet(pictures) if len(images) > 1 else pictures[0]
        try:
            self.made[key] = await self.ports.darkroom.photo(whole, HEAVIEST)
        except NotAPicture:
            return None
        made = self.made[key]
        while sum(map(len, self.made.values())) > MEMORY:
            self.made.popitem(last=False)
        return made
