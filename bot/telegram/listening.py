"""Listening to Telegram: by asking again and again (poll), or by telling it where to call (webhook).

Nothing but who we are is asked before: the menu is told beside. One process asks at a time, and what it was given is
confirmed only once all of it is kept. Whatever Telegram answers, nobody gives up: a wrong token is said in one sentence
and looked at again later, the house stays open meanwhile.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import ValidationError
from telegram import Bot, WebhookInfo
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.telegram import WEBHOOK
from bot.telegram.inlet import Inlet
from bot.telegram.request import AiohttpRequest
from bot.telegram.updates import WANTED, Me, Update
from core.chance import Chance
from core.clock import SECOND, Clock
from core.leases import Lease, Leases
from core.table import Key, TableUnavailable

log = logging.getLogger(__name__)
T = TypeVar("T")

POLLER = Key("POLLER#telegram", "META")
ASKED_FOR, HUNG = 30, 15  # seconds Telegram may wait for something to tell; beyond that the line is torn and made anew
MOST_UPDATES = 100  # in one answer
LEASE = 90 * SECOND  # longer than one question can take
CONNECTIONS = 40  # that Telegram may open to our webhook at once
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds
HOOK_LOOK = 60.0  # seconds between two looks at the webhook
WHILE_ANOTHER_ASKS, WHILE_UNKNOWN = 15.0, 300.0  # seconds

UNKNOWN = "Telegram does not know this bot: copy IMAGIFY_TELEGRAM__TOKEN again from @BotFather"
ANOTHER = "somebody else listens with this bot's token: one of us must stop, or have a bot of its own"
SILENT = "Telegram does not answer"


@dataclass(slots=True)
class Listening:
    inlet: Inlet
    leases: Leases
    clock: Clock
    chance: Chance
    commands: frozenset[str]  # that the bot answers in a group without being named
    public_url: str = ""  # where the webhook is; without it we ask
    secret: str = ""
    line: AiohttpRequest = field(default_factory=lambda: AiohttpRequest(ASKED_FOR + HUNG))
    hangs_after: float = ASKED_FOR + HUNG  # seconds
    offset: int = 0
    in_a_row: int = 0  # faults
    unhooked: bool = False  # no webhook that was set before us keeps everything to itself

    @property
    def bot(self) -> Bot:
        return self.inlet.bot

    async def run(self) -> None:
        """For as long as the house is open; behind a webhook it is looked at now and then."""
        try:
            await self._until(self._who_we_are)
            if self.public_url:
                await self._until(self._call_us)
                await self._watch_hook()
            else:
                await self._ask_in_turn()
        finally:
            await self.line.shutdown()

    async def _who_we_are(self) -> None:
        user = await self.bot.get_me()
        self.inlet.me = Me(user.id, user.username or "", self.commands)

    async def _call_us(self) -> None:
        """A look-alike that has no such method calls us all the same, or nobody does: the log says so."""
        await self._if_there_is_such(
            self.bot.set_webhook(
                f"{self.public_url}{WEBHOOK}",
                secret_token=self.secret,
                allowed_updates=WANTED,
                max_connections=CONNECTIONS,
            )
        )

    async def _watch_hook(self) -> None:
        """Updates that come are heard; where none come, Telegram says whether it still calls us and is answered."""
        while True:
            try:
                info = await self.bot.get_webhook_info()
            except EndPointNotFound:
                self.inlet.note()  # nobody can tell
            except TelegramError as fault:
                log.info("Telegram does not say whether it calls us", extra={"why": type(fault).__name__})
            else:
                self._judge(info)
            await self.clock.sleep(HOOK_LOOK)

    def _judge(self, info: WebhookInfo) -> None:
        failing = info.pending_update_count and info.last_error_date
        if info.url == f"{self.public_url}{WEBHOOK}" and not failing:
            self.inlet.note()

    async def _if_there_is_such(self, call: Awaitable[object]) -> None:
        try:
            await call
        except EndPointNotFound:
            log.warning("a method is not known at IMAGIFY_TELEGRAM__API")

    # -- asking -------------------------------------------------------------------------------------------------------

    async def _ask_in_turn(self) -> None:
        """While no other process does."""
        while True:
            lease = await self.leases.take(POLLER, LEASE)
            if lease:
                await self._ask_while_ours(lease)
            self.inlet.note()  # another process hears
            await self.clock.sleep(LEASE / SECOND / 3)

    async def _ask_while_ours(self, lease: Lease) -> None:
        self.unhooked = False
        try:
            while await self.leases.renew(lease, LEASE):
                await self._round(self.inlet.me)
        finally:
            with suppress(TableUnavailable):  # it runs out by itself
                await self.leases.release(lease)

    async def _round(self, me: Me | None) -> None:
        """One question; the next one confirms what this one brought, so everything is kept before it is asked."""
        try:
            if not self.unhooked:
                await self._unhook()
            told = await self._asked()
        except TelegramError as fault:
            await self._rest(fault)
            return
        self.in_a_row, self.unhooked = 0, True
        self.inlet.note()
        if me and told:
            await self.inlet.take_all(self._readable(told), me)
            self.offset = max(self.offset, *(number_of(one) + 1 for one in told))

    async def _unhook(self) -> None:
        """What waits at Telegram is never dropped; a webhook that somebody has set before us is."""
        try:
            await self._if_there_is_such(self.bot.delete_webhook(drop_pending_updates=False))
        except TelegramError as fault:  # where one stands, the question is refused too, and this comes again
            log.info("Telegram did not take the webhook away", extra={"why": type(fault).__name__})

    async def _asked(self) -> list[Mapping[str, object]]:
        """Through the library's seam, past its reading: one update that it cannot read would stop all others."""
        asked = {
            "offset": self.offset,
            "limit": MOST_UPDATES,
            "timeout": ASKED_FOR,
            "allowed_updates": json.dumps(WANTED),
        }
        try:
            async with asyncio.timeout(self.hangs_after):
                told = await self.line.post(f"{self.bot.base_url}/getUpdates?{urlencode(asked)}")
        except TimeoutError:
            raise TelegramError(SILENT) from None
        return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []

    def _readable(self, told: list[Mapping[str, object]]) -> list[Update]:
        updates = [readable(one) for one in told]
        if lost := updates.count(None):
            log.warning("updates could not be read", extra={"count": lost})
            self.inlet.taken.labels("unreadable").inc(lost)
        return [update for update in updates if update]

    # -- patience -----------------------------------------------------------------------------------------------------

    async def _until(self, call: Callable[[], Awaitable[T]]) -> T:
        """Again and again until Telegram answers."""
        while True:
            try:
                answer = await call()
            except TelegramError as fault:
                await self._rest(fault)
            else:
                self.in_a_row = 0
                return answer

    async def _rest(self, fault: TelegramError) -> None:
        """Said when it begins, and not again until it is over. The library's own words may hold the token."""
        self.in_a_row += 1
        why, pause = self._reason(fault)
        if self.in_a_row == 1:
            log.error(why, extra={"why": type(fault).__name__})
        await self.clock.sleep(pause)

    def _reason(self, fault: TelegramError) -> tuple[str, float]:
        match fault:
            case RetryAfter():
                asked = fault.retry_after
                return SILENT, asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
            case Conflict():
                return ANOTHER, WHILE_ANOTHER_ASKS
            case InvalidToken():
                return UNKNOWN, WHILE_UNKNOWN
            case EndPointNotFound() if self.inlet.me is None:  # a malformed token has no method at all
                return UNKNOWN, WHILE_UNKNOWN
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self.in_a_row - 1, 10))
        return SILENT, longest / 2 + self.chance.below(longest / 2)


def readable(told: Mapping[str, object]) -> Update | None:
    try:
        return Update.model_validate(told)
    except ValidationError:
        return None


def number_of(told: Mapping[str, object]) -> int:
    number = told.get("update_id")
    return number if isinstance(number, int) else 0
