"""parse_mode HTML: a few tags, strictly nested; whatever else is refused with the byte where it stands."""

import html as letters
import re
from dataclasses import dataclass, field

from infra.sandbox.telegram.asked import Wire
from infra.sandbox.telegram.refusing import Refused, bad
from infra.sandbox.utf16 import length, octets

PLAIN = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
LETTER = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});?")
ATTRIBUTE = re.compile(r"\s*([^\s=>]*)\s*(=?)\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9.-]*)")
PERSON = re.compile(r"tg://user\?id=(\d+)")


@dataclass(slots=True)
class Open:
    tag: str
    argument: str
    offset: int
    begin: int  # in the text that is read so far


@dataclass(slots=True)
class Reading:
    source: str
    at: int = 0
    text: str = ""
    open: list[Open] = field(default_factory=list)
    entities: list[Wire] = field(default_factory=list)

    def refused(self, words: str, at: int | None = None) -> Refused:
        where = "" if at is None else f" at byte offset {octets(self.source, at)}"
        return bad(f"can't parse entities: {words}{where}")


def from_html(source: str) -> tuple[str, list[Wire]]:
    reading = Reading(source)
    while reading.at < len(source):
        _step(reading)
    if reading.open:
        raise reading.refused(f'Can\'t find end tag corresponding to start tag "{reading.open[-1].tag}"')
    return reading.text, reading.entities


def _step(reading: Reading) -> None:
    source, at = reading.source, reading.at
    if source[at] == "<":
        (_close if source.startswith("</", at) else _begin)(reading)
    elif letter := LETTER.match(source, at):
        reading.text += _letter(letter[0])
        reading.at = letter.end()
    else:
        reading.text += source[at]
        reading.at += 1


def _letter(written: str) -> str:
    named = NAMED.get(f"{written.rstrip(';')};")
    return named or letters.unescape(f"{written.rstrip(';')};")


def _begin(reading: Reading) -> None:
    source, at = reading.source, reading.at
    found = re.compile(r"<([^\s>]*)").match(source, at)
    assert_end = source.find(">", at)
    if found is None or assert_end < 0:
        raise reading.refused("Unclosed start tag", at)
    tag = found[1].lower()
    if tag not in PLAIN:
        raise reading.refused(f'Unsupported start tag "{tag}"', at)
    argument = _argument(reading, tag, found.end())
    reading.open.append(Open(tag, argument, length(reading.text), len(reading.text)))


def _argument(reading: Reading, tag: str, at: int) -> str:
    """Reads the attributes up to the end of the tag, and hands over the one that counts."""
    source, begin, argument = reading.source, reading.at, ""
    while True:
        while at < len(source) and source[at].isspace():
            at += 1
        if at >= len(source):
            raise reading.refused("Unclosed start tag", begin)
        if source[at] == ">":
            reading.at = at + 1
            break
        at, name, value = _attribute(reading, tag, at)
        argument = _meant(tag, name, value) or argument
    if tag == "span" and argument != "spoiler":
        raise reading.refused('Tag "span" must have class "tg-spoiler"', begin)
    return argument


def _attribute(reading: Reading, tag: str, at: int) -> tuple[int, str, str]:
    begin, found = reading.at, ATTRIBUTE.match(reading.source, at)
    if found is None or not found[1]:
        raise reading.refused(f'Empty attribute name in the tag "{tag}"', begin)
    if not found[2]:
        if tag == "blockquote" and found[1] == "expandable":
            return found.end(1), found[1], "yes"
        raise reading.refused(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
    if found.end() >= len(reading.source):
        raise reading.refused("Unclosed start tag", begin)
    quoted = found[3][:1] in {"'", '"'} and found[3] != ""
    if not quoted and reading.source[found.end()] not in " \n\t>":
        raise reading.refused("Unexpected end of name token", found.start(3))
    value = found[3][1:-1] if quoted else found[3].lower()
    return found.end(), found[1], LETTER.sub(lambda letter: _letter(letter[0]), value)


def _meant(tag: str, name: str, value: str) -> str:
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id") | ("blockquote", "expandable"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case _:
            return ""


def _close(reading: Reading) -> None:
    source, at = reading.source, reading.at
    if not reading.open:
        raise reading.refused("Unexpected end tag", at)
    found = re.compile(r"</([^\s>]*)\s*>").match(source, at)
    if found is None:
        raise reading.refused("Unclosed end tag", at)
    begun = reading.open.pop()
    tag = found[1].lower()
    if tag and tag != begun.tag:
        where = f"Unmatched end tag at byte offset {octets(source, at)}"
        raise reading.refused(f'{where}, expected "</{begun.tag}>", found "</{tag}>"')
    reading.at = found.end()
    _keep(reading, begun)


def _keep(reading: Reading, begun: Open) -> None:
    size = length(reading.text) - begun.offset
    if size <= 0:
        return
    entity: Wire = {"type": PLAIN[begun.tag], "offset": begun.offset, "length": size}
    match begun.tag:
        case "a":
            linked = link(begun.argument or reading.text[begun.begin :])
            if linked is None:
                return
            entity |= linked
        case "code" if begun.argument and reading.open and reading.open[-1].tag == "pre":
            reading.open[-1].argument = begun.argument
            return
        case "pre" if begun.argument:
            entity["language"] = begun.argument
        case "blockquote" if begun.argument:
            entity["type"] = "expandable_blockquote"
        case "tg-emoji":
            entity["custom_emoji_id"] = begun.argument
    reading.entities.append(entity)


def link(url: str) -> Wire | None:
    """What a link in a text becomes: the mention of a person, an address, or nothing when it is neither."""
    if person := PERSON.fullmatch(url):
        return {"type": "text_mention", "user": {"id": int(person[1])}}
    if re.match(r"tg://|https?://|[\w-]+(\.[\w-]+)+", url):
        full = url if "://" in url else f"http://{url}"
        return {"type": "text_link", "url": full if full.count("/") > 2 else f"{full}/"}
    return None
