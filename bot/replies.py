"""What goes back to a person, before a channel puts it into its own form."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Literal

Urgency = Literal["result", "payment", "reply", "progress", "broadcast"]  # what goes first, where not all can go


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, or a numbered line where a channel has no buttons: it acts, opens a page or fills the input."""

    text: str
    action: str = ""
    url: str = ""
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A kept image in a reply; a channel links to it or sends its bytes."""

    image: str
    person: str
    alt: str
    action: str = ""
    favourite: bool = False
    width: int = 0  # 0: not known
    height: int = 0


@dataclass(frozen=True, slots=True)
class Invoice:
    """To be paid in the chat itself, where a channel takes money; the text of its reply says what it is for."""

    ref: str
    title: str
    label: str  # of its one price
    stars: int
    pay: str  # on its first button


@dataclass(frozen=True, slots=True)
class Attached:
    """A file, for a channel that takes some."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    choices: tuple[Choice, ...] = ()
    picture: bytes | None = None
    shown: Shown | None = None  # the kept image that the picture is, where it is one
    alt: str = ""
    wall: tuple[Shown, ...] = ()
    sheet: str = ""  # the order whose contact sheet the picture is
    size: tuple[int, int] = (0, 0)  # of the contact sheet, near enough to keep its place
    as_file: bool = False  # the picture as it is kept, not as a preview
    watches: str = ""  # the sheet whose status message this is
    order: str = ""  # the payment whose one message this is
    invoice: Invoice | None = None
    replaces: str = ""  # the message that becomes this, where it can be edited
    or_nothing: bool = False  # where it cannot, this goes unsaid
    answers: str = ""  # the message that this is an answer to, where that can be shown
    owner: str = ""  # in a group: the only one whose buttons these are, by their id on the channel
    urgency: Urgency = "reply"
    file: Attached | None = None
    files: AsyncGenerator[Attached, None] | None = None  # that come after it, one by one, beside whatever else is said
    forgets: bool = False  # what was said in this chat goes, where the channel keeps it with us
    grows: AsyncIterator[str] | None = None  # the text as far as it is written, ever longer; the last one stays
