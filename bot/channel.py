"""A channel: where a person speaks and is answered. A mouth only translates; what a send can come to is named here."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.replies import Reply


@dataclass(frozen=True, slots=True)
class Address:
    """A chat on a channel."""

    channel: str
    chat: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in: who said what, where, and the channel's own id for it."""

    address: Address
    update: str
    text: str = ""
    choice: str = ""  # the signed data of a pressed button
    reply_to: str = ""
    picture: bytes | None = None
    language: str = "vi"
    at: int = 0
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key of every move this causes."""
        return f"{self.address.channel}:{self.address.chat}:{self.update}"


class NotSent(Exception):
    """It surely did not arrive; may be tried again after so many seconds."""

    def __init__(self, retry_after: float = 0) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class Rejected(Exception):
    """The channel will never take this message."""


class Unsure(Exception):
    """It may have arrived."""


class Gone(Exception):
    """The person has left or blocked us."""


class Channel(Protocol):
    name: str
    can_edit: bool  # an edit may be repeated without harm

    async def send(self, chat: str, reply: Reply, replaces: str = "") -> str:
        """Send, or edit the message that it replaces; the message's id. Raises NotSent, Rejected, Unsure or Gone."""
        ...
