"""Telegram played on loopback, wire-true: the Bot API and its refusals, long polls, webhooks, floods, Stars, faults.

It shares nothing with the house. `open_telegram` serves the Bot API and, on a port of its own, a telephone to chat
with. `Telegram` is the same without sockets: give it a `Clock`, and a `Line` if it is to reach a webhook, and it runs
in any test, on any event loop.

    async with open_telegram([Bot("123456:play")]) as played:
        played.api_url, played.files_url            # f"{api_url}/bot{token}/getMe", f"{files_url}/bot{token}/{path}"
        played.phone_url                            # the telephone; its JSON lies under /api

        telegram = played.telegram
        an = telegram.person(101, "An", "vi")
        await an.starts("r_abc")                    # with what came by a deep link
        await an.says("một con mèo")                # to the first bot, or to a group, a chat, a bot
        await an.sends_photo(data, "như thế này")
        pressed = await an.presses("Vẽ lại")        # by text or data; `pressed.answered`, `.text`, `.url`
        payment = await an.pays(telegram.chat(101).last)    # `payment.over`, then .state: paid, refused or lapsed
        telegram.chat(101).messages                 # as An sees them; `edits` and what they were before

        shop = telegram.group("Xưởng", [an, binh])  # .adds, .removes, .promotes, .upgrades
        await an.says("/make mèo", shop, anonymous=True)

        telegram.calls, telegram.called("sendPhoto", 101)   # everything a bot did, and what it was told
        telegram.floods                             # every call made while a chat had to be left alone
        telegram.rates.on = True                    # limits (over sockets they are on); see limits.Rates
        telegram.faults.set("reset_after", method="sendPhoto", chat=101, times=1)    # see faults.KINDS
        await telegram.pass_by(60)                  # a minute later, with all that fell due on the way

        answer = await telegram.call(token, "sendMessage", {"chat_id": 101, "text": "chào"})    # without a socket

Everything is kept in memory alone, and within bounds. docs/sandbox.md tells the rest.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from infra.sandbox.clock import Clock
from infra.sandbox.deeds import Impossible
from infra.sandbox.door import served
from infra.sandbox.faults import Fault, Faults
from infra.sandbox.line import Cut, Heard, Line, line, running
from infra.sandbox.telegram.asked import Upload
from infra.sandbox.telegram.chats import Chat, Edit, Message
from infra.sandbox.telegram.faults import KINDS
from infra.sandbox.telegram.limits import Flood, Rates
from infra.sandbox.telegram.people import Group, Person, Pressed
from infra.sandbox.telegram.phone import phone_app
from infra.sandbox.telegram.routes import FILES, api_app
from infra.sandbox.telegram.stars import Payment
from infra.sandbox.telegram.telegram import Answer, Call, Telegram
from infra.sandbox.telegram.world import Bot

__all__ = [
    "KINDS",
    "Answer",
    "Bot",
    "Call",
    "Chat",
    "Clock",
    "Cut",
    "Edit",
    "Fault",
    "Faults",
    "Flood",
    "Group",
    "Heard",
    "Impossible",
    "Line",
    "Message",
    "Payment",
    "Person",
    "Played",
    "Pressed",
    "Rates",
    "Telegram",
    "Upload",
    "open_telegram",
]


@dataclass(frozen=True, slots=True)
class Played:
    """Telegram as it stands: what a bot is told, the telephone, and Telegram itself."""

    api_url: str
    files_url: str
    phone_url: str
    telegram: Telegram


@asynccontextmanager
async def open_telegram(
    bots: Iterable[Bot],
    *,
    port: int = 0,
    phone_port: int = 0,
    scale: float = 1.0,
    clock: Clock | None = None,
    limits: bool = True,
) -> AsyncIterator[Played]:
    """On loopback until the block ends. `scale`: how many seconds of its own waits go into a real one; 0: by hand."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        telegram = Telegram(bots, clock=clock or Clock(scale), line=line(session))
        telegram.rates.on = limits
        stack.push_async_callback(telegram.close)
        url = await stack.enter_async_context(served(api_app(telegram), port))
        phone = await stack.enter_async_context(served(phone_app(telegram), phone_port))
        await stack.enter_async_context(running(telegram))
        yield Played(url, f"{url}{FILES}", f"{phone}/", telegram)
