"""Files for admins: a day's payments as CSV, behind a link that is good for a day and cannot be made up."""

import hmac
from dataclasses import dataclass

from aiohttp import web

from bot.asking import Desk
from bot.web.tokens import raw
from bot.when import second_of
from core.clock import HOUR, MINUTE
from payments.recon import exported

GOOD_FOR = 24 * HOUR
PATH = "/admin/recon"


def recon_link(desk: Desk, day: str, now: int) -> str:
    """For whoever is shown it; it names no person and shows none."""
    name = f"{day}-{(now + GOOD_FOR) // MINUTE}"
    return f"{desk.counter.base}{PATH}/{name}-{desk.addresses.digest(said(name))}.csv"


def said(name: str) -> str:
    return raw(f"{PATH}/{name}").hex()


@dataclass(frozen=True, slots=True)
class AdminFiles:
    desk: Desk

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get(f"{PATH}/{{token}}.csv", self.recon)]

    async def recon(self, request: web.Request) -> web.Response:
        """Put together when it is fetched, so that it says what is so now."""
        day = self.day_of(request.match_info["token"])
        if not day:
            raise web.HTTPNotFound
        orders = await self.desk.counter.cashier.orders.paid_on(day)
        text = exported(orders, lambda at: second_of(at, "en"))
        headers = {"Content-Disposition": f'attachment; filename="imagify-{day}.csv"', "Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/csv", charset="utf-8", headers=headers)

    def day_of(self, token: str) -> str:
        """The day a token is for; none when it was made up or is too old."""
        name, _, shown = token.rpartition("-")
        right = self.desk.addresses.digests(said(name))
        if not any(hmac.compare_digest(one.encode(), raw(shown)) for one in right):
            return ""
        day, _, until = name.partition("-")
        return day if self.desk.ports.clock.now() < int(until) * MINUTE else ""
