"""One open page: what it sends is kept and acknowledged, what is new in its chat is sent to it."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from bot.asking import Ask, Desk
from bot.channel import Heard
from bot.commands.people import menu
from bot.progress import Progresses
from bot.strangers import Seats
from bot.texts import Language, images
from bot.web.ear import Ear, Frame, Rude, frame_of
from bot.web.messages import Messages, topic
from bot.web.posts import Posts
from bot.web.tokens import Signer
from core.clock import SECOND
from core.errors import Unknown
from core.inbox import Inbox
from core.people import Person
from core.table import TableUnavailable

LOOK = 2.0  # seconds between looks for messages that nobody hinted at
TICK = 1.0  # seconds between two steps of a progress bar
SOON = 0.2  # seconds after a new message: an order knows its own only once it is written
MOST_FRAMES, FRAME_WINDOW = 40, 10 * SECOND


@dataclass(slots=True)
class Mouth:
    """What every open page shares."""

    desk: Desk
    inbox: Inbox
    messages: Messages
    signer: Signer
    progresses: Progresses
    sockets: set[web.WebSocketResponse] = field(default_factory=set)  # of all open pages
    seats: Seats = field(default_factory=Seats)  # of those
    posts: Posts = field(default_factory=Posts)

    def ear(self, chat: str, home: str) -> Ear:
        return Ear(self.desk, self.inbox, self.messages, self.signer, chat, home)

    async def close(self) -> None:
        """The house closes: every page is told, and comes again on its own."""
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in self.sockets))


@dataclass(slots=True)
class Page:
    """One socket of one chat."""

    mouth: Mouth
    ear: Ear
    socket: web.WebSocketResponse
    seq: int = 0
    told: Mapping[str, object] = field(default_factory=dict)  # the purse frame that was sent last
    frames: deque[int] = field(default_factory=deque)

    async def run(self) -> None:
        """Until the page is closed, or is rude."""
        sending: asyncio.Task[None] | None = None
        self.mouth.sockets.add(self.socket)
        try:
            async for message in self.socket:
                frame = self._read(message)
                if frame.get("do") == "hello":
                    sending = await self._hello(frame, sending)
                else:
                    await self._out(await self.ear.hear(frame))
        except ConnectionError:  # the page has gone
            return
        except Rude:
            await self.socket.close(code=WSCloseCode.POLICY_VIOLATION)
        except TableUnavailable:  # what was not acknowledged comes again with the page, when it may be better
            await self.socket.close(code=WSCloseCode.INTERNAL_ERROR)
        finally:
            self.mouth.sockets.discard(self.socket)
            if sending:
                sending.cancel()

    # -- in ---------------------------------------------------------------------------------------------------------

    def _read(self, message: WSMessage) -> Frame:
        now = self.mouth.desk.ports.clock.now()
        self.frames.append(now)
        while self.frames[0] < now - FRAME_WINDOW:
            self.frames.popleft()
        if message.type is not WSMsgType.TEXT or len(self.frames) > MOST_FRAMES:
            raise Rude
        return frame_of(message.data)

    async def _hello(self, frame: Frame, sending: "asyncio.Task[None] | None") -> "asyncio.Task[None]":
        after = frame.get("after")
        last = await self.mouth.messages.last(self.ear.chat)
        self.seq = after if isinstance(after, int) and 0 < after <= last else 0  # a chat may have begun anew
        self.ear.language = language_of(frame)
        if sending:
            sending.cancel()
        if not last:
            await self.ear.greet()
        return asyncio.create_task(self._send_on())

    # -- out --------------------------------------------------------------------------------------------------------

    async def _send_on(self) -> None:
        """What is new in the chat, as soon as somebody hints at it and at least every other second."""
        hint = asyncio.Event()
        follower = asyncio.create_task(self._follow(hint))
        try:
            while not self.socket.closed:
                hint.clear()
                new = await self._send_new()
                busy = await self._send_progress()
                await self._wait(hint, LOOK if not busy else SOON if new else TICK)
        except ConnectionError:
            return
        except TableUnavailable:
            await self.socket.close(code=WSCloseCode.INTERNAL_ERROR)
        finally:
            follower.cancel()

    async def _follow(self, hint: asyncio.Event) -> None:
        async for _ in self.mouth.desk.ports.cache.follow(topic(self.ear.chat)):
            hint.set()

    async def _wait(self, hint: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await hint.wait()
        except TimeoutError:
            return

    async def _send_new(self) -> bool:
        """Whether there was anything."""
        before = self.seq
        while frames := await self.mouth.messages.after(self.ear.chat, self.seq):
            for frame in frames:
                self.seq = int(str(frame["seq"]))
                await self.socket.send_str(json.dumps(frame, ensure_ascii=False))
        await self._send_purse()
        return self.seq > before

    async def _send_purse(self) -> None:
        """The balance, always in sight; with the menu when the language has changed."""
        person = await self._person()
        if person is None:
            return
        purse = await self.mouth.desk.ledger.purse(person.id)
        rights = await self.mouth.desk.addresses.rights_of(self.ear.address)
        now = {"free": purse.free, "held": purse.held, "language": person.language, "rights": rights}
        if now == self.told:
            return
        if self.told.get("language") != person.language:
            await self._send_menu(person)
        self.told, self.ear.language = now, person.language
        await self._out({"kind": "purse", **now})

    async def _send_menu(self, person: Person) -> None:
        ask = Ask(self.mouth.desk, person, Heard(self.ear.address, ""), "", "none")
        commands = [{"name": f"/{one.name}", "does": ask.say(one.does)} for one in menu() if one.does]
        await self._out({"kind": "menu", "commands": commands})

    async def _send_progress(self) -> bool:
        """A step of every bar that moves; nothing of it is kept."""
        person = await self._person()
        if person is None:
            return False
        purse = await self.mouth.desk.ledger.purse(person.id)
        for sheet in purse.open:
            await self._send_step(sheet)
        return bool(purse.open)

    async def _send_step(self, sheet: str) -> None:
        try:
            order = await self.mouth.desk.studio.ordered(sheet)
        except Unknown:
            return
        progress = await self.mouth.progresses.of(order.jobs)
        first = order.jobs[0]
        if progress and first.message and (first.channel, first.chat) == ("web", self.ear.chat):
            step: dict[str, object] = {"place": progress.place, "seconds": progress.seconds, "share": progress.share}
            if progress.slow:
                minutes = self.mouth.desk.terms.limits.give_up // 60
                step["note"] = images.SLOW[self.ear.language].format(minutes=minutes)
            await self._out({"kind": "edit", "message": first.message, "progress": step})

    async def _person(self) -> Person | None:
        return await self.mouth.desk.people.find("web", self.ear.chat)

    async def _out(self, frame: Mapping[str, object]) -> None:
        await self.socket.send_str(json.dumps({"seq": self.seq, **frame}, ensure_ascii=False))


def language_of(frame: Frame) -> Language:
    return "en" if frame.get("language") == "en" else "vi"
