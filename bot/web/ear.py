"""The way in from a page: words, presses and pictures are kept before they are acknowledged, or refused with why."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from bot.asking import Desk
from bot.channel import REFUSAL, Heard
from bot.flood import Flood
from bot.texts import Language, changing, length
from bot.texts import refusals as texts
from bot.web.messages import Messages
from bot.web.tokens import Signer
from core.addresses import Address
from core.darkroom import Print
from core.errors import NotAPicture, TooOften, Unavailable
from core.inbox import Inbox

LONGEST_ID = 64
LONGEST_TEXT = 4_000  # letters
LONGEST_WORD = 64 * 1024  # letters of anything; a frame has no more
NOT_KEPT = "upload"  # a picture that came too early
HALVES = re.compile("[\\ud800-\\udfff]")  # of characters, which JSON lets pass

Frame = Mapping[str, object]


class Rude(Exception):
    """What came is not in the contract; the socket is closed."""


@dataclass(slots=True)
class Ear:
    """Everything that one chat sends, whichever way it comes."""

    desk: Desk
    inbox: Inbox
    messages: Messages
    signer: Signer
    chat: str
    home: str = ""  # a digest of the household that it is opened in
    language: Language = "vi"
    flood: Flood = field(default_factory=Flood)

    @property
    def address(self) -> Address:
        return Address("web", self.chat, self.chat, self.home)

    async def greet(self) -> None:
        """Somebody opened the page for the first time."""
        await self._keep("hello", Heard(self.address, "", text="/start", language=self.language))

    async def hear(self, frame: Frame, picture: bytes | None = None) -> dict[str, object]:
        """Kept, and acknowledged; or refused with the reason. `picture`: the bytes that came with it."""
        id_ = word_of(frame, "id", LONGEST_ID)
        try:
            refused = await self._refused(id_, await self._heard(frame, picture))
        except NotAPicture as refusal:
            refused = texts.NOT_A_PICTURE[self.language].format(why=texts.WHY[refusal.why][self.language])
        except TooOften as often:
            refused = texts.TOO_OFTEN[self.language].format(wait=length(often.seconds, self.language))
        except Unavailable:
            refused = changing.NOT_NOW[self.language]
        return {"kind": "refused", "id": id_, "text": refused} if refused else {"kind": "ack", "id": id_}

    async def _refused(self, id_: str, said: tuple[Heard, str] | None) -> str:
        """Why it is not kept; nothing when it is."""
        if said is None:
            return texts.OLD_BUTTON[self.language]
        heard, shown = said
        if len(heard.text) > LONGEST_TEXT:
            return texts.TOO_LONG[self.language].format(count=len(heard.text), most=LONGEST_TEXT)
        if (heard.text and not heard.action) or shown:
            await self.messages.said(self.chat, heard.text, once=f"said:{id_}", picture=shown)
        await self._keep(f"id:{id_}", heard)
        return ""

    async def _heard(self, frame: Frame, picture: bytes | None) -> tuple[Heard, str] | None:
        """With the picture as the chat shows it, where there is one; nothing for a button that is not of this chat."""
        wait = await self.flood.wait(self.desk.ports.cache, f"web:{self.chat}")
        if wait:
            raise TooOften(ceil(wait))
        if picture is not None:
            return await self._looked_at(frame, picture)
        match frame.get("do"):
            case "say":
                text = word_of(frame, "text")
                return Heard(self.address, "", text=text, language=self.language), ""
            case "press":
                action = self.signer.action(self.chat, word_of(frame, "choice", least=0))
                return (await self._pressed(action), "") if action else None
        raise Rude

    async def _pressed(self, action: str) -> Heard:
        """With the words that were refused, as they stand in the chat, where the button is an appeal."""
        digest = action.removeprefix(REFUSAL)
        words = await self.messages.words(self.chat, digest) if digest != action else ""
        return Heard(self.address, "", text=words, action=action, language=self.language)

    async def _looked_at(self, frame: Frame, picture: bytes) -> tuple[Heard, str]:
        """The bytes are kept before anything is acknowledged. The thumbnail is small enough to be a link by itself."""
        text = word_of(frame, "text", least=0)
        admitted = await self.desk.ports.darkroom.admit(picture)
        blob = await self._kept(admitted) if len(text) <= LONGEST_TEXT else NOT_KEPT
        heard = Heard(self.address, "", text=text, picture=blob, language=self.language)
        return heard, f"data:image/jpeg;base64,{base64.b64encode(admitted.thumbnail).decode()}"

    async def _kept(self, admitted: Print) -> str:
        """The blob it is; of somebody who has agreed to nothing, nothing is kept."""
        person, desk = await self.desk.people.find("web", self.chat), self.desk
        if person is None or not person.agreed:
            return NOT_KEPT
        await desk.terms.limits.take_upload(desk.ports.cache, person.id)
        return (await desk.studio.uploads.keep(person.id, admitted)).blob

    async def _keep(self, once: str, heard: Heard) -> None:
        """Under a name that sorts by its arrival; the client's own id is what keeps it from being kept twice."""
        now = self.desk.ports.clock.now()
        update = self.desk.ports.chance.ulid(now)
        await self.inbox.keep(heard.lane, update, heard.row(), once=once)


def frame_of(text: str | bytes) -> Frame:
    """An object of JSON; its size was bounded before."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise Rude from None
    if not isinstance(frame, dict):
        raise Rude
    return frame


def word_of(frame: Frame, name: str, most: int = LONGEST_WORD, least: int = 1) -> str:
    """What stands there, when it is text, and none that cannot be written down."""
    text = frame.get(name, "")
    if not isinstance(text, str) or not least <= len(text) <= most or HALVES.search(text):
        raise Rude
    return text
