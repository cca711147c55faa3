"""The pages on which an order is paid: amount, credits, time left, banks; and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.asking import Desk
from payments.vnpay import Terminal


@dataclass(frozen=True, slots=True)
class Pages:
    desk: Desk
    terminal: Terminal
    caller: Callable[[web.Request], str]

    def routes(self) -> list[web.AbstractRouteDef]:
        return []
