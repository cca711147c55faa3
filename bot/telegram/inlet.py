"""The way in: an update becomes a row of the inbox, and only then is it acknowledged. Both modes come through here.

An update is kept under its own number, so however often Telegram brings it, it is heard once. What cannot wait behind
anything – Telegram's question before a payment, the answer to a press – goes beside it, on a task of its own.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from aiohttp import web
from prometheus_client import Counter
from telegram import Bot
from telegram.error import TelegramError

from bot.bodies import body_of
from bot.channel import REFUSAL, Heard
from bot.flood import Flood
from bot.telegram import WEBHOOK
from bot.telegram.buttons import Buttons
from bot.telegram.updates import Checkout, Me, Message, Press, Update, hearing, read
from bot.texts import telegram as texts
from core.cache import Cache
from core.inbox import Inbox

log = logging.getLogger(__name__)

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
BIGGEST_BODY = 256 * 1024  # bytes; Telegram's own updates have a tenth of it at most
ALBUM = "album"  # the action that stands for the photos of an album that came without words
ALBUM_ONCE = 1 / 300  # tokens a second: its parts come within seconds, and are answered by one
SLOWER = "slower"  # the action that stands for words that came too fast
SPAN = 20  # seconds of saying that are counted together
CHECKED_WITHIN = 8.0  # seconds; Telegram gives a payment up after ten
ENDS_WITHIN = 2.0  # seconds that answers under way are waited for when the house closes

MayPay = Callable[[Checkout], Awaitable[str]]  # why not, in the person's language; nothing where they may


async def nobody_sells(checkout: Checkout) -> str:
    return texts.NOT_FOR_SALE[checkout.from_.language]


@dataclass(slots=True)
class Inlet:
    bot: Bot
    inbox: Inbox
    cache: Cache
    buttons: Buttons
    taken: Counter  # updates, by what became of them
    may_pay: MayPay = nobody_sells
    flood: Flood = field(default_factory=Flood)
    me: Me | None = None  # until Telegram has told us
    note: Callable[[], None] = lambda: None  # Telegram was heard
    beside: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, update: Update, me: Me) -> None:
        """When this returns it is durable, or there was nothing in it to keep."""
        self.note()
        if update.pre_checkout_query:
            self._go_beside(self._check(update.pre_checkout_query))
            became = "checked"
        elif update.callback_query:
            became = await self._pressed(update, update.callback_query, me)
        else:
            became = await self._said(update, me)
        self.taken.labels(became).inc()

    async def take_all(self, updates: Sequence[Update], me: Me) -> None:
        """In order within a chat, side by side across chats."""
        chats = sorted(updates, key=lambda one: (one.chat, one.update_id))
        async with asyncio.TaskGroup() as group:
            for _, own in groupby(chats, key=lambda one: one.chat):
                group.create_task(self._in_turn(list(own), me))

    async def _in_turn(self, updates: Sequence[Update], me: Me) -> None:
        for update in updates:
            await self.take(update, me)

    # -- what is kept -------------------------------------------------------------------------------------------------

    async def _said(self, update: Update, me: Me) -> str:
        heard = update.heard(me)
        if heard is None:
            return await self._of_an_album(update) or f"passed over: {update.kind}"
        if not heard.action and await self._floods(heard, update.said_at):  # a payment is never too fast
            return await self._slow_down(heard)
        return await self._keep(heard)

    async def _of_an_album(self, update: Update) -> str:
        """A photo of an album without words of its own: all of them together are answered once."""
        heard = update.album
        if heard is None or update.message is None:
            return ""
        if await self.cache.take(f"album:{heard.lane}:{update.message.media_group_id}", ALBUM_ONCE, 1) > 0:
            return "of an album"
        return await self._keep(replace(heard, action=ALBUM))

    async def _pressed(self, update: Update, press: Press, me: Me) -> str:
        """Answered at once, so that the button stops turning; a button that is not theirs says so and does nothing."""
        if press.message is None or press.from_.is_bot:
            return "passed over: callback_query"
        heard = hearing(press.from_, press.message.chat, update.name)
        if await self._floods(heard):
            self._go_beside(self._answer(press, texts.TOO_FAST[heard.language]))
            return await self._slow_down(heard)
        action = self.buttons.action(heard.address.chat, press.data, by=heard.address.id)
        self._go_beside(self._answer(press, "" if action else texts.NOT_YOURS[heard.language]))
        if not action:
            return "not theirs"
        words = answered(press.message, me) if action.startswith(REFUSAL) else ""
        return await self._keep(replace(heard, action=action, message=str(press.message.message_id), text=words))

    async def _keep(self, heard: Heard) -> str:
        kept = await self.inbox.keep(heard.lane, heard.update, heard.row())
        return "kept" if kept else "known"

    async def _floods(self, heard: Heard, said_at: int = 0) -> bool:
        """Counted by when it was said: what has waited at Telegram while we were away comes all at once."""
        return await self.flood.wait(self.cache, heard.lane, said_at // SPAN) > 0

    async def _slow_down(self, heard: Heard) -> str:
        """Nothing of it is kept but, now and then, that it was too much."""
        if await self.cache.take(f"slower:{heard.lane}", self.flood.told_a_second, 1) == 0:
            await self._keep(replace(heard, action=SLOWER))
        return "too fast"

    # -- what goes beside ---------------------------------------------------------------------------------------------

    def _go_beside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self.beside.add(task)
        task.add_done_callback(self.beside.discard)

    async def _answer(self, press: Press, text: str) -> None:
        """Too late, or not at all, is no loss: what was pressed is kept."""
        try:
            await self.bot.answer_callback_query(press.id, text=text or None, show_alert=bool(text))
        except TelegramError as error:
            log.info("a press was not answered", extra={"why": type(error).__name__})

    async def _check(self, checkout: Checkout) -> None:
        """Yes or no in time; where we cannot tell in time, no: nothing was taken then, and they may try again."""
        try:
            async with asyncio.timeout(CHECKED_WITHIN):
                why_not = await self.may_pay(checkout)
        except TimeoutError:
            why_not = texts.TRY_AGAIN[checkout.from_.language]
        try:
            await self.bot.answer_pre_checkout_query(checkout.id, ok=not why_not, error_message=why_not or None)
        except TelegramError as error:
            log.warning("a payment could not be let through", extra={"why": type(error).__name__})

    async def close(self) -> None:
        """What is being answered is finished, as far as it does not take long."""
        if self.beside:
            await asyncio.wait(self.beside, timeout=ENDS_WITHIN)

    # -- the webhook --------------------------------------------------------------------------------------------------

    def routes(self, secret: str) -> list[web.AbstractRouteDef]:
        shown = secret.encode()

        async def answer(request: web.Request) -> web.Response:
            if not hmac.compare_digest(request.headers.get(SECRET, "").encode(errors="replace"), shown):
                return self._refuse("no secret", 403)
            try:
                body = await body_of(request, BIGGEST_BODY)
            except web.HTTPRequestEntityTooLarge:
                return self._refuse("too big", 413)
            return await self._hear(body)

        return [web.post(WEBHOOK, answer)]

    async def _hear(self, body: bytes) -> web.Response:
        """Whoever shows the secret is Telegram. What cannot be read now cannot be read the next time either, and would
        hold up its chat for a day: it is acknowledged, counted and named in the log.
        """
        if self.me is None:
            return web.Response(status=503, headers={"Retry-After": "1"})  # nobody has told us our name yet
        update = read(body)
        if update is None:
            log.warning("an update could not be read", extra={"bytes": len(body)})
            return self._refuse("unreadable", 200)
        await self.take(update, self.me)
        return web.Response()

    def _refuse(self, why: str, status: int) -> web.Response:
        self.taken.labels(why).inc()
        return web.Response(status=status)


def answered(message: Message, me: Me) -> str:
    """The words that the message is an answer to, as far as Telegram still has them."""
    return me.without_name(message.reply_to_message.words) if message.reply_to_message else ""
