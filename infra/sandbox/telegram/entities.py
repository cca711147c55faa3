"""Texts as Telegram reads them: what it finds in a text by itself, and what it is given by markup or by a list."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from infra.sandbox.telegram.asked import Asked, Wire, names
from infra.sandbox.telegram.html import from_html
from infra.sandbox.telegram.markdown import from_markdown, from_markdown_v2
from infra.sandbox.telegram.refusing import bad
from infra.sandbox.utf16 import length, place

ENDINGS = "com|org|net|vn|io|me|dev"
FOUND: Final = (
    ("url", re.compile(rf"(?<![\w@./])(?:https?://|(?:[a-z0-9-]+\.)+(?:{ENDINGS})\b)[^\s<>\"']*", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?!\w|/)")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w&#])#[^\W\d]\w{0,255}|(?<![\w&#])#\d+[^\W\d]\w*")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{3,8}(?!\w)")),
)
KINDS = names(
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough "
    "spoiler blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time"
)
PARSERS: Final = {"html": from_html, "markdown": from_markdown, "markdownv2": from_markdown_v2}
TRAILING = ".,:;!?)]}'\"…"


def read_text(asked: Asked, name: str, prefix: str = "") -> tuple[str, list[Wire]]:
    """A text and its entities, as given by a parse mode or by a list; what stands around it is cut off."""
    text = asked.text(name).replace("\r", "")
    mode = asked.text(f"{prefix}parse_mode").lower()
    given: list[Wire] = []
    if mode and mode not in PARSERS:
        raise bad("unsupported parse_mode")
    if mode:
        text, given = PARSERS[mode](text)
    elif (listed := asked.objects(_listed(name), "entities")) is not None:
        given = [_checked(one, text) for one in listed]
    text, given = _stripped(text, given)
    return text, in_order([*given, *found(text, given)])


def _listed(name: str) -> str:
    return "entities" if name == "text" else f"{name}_entities"


def _checked(entity: Wire, text: str) -> Wire:
    offset, size, kind = entity.get("offset"), entity.get("length"), entity.get("type")
    if not isinstance(kind, str) or not isinstance(offset, int) or not isinstance(size, int):
        raise bad("can't parse MessageEntity: wrong fields")
    if kind not in KINDS:
        raise bad("unsupported type of entity specified")
    if offset < 0 or size <= 0 or offset + size > length(text):
        raise bad("entity beginning or end is out of the text")
    return {name: value for name, value in entity.items() if value is not None}


def _stripped(text: str, entities: Sequence[Wire]) -> tuple[str, list[Wire]]:
    bare = text.rstrip()
    cut = length(bare) - length(bare.lstrip())
    bare = bare.lstrip()
    return bare, [one for entity in entities if (one := _moved(entity, cut, length(bare)))]


def _moved(entity: Wire, cut: int, whole: int) -> Wire | None:
    begin = max(entity["offset"] - cut, 0)
    end = min(entity["offset"] + entity["length"] - cut, whole)
    return {**entity, "offset": begin, "length": end - begin} if end > begin else None


def found(text: str, given: Sequence[Wire] = ()) -> Iterator[Wire]:
    """What Telegram marks by itself: addresses, commands, mentions, tags; never inside of code or of a link."""
    taken = [(one["offset"], one["offset"] + one["length"]) for one in given if one["type"] in _CLOSED]
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            begin, size = place(text, match.start()), length(match[0].rstrip(TRAILING))
            if all(begin >= end or begin + size <= start for start, end in taken):
                taken.append((begin, begin + size))
                yield {"type": kind, "offset": begin, "length": size}


_CLOSED = frozenset({"code", "pre", "text_link", "text_mention"})


def in_order(entities: Iterable[Wire]) -> list[Wire]:
    return sorted(entities, key=lambda one: (one["offset"], -one["length"], one["type"]))
