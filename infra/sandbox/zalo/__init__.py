"""The Zalo Bot Platform played on loopback, wire-true: no buttons, no edits, photos by their address, odd statuses.

It shares nothing with the house. `open_zalo` serves the Bot API and, on a port of its own, a telephone to chat with.
`Zalo` is the same without sockets: give it a `Clock`, a `Line` if it is to reach a webhook, a `Fetch` if it is to look
at photos, and it runs in any test, on any event loop.

    async with open_zalo([Bot("123456:play")]) as played:
        played.api_url                              # f"{api_url}/bot{token}/getMe"
        played.phone_url                            # the telephone; its JSON lies under /api
        played.media_host                           # where what people send is served: 127.0.0.1:<port>

        zalo = played.zalo
        an = zalo.person(name="An")                 # protected=True: bots are told nothing but that An wrote
        await an.says("một con mèo")                # to the first bot, or to another, or in a group
        await an.sends_photo(data, "như thế này")   # at f"{api_url}/cdn/photo-stal-1.zdn.vn/….jpg"
        await an.sends_sticker(); await an.sends_voice(); await an.sends_card("https://…")
        await an.blocks(); await an.returns(); an.sees_typing()

        chat = zalo.chat(an.id)                     # as An sees it: .messages, .said (the bot's), .last, .texts
        chat.last.rendered                          # False: a black box, for Zalo could not fetch it again
        chat.last.picture.looks                     # every HEAD and GET of Zalo's, and what was wrong

        zalo.calls, zalo.called("sendPhoto", an.id) # all a bot did; `.ignored`: parameters that Zalo does not know
        zalo.robot().dialect = "docs"               # or "observed"
        zalo.robot().meter.plan = Plan(messages=10) # 429 beyond it
        zalo.habits.text_unit = "letters"           # what is not known of the real one; see habits.Habits
        zalo.faults.set("reset_after", method="sendPhoto", chat=an.id, times=1)     # see faults.KINDS
        await zalo.pass_by(60)                      # a minute later, with all that fell due on the way

        answer = await zalo.call(token, "sendMessage", {"chat_id": an.id, "text": "chào"})  # without a socket

Everything is kept in memory alone, and within bounds. docs/sandbox.md tells the rest.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from infra.sandbox.clock import Clock
from infra.sandbox.deeds import Impossible
from infra.sandbox.door import served
from infra.sandbox.faults import Fault, Faults
from infra.sandbox.line import Cut, Heard, Line, line, running
from infra.sandbox.zalo.chats import Chat, Message
from infra.sandbox.zalo.faults import KINDS
from infra.sandbox.zalo.habits import DIALECTS, Habits
from infra.sandbox.zalo.hook import SECRET
from infra.sandbox.zalo.people import Group, Person
from infra.sandbox.zalo.phone import phone_app
from infra.sandbox.zalo.pictures import Fetch, Fetched, Look, Picture, fetcher
from infra.sandbox.zalo.plans import Plan
from infra.sandbox.zalo.refusing import Broken
from infra.sandbox.zalo.routes import MEDIA, api_app
from infra.sandbox.zalo.world import Bot
from infra.sandbox.zalo.zalo import Answer, Call, Zalo

__all__ = [
    "DIALECTS",
    "KINDS",
    "SECRET",
    "Answer",
    "Bot",
    "Broken",
    "Call",
    "Chat",
    "Clock",
    "Cut",
    "Fault",
    "Faults",
    "Fetch",
    "Fetched",
    "Group",
    "Habits",
    "Heard",
    "Impossible",
    "Line",
    "Look",
    "Message",
    "Person",
    "Picture",
    "Plan",
    "Played",
    "Zalo",
    "open_zalo",
]


@dataclass(frozen=True, slots=True)
class Played:
    """Zalo as it stands: what a bot is told, the telephone, and Zalo itself."""

    api_url: str
    phone_url: str
    zalo: Zalo

    @property
    def media_host(self) -> str:
        """Where a bot finds what people send: on loopback, instead of *.zdn.vn."""
        return urlsplit(self.api_url).netloc


@asynccontextmanager
async def open_zalo(
    bots: Iterable[Bot], *, port: int = 0, phone_port: int = 0, scale: float = 1.0, clock: Clock | None = None
) -> AsyncIterator[Played]:
    """On loopback until the block ends. `scale`: how many seconds of its own waits go into a real one; 0: by hand."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        zalo = Zalo(bots, clock=clock or Clock(scale), line=line(session), fetch=fetcher(session))
        stack.push_async_callback(zalo.close)
        url = await stack.enter_async_context(served(api_app(zalo), port))
        zalo.world.media_url = f"{url}{MEDIA}"
        phone = await stack.enter_async_context(served(phone_app(zalo), phone_port))
        await stack.enter_async_context(running(zalo))
        yield Played(url, f"{phone}/", zalo)
