"""The pages on which an order is paid: amount, credits, time left, banks; and what became of it.

They show an order to whoever has its reference, which nobody guesses, and nothing of the person behind it. None of
them credits anything: they read the table, and at most have the gateway asked.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from bot import qr
from bot.asking import Desk
from bot.bodies import body_of
from bot.counter import Counter
from bot.origins import is_from_our_page, origin_of
from bot.paypage import CODES, RENEWABLE, View, draw, draw_notice, standing_of
from bot.texts import Language, Said, pages
from core.errors import TooLate, Unknown
from payments.orders import REF_LETTERS, Order, Orders, Place
from payments.stars import STARS
from payments.tills import Told
from payments.vnpay import NotVerified, Payment, Terminal, Unreadable, pay_url, read_notice

RETURN = "/vnpay/return"
REF = re.compile(rf"[0-9]{{6}}[0-9A-Z]{{{REF_LETTERS}}}")
WITHIN, TIMES = 600, 6  # seconds in which a person goes to the gateway so many times
ASKED_AGAIN = 300  # seconds until a page that comes back once more has the gateway asked once more
LONGEST_FORM = 4_096  # bytes; ours have a hundred at most
LIKED = re.compile(r"(?:^|,)\s*(vi|en)(?:-[\w-]*)?\s*(?:;\s*q=([01](?:\.\d*)?))?\s*(?=,|$)")  # in Accept-Language
KINDS: Mapping[str, str] = {"pay.css": "text/css", "pay.js": "text/javascript"}
PRIVATE: Mapping[str, str] = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self' {gateway}; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Pages:
    desk: Desk
    terminal: Terminal
    caller: Callable[[web.Request], str]

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/p/{ref}", self.page),
            web.get("/p/{ref}/pay", self.page),  # where a browser stands that reloads after a refusal
            web.post("/p/{ref}/pay", self.pay),
            web.get("/p/{ref}/state", self.state),
            web.get("/p/{ref}/qr.svg", self.square),
            web.get(RETURN, self.back, allow_head=False),
            web.get("/paypage/{name}", part),
        ]

    @property
    def counter(self) -> Counter:
        return self.desk.counter

    @property
    def orders(self) -> Orders:
        return self.desk.counter.cashier.orders

    # -- looking ------------------------------------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.Response:
        order = await self._order(request.match_info["ref"])
        if order is None:
            return self._notice(pages.NO_ORDER, pages.NO_ORDER_WHY, 404)
        if order.currency == STARS:
            return self._notice(pages.IN_CHAT, pages.IN_CHAT_WHY, 200)
        return self._shown(await self._view(order), language_of(request))

    async def state(self, request: web.Request) -> web.Response:
        """What the script of a page asks for: whether the page still says how things stand."""
        order = await self._order(request.match_info["ref"])
        if order is None:
            return web.json_response({"state": "unknown"}, status=404, headers=PRIVATE)
        return web.json_response({"state": (await self._view(order)).standing}, headers=PRIVATE)

    async def square(self, request: web.Request) -> web.Response:
        """The link of this very page; for a bank it means nothing."""
        order = await self._order(request.match_info["ref"])
        if order is None:
            return web.Response(status=404, headers=PRIVATE)
        return web.Response(body=qr.svg(self.counter.page(order.ref)), content_type="image/svg+xml", headers=PRIVATE)

    # -- paying -------------------------------------------------------------------------------------------------------

    async def pay(self, request: web.Request) -> web.Response:
        """To the gateway. What was there already, or is over, goes there as a new order."""
        if not is_from_our_page(request, self.counter.base):
            return self._notice(pages.STRANGER, pages.STRANGER_WHY, 403)
        order, form = await self._order(request.match_info["ref"]), await form_of(request)
        if order is None:
            return self._notice(pages.NO_ORDER, pages.NO_ORDER_WHY, 404)
        if order.currency == STARS:
            return self._notice(pages.IN_CHAT, pages.IN_CHAT_WHY, 409)
        if wait := await self.desk.ports.cache.take(f"pay:{order.person}", TIMES / WITHIN, TIMES):
            refused = self._notice(pages.TOO_OFTEN, pages.TOO_OFTEN_WHY, 429)
            refused.headers["Retry-After"] = str(int(wait) + 1)
            return refused
        language = language_named(form.get("lang", "")) or language_of(request)
        try:
            order = await self._opened(order)
        except (TooLate, Unknown):
            return self._shown(await self._view(await self.orders.order(order.ref)), language, 409)
        return await self._sent(order, self.caller(request), language, form.get("bank", ""))

    async def _opened(self, order: Order) -> Order:
        """One that VNPAY will take: what was made for another terminal would be paid there and credited nowhere."""
        latest = await self._latest(order)
        if not self._sold_here(latest) or (await self._newer(latest)).ref != latest.ref:
            raise TooLate(latest.state)
        if latest.terminal != self.terminal.code:
            latest = await self.counter.cashier.renew(latest)
        return await self.counter.cashier.open(latest.ref)

    async def _sent(self, order: Order, caller: str, language: Language, bank: str) -> web.Response:
        url = link_of(order, self.terminal, self.counter.base, caller, language, bank if bank in CODES else "")
        query = urlsplit(url).query.rpartition("&")[0]  # without the hash, which would open it once more
        await self.counter.calls.keep("open", caller, query, "303", ref=order.ref)
        return web.Response(status=303, headers={"Location": url, **PRIVATE})

    # -- coming back --------------------------------------------------------------------------------------------------

    async def back(self, request: web.Request) -> web.Response:
        """Where VNPAY sends a person afterwards. What it brings along is believed enough to ask, never to credit."""
        raw = request.rel_url.raw_query_string
        try:
            told = read_notice(raw, self.terminal)
        except (NotVerified, Unreadable):
            return self._notice(pages.NOT_VALID, pages.NOT_VALID_WHY, 400)
        order = await self._order(told.ref)
        if order is None or order.terminal != told.terminal:
            return self._notice(pages.NO_ORDER, pages.NO_ORDER_WHY, 404)
        take = self.desk.ports.cache.take
        if not await take(f"back:{order.ref}", TIMES / WITHIN, TIMES):
            await self.counter.calls.keep("return", self.caller(request), raw, "200", ref=order.ref)
        if unsettled(order, told) and not await take(f"asked:{order.ref}", 1 / ASKED_AGAIN, 1):
            order = await self.counter.cashier.want(order)
        return self._shown(await self._view(order, waiting=awaited(order, told)), language_of(request))

    # -- an order and how it stands -----------------------------------------------------------------------------------

    async def _order(self, ref: str) -> Order | None:
        """What has not the shape of a reference is not looked up."""
        return await self.orders.find(ref) if REF.fullmatch(ref) else None

    async def _view(self, order: Order, *, waiting: bool = False) -> View:
        place, newer, here = await self.orders.place(order), order, self._sold_here(order)
        standing = standing_of(order, now := self.desk.ports.clock.now())
        if standing == "open" and not here:
            standing = "expired"
        if standing in (*RENEWABLE, "replaced"):
            newer = await self._newer(order)
        passed = newer.ref != order.ref
        return View(
            order=order,
            standing="replaced" if passed else standing,
            now=now,
            newer=newer.ref if passed else "",
            again=place is not None and here,
            back=self._chat(place, order) if place else "",
            waiting=waiting,
        )

    def _chat(self, place: Place, order: Order) -> str:
        """On this very site, or where a link leads into it and has the order shown there."""
        return "/" if place.channel == "web" else self.desk.ways.into(place.channel, f"pay_{order.ref}")

    async def _newer(self, order: Order) -> Order:
        """The one to go on with: itself, unless its person has another to pay by now."""
        if order.replaced_by:
            return await self._latest(order)
        newest = await self.orders.newest(order.person)
        alive = newest is not None and standing_of(newest, self.desk.ports.clock.now()) in ("open", "opened")
        return newest if newest and alive else order

    async def _latest(self, order: Order) -> Order:
        """The end of the line of those that stand for one another."""
        while order.replaced_by:
            order = await self.orders.order(order.replaced_by)
        return order

    def _sold_here(self, order: Order) -> bool:
        """Whether it, or the one made from it, is paid at this terminal."""
        till = self.counter.cashier.tills.get(order.till)
        return till is not None and till.terminal == self.terminal.code

    # -- answers ------------------------------------------------------------------------------------------------------

    def _shown(self, view: View, language: Language, status: int = 200) -> web.Response:
        return self._answer(draw(view, language), status)

    def _notice(self, title: Said, why: Said, status: int) -> web.Response:
        return self._answer(draw_notice(title, why), status)

    def _answer(self, html: str, status: int) -> web.Response:
        """Without a referrer to itself a browser would not say where a form was sent from."""
        policy = POLICY.format(gateway=origin_of(self.terminal.pay_url))
        headers = {**PRIVATE, "Content-Security-Policy": policy, "Referrer-Policy": "same-origin"}
        return web.Response(text=html, content_type="text/html", status=status, headers=headers)


async def part(request: web.Request) -> web.Response:
    """What the pages look like, and the little that moves on them."""
    name = request.match_info["name"]
    if name not in KINDS:
        raise web.HTTPNotFound
    body = (files("bot.paypage") / name).read_bytes()
    headers = {"Cache-Control": "no-cache"}
    return web.Response(body=body, content_type=KINDS[name], charset="utf-8", headers=headers)


def link_of(order: Order, terminal: Terminal, base: str, ip: str, language: Language, bank: str) -> str:
    """Where it is paid. Nothing but what is given here goes into it: the same order has the same link at any time."""
    payment = Payment(
        ref=order.ref,
        vnd=order.amount,
        created=order.created,
        expires=order.expires,
        info=f"Nap {order.credits} credit Imagify {order.ref}",
        return_url=f"{base}{RETURN}",
        ip=ip,
        locale="en" if language == "en" else "vn",
        bank=bank,
    )
    return pay_url(terminal, payment)


def awaited(order: Order, told: Told) -> bool:
    """Its person may have paid and the word of it has not come: no page must send them to pay once more."""
    if not order.payable or order.state == "review":
        return False
    return order.state == "pending" or told.verdict in ("paid", "review")


def unsettled(order: Order, told: Told) -> bool:
    """Asking the gateway may bring something new; it answers one question in five minutes, so no others are put."""
    return order.state in ("pending", "expired", "cancelled") or awaited(order, told)


async def form_of(request: web.Request) -> dict[str, str]:
    """What a form says. Nothing of it is needed, so what cannot be read says nothing."""
    try:
        text = (await body_of(request, LONGEST_FORM)).decode("ascii", "replace")
    except web.HTTPRequestEntityTooLarge:
        return {}
    return dict(parse_qsl(text))


def language_of(request: web.Request) -> Language:
    """As the link says, else as the browser is set, else Vietnamese."""
    return language_named(request.query.get("lang", "")) or preferred(request.headers.get("Accept-Language", ""))


def language_named(name: str) -> Language | None:
    named: Mapping[str, Language] = {"vi": "vi", "en": "en"}
    return named.get(name)


def preferred(accepted: str) -> Language:
    """English for whoever likes it better than Vietnamese."""
    liked = {"vi": 0.0, "en": 0.0}
    for tag, weight in LIKED.findall(accepted.lower()):
        liked[tag] = max(liked[tag], float(weight or 1))
    return "en" if liked["en"] > liked["vi"] else "vi"
