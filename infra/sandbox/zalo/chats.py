"""Chats and their messages, as the people in them see them. Nothing is ever edited or taken back here."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from infra.sandbox.zalo.asked import Wire
from infra.sandbox.zalo.pictures import Picture

MOST_MESSAGES = 2_000  # of a chat; the oldest are forgotten


@dataclass(slots=True, eq=False)
class Message:
    id: str
    chat: "Chat"
    at: float
    sender: str  # a person's id, or a bot's
    by_bot: bool
    kind: str  # text, image, sticker, voice, card
    content: Wire
    picture: Picture | None = None

    @property
    def text(self) -> str:
        """The text, or the caption."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def photo(self) -> str:
        """The address it was sent by; empty without a photo."""
        return self.picture.url if self.picture else ""

    @property
    def rendered(self) -> bool:
        """Whether a person sees what was meant: a photo may have turned black."""
        return self.picture is None or not self.picture.black


@dataclass(slots=True, eq=False)
class Chat:
    id: str
    kind: str  # PRIVATE or GROUP
    title: str
    bot: str  # whose chat it is
    members: tuple[str, ...] = ()
    begun: bool = False  # a person has written; before that no bot can write here
    blocked: bool = False
    messages: list[Message] = field(default_factory=list)
    typing_until: float = 0.0

    @property
    def private(self) -> bool:
        return self.kind == "PRIVATE"

    @property
    def wire(self) -> Wire:
        return {"id": self.id, "chat_type": self.kind}

    @property
    def last(self) -> Message:
        """The newest; raises IndexError in an empty chat."""
        return self.messages[-1]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    @property
    def said(self) -> list[Message]:
        """What the bot has said here."""
        return [message for message in self.messages if message.by_bot]

    def newest_first(self) -> Iterator[Message]:
        return reversed(self.messages)

    def add(self, message: Message) -> Message:
        self.messages.append(message)
        del self.messages[:-MOST_MESSAGES]
        if message.by_bot:
            self.typing_until = 0.0
        return message
