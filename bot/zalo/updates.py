"""What Zalo tells us, in either of its dialects, as little of it as we need.

    documented   {"ok": true, "result": {"event_name": …, "message": {… "photo": …}}}
    observed     {"event_name": …, "message": {… "photo_url": …, "message_type": …}}

A kind that is not known is taken and passed over. Of people whom the law protects, and of things that a bot cannot be
told, Zalo says only that they wrote.
"""

import re
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channel import Heard
from core.addresses import Address
from core.clock import SECOND

MILLISECONDS = 10**12  # a moment that is smaller counts seconds
LONGEST = 12_000  # characters that are kept of what somebody says; Zalo itself has fewer
LONGEST_URL = 2_000
SAID = frozenset({"text", "image", "sticker", "voice"})  # kinds of events that are answered in the conversation
UNSUPPORTED = "unsupported"  # the kind that has no content at all
HALVES = re.compile("[\ud800-\udfff]")  # of characters, which JSON lets pass
Id: TypeAlias = Annotated[str, Field(pattern=r"^[!-~]{1,128}$")]


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class User(Part):
    id: Id
    is_bot: bool = False


class Chat(Part):
    id: Id
    chat_type: str = "PRIVATE"


class Message(Part):
    message_id: Id
    date: int = 0
    from_: User = Field(alias="from")
    chat: Chat
    text: str = ""
    caption: str = ""
    photo: str = ""
    photo_url: str = ""


class Update(Part):
    event_name: str = ""
    message: Message

    @property
    def kind(self) -> str:
        """text, image, sticker, voice, unsupported; or what nobody has heard of yet."""
        parts = self.event_name.split(".")
        return parts[1] if len(parts) == 3 and parts[0] == "message" and parts[2] == "received" else "unknown"

    @property
    def id(self) -> str:
        return self.message.message_id

    @property
    def chat(self) -> str:
        return self.message.chat.id

    @property
    def private(self) -> bool:
        return self.message.chat.chat_type.upper() == "PRIVATE"

    @property
    def said_at(self) -> int:
        """When it was said, by Zalo's clock; 0 where it does not say."""
        return moment(self.message.date)

    @property
    def words(self) -> str:
        return HALVES.sub("", self.message.text or self.message.caption)[:LONGEST]

    @property
    def picture(self) -> str:
        """Where the photo is that came with it."""
        url = self.message.photo_url or self.message.photo
        return url if self.kind == "image" and len(url) <= LONGEST_URL and url.isascii() else ""

    def heard(self, name: str) -> Heard:
        """What a person said in private, under the name it is kept by."""
        said = self.message
        address = Address("zalo", said.from_.id, said.chat.id)
        return Heard(address, name, text=self.words, own=said.message_id, picture=self.picture)


def moment(date: int) -> int:
    """In milliseconds, whichever of the two it counts."""
    return date * SECOND if 0 < date < MILLISECONDS else date


def read(told: object) -> Update | None:
    """One update, in an envelope or without; nothing where it is none."""
    result: Any = told.get("result") if isinstance(told, dict) and "event_name" not in told else told
    try:
        return Update.model_validate(result)
    except ValidationError:
        return None
