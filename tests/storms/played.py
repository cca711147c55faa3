"""Everybody outside the house, played in memory, and with a memory of what they did.

Those that cost money or speak to people keep a record that no death of ours can change: the painter its bill,
a channel its messages. Each can be told to fail on a plan, or by lot (`Trouble`).
"""

import asyncio
import hashlib
import random
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, cast

from bot.channel import Gone, NotSent, Rejected, Unsure
from bot.replies import Choice, Reply
from bot.replies import Shown as Hung
from core.darkroom import Print
from core.errors import Declined, NotAPicture, Unavailable, Untranslated
from core.models import Route
from core.painter import Picture
from core.prompts import Prompt
from core.provenance import Mark
from core.scribe import Wording
from core.table import Table, TableUnavailable
from tests.storms.loop import moment

PLAYED = b"PLAYED "  # how played pictures begin
SHEET = b"SHEET OF "  # and how a contact sheet of them does


@dataclass(frozen=True, slots=True)
class Trouble:
    """How often, by lot, the outside fails us: the share of calls, from 0 to 1."""

    painter: float = 0.0
    channel: float = 0.0
    scribe: float = 0.0
    table: float = 0.0  # no sure answer, with and without effect
    bell: float = 0.0  # lost or doubled


CALM = Trouble()


# --- the painter

Act = Literal["paint", "decline", "throttle", "outage", "hang", "timeout", "broken", "garbage"]
PAINTER_TROUBLE: tuple[Act, ...] = ("decline", "throttle", "outage", "hang", "timeout", "broken", "garbage")


class Charge(NamedTuple):
    """One line of the painter's bill."""

    seconds: float
    words: str
    seed: int
    route: str
    source: bytes = b""  # of the picture that it was to change


class PlayedPainter:
    """Paints small distinct bytes, and bills every call it accepts, whoever is still there to hear the answer."""

    def __init__(self, lot: random.Random, trouble: float = 0.0) -> None:
        self.bill: list[Charge] = []
        self._lot, self._trouble = lot, trouble
        self._scripts: defaultdict[str, deque[Act]] = defaultdict(deque)
        self._declined: set[str] = set()

    def will(self, words: str, *acts: Act) -> None:
        """What the next calls with these words come to, in order; after that it paints."""
        self._scripts[words].extend(acts)

    def declines(self, words: str) -> None:
        self._declined.add(words)

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        act = self._act(prompt.words)
        refuse(act)
        self.bill.append(Charge(moment(), prompt.words, prompt.seed, route.name, source))
        if act == "hang":
            await asyncio.get_running_loop().create_future()
        if act in {"timeout", "broken"}:
            raise Unavailable(act, "unknown")
        data = b"no picture" if act == "garbage" else painted(prompt.words, prompt.seed)
        return Picture(data, "image/png", prompt.seed)

    def _act(self, words: str) -> Act:
        if words in self._declined:
            return "decline"
        if script := self._scripts.get(words):
            return script.popleft()
        return self._lot.choice(PAINTER_TROUBLE) if self._lot.random() < self._trouble else "paint"


def refuse(act: Act) -> None:
    """What comes to nothing, and is not billed."""
    if act == "decline":
        raise Declined("content", billed="no")
    if act == "throttle":
        raise Unavailable("throttled", "no", retry_after=2)
    if act == "outage":
        raise Unavailable("outage", "no")


def painted(words: str, seed: int) -> bytes:
    """The bytes these words and this seed always give."""
    return PLAYED + hashlib.sha256(f"{words}|{seed}".encode()).digest()


# --- the channels

Fault = Literal["fine", "later", "flood", "wait", "reject", "gone", "lost", "arrived"]
CHANNEL_TROUBLE: tuple[Fault, ...] = ("later", "flood", "reject", "lost", "arrived")  # leaving is a decision, not a lot
FLOOD = 10.0  # seconds


class Shown(NamedTuple):
    """A message as it stands in a chat now."""

    message: str
    text: str
    picture: bytes | None
    choices: tuple[Choice, ...] = ()
    wall: tuple[Hung, ...] = ()


class Delivered(NamedTuple):
    """Something that reached a chat: a new message, an edit, or an edit that changed nothing."""

    seconds: float
    chat: str
    message: str
    how: Literal["new", "edit", "same"]
    reply: Reply


class PlayedChannel:
    """A channel that remembers what people really see, whatever the sender was told.

    As the vendors' channels do, it fetches nothing from us and cannot tell what it was sent once before.
    """

    takes_links, takes_files, silent_edits = False, False, False

    def __init__(self, name: str, lot: random.Random, trouble: float = 0.0, *, can_edit: bool = True) -> None:
        self.name, self.can_edit = name, can_edit
        self.delivered: list[Delivered] = []
        self._lot, self._trouble = lot, trouble
        self._chats: defaultdict[str, dict[str, Reply]] = defaultdict(dict)
        self._scripts: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._left: set[str] = set()
        self._flooded = 0.0
        self.files: dict[str, bytes] = {}  # that people have sent, by the vendor's own names
        self.images: dict[str, str] = {}  # which kept image of ours such a name stands for
        self.held: dict[str, asyncio.Event] = {}  # chats to which nothing gets through until it is set

    def will(self, chat: str, *faults: Fault) -> None:
        """What the next sends to this chat come to, in order."""
        self._scripts[chat].extend(faults)

    def leaves(self, chat: str) -> None:
        self._left.add(chat)

    def returns(self, chat: str) -> None:
        self._left.discard(chat)

    def deletes(self, chat: str, message: str) -> None:
        """The person takes a message away; it can be edited no more."""
        del self._chats[chat][message]

    def shown(self, chat: str) -> list[Shown]:
        """What the person sees in the chat now, the oldest first."""
        return [
            Shown(message, one.text, one.picture, one.choices, one.wall) for message, one in self._chats[chat].items()
        ]

    async def send(self, chat: str, reply: Reply, replaces: str = "", once: str = "") -> str:
        del once
        if held := self.held.get(chat):
            await held.wait()
        fault = self._fault(chat)
        self._stop(fault, chat)
        message = self._lay(chat, reply, replaces if self.can_edit else "")
        if fault == "arrived":
            raise Unsure
        return message

    async def ours(self, ids: Sequence[str], picture: str) -> str:
        del ids
        return self.images.get(picture, "")

    async def fetch(self, picture: str) -> bytes:
        if picture not in self.files:
            raise Unavailable("outage", "no")
        return self.files[picture]

    def _fault(self, chat: str) -> Fault:
        if chat in self._left:
            return "gone"
        if script := self._scripts.get(chat):
            return script.popleft()
        return self._lot.choice(CHANNEL_TROUBLE) if self._lot.random() < self._trouble else "fine"

    def _stop(self, fault: Fault, chat: str) -> None:
        """What ends a send before anybody sees it."""
        if fault == "gone":
            self._left.add(chat)
            raise Gone
        if fault == "flood":
            self._flooded = moment() + FLOOD
        if moment() < self._flooded:
            raise NotSent(self._flooded - moment())
        if fault == "later":
            raise NotSent(1)
        if fault == "wait":
            raise NotSent(FLOOD, tried=False)
        if fault == "reject":
            raise Rejected
        if fault == "lost":
            raise Unsure

    def _lay(self, chat: str, reply: Reply, replaces: str) -> str:
        messages = self._chats[chat]
        if replaces and replaces not in messages:
            raise Rejected
        message = replaces or f"{chat}/{len(self.delivered) + 1}"
        how: Literal["new", "edit", "same"] = "edit" if replaces else "new"
        if messages.get(message) == reply:
            how = "same"
        messages[message] = reply
        self.delivered.append(Delivered(moment(), chat, message, how, reply))
        return message


# --- words and pictures


class PlayedScribe:
    """Anything beyond ASCII is Vietnamese; its English is the same words in a bracket."""

    def __init__(self, lot: random.Random, trouble: float = 0.0) -> None:
        self._lot, self._trouble = lot, trouble
        self._failures: dict[str, int] = {}
        self.loses: set[str] = set()  # words of which no translation can be believed
        self.read: list[str] = []  # words that it has put into English

    def fails(self, words: str, times: int = 1) -> None:
        self._failures[words] = times

    async def word(self, words: str, avoid: str = "", *, enhance: bool = False) -> Wording:
        self._maybe_fail(words)
        if words in self.loses:
            raise Untranslated
        self.read.append(words)
        english, language = (words, "en") if words.isascii() else (f"english({words})", "vi")
        return Wording(english, language, avoid, f"{english}, soft light" if enhance else "")

    async def describe(self, picture: bytes, language: str) -> AsyncIterator[str]:
        self._maybe_fail("")
        yield f"{language}: a picture of "
        yield f"{len(picture)} bytes"

    def _maybe_fail(self, words: str) -> None:
        left = self._failures.get(words, 0)
        self._failures[words] = max(left - 1, 0)
        if left or self._lot.random() < self._trouble:
            raise Unavailable("outage", "no")


class PlayedDarkroom:
    """Prints without decoding: what begins like a played picture is one."""

    async def develop(self, data: bytes, mark: Mark) -> Print:
        return printed(data, f" by {mark.model} for {mark.job} at {mark.made}".encode())

    async def admit(self, data: bytes) -> Print:
        return printed(data, b" admitted")

    async def photo(self, data: bytes, heaviest: int = 0) -> bytes:  # noqa: ARG002  it weighs next to nothing
        return data

    async def contact_sheet(self, pictures: Sequence[bytes]) -> bytes:
        return SHEET + b"".join(pictures)


class QuickDarkroom(PlayedDarkroom):
    """Prints whatever another painter has painted, and decodes none of it: no thread comes into virtual time."""

    async def develop(self, data: bytes, mark: Mark) -> Print:
        return await super().develop(PLAYED + data, mark)


def printed(data: bytes, mark: bytes) -> Print:
    if not data.startswith(PLAYED):
        raise NotAPicture("unreadable")
    whole = data + mark
    return Print(whole, "image/png", 64, 64, hashlib.sha256(whole).hexdigest(), PLAYED + b"thumb " + data[-8:])


def pictures_in(data: bytes) -> list[bytes]:
    """The pictures of a contact sheet, or the one that it is."""
    _, sheet, whole = data.rpartition(SHEET)
    return [PLAYED + one for one in whole.split(PLAYED)[1:]] if sheet else [data]


class LetThrough:
    """A judge of pictures that lets every one pass."""

    async def judge(self, picture: bytes) -> None: ...


class DoubtfulTable:
    """The table over a bad line: by lot a call gives no sure answer, whether it was carried out or not."""

    def __init__(self, table: Table, lot: random.Random, trouble: float) -> None:
        self._table, self._lot, self._trouble = table, lot, trouble

    @classmethod
    def over(cls, table: Table, lot: random.Random, trouble: float) -> Table:
        return cast("Table", cls(table, lot, trouble))

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        method = getattr(self._table, verb)

        async def call(*args: Any, **kwargs: Any) -> Any:
            fails = self._lot.random() < self._trouble
            if fails and self._lot.random() < 0.5:
                raise TableUnavailable(f"{verb}: not carried out")
            answer = await method(*args, **kwargs)
            if fails:
                raise TableUnavailable(f"{verb}: carried out, and the answer is lost")
            return answer

        return call
