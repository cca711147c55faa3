"""What a bot is told of a person's message, in both dialects: as Zalo's documents have it, and as it was captured."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.sandbox.zalo.asked import Wire

UNSUPPORTED = "unsupported"  # the kind that has no content: of protected people, and of what a bot cannot be told
TYPES: Mapping[str, str] = {
    "text": "CHAT_MESSAGE",  # of these only CHAT_PHOTO and CHAT_VOICE were ever captured
    "image": "CHAT_PHOTO",
    "sticker": "CHAT_STICKER",
    "voice": "CHAT_VOICE",
}


@dataclass(frozen=True, slots=True)
class Event:
    kind: str  # text, image, sticker, voice, unsupported
    message: str  # its id
    at: float
    sender: Wire
    chat: Wire
    content: Wire

    @property
    def place(self) -> str:
        return str(self.chat["id"])


def told(event: Event, dialect: str) -> Wire:
    """One update, as getUpdates has it for its result."""
    observed = dialect == "observed"
    message: Wire = {"message_id": event.message, "date": int(event.at * 1000)}
    if observed and event.kind in TYPES:
        message["message_type"] = TYPES[event.kind]
    for name, value in event.content.items():
        message["photo" if name == "photo_url" and not observed else name] = value
    message |= {"from": event.sender, "chat": event.chat}
    return {"event_name": f"message.{event.kind}.received", "message": message}


def pushed(event: Event, dialect: str) -> Wire:
    """The body that a webhook gets."""
    update = told(event, dialect)
    return update if dialect == "observed" else {"ok": True, "result": update}
