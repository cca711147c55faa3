"""Chats and their messages, as the people in them see them: edits applied, and every earlier state kept beside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from infra.sandbox.telegram.asked import Wire

MOST_MESSAGES = 2_000  # of a chat; the oldest are forgotten
MOST_EDITS = 200  # of a message
CONTENT = frozenset({"text", "photo", "document", "invoice"})


@dataclass(frozen=True, slots=True)
class Edit:
    """What a message was before it was edited, and when that ended."""

    at: float
    body: Wire


@dataclass(slots=True)
class Message:
    id: int
    chat: "Chat"
    at: float
    sender: Wire  # the `from` of the wire
    body: Wire  # everything that is the message's own
    sender_chat: Wire | None = None
    reply_to: "Message | None" = None
    edited: float | None = None
    edits: list[Edit] = field(default_factory=list)
    reaction: str = ""
    deleted: bool = False

    @property
    def text(self) -> str:
        """The text, or the caption."""
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def photo(self) -> str:
        """The file_id of the largest size; empty without a photo."""
        return str(self.body["photo"][-1]["file_id"]) if "photo" in self.body else ""

    @property
    def document(self) -> str:
        return str(self.body["document"]["file_id"]) if "document" in self.body else ""

    @property
    def buttons(self) -> list[Wire]:
        rows = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    @property
    def by_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    def edit(self, body: Wire, at: float) -> None:
        self.edits.append(Edit(at, self.body))
        del self.edits[:-MOST_EDITS]
        self.body, self.edited = body, at

    def wire(self, *, deep: bool = True) -> Wire:
        said: Wire = {"message_id": self.id, "from": self.sender, "chat": self.chat.wire, "date": int(self.at)}
        if self.sender_chat:
            said["sender_chat"] = self.sender_chat
        if self.edited:
            said["edit_date"] = int(self.edited)
        if deep and self.reply_to and not self.reply_to.deleted:
            said["reply_to_message"] = self.reply_to.wire(deep=False)
        return said | {name: value for name, value in self.body.items() if name != "reply_markup" or _inline(value)}


def _inline(markup: Wire) -> bool:
    """A keyboard instead of the letters is no part of the message that brought it."""
    return "inline_keyboard" in markup


@dataclass(slots=True, eq=False)
class Chat:
    id: int
    kind: str  # private, group, supergroup or channel
    title: str
    number: Callable[[], int]  # the next message_id
    wire: Wire
    bot: int = 0  # whose private chat it is
    person: int = 0  # and with whom
    members: dict[int, str] = field(default_factory=dict)  # people and bots, and what they are in it
    messages: list[Message] = field(default_factory=list)
    upgraded_to: int = 0
    action: tuple[str, float] = ("", 0.0)  # what the bot is doing, and until when it shows
    draft: tuple[int, str, float] = (0, "", 0.0)  # draft_id, text, until when it shows
    menu: Wire | None = None

    @property
    def private(self) -> bool:
        return self.kind == "private"

    def find(self, identifier: int) -> Message | None:
        found = next((one for one in reversed(self.messages) if one.id == identifier), None)
        return found if found and not found.deleted else None

    @property
    def last(self) -> Message:
        """The newest; raises IndexError in an empty chat."""
        return self.messages[-1]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    def newest_first(self) -> Iterator[Message]:
        return reversed(self.messages)

    def add(self, message: Message) -> Message:
        self.messages.append(message)
        del self.messages[:-MOST_MESSAGES]
        self.action = ("", 0.0)
        return message

    def remove(self, message: Message) -> None:
        message.deleted = True
        self.messages.remove(message)
