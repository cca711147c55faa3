"""Listening to Zalo: by asking again and again (poll), or by telling it where to call (webhook).

One process asks at a time. Zalo forgets what it has told in that very moment, so polling is for trying things out: what
a process was told as it died is lost. Whatever Zalo answers, nobody gives up; a wrong token is said in one sentence.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from bot.zalo import WEBHOOK
from bot.zalo.fates import UNKNOWN, WHILE_UNKNOWN
from bot.zalo.inlet import Inlet
from bot.zalo.line import Line, Trouble
from core.chance import Chance
from core.clock import SECOND, Clock
from core.leases import Lease, Leases
from core.table import Key, TableUnavailable

log = logging.getLogger(__name__)

POLLER = Key("POLLER#zalo", "META")
ASKED_FOR = 30  # seconds Zalo may wait for something to tell
LEASE = 90 * SECOND  # longer than one question can take
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds
HOOK_LOOK = 60.0  # seconds between two looks at the webhook
WHILE_HOOKED = 15.0  # seconds

SILENT = "Zalo does not answer"
HOOKED = "Zalo does not answer questions while a webhook is set: is the same bot used by another house?"


@dataclass(slots=True)
class Listening:
    inlet: Inlet
    line: Line
    leases: Leases
    clock: Clock
    chance: Chance
    public_url: str = ""  # where the webhook is; without it we ask
    secret: str = ""
    in_a_row: int = 0  # faults
    unhooked: bool = False  # no webhook that was set before us keeps everything to itself

    async def run(self) -> None:
        """For as long as the house is open; behind a webhook it is looked at now and then."""
        await self._until(self._who_we_are)
        if self.public_url:
            await self._until(self._call_us)
            await self._watch_hook()
        else:
            await self._ask_in_turn()

    async def _who_we_are(self) -> None:
        account = await self.line.me()
        log.info("Zalo knows the bot", extra={"account": account.account_name})

    async def _call_us(self) -> None:
        await self.line.call_us(f"{self.public_url}{WEBHOOK}", self.secret)

    async def _watch_hook(self) -> None:
        """What comes is heard; where nothing comes, Zalo says whom it calls. Some cannot say it."""
        while True:
            try:
                told = await self.line.hook()
            except Trouble as trouble:
                log.info("Zalo does not say whom it calls", extra={"why": str(trouble)})
            else:
                if told in {"", f"{self.public_url}{WEBHOOK}"}:
                    self.inlet.note()
            await self.clock.sleep(HOOK_LOOK)

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
        """A webhook that somebody has set before us would keep everything to itself."""
        self.unhooked = False
        try:
            while await self.leases.renew(lease, LEASE):
                await self._round()
        finally:
            with suppress(TableUnavailable):  # it runs out by itself
                await self.leases.release(lease)

    async def _unhook(self) -> None:
        try:
            if await self.line.hook():
                await self.line.call_nobody()
        except Trouble as trouble:  # where one stands, the question is refused too, and this comes again
            log.info("Zalo did not take the webhook away", extra={"why": str(trouble)})

    async def _round(self) -> None:
        """One question, one event at most; the table must take it before the next is asked for."""
        if not self.unhooked:
            await self._unhook()
        try:
            told = await self.line.update(ASKED_FOR)
        except Trouble as trouble:
            await self._rest(trouble)
            return
        self.in_a_row, self.unhooked = 0, True
        self.inlet.note()
        if told is not None:
            await self._kept(told)

    async def _kept(self, told: object) -> None:
        """It is in nobody's hands but ours."""
        while True:
            try:
                await self.inlet.take(told)
            except TableUnavailable:
                await self.clock.sleep(FIRST_PAUSE)
            else:
                return

    # -- patience -----------------------------------------------------------------------------------------------------

    async def _until(self, call: Callable[[], Awaitable[None]]) -> None:
        """Again and again until Zalo answers."""
        while True:
            try:
                await call()
            except Trouble as trouble:
                await self._rest(trouble)
            else:
                self.in_a_row = 0
                return

    async def _rest(self, trouble: Trouble) -> None:
        """Said when it begins, and not again until it is over."""
        self.in_a_row += 1
        why, pause = self._reason(trouble)
        if self.in_a_row == 1:
            log.error(why, extra={"why": str(trouble)})
        await self.clock.sleep(pause)

    def _reason(self, trouble: Trouble) -> tuple[str, float]:
        if trouble.code == 401:
            return UNKNOWN, WHILE_UNKNOWN
        if trouble.code == 400 and not self.public_url:
            return HOOKED, WHILE_HOOKED
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self.in_a_row - 1, 10))
        return SILENT, longest / 2 + self.chance.below(longest / 2)
