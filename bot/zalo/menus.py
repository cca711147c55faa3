"""Choices without buttons: a list with numbers, and what a number stands for that somebody answers.

Every list is a row of its chat for as long as it may be answered. A number means the newest list that its writer can
have seen when they wrote it: whoever answers in the very moment in which another list comes has not meant that one.
Both moments are told by Zalo's own clock.

    on its way    this very process is sending it, so nobody can have read it
    stands        it has arrived
    in doubt      it may have arrived, for its process died or was told nothing: a number could mean it or the one
                  before it, so whoever says one is asked for words
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.lengths import cut, fits
from bot.replies import Choice, Reply
from core.chance import Chance
from core.clock import DAY, MINUTE, SECOND, Clock
from core.inbox import HANDLED
from core.letters import bare
from core.table import Change, Create, Delete, Fields, Key, Row, Table, Value

LASTS = DAY
ARRIVES_WITHIN = 3 * MINUTE  # of being laid out, if ever
HANGS = 10 * SECOND  # on its way for so long it may stand there while Zalo's answer does not come
GLANCE = 700  # milliseconds that somebody takes at least to read a list and answer it
LOOKED_AT = 12  # newest lists of a chat
LETTERED = re.compile(r"([UV]\d)\b")  # choices that have a name of their own
LABEL = re.compile(r"#?(\d{1,2}|[UVuv] ?\d)[.)]?")
LEADING = re.compile(r"^[\W_]+")  # signs before the words of a choice
LONGEST_WORDS = 40  # characters of an answer that is held against the words of the choices
LONGEST_LINE = 90  # units
LEFT_OUT = ("original:",)  # what stands under every picture anyway


@dataclass(frozen=True, slots=True)
class Item:
    """One line: `act` is what a button would carry, `say` are words as if the person had said them."""

    label: str
    words: str
    act: str = ""
    say: str = ""

    def facts(self) -> dict[str, Value]:
        return {"label": self.label, "words": self.words, "act": self.act, "say": self.say}


@dataclass(frozen=True, slots=True)
class Picked:
    """What an answer stands for; with neither words nor an act it stands for nothing any more."""

    act: str = ""
    say: str = ""


OLD = Picked(act="old_number")
NO_SUCH = Picked(act="no_number")
WHICH = Picked(act="which_number")


class Menus:
    def __init__(self, table: Table, clock: Clock, chance: Chance) -> None:
        self._table, self._clock, self._chance = table, clock, chance
        self._on_its_way: set[Key] = set()

    async def lay_out(self, chat: str, items: Sequence[Item]) -> Key | None:
        """Before it is sent, so that no answer can come to a list that nobody knows."""
        if not items:
            return None
        now = self._clock.now()
        key = Key(owner(chat), f"MENU#{self._chance.ulid(now)}")
        kept: list[Value] = [item.facts() for item in items]
        laid: Fields = {"items": kept, "at": now, "stands": False, "shelf": HANDLED, "due": now + LASTS + DAY}
        await self._table.write(Create(key, laid))
        self._on_its_way.add(key)
        return key

    async def stands(self, menu: Key | None, at: int) -> None:
        """It has arrived, at this moment of Zalo's."""
        if menu:
            self.may_stand(menu)
            await self._table.write(Change(menu, set={"stands": True, "at": at or self._clock.now()}))

    def may_stand(self, menu: Key | None) -> None:
        """Nobody will hear any more whether it arrived."""
        if menu:
            self._on_its_way.discard(menu)

    async def take_away(self, menu: Key | None) -> None:
        """It surely did not arrive."""
        if menu:
            self.may_stand(menu)
            await self._table.write(Delete(menu))

    async def pick(self, chat: str, text: str, said_at: int) -> Picked | None:
        """What somebody has answered; nothing where it is no answer to a list."""
        numbered = LABEL.fullmatch(text.strip())
        if not numbered and len(text) > LONGEST_WORDS:
            return None
        rows = await self._table.list(owner(chat), "MENU#", limit=LOOKED_AT, newest_first=True)
        seen = [row for row in rows if row.number("at") + GLANCE <= said_at < row.number("at") + LASTS]
        met = [row for row in seen if row.key not in self._on_its_way or at(row) + HANGS <= said_at]
        standing = max((row for row in met if row.flag("stands")), key=at, default=None)
        doubtful = [row for row in met if not row.flag("stands") and may_be_newer(row, standing)]
        return chosen(standing, doubtful, numbered[1]) if numbered else worded(standing, doubtful, text)


def at(row: Row) -> int:
    return row.number("at")


def may_be_newer(row: Row, standing: Row | None) -> bool:
    """When it was laid out is known, and not when it arrived."""
    return standing is None or at(row) + ARRIVES_WITHIN >= at(standing)


def chosen(standing: Row | None, doubtful: Sequence[Row], label: str) -> Picked:
    """By a number or a name, which must be of the newest list beyond doubt."""
    if doubtful:
        return WHICH
    if standing is None:
        return OLD
    item = named(standing, label=label)
    return Picked(item.act, item.say) if item else NO_SUCH


def worded(standing: Row | None, doubtful: Sequence[Row], text: str) -> Picked | None:
    """By the words of any list that may be the newest."""
    words = bare_words(text)
    found = (named(row, words=words) for row in (*doubtful, *([standing] if standing else [])))
    item = next((one for one in found if one), None)
    return Picked(item.act, item.say) if item else None


def named(row: Row, label: str = "", words: str = "") -> Item | None:
    items = [Item(**item) for item in row.items("items") if isinstance(item, dict)]  # type: ignore[arg-type]  # as `facts` wrote it
    said = label.replace(" ", "").upper().lstrip("0")
    return next((one for one in items if (said and one.label == said) or (words and one.words == words)), None)


def listed(reply: Reply) -> list[tuple[Item, str]]:
    """The choices that are no links, with their labels and texts. What only fills an input is good for nothing here,
    unless it is the very words that stand there: then choosing it is saying it.
    """
    found: list[tuple[Item, str]] = []
    number = 0
    for choice in choices(reply):
        name = LETTERED.match(choice.text)
        number += not name
        label = name[1] if name else str(number)
        item = Item(label, bare_words(choice.text), choice.action, "" if choice.action else choice.fill)
        found.append((item, choice.text))
    return found


def choices(reply: Reply) -> Iterable[Choice]:
    """The pictures of a wall come first."""
    hung = [Choice(shortened(one.alt), action=one.action) for one in reply.wall if one.action]
    offered = (one for one in reply.choices if one.action or (one.fill and one.fill == one.text))
    return [*hung, *(one for one in offered if not one.action.startswith(LEFT_OUT))]


def shortened(text: str) -> str:
    return text if fits(text, LONGEST_LINE) else f"{cut(text, LONGEST_LINE)[0]}…"


def lines(found: Sequence[tuple[Item, str]]) -> list[str]:
    """Those with a name of their own share a line with their kind."""
    numbered = [f"{item.label}. {text}" for item, text in found if item.label.isdigit()]
    letters = sorted({item.label[0] for item, _ in found if not item.label.isdigit()})
    named_ = [" | ".join(text for item, text in found if item.label.startswith(letter)) for letter in letters]
    return [*named_, *numbered]


def bare_words(text: str) -> str:
    """As it is compared: without signs before it, a price behind it, and accents."""
    return bare(LEADING.sub("", text.partition(" · ")[0]).strip().lower())


def owner(chat: str) -> str:
    return f"CHAT#zalo:{chat}"
