"""The Zalo channel: a reply becomes one message, or as few as it takes, within what the plan holds.

    text       with its links, each on a line of its own, and its choices as a list with numbers
    picture    a photo by an address of ours, with all of that as its caption; what does not fit follows as a text
    status     nobody is told anything but that somebody types; whoever has waited long is told once where they stand
    file       a link

Zalo edits nothing and takes nothing back, and cannot tell that it was sent something before; so what was sent `once` is
remembered here once it arrived.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.channel import Gone, NotSent, Rejected, Unsure, Words
from bot.lengths import captioned, pieces
from bot.replies import Reply
from bot.texts import Language
from bot.texts import zalo as texts
from bot.zalo.fates import fate
from bot.zalo.line import Line, Sent, Trouble
from bot.zalo.menus import Menus, listed
from bot.zalo.menus import lines as menu_lines
from bot.zalo.metering import FIRST, Meter
from bot.zalo.photos import Photos
from bot.zalo.pictures import Postcards
from core.clock import MINUTE, SECOND
from core.inbox import HANDLED, REMEMBERED
from core.ports import Ports
from core.table import Create, Key, Refused, TableUnavailable

log = logging.getLogger(__name__)

LONGEST = 1900  # units; Zalo takes 2000, of whatever it counts
WORDLESS = "🖼️"  # Zalo takes no message without a text
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds until a call that failed is tried again
TRIES = 4  # of an answer that somebody waits for; news come back by themselves
QUOTA_PAUSE, LONGEST_QUOTA_PAUSE = 5 * MINUTE, 60 * MINUTE
BEAT = 4.5  # seconds between two signs of typing
NOTICED_AFTER = 10 * SECOND  # of a wait in which somebody is told once
TYPING = "~"  # how the id of a status that nobody sees begins
OVER_QUOTA = 429

Alarm = Callable[[str, str], Awaitable[object]]  # once under a key: what it is
Speaks = Callable[[str], Awaitable[Language]]  # the language of whoever's chat it is


async def vietnamese(_: str) -> Language:
    return "vi"


async def nobody_hears(_key: str, _what: str) -> None:
    """Until the house stands."""


class ZaloChannel:
    name, can_edit, takes_links, silent_edits = "zalo", False, True, False
    takes_files = False

    def __init__(self, line: Line, ports: Ports, postcards: Postcards, photos: Photos, meter: Meter) -> None:
        self.line, self._table, self._clock = line, ports.table, ports.clock
        self.menus = Menus(ports.table, ports.clock, ports.chance)
        self.postcards, self._photos, self.meter = postcards, photos, meter
        self.alarm: Alarm = nobody_hears
        self.speaks: Speaks = vietnamese
        self._in_a_row = 0  # calls that failed
        self._refusals = 0  # for quota, in a row
        self._shut_until = 0
        self._typed: dict[str, int] = {}
        self._noticed: set[str] = set()

    async def send(self, chat: str, reply: Reply, replaces: str = "", once: str = "") -> str:  # noqa: ARG002  nothing can be edited
        if once and (before := await self._before(chat, once)):
            return before
        message = await (self._status(chat, reply) if reply.watches else self._new(chat, reply))
        if once:
            await self._remember(chat, once, message)
        return message

    async def close(self) -> None:
        await self.line.close()

    # -- pictures that people send ------------------------------------------------------------------------------------

    async def ours(self, ids: Sequence[str], picture: str) -> str:  # noqa: ARG002  nobody can reply to a message here
        return ""

    async def fetch(self, picture: str) -> bytes:
        return await self._photos.fetch(picture)

    # -- while somebody waits -----------------------------------------------------------------------------------------

    def beat(self, chat: str) -> float:  # noqa: ARG002  the same in all
        return BEAT

    async def progress(self, chat: str, message: str, words: Words) -> None:
        """Typing; and once, where the wait is long, how long it still is."""
        began, _, sheet = message.removeprefix(TYPING).partition(":")
        waited = self._clock.now() - int(began) if began.isdecimal() else 0
        if waited >= NOTICED_AFTER and sheet not in self._noticed and (reply := await words()):
            await self.send(chat, reply, once=f"notice:{sheet}")
            self._noticed.add(sheet)
        await self.painting(chat)

    async def painting(self, chat: str) -> None:
        """Where that costs nobody anything: not while Zalo has had enough of us."""
        now = self._clock.steady()
        if now < self._shut_until or now < self._typed.get(chat, -BEAT * SECOND) + BEAT * SECOND:
            return
        self._typed = {one: at for one, at in self._typed.items() if now - at < BEAT * SECOND} | {chat: now}
        with suppress(Trouble):
            await self.line.type(chat)

    async def _status(self, chat: str, reply: Reply) -> str:
        began = self._clock.now()
        await self.painting(chat)
        return f"{TYPING}{began}:{reply.watches}"

    # -- messages -----------------------------------------------------------------------------------------------------

    async def _new(self, chat: str, reply: Reply) -> str:
        last_today = await self.meter.take(chat, reply.urgency)
        found = listed(reply)
        text = "\n".join([part for part in (self._spoken(reply), *menu_lines(found)) if part])
        if last_today:
            text += f"\n\n{texts.LAST_TODAY[await self.speaks(chat)]}"
        menu = await self.menus.lay_out(chat, [item for item, _ in found])
        try:
            sent = await self._said(chat, reply, text or WORDLESS)
        except (NotSent, Rejected, Gone):
            await kept_as_well_as_can_be(self.menus.take_away(menu))
            raise
        except Unsure:
            self.menus.may_stand(menu)
            raise
        await kept_as_well_as_can_be(self.menus.stands(menu, sent.at))
        return sent.id

    def _spoken(self, reply: Reply) -> str:
        """The words, where the picture is in full, and every address on a line of its own."""
        whole = [f"📎 {self.postcards.whole(reply)}"] if reply.shown else []
        links = [f"{one.text}:\n{one.url}" for one in reply.choices if one.url.startswith("http")]
        return "\n".join(part for part in (reply.text, *whole, *links) if part)

    async def _said(self, chat: str, reply: Reply, text: str) -> Sent:
        if not (photo := self.postcards.address(reply)):
            return await self._texts(chat, reply, pieces(text, LONGEST))
        caption, rest = captioned(text, LONGEST)
        try:
            sent = await self._through(chat, reply, lambda: self.line.show(chat, photo, caption))
        except Rejected:  # for whatever reason Zalo takes no photo: its link is better than nothing
            return await self._texts(chat, reply, pieces(text, LONGEST))
        with suppress(NotSent, Rejected, Unsure, Gone):  # the picture has arrived, and that is what counts
            await self._texts(chat, reply, pieces(rest, LONGEST) if rest else [])
        return sent

    async def _texts(self, chat: str, reply: Reply, parts: Sequence[str]) -> Sent:
        """The first part says whether it arrived; the others follow as well as they can."""
        first = Sent("", 0)
        for number, part in enumerate(parts):
            try:
                sent = await self._through(chat, reply, lambda part=part: self.line.say(chat, part))  # type: ignore[misc]  # it is called at once
            except (NotSent, Unsure, Rejected):
                if not number:
                    raise
                log.warning("the rest of a long text did not arrive")
                break
            first = replace(first, id=first.id or sent.id, at=sent.at)
        return first

    # -- calls --------------------------------------------------------------------------------------------------------

    async def _through(self, chat: str, reply: Reply, call: Callable[[], Awaitable[Sent]]) -> Sent:
        """Tried a few times where somebody waits for it; each that may have arrived is counted."""
        tries = 1 if reply.urgency in FIRST else TRIES
        while True:
            tries -= 1
            try:
                return await self._asked(chat, call)
            except NotSent as late:
                if not tries or not late.tried:
                    raise
                await self._clock.sleep(late.retry_after)

    async def _asked(self, chat: str, call: Callable[[], Awaitable[Sent]]) -> Sent:
        self._refuse_while_shut()
        try:
            sent = await call()
        except Trouble as trouble:
            if trouble.maybe:
                await self._count(chat)
            raise await self._fate(trouble) from None
        self._in_a_row = self._refusals = 0
        await self._count(chat)
        return sent

    async def _fate(self, trouble: Trouble) -> Exception:
        if trouble.code == OVER_QUOTA:
            return await self._over_quota()
        self._in_a_row += 1
        return fate(trouble, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._in_a_row - 1, 10)))

    async def _over_quota(self) -> NotSent:
        """The bot has sent what it may: nothing goes out for minutes, and admins hear of it."""
        self._refusals += 1
        pause = min(LONGEST_QUOTA_PAUSE, QUOTA_PAUSE << min(self._refusals - 1, 10))
        self._shut_until = self._clock.steady() + pause
        log.error("Zalo says that the bot's quota is used up")
        with suppress(TableUnavailable):
            await self.alarm(f"zalo quota {self._clock.now() // LONGEST_QUOTA_PAUSE // 24}", "zalo quota")
        return NotSent(pause / SECOND, tried=False)

    def _refuse_while_shut(self) -> None:
        left = self._shut_until - self._clock.steady()
        if left > 0:
            raise NotSent(left / SECOND, tried=False)

    async def _count(self, chat: str) -> None:
        await kept_as_well_as_can_be(self.meter.count(chat))

    # -- once ---------------------------------------------------------------------------------------------------------

    async def _before(self, chat: str, once: str) -> str:
        row = await self._table.get(once_key(chat, once))
        return row.text("message") if row else ""

    async def _remember(self, chat: str, once: str, message: str) -> None:
        """It has arrived, so a table that cannot say so is no reason to send it again."""
        gone = self._clock.now() + REMEMBERED
        sent = Create(once_key(chat, once), {"message": message or WORDLESS, "shelf": HANDLED, "due": gone})
        await kept_as_well_as_can_be(self._table.write(sent))


async def kept_as_well_as_can_be(write: Awaitable[None]) -> None:
    """What became of a message stands whether or not it can be written down."""
    with suppress(Refused, TableUnavailable):
        await write


def once_key(chat: str, once: str) -> Key:
    return Key(f"CHAT#zalo:{chat}", f"ONCE#{once}")
