"""The routes of the web mouth: the page, its socket, pictures, a person's data, the owner's link."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from importlib.resources import files

from aiohttp import web

from bot.bodies import closing
from bot.origins import is_from_our_page
from bot.strangers import CROWD, MACHINE, household
from bot.web.drawn import Drawn
from bot.web.ear import Ear, Rude, frame_of
from bot.web.live import Mouth, Page, language_of
from bot.web.luggage import Luggage
from bot.web.posts import WAY
from core.addresses import Address
from core.chance import Chance
from core.errors import Unavailable, Unknown
from core.gallery import Image, image_key
from core.jobs import Job, job_key
from core.remembered import PICTURES, Remembered
from core.table import Change, Key, Refused, Table, Value

COOKIE = "imagify"
A_YEAR = 365 * 24 * 3600  # seconds
PING, GOODBYE = 30.0, 2.0  # seconds between two signs of life; that a page has to close its side of a socket
TOO_MANY = 4008  # the code that closes a socket beyond those that a chat or an address may have
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
KINDS: Mapping[str, str] = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
OWNER_LINK = Key("SETTING#owner-link", "META")


@dataclass(frozen=True, slots=True)
class Faces:
    mouth: Mouth
    home: str  # where people reach us from outside; empty: nowhere but here
    caller: Callable[[web.Request], str]  # the address that asks, seen past our own proxies
    drawn: Drawn = field(default_factory=Drawn)

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self.page),
            web.get("/page/{name}", self.part),
            web.get("/live", self.live),
            web.post(WAY, self.post),
            web.get("/i/{token}", self.picture),
            web.get("/mydata", self.mydata, allow_head=False),
            *Luggage(self.mouth.desk).routes(),
            web.get("/owner/{token}", self.owner, allow_head=False),
        ]

    # -- the page ---------------------------------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.Response:
        """The chat page; whoever has no cookie of ours is given one, and with it a chat."""
        response = part_of("index.html")
        if not self._chat(request):
            self._seat(response)
        return response

    async def part(self, request: web.Request) -> web.Response:
        return part_of(request.match_info["name"])

    async def live(self, request: web.Request) -> web.WebSocketResponse:
        """The socket, for a page of ours with a chat of its own."""
        chat, limits = self._own_chat(request), request.app[CROWD].limits
        socket = web.WebSocketResponse(timeout=GOODBYE, heartbeat=PING, max_msg_size=limits.frame_bytes, compress=False)
        await socket.prepare(request)
        most = {chat: limits.chat_sockets} | dict.fromkeys(self._address(request), limits.address_sockets)
        with self.mouth.seats.take(most) as free:
            if free:
                await Page(self.mouth, self._ear(request, chat), socket).run()
            else:
                await socket.close(code=TOO_MANY)
        return socket

    async def post(self, request: web.Request) -> web.Response:
        """A picture with its words, which is too large for a frame; answered as the frame would be."""
        chat, posts = self._own_chat(request), self.mouth.posts
        try:
            async with posts.spooled(request, chat, *self._address(request)) as sent, posts.memory:
                frame, ear = frame_of(sent.head), self._ear(request, chat)
                ear.language = language_of(frame)
                return web.json_response(await ear.hear(frame, sent.picture()))
        except Rude:
            raise closing(web.HTTPBadRequest(text="See docs/web.md.")) from None

    # -- pictures ---------------------------------------------------------------------------------------------------

    async def picture(self, request: web.Request) -> web.Response:
        """A kept picture by its link. A GET is a look: it marks the picture seen before it is served."""
        kind, id_ = self.mouth.signer.linked(request.match_info["token"])
        if kind == "s":
            return await self._sheet(request, id_)
        if kind not in ("i", "t"):
            raise web.HTTPNotFound
        image = await self._image(id_, look=request.method == "GET")
        if known(request, tag := f"{kind}{id_}"):
            return web.Response(status=304, headers=kept_by(tag))
        wanted = (image.blob, image.sha256) if kind == "i" else (image.thumb, image.thumb_sha256)
        data = await self.mouth.desk.ports.blobs.get(*wanted)
        if data is None:
            raise web.HTTPNotFound
        return picture_of(data, image.mime if kind == "i" else "image/jpeg", tag)

    async def _image(self, id_: str, *, look: bool) -> Image:
        desk, person = self.mouth.desk, await self._owner(id_)
        try:
            return await (desk.studio.gallery.view(person, id_) if look else desk.studio.gallery.image(person, id_))
        except Unknown:
            raise web.HTTPNotFound from None

    async def _owner(self, id_: str) -> str:
        """Whose picture it is; that never changes, so the table is asked once."""
        desk = self.mouth.desk

        async def read() -> Value:
            row = await desk.ports.table.get(job_key(id_))
            if row is None:
                raise web.HTTPNotFound
            return Job.of(row).person

        return str(await Remembered(desk.ports.cache, PICTURES).of(id_, read))

    async def _sheet(self, request: web.Request, id_: str) -> web.Response:
        """The contact sheet of an order, of the pictures that are kept: a deleted one is on it no more."""
        desk = self.mouth.desk
        try:
            order = await desk.studio.ordered(id_)
        except Unknown:
            raise web.HTTPNotFound from None
        rows = [await desk.ports.table.get(image_key(job.person, job.id)) for job in order.jobs]
        images = [Image.of(row) for row in rows if row and row.text("state") == "kept"]
        if images and known(request, tag := f"s{len(images)}{id_}"):
            return web.Response(status=304, headers=kept_by(tag))
        if not images:
            raise web.HTTPNotFound
        try:
            sheet = await self.drawn.of(tuple(image.id for image in images), partial(self._draw, images))
        except Unavailable:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from None
        return picture_of(sheet, "image/jpeg", f"s{len(images)}{id_}")

    async def _draw(self, images: Sequence[Image]) -> bytes:
        ports = self.mouth.desk.ports
        pictures = [data for image in images if (data := await ports.blobs.get(image.blob, image.sha256))]
        if not pictures:
            raise web.HTTPNotFound
        return await ports.darkroom.contact_sheet(pictures)

    # -- a person's own ---------------------------------------------------------------------------------------------

    async def mydata(self, request: web.Request) -> web.StreamResponse:
        """Everything of the person whose chat this is, as one file."""
        desk, chat = self.mouth.desk, self._chat(request)
        person = await desk.people.find("web", chat) if chat else None
        if person is None:
            raise web.HTTPNotFound
        return await Luggage(desk).handed(request, person)

    async def owner(self, request: web.Request) -> web.Response:
        """The link of the console: whoever opens it first owns the house, from the chat they open it in."""
        chat = self._chat(request) or self.mouth.desk.ports.chance.token()
        digest = sha256(request.match_info["token"].encode()).hexdigest()
        used = Change(OWNER_LINK, unset=("digest",), when={"digest": digest})
        try:
            await self.mouth.desk.addresses.entitle(Address("web", chat, chat), "owner", used)
        except Refused:
            raise web.HTTPNotFound from None
        response = web.Response(status=303, headers={"Location": "/", "Cache-Control": "no-store"})
        self._seat(response, chat)
        return response

    # -- who asks ---------------------------------------------------------------------------------------------------

    def _chat(self, request: web.Request) -> str:
        return self.mouth.signer.chat(request.cookies.get(COOKIE, ""))

    def _own_chat(self, request: web.Request) -> str:
        """The chat of the page that asks, which must be ours."""
        chat = self._chat(request)
        if not chat or not is_from_our_page(request, self.home):
            raise web.HTTPForbidden(text="This is for the page it belongs to.")
        return chat

    def _ear(self, request: web.Request, chat: str) -> Ear:
        """What the chat sends, from the household it is opened in."""
        home = self.mouth.desk.addresses.digest(f"home:{household(self.caller(request))}")
        return self.mouth.ear(chat, home)

    def _address(self, request: web.Request) -> list[str]:
        """Under which name an address is counted; none for this machine."""
        address = self.caller(request)
        return [] if address in MACHINE else [household(address)]

    def _seat(self, response: web.Response, chat: str = "") -> None:
        cookie = self.mouth.signer.cookie(chat or self.mouth.desk.ports.chance.token())
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=self.home.startswith("https://"),
            path="/",
        )


async def owner_link(table: Table, chance: Chance) -> str:
    """A new one for every opening of the house; the last one is void."""
    token = chance.token()
    digest = sha256(token.encode()).hexdigest()
    await table.write(Change(OWNER_LINK, set={"digest": digest}, or_create=True))
    return f"/owner/{token}"


def part_of(name: str) -> web.Response:
    """A file of the page; the folder has no others."""
    kind = KINDS.get(f".{name.rpartition('.')[2]}")
    file = files("bot.web") / "page" / name
    if kind is None or "/" in name or not file.is_file():
        raise web.HTTPNotFound
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return web.Response(body=file.read_bytes(), content_type=kind, charset="utf-8", headers=headers)


def picture_of(data: bytes, mime: str, tag: str) -> web.Response:
    file = f"imagify-{tag[-8:]}.{mime.rpartition('/')[2]}"
    headers = {**kept_by(tag), "X-Robots-Tag": "noindex", "Content-Disposition": f'inline; filename="{file}"'}
    return web.Response(body=data, content_type=mime, headers=headers)


def kept_by(tag: str) -> dict[str, str]:
    """A browser may keep the bytes and asks each time whether they may still be shown: they may be deleted."""
    return {"Cache-Control": "private, no-cache", "ETag": f'"{tag}"'}


def known(request: web.Request, tag: str) -> bool:
    return any(one.value == tag for one in request.if_none_match or ())
