"""The telephone: one person's Telegram in a browser, on a port of its own."""

from aiohttp import web

from infra.sandbox import door
from infra.sandbox.telegram.telegram import Telegram


def phone_app(_: Telegram) -> web.Application:
    return door.application()
