"""The way in: an event becomes a row of the inbox, and only then is it acknowledged. Both modes come through here.

A row has a name of ours, for Zalo's ids have no order, and Zalo's id beside it as its guard: however often an event
comes it is heard once. What a number stands for is found before it is kept, for it means the lists as they are now.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace

from aiohttp import web
from prometheus_client import Counter

from bot.bodies import body_of
from bot.channel import Gone, Heard, NotSent, Rejected, Unsure
from bot.flood import Flood
from bot.replies import Reply
from bot.texts import Said
from bot.texts import zalo as texts
from bot.zalo import WEBHOOK
from bot.zalo.channel import ZaloChannel
from bot.zalo.updates import SAID, UNSUPPORTED, Update, read
from core.cache import Cache
from core.chance import Chance
from core.clock import DAY, Clock
from core.inbox import HANDLED, Inbox
from core.table import Create, Fields, Key, Refused, Table, TableUnavailable

log = logging.getLogger(__name__)

SECRET = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
BIGGEST_BODY = 64 * 1024  # bytes; Zalo's own have half a thousand
SLOWER = "slower"  # the action that stands for words that came too fast
SPAN = 20  # seconds of saying that are counted together
ENDS_WITHIN = 2.0  # seconds that answers under way are waited for when the house closes


@dataclass(slots=True)
class Inlet:
    channel: ZaloChannel
    inbox: Inbox
    table: Table
    cache: Cache
    clock: Clock
    chance: Chance
    taken: Counter  # events, by what became of them
    flood: Flood = field(default_factory=Flood)
    note: Callable[[], None] = lambda: None  # Zalo was heard
    beside: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, told: object) -> bool:
        """When this returns it is durable, or there was nothing in it to keep. False: it cannot be read."""
        self.note()
        update = read(told)
        if update is None:
            log.warning("an event could not be read")
            self.taken.labels("unreadable").inc()
            return False
        self.taken.labels(await self._taken(update)).inc()
        return True

    async def _taken(self, update: Update) -> str:
        if update.message.from_.is_bot:
            return "passed over: bot"
        if not update.private:
            return await self._politely(update, texts.PRIVATE_ONLY, "GROUP", for_good=True)
        if update.kind == UNSUPPORTED:
            return await self._politely(update, texts.UNREADABLE, "UNREADABLE", for_good=False)
        if update.kind not in SAID:
            return f"passed over: {update.kind}"
        if not await self.channel.meter.meets(update.chat):
            return "beyond the plan"
        return await self._said(update)

    # -- what is kept -------------------------------------------------------------------------------------------------

    async def _said(self, update: Update) -> str:
        heard = update.heard(self.chance.ulid(self.clock.now()))
        if await self._floods(heard, update.said_at):
            return await self._slow_down(heard, update.id)
        return await self._keep(await self._picked(update, heard), update.id)

    async def _picked(self, update: Update, heard: Heard) -> Heard:
        """A number, or the words of a choice, is the choice itself."""
        if not heard.text or heard.picture or heard.text.startswith("/"):
            return heard
        said_at = update.said_at or self.clock.now()
        picked = await self.channel.menus.pick(update.chat, heard.text, said_at)
        return replace(heard, action=picked.act, text=picked.say) if picked else heard

    async def _keep(self, heard: Heard, id_: str) -> str:
        kept = await self.inbox.keep(heard.lane, heard.update, heard.row(), once=id_)
        return "kept" if kept else "known"

    async def _floods(self, heard: Heard, said_at: int) -> bool:
        """Counted by when it was said: what has waited at Zalo while we were away comes all at once."""
        return await self.flood.wait(self.cache, heard.lane, said_at // (SPAN * 1000)) > 0

    async def _slow_down(self, heard: Heard, id_: str) -> str:
        """Nothing of it is kept but, now and then, that it was too much."""
        if await self.cache.take(f"slower:{heard.lane}", self.flood.told_a_second, 1) == 0:
            await self._keep(replace(heard, action=SLOWER, text="", picture=""), id_)
        return "too fast"

    # -- one polite line ----------------------------------------------------------------------------------------------

    async def _politely(self, update: Update, said: Said, name: str, *, for_good: bool) -> str:
        """Where nothing can be done: nobody is met and nothing is kept but that it was said, once or once a day."""
        now = self.clock.now()
        gone: Fields = {} if for_good else {"shelf": HANDLED, "due": now + DAY}
        day = "" if for_good else f"#{now // DAY}"
        told = Create(Key(f"CHAT#zalo:{update.chat}", f"TOLD#{name}{day}"), {"at": now, **gone})
        try:
            await self.table.write(told)
        except Refused:
            return f"passed over: {name.lower()}, told before"
        self._go_beside(self._say(update.chat, said))
        return f"told: {name.lower()}"

    async def _say(self, chat: str, said: Said) -> None:
        with_language = said[await self.channel.speaks(chat)]
        try:
            await self.channel.send(chat, Reply(with_language))
        except (NotSent, Rejected, Unsure, Gone, TableUnavailable) as fault:
            log.info("a polite line was not said", extra={"why": type(fault).__name__})

    def _go_beside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self.beside.add(task)
        task.add_done_callback(self.beside.discard)

    async def close(self) -> None:
        """What is being said is finished, as far as it does not take long."""
        if self.beside:
            await asyncio.wait(self.beside, timeout=ENDS_WITHIN)

    # -- the webhook --------------------------------------------------------------------------------------------------

    def routes(self, secret: str) -> list[web.AbstractRouteDef]:
        shown = secret.encode()

        async def answer(request: web.Request) -> web.Response:
            """Whoever sets the webhook up is answered before they can know the secret, as long as they say nothing."""
            try:
                body = await body_of(request, BIGGEST_BODY)
            except web.HTTPRequestEntityTooLarge:
                return self._refuse("too big", 413)
            if not body:
                return self._refuse("probed", 200)
            if not hmac.compare_digest(request.headers.get(SECRET, "").encode(errors="replace"), shown):
                return self._refuse("no secret", 403)
            return await self._hear(body)

        return [web.post(WEBHOOK, answer)]

    async def _hear(self, body: bytes) -> web.Response:
        """What cannot be read now cannot be read the next time either: it is acknowledged, counted and logged."""
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            return self._refuse("unreadable", 400)
        await self.take(told)
        return web.Response()

    def _refuse(self, why: str, status: int) -> web.Response:
        self.taken.labels(why).inc()
        return web.Response(status=status)
