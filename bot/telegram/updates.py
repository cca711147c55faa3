"""What Telegram tells us, as little of it as we need: read in a few microseconds, and turned into what was heard.

python-telegram-bot reads an update twenty-five times as slowly, and fails as a whole where one field is not as it
expects. Here a kind that is not known is taken and passed over.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channel import Heard
from bot.texts import Language
from core.addresses import Address

PAID, TAKEN_BACK = "stars_paid", "stars_refunded"  # actions: behind them currency, amount, charge and payload
WANTED = ("message", "callback_query", "my_chat_member", "pre_checkout_query")  # kinds that Telegram is to tell us of
SPOKEN = frozenset({"private", "group", "supergroup"})  # kinds of chats in which people speak to us


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is, and which commands it answers in a group without being named."""

    id: int
    username: str
    commands: frozenset[str] = frozenset()
    named: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = rf"[ \t]*(?<![\w@])@{re.escape(self.username)}(?!\w)[ \t]*"
        object.__setattr__(self, "named", re.compile(named, re.IGNORECASE))

    def answers(self, command: str) -> bool:
        """Whether a command in a group is for us: it names us, or it names nobody and is one of ours."""
        name, at, bot = command[1:].partition("@")
        return bot.lower() == self.username.lower() if at else name.lower() in self.commands

    def without_name(self, text: str) -> str:
        """The words alone: neither `/command@us` nor `@us` is part of what is asked."""
        first, space, rest = text.partition(" ")
        if first.startswith("/"):
            name, _, bot = first.partition("@")
            return f"{name}{space}{rest}" if bot.lower() == self.username.lower() else text
        if "@" not in text:
            return text
        return self.named.sub(" ", text).strip() if self.named.search(text) else text


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class User(Part):
    id: int
    is_bot: bool = False
    language_code: str = ""

    @property
    def language(self) -> Language:
        """Vietnamese, unless somebody has said otherwise."""
        return "en" if self.language_code and not self.language_code.startswith("vi") else "vi"


class Chat(Part):
    id: int
    type: str = "private"


class File(Part):
    file_id: str
    file_unique_id: str = ""
    mime_type: str = ""

    @property
    def name(self) -> str:
        """What it is known by for ever, and what it can be fetched by."""
        return f"{self.file_unique_id}:{self.file_id}"


class Payment(Part):
    currency: str
    total_amount: int
    invoice_payload: str = ""
    telegram_payment_charge_id: str

    @property
    def facts(self) -> str:
        """The payload comes last, for it alone may hold anything."""
        return f"{self.currency}:{self.total_amount}:{self.telegram_payment_charge_id}:{self.invoice_payload}"


class Pictured(Part):
    """Whatever may have words or a picture in it."""

    message_id: int
    from_: User | None = Field(default=None, alias="from")
    photo: tuple[File, ...] = ()
    document: File | None = None
    text: str = ""
    caption: str = ""

    @property
    def words(self) -> str:
        return self.text or self.caption

    @property
    def upload(self) -> str:
        """The picture that came with it."""
        if self.photo:
            return self.photo[-1].name  # the largest stands last
        return self.document.name if self.document and self.document.mime_type.startswith("image/") else ""


class Message(Pictured):
    date: int = 0  # seconds, by Telegram's clock
    chat: Chat
    sender_chat: Chat | None = None
    reply_to_message: Pictured | None = None  # the message that somebody replied to
    forward_origin: Any = None
    media_group_id: str = ""
    migrate_to_chat_id: int = 0
    migrate_from_chat_id: int = 0
    successful_payment: Payment | None = None
    refunded_payment: Payment | None = None
    # said without words: they are answered, for a mouth must not go silent
    sticker: Any = None
    voice: Any = None
    audio: Any = None
    video: Any = None
    video_note: Any = None
    animation: Any = None
    location: Any = None
    contact: Any = None

    @property
    def speaker(self) -> User | None:
        """The person who said it. A channel, an admin who hides behind the group and a bot are nobody: they have no
        credits and no rights, and are not answered.
        """
        if self.refunded_payment and self.chat.type == "private":
            return User(id=self.chat.id)  # whoever Telegram lets say it, this is who it is about
        return None if self.from_ is None or self.from_.is_bot or self.sender_chat else self.from_

    @property
    def payment(self) -> str:
        """The action that a payment stands for."""
        if self.successful_payment:
            return f"{PAID}:{self.successful_payment.facts}"
        return f"{TAKEN_BACK}:{self.refunded_payment.facts}" if self.refunded_payment else ""

    @property
    def says_something(self) -> bool:
        """Not so a pinned message or a new member; and of an album only the part that has the words."""
        wordless = (self.sticker, self.voice, self.audio, self.video, self.video_note, self.animation)
        things = (*wordless, self.document, self.location, self.contact)
        return bool(self.words) or (not self.media_group_id and (bool(self.photo) or any(things)))


class Press(Part):
    """A button that was pressed."""

    id: str
    from_: User = Field(alias="from")
    data: str = ""
    message: Message | None = None


class Checkout(Part):
    """A person is about to pay, and Telegram asks whether they may."""

    id: str
    from_: User = Field(alias="from")
    currency: str
    total_amount: int
    invoice_payload: str = ""


class Standing(Part):
    status: str = ""


class Membership(Part):
    """What has become of us in a chat."""

    chat: Chat
    new_chat_member: Standing = Standing()


class Update(Part):
    update_id: int = Field(ge=0)
    message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None
    pre_checkout_query: Checkout | None = None
    edited_message: Any = None

    @property
    def name(self) -> str:
        """As the inbox sorts it."""
        return f"{self.update_id:012d}"

    @property
    def chat(self) -> int:
        """Whose turn it takes; what comes from nowhere has a turn of its own."""
        place = self.message or (self.callback_query and self.callback_query.message) or self.my_chat_member
        return place.chat.id if place else 0

    @property
    def said_at(self) -> int:
        """When it was said, which may be long before it comes to us; 0 for what has no time of its own."""
        return self.message.date if self.message else 0

    @property
    def kind(self) -> str:
        return next((kind for kind in (*WANTED, "edited_message") if getattr(self, kind) is not None), "unknown")

    @property
    def blocked(self) -> bool | None:
        """Whether a person has shut us out of their private chat, or let us in again; None where it is not that."""
        member = self.my_chat_member
        return member.new_chat_member.status == "kicked" if member and member.chat.type == "private" else None

    def heard(self, me: Me) -> Heard | None:
        """What somebody said to us; nothing where nobody did."""
        said = self.message
        speaker = said.speaker if said else None
        if said is None or speaker is None or said.chat.type not in SPOKEN:
            return None
        if said.payment:
            return hearing(speaker, said.chat, self.name, action=said.payment)
        if not said.says_something or (said.chat.type != "private" and not meant(said, me)):
            return None
        return hearing(
            speaker,
            said.chat,
            self.name,
            text=me.without_name(said.words),
            message=str(said.reply_to_message.message_id) if said.reply_to_message else "",
            own=str(said.message_id),
            picture=said.upload,
            about=said.reply_to_message.upload if said.reply_to_message else "",
        )

    @property
    def album(self) -> Heard | None:
        """Who has sent us a photo of an album that has no words of its own."""
        said = self.message
        speaker = said.speaker if said else None
        if said is None or speaker is None or said.chat.type != "private":
            return None
        wordless = said.media_group_id and said.upload and not said.words
        return hearing(speaker, said.chat, self.name, own=str(said.message_id)) if wordless else None


def hearing(speaker: User, chat: Chat, update: str, **what: str) -> Heard:
    """Who and where, and what they said or did."""
    address = Address("telegram", str(speaker.id), str(chat.id))
    return Heard(address, update, language=speaker.language, group=chat.type != "private", **what)


def meant(said: Message, me: Me) -> bool:
    """In a group: a command for us, our name, or a reply to us. What somebody forwards was said elsewhere."""
    if said.forward_origin is not None:
        return False
    first = said.words.partition(" ")[0]
    if first.startswith("/") and (me.answers(first) or "@" in first):
        return me.answers(first)
    return me.named.search(said.words) is not None or by_us(said.reply_to_message, me)


def by_us(answered: Pictured | None, me: Me) -> bool:
    return answered is not None and answered.from_ is not None and answered.from_.id == me.id


def read(body: bytes) -> Update | None:
    """An update as it came over the wire; nothing where it is none."""
    try:
        return Update.model_validate_json(body)
    except ValidationError:
        return None
