"""A channel: where a person speaks and is answered. A mouth only translates; what a send can come to is named here."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from bot.replies import Reply
from bot.texts import Language
from core.addresses import Address
from core.inbox import Kept
from core.table import Value

REFUSAL = "refusal:"  # begins the action of the one button that takes along the words it stands under
SAID = ("text", "action", "message", "own", "picture", "about", "language", "group")


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in: who said what, where, and the channel's own id for it."""

    address: Address
    update: str
    text: str = ""
    action: str = ""  # what a pressed button stands for; its token was checked by the mouth
    message: str = ""  # the message whose button was pressed, or that was replied to
    own: str = ""  # the message that these words are, where an answer can point to it
    picture: str = ""  # that came with it: the blob of an upload, or how the channel calls it until it is fetched
    about: str = ""  # the picture that was replied to, as the channel calls it
    language: Language = "vi"
    group: bool = False

    @property
    def lane(self) -> str:
        return f"{self.address.channel}:{self.address.chat}"

    def row(self) -> dict[str, Value]:
        """As the inbox keeps it."""
        said = {name: getattr(self, name) for name in SAID}
        home: dict[str, Value] = {"home": self.address.home} if self.address.home else {}
        return {**said, **home, "id": self.address.id, "chat": self.address.chat}

    @classmethod
    def of(cls, kept: Kept) -> "Heard":
        words = kept.words
        channel, home = kept.lane.partition(":")[0], str(words.get("home", ""))
        address = Address(channel, str(words["id"]), str(words["chat"]), home)
        said = {name: value for name, value in words.items() if name not in ("id", "chat", "home")}
        return cls(address, kept.update, **said)  # type: ignore[arg-type]  # the row keeps what `row` wrote


class NotSent(Exception):
    """It surely did not arrive; may be tried again after so many seconds.

    Not a try in vain (`tried`) is what was only told when to come: by the vendor, or because others went first.
    """

    def __init__(self, retry_after: float = 0, *, tried: bool = True) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after, self.tried = retry_after, tried


class Rejected(Exception):
    """The channel will never take this message."""


class Unsure(Exception):
    """It may have arrived."""


class Gone(Exception):
    """The person has left or blocked us."""


class Channel(Protocol):
    name: str
    can_edit: bool  # an edit may be repeated without harm
    takes_links: bool  # shows kept pictures by a link of ours, and needs no bytes
    takes_files: bool
    silent_edits: bool  # an edit tells nobody that it is there

    async def send(self, chat: str, reply: Reply, replaces: str = "", once: str = "") -> str:
        """Send, or edit the message that it replaces; the message's id. Raises NotSent, Rejected, Unsure or Gone.

        Where a channel can, what was sent under the same `once` is not sent again.
        """
        ...


@runtime_checkable
class Fetching(Protocol):
    """A channel whose pictures stay with its vendor until they are wanted."""

    name: str

    async def ours(self, ids: Sequence[str], picture: str) -> str:
        """The kept image that it is, where we sent it to this person ourselves; else nothing."""
        ...

    async def fetch(self, picture: str) -> bytes:
        """Its bytes. Raises NotAPicture, or Unavailable."""
        ...


@runtime_checkable
class Forgetting(Protocol):
    """A channel that keeps what people say with us, and not with a vendor."""

    name: str

    async def forget(self, chat: str) -> None:
        """Take away what the person has said there."""
        ...


Words: TypeAlias = Callable[[], Awaitable[Reply | None]]


@runtime_checkable
class Following(Protocol):
    """A channel whose status messages are edited while their orders are under way."""

    name: str

    def beat(self, chat: str) -> float:
        """Seconds between two edits in a chat."""
        ...

    async def progress(self, chat: str, message: str, words: Words) -> None:
        """Edit the message when its turn comes, with the words that are true then; nothing, where there are none.

        Raises what `send` raises; NotSent when everything else goes first.
        """
        ...

    async def painting(self, chat: str) -> None:
        """Show that something is being painted, where that costs nobody anything."""
        ...
