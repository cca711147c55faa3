"""The gateway over HTTP: what a payer's browser and a merchant's server meet."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from infra.sandbox import door
from infra.sandbox.vnpay import pages
from infra.sandbox.vnpay.book import Transaction
from infra.sandbox.vnpay.codes import BANKS, OUTCOMES, QR, WRONG_CARD, WRONG_OTP, Card, card_of
from infra.sandbox.vnpay.emv import qr_text
from infra.sandbox.vnpay.gateway import Gateway, Unknown
from infra.sandbox.vnpay.request import Turned

HERE = Path(__file__).parent
PAY = "/paymentv2/vpcpay.html"
API = "/merchant_webapi/api/transaction"
BANK_LIST = "/qrpayauth/api/merchant/get_bank_list"
BEFORE_RETURN = 2.0  # real seconds the payer is kept for the first IPN; as long as it takes, where a fault says so
MOST_MISTAKES = 3
EXPIRED = "15"

Fields: TypeAlias = Mapping[str, str]
Step: TypeAlias = Callable[[Transaction, Fields], Awaitable[web.Response]]
Route: TypeAlias = Callable[[web.Request], Awaitable[web.Response]]


def gateway_app(gateway: Gateway) -> web.Application:
    """Everything under /paymentv2, and what merchants ask."""
    desk = Desk(gateway)
    app = door.application()
    app.add_routes(
        [
            web.get(PAY, desk.open),
            web.get(pages.ERROR, _error_page),
            web.get(pages.METHODS, desk.shown(pages.methods)),
            web.get(f"{pages.HERE}/Banks.html", desk.shown(pages.banks)),
            web.get(f"{pages.HERE}/Qr.html", desk.shown(pages.qr)),
            web.get(f"{pages.HERE}/Bank.html", desk.step(desk.bank)),
            web.post(f"{pages.HERE}/Card.html", desk.step(desk.card)),
            web.post(f"{pages.HERE}/Otp.html", desk.step(desk.otp)),
            web.post(f"{pages.HERE}/Outcome.html", desk.step(desk.outcome)),
            web.get(pages.LOOK, door.file(HERE / "pay.css")),
            web.get(pages.COUNTDOWN, door.file(HERE / "pay.js")),
            web.post(API, desk.answer),
            web.post(BANK_LIST, _bank_list),
        ]
    )
    return app


class Desk:
    """Where payers and merchants come to."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def open(self, request: web.Request) -> web.Response:
        """The merchant's link. A request for a QR alone is answered as JSON."""
        asks_for_qr = request.query.get("vnp_Command") == "genqr"
        try:
            found = self._gateway.open(f"{PAY}?{request.rel_url.raw_query_string}")
        except Turned as turned:
            return _no_qr(turned) if asks_for_qr else _turned_away(turned.code, request.query.get("vnp_Locale", ""))
        return _qr(found) if asks_for_qr else _to(pages.where_to(found))

    def step(self, step: Step) -> Route:
        """What a payer does with an open transaction. One that has run out is over; one that has ended leads back."""

        async def taken(request: web.Request) -> web.Response:
            fields = await _fields(request)
            try:
                found = self._gateway.by_token(fields.get("token", ""))
            except Unknown:
                return _turned_away(EXPIRED, "")
            if found.outcome:
                return _to(self._gateway.return_url(found))
            if found.lapsed(self._gateway.clock.date()):
                return _turned_away(EXPIRED, found.wish.locale)
            return await step(found, fields)

        return taken

    def shown(self, draw: Callable[[Transaction, float], str]) -> Route:
        async def drawn(found: Transaction, _: Fields) -> web.Response:
            return _page(draw(found, self._left(found)), found)

        return self.step(drawn)

    async def bank(self, found: Transaction, fields: Fields) -> web.Response:
        return _page(pages.bank(found, self._left(found), _bank(fields)), found)

    async def card(self, found: Transaction, fields: Fields) -> web.Response:
        """A card typed in: to its OTP, or straight through where it has a CVV."""
        bank, card = _bank(fields), card_of("".join(fields.get("number", "").split()))
        abroad = bank == pages.INTERNATIONAL_BANK
        if card is None or not _fits(card, fields, abroad=abroad):
            return await self._mistaken(found, WRONG_CARD, bank, self._again_at_bank(found, bank))
        if abroad:
            return await self._ended(found, card.outcome, bank, card)
        return _page(pages.otp(found, self._left(found), bank, card), found)

    async def otp(self, found: Transaction, fields: Fields) -> web.Response:
        bank, card = _bank(fields), card_of(fields.get("card", ""))
        if card is None:
            return _page(self._again_at_bank(found, bank), found)
        if fields.get("otp", "").strip() != card.check:
            again = pages.otp(found, self._left(found), bank, card, "wrong_otp")
            return await self._mistaken(found, WRONG_OTP, bank, again)
        return await self._ended(found, card.outcome, bank, card)

    async def outcome(self, found: Transaction, fields: Fields) -> web.Response:
        """One of the buttons that say how it is to end."""
        code = fields.get("code", "")
        if code not in OUTCOMES:
            return _page(pages.methods(found, self._left(found)), found)
        bank = fields.get("bank", "")
        known = bank if bank in {"", QR} else _bank(fields)
        return await self._ended(found, code, known, card_of(fields.get("card", "")))

    async def _mistaken(self, found: Transaction, code: str, bank: str, again: str) -> web.Response:
        found.mistakes += 1
        return await self._ended(found, code, bank) if found.mistakes >= MOST_MISTAKES else _page(again, found)

    async def _ended(self, found: Transaction, code: str, bank: str, card: Card | None = None) -> web.Response:
        """The payer goes back when the merchant has been told, or cannot be told soon."""
        decided = self._gateway.decide(found, code, bank=bank, card=card)
        with suppress(TimeoutError):
            async with asyncio.timeout(None if decided.waits else BEFORE_RETURN):
                await decided.told.wait()
        return _to(decided.return_url)

    def _again_at_bank(self, found: Transaction, bank: str) -> str:
        return pages.bank(found, self._left(found), bank, "wrong_card")

    def _left(self, found: Transaction) -> float:
        return found.wish.expires - self._gateway.clock.date()

    async def answer(self, request: web.Request) -> web.Response:
        """The merchant's API; a silence ends with the line being cut."""
        said = await self._gateway.answer(await request.read())
        if said.wait is None:
            kind = "application/json" if said.body.startswith(b"{") else "text/html"
            return web.Response(status=said.status, body=said.body, content_type=kind)
        await self._gateway.silence(said.wait)
        if request.transport:
            request.transport.abort()
        return web.Response(status=504)  # to nobody


async def _fields(request: web.Request) -> Fields:
    given = await request.post() if request.method == "POST" else request.query
    return {name: value for name, value in given.items() if isinstance(value, str)}


def _bank(fields: Fields) -> str:
    """The bank a payer is at; one that nobody knows is the first of the list."""
    bank = fields.get("bank", "")
    return bank if bank in BANKS or bank == pages.INTERNATIONAL_BANK else next(iter(BANKS))


def _fits(card: Card, fields: Fields, *, abroad: bool) -> bool:
    checked = fields.get("check", "").strip() == card.check if abroad else True
    name, date = fields.get("holder", ""), fields.get("date", "")
    return checked and name.strip().upper() == card.holder and date.strip() == card.date


def _page(text: str, found: Transaction) -> web.Response:
    """Browsers count where a form leads in the end, so the merchant's page is named among where it may."""
    policy = f"{door.POLICY}; form-action 'self' {_origin(found.wish.return_url)}"
    return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"


def _to(where: str) -> web.Response:
    """Letter by letter: a signed address must not be written anew."""
    return web.Response(status=302, headers={"Location": where})


def _turned_away(code: str, locale: str) -> web.Response:
    english = {"locale": "en"} if locale == "en" else {}
    return _to(f"{pages.ERROR}?{urlencode({'code': code, **english})}")


async def _error_page(request: web.Request) -> web.Response:
    text = pages.error(request.query.get("code", ""), request.query.get("locale", "vn"))
    return web.Response(text=text, content_type="text/html")


def _qr(found: Transaction) -> web.Response:
    text = qr_text(found.terminal, found.vnd, found.ref, found.wish.info)
    return web.json_response({"code": "00", "message": "Success", "qrcontent": text})


def _no_qr(turned: Turned) -> web.Response:
    return web.json_response({"code": turned.code, "message": turned.why, "qrcontent": ""})


async def _bank_list(_: web.Request) -> web.Response:
    listed = [
        {"bank_code": code, "bank_name": name, "logo_link": "", "bank_type": "1", "display_order": str(place)}
        for place, (code, name) in enumerate(BANKS.items(), start=1)
    ]
    return web.json_response(listed)
