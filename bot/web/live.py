"""One open page: what it sends is kept and acknowledged, what is new in its chat is sent to it."""

import asyncio
import base64
import binascii
import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from bot.asking import Ask, Desk
from bot.channel import Heard
from bot.commands.people import menu
from bot.progress import Progresses
from bot.texts import Language, changing, images, length
from bot.texts import refusals as texts
from bot.web.messages import Messages, topic
from bot.web.tokens import Signer
from core.addresses import Address
from core.clock import SECOND
from core.darkroom import Print
from core.errors import NotAPicture, TooOften, Unavailable, Unknown
from core.inbox import Inbox
from core.people import Person
from core.table import TableUnavailable

LOOK = 2.0  # seconds between looks for messages that nobody hinted at
TICK = 1.0  # seconds between two steps of a progress bar
SOON = 0.2  # seconds after a new message: an order knows its own only once it is written
MOST_FRAMES, FRAME_WINDOW = 40, 10 * SECOND
LONGEST_ID = 64
NOT_KEPT = "upload"  # a picture that came too early
LONGEST_TEXT = 12_000  # characters; a longer one is no prompt and no mistake of a thumb
HALVES = re.compile("[\\ud800-\\udfff]")  # of characters, which JSON lets pass


class Rude(Exception):
    """What came is not in the contract; the socket is closed."""


@dataclass(slots=True)
class Mouth:
    """What every open page shares."""

    desk: Desk
    inbox: Inbox
    messages: Messages
    signer: Signer
    progresses: Progresses
    sockets: set[web.WebSocketResponse] = field(default_factory=set)  # of all open pages

    async def close(self) -> None:
        """The house closes: every page is told, and comes again on its own."""
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in self.sockets))


@dataclass(slots=True)
class Page:
    """One socket of one chat."""

    mouth: Mouth
    chat: str
    socket: web.WebSocketResponse
    home: str = ""  # a digest of the household that it is opened in
    seq: int = 0
    language: Language = "vi"
    told: Mapping[str, object] = field(default_factory=dict)  # the purse frame that was sent last
    frames: deque[int] = field(default_factory=deque)

    @property
    def address(self) -> Address:
        return Address("web", self.chat, self.chat, self.home)

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
                    await self._hear(frame)
        except Rude:
            await self.socket.close(code=WSCloseCode.POLICY_VIOLATION)
        except TableUnavailable:  # what was not acknowledged comes again with the page, when it may be better
            await self.socket.close(code=WSCloseCode.INTERNAL_ERROR)
        finally:
            self.mouth.sockets.discard(self.socket)
            if sending:
                sending.cancel()

    # -- in ---------------------------------------------------------------------------------------------------------

    def _read(self, message: WSMessage) -> dict[str, object]:
        if message.type is not WSMsgType.TEXT:
            raise Rude
        now = self.mouth.desk.ports.clock.now()
        self.frames.append(now)
        while self.frames[0] < now - FRAME_WINDOW:
            self.frames.popleft()
        try:
            frame = json.loads(message.data)
        except (ValueError, RecursionError):
            raise Rude from None
        if not isinstance(frame, dict) or len(self.frames) > MOST_FRAMES:
            raise Rude
        return frame

    async def _hello(self, frame: Mapping[str, object], sending: "asyncio.Task[None] | None") -> "asyncio.Task[None]":
        after = frame.get("after")
        last = await self.mouth.messages.last(self.chat)
        self.seq = after if isinstance(after, int) and 0 < after <= last else 0  # a chat may have begun anew
        self.language = "en" if frame.get("language") == "en" else "vi"
        if sending:
            sending.cancel()
        if not last:
            await self._keep("hello", Heard(self.address, "", text="/start", language=self.language))
        return asyncio.create_task(self._send_on())

    async def _hear(self, frame: Mapping[str, object]) -> None:
        """Kept, then acknowledged; or refused with the reason."""
        id_, do = word_of(frame, "id", LONGEST_ID), frame.get("do")
        try:
            heard, shown = await self._heard(do, frame)
        except NotAPicture as refusal:
            why = texts.WHY[refusal.why][self.language]
            await self._refuse(id_, texts.NOT_A_PICTURE[self.language].format(why=why))
            return
        except TooOften as often:
            await self._refuse(id_, texts.TOO_OFTEN[self.language].format(wait=length(often.seconds, self.language)))
            return
        except Unavailable:
            await self._refuse(id_, changing.NOT_NOW[self.language])
            return
        if heard is None:
            await self._refuse(id_, texts.OLD_BUTTON[self.language])
            return
        if heard.text or shown:
            await self.mouth.messages.said(self.chat, heard.text, once=f"said:{id_}", picture=shown)
        await self._keep(f"id:{id_}", heard)
        await self._out({"kind": "ack", "id": id_})

    async def _refuse(self, id_: str, text: str) -> None:
        await self._out({"kind": "refused", "id": id_, "text": text})

    async def _heard(self, do: object, frame: Mapping[str, object]) -> tuple[Heard | None, str]:
        """With the picture as the chat shows it, where there is one."""
        match do:
            case "say":
                return Heard(self.address, "", text=word_of(frame, "text", LONGEST_TEXT), language=self.language), ""
            case "press":
                action = self.mouth.signer.action(self.chat, word_of(frame, "choice", LONGEST_TEXT, least=0))
                return (Heard(self.address, "", action=action, language=self.language) if action else None), ""
            case "upload":
                return await self._upload(frame, word_of(frame, "text", LONGEST_TEXT, least=0))
        raise Rude

    async def _upload(self, frame: Mapping[str, object], words: str) -> tuple[Heard, str]:
        """The bytes are kept before anything is acknowledged. The thumbnail is small enough to be a link by itself."""
        admitted = await self.mouth.desk.ports.darkroom.admit(bytes_of(frame))
        heard = Heard(self.address, "", text=words, picture=await self._kept(admitted), language=self.language)
        return heard, f"data:image/jpeg;base64,{base64.b64encode(admitted.thumbnail).decode()}"

    async def _kept(self, admitted: Print) -> str:
        """The blob it is; of somebody who has agreed to nothing, nothing is kept."""
        person, desk = await self._person(), self.mouth.desk
        if person is None or not person.agreed:
            return NOT_KEPT
        await desk.terms.limits.take_upload(desk.ports.cache, person.id)
        return (await desk.studio.uploads.keep(person.id, admitted)).blob

    async def _keep(self, once: str, heard: Heard) -> None:
        """Under a name that sorts by its arrival; the client's own id is what keeps it from being kept twice."""
        now = self.mouth.desk.ports.clock.now()
        update = self.mouth.desk.ports.chance.ulid(now)
        await self.mouth.inbox.keep(heard.lane, update, heard.row(), once=once)

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
        async for _ in self.mouth.desk.ports.cache.follow(topic(self.chat)):
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
        while frames := await self.mouth.messages.after(self.chat, self.seq):
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
        rights = await self.mouth.desk.addresses.rights_of(self.address)
        now = {"free": purse.free, "held": purse.held, "language": person.language, "rights": rights}
        if now == self.told:
            return
        if self.told.get("language") != person.language:
            await self._send_menu(person)
        self.told, self.language = now, person.language
        await self._out({"kind": "purse", **now})

    async def _send_menu(self, person: Person) -> None:
        ask = Ask(self.mouth.desk, person, Heard(self.address, ""), "", "none")
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
        if progress and first.message and (first.channel, first.chat) == ("web", self.chat):
            step: dict[str, object] = {"place": progress.place, "seconds": progress.seconds, "share": progress.share}
            if progress.slow:
                minutes = self.mouth.desk.terms.limits.give_up // 60
                step["note"] = images.SLOW[self.language].format(minutes=minutes)
            await self._out({"kind": "edit", "message": first.message, "progress": step})

    async def _person(self) -> Person | None:
        return await self.mouth.desk.people.find("web", self.chat)

    async def _out(self, frame: Mapping[str, object]) -> None:
        await self.socket.send_str(json.dumps({"seq": self.seq, **frame}, ensure_ascii=False))


def word_of(frame: Mapping[str, object], name: str, most: int, least: int = 1) -> str:
    """What stands there, when it is text, and none that cannot be written down."""
    text = frame.get(name, "")
    if not isinstance(text, str) or not least <= len(text) <= most or HALVES.search(text):
        raise Rude
    return text


def bytes_of(frame: Mapping[str, object]) -> bytes:
    try:
        return base64.b64decode(str(frame.get("data", "")), validate=True)
    except (binascii.Error, ValueError):
        raise NotAPicture("unreadable") from None
