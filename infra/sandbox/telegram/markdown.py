"""parse_mode MarkdownV2 and the old Markdown: every reserved letter either opens or closes something, or is refused."""

from dataclasses import dataclass, field

from infra.sandbox.telegram.asked import Wire
from infra.sandbox.telegram.html import link
from infra.sandbox.telegram.refusing import Refused, bad
from infra.sandbox.utf16 import length, octets

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
MARKS = {
    "_": "italic",
    "__": "underline",
    "*": "bold",
    "~": "strikethrough",
    "||": "spoiler",
    "`": "code",
    "```": "pre",
}
SPOKEN = {
    "italic": "Italic",
    "underline": "Underline",
    "bold": "Bold",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "blockquote": "BlockQuote",
}
OLD = {"_": "italic", "*": "bold", "`": "code"}


@dataclass(slots=True)
class Open:
    kind: str
    mark: str
    offset: int
    begin: int
    at: int
    language: str = ""


@dataclass(slots=True)
class Reading:
    source: str
    at: int = 0
    text: str = ""
    open: list[Open] = field(default_factory=list)
    entities: list[Wire] = field(default_factory=list)

    def refused(self, words: str) -> Refused:
        return bad(f"can't parse entities: {words}")

    def reserved(self, letter: str) -> Refused:
        return self.refused(f"Character '{letter}' is reserved and must be escaped with the preceding '\\'")

    def no_end(self, begun: Open) -> Refused:
        return self.refused(
            f"Can't find end of {SPOKEN[begun.kind]} entity at byte offset {octets(self.source, begun.at)}"
        )

    def take(self, count: int = 1) -> None:
        self.text += self.source[self.at : self.at + count]
        self.at += count

    def begin(self, kind: str, mark: str) -> None:
        self.open.append(Open(kind, mark, length(self.text), len(self.text), self.at))
        self.at += len(mark)

    def close(self, more: Wire | None = None) -> None:
        begun = self.open.pop()
        size = length(self.text) - begun.offset
        if size > 0:
            entity: Wire = {"type": begun.kind, "offset": begun.offset, "length": size}
            self.entities.append(entity | ({"language": begun.language} if begun.language else {}) | (more or {}))


def from_markdown_v2(source: str) -> tuple[str, list[Wire]]:
    reading = Reading(source)
    while reading.at < len(source):
        _step(reading)
    _quote_ends(reading)
    if reading.open:
        raise reading.no_end(reading.open[-1])
    return reading.text, reading.entities


def _step(reading: Reading) -> None:
    source, at = reading.source, reading.at
    letter, inside = source[at], reading.open[-1] if reading.open else None
    if letter == "\\" and at + 1 < len(source) and 0 < ord(source[at + 1]) <= 126:
        reading.at += 1
        reading.take()
    elif inside and inside.kind in {"code", "pre"}:
        _in_code(reading, inside)
    elif letter == "\n":
        _line_ends(reading)
    elif letter == ">" and (at == 0 or source[at - 1] == "\n"):
        _quoted(reading)
    elif letter in RESERVED:
        _mark(reading, inside)
    else:
        reading.take()


def _in_code(reading: Reading, inside: Open) -> None:
    if reading.source.startswith(inside.mark, reading.at):
        reading.at += len(inside.mark)
        reading.close()
    else:
        reading.take()


def _line_ends(reading: Reading) -> None:
    if not reading.source.startswith("\n>", reading.at):
        _quote_ends(reading)
    reading.take()


def _quoted(reading: Reading) -> None:
    if any(begun.kind == "blockquote" for begun in reading.open):
        reading.at += 1
    else:
        reading.begin("blockquote", ">")


def _quote_ends(reading: Reading) -> None:
    if not any(begun.kind == "blockquote" for begun in reading.open):
        return
    if reading.open[-1].kind != "blockquote":
        raise reading.no_end(reading.open[-1])
    reading.close()


def _mark(reading: Reading, inside: Open | None) -> None:
    source, at = reading.source, reading.at
    mark = next((mark for mark in ("```", "||", "__", "_", "*", "~", "`") if source.startswith(mark, at)), "")
    if source[at] == "]" and inside and inside.kind == "text_link":
        _link_ends(reading, inside)
    elif mark and inside and inside.mark == mark:
        reading.at += len(mark)
        reading.close()
    elif source[at] == "[":
        reading.begin("text_link", "[")
    elif mark:
        reading.begin(MARKS[mark], mark)
        if mark == "```":
            _language(reading)
    else:
        raise reading.reserved(source[at])


def _language(reading: Reading) -> None:
    source, end = reading.source, reading.at
    while end < len(source) and not source[end].isspace() and source[end] != "`":
        end += 1
    if end < len(source) and source[end] != "`":
        reading.open[-1].language = source[reading.at : end]
        reading.at = end
    if source.startswith("\n", reading.at):
        reading.at += 1


def _link_ends(reading: Reading, inside: Open) -> None:
    reading.at += 1
    url = reading.text[inside.begin :]
    if reading.source.startswith("(", reading.at):
        url = _address(reading)
    linked = link(url)
    if linked is None:
        reading.open.pop()
    else:
        reading.close(linked)


def _address(reading: Reading) -> str:
    source, begin = reading.source, reading.at + 1
    url, at = "", begin
    while at < len(source) and source[at] != ")":
        at += source[at] == "\\"
        url += source[at : at + 1]
        at += 1
    if at >= len(source):
        raise reading.refused(f"Can't find end of a URL at byte offset {octets(source, begin)}")
    reading.at = at + 1
    return url


def from_markdown(source: str) -> tuple[str, list[Wire]]:
    """The old one: no nesting, and a letter without its partner is the whole error."""
    reading = Reading(source)
    while reading.at < len(source):
        _old_step(reading)
    return reading.text, reading.entities


def _old_step(reading: Reading) -> None:
    source, at = reading.source, reading.at
    letter = source[at]
    if letter == "\\" and source[at + 1 : at + 2] in {"_", "*", "`", "["}:
        reading.at += 1
        reading.take()
    elif source.startswith("```", at):
        _old_pair(reading, "pre", "```")
    elif letter in OLD:
        _old_pair(reading, OLD[letter], letter)
    elif letter == "[":
        _old_link(reading)
    else:
        reading.take()


def _old_pair(reading: Reading, kind: str, mark: str) -> None:
    end = reading.source.find(mark, reading.at + len(mark))
    if end < 0:
        raise _old_end(reading)
    reading.begin(kind, mark)
    if kind == "pre":
        _language(reading)
    reading.take(max(0, end - reading.at))
    reading.at = end + len(mark)
    reading.close()


def _old_link(reading: Reading) -> None:
    end = reading.source.find("]", reading.at)
    if end < 0:
        raise _old_end(reading)
    reading.begin("text_link", "[")
    reading.take(end - reading.at)
    _link_ends(reading, reading.open[-1])


def _old_end(reading: Reading) -> Refused:
    return reading.refused(f"Can't find end of the entity starting at byte offset {octets(reading.source, reading.at)}")
