"""Flags – reads `--ar 16:9 --seed 7 --no text`, one grammar for every channel.

Flags have Vietnamese and English names. A flag begins with two hyphens, or with the long dash that phones make of
them. A long dash is also plain punctuation, so it makes a flag only before a known name and a value that fits.
Text in double quotes is text to draw, even if flags are written in it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from core.chance import MAX_SEED
from core.errors import BadFlag, UnknownFlag
from core.letters import bare
from core.styles import STYLES, style_named

RATIOS = ("1:1", "16:9", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21")
RATIO_WORDS = {
    "vuông": "1:1", "vuong": "1:1", "square": "1:1",
    "dọc": "9:16", "doc": "9:16", "portrait": "9:16", "story": "9:16",
    "ngang": "16:9", "landscape": "16:9", "wide": "16:9",
}  # fmt: skip
MOST_AT_ONCE = 4
LONGEST_VALUE = 3  # words: "màu nước", "mô hình 3d"
AHEAD = 80  # letters after a long dash that decide if a flag was meant

QUOTED = re.compile(r'\s*(?:"([^"]*)"|“([^”]*)”)(?=\s|$)')
MARK = re.compile(
    r"""(?<![^\s(\[{])(?:(?P<quote>"[^"]{0,300}"|“[^”]{0,300}”)|(?P<stray>["“]))  # a quote, closed soon or not
      | (?<!\S)(?P<dash>-{2,}|[—–]{1,2}-?)(?P<name>[^\W\d_][\w-]{0,30})          # a dash that touches a word
    """,
    re.VERBOSE,
)

Value = str | int | bool
Asked = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Flag:
    """Flag for one `field`: names, and `reads`, which turns text into a value or None."""

    field: str
    name: str
    aliases: tuple[str, ...]
    allowed: tuple[str, ...]
    reads: Callable[[str], Value | None]

    def take(self, tail: str) -> tuple[Value, str]:
        """Split `tail` into the value at the head and the rest. Raises BadFlag."""
        if quoted := QUOTED.match(tail):
            value, left = quoted[1] or quoted[2] or "", tail[quoted.end() :]
            return self.checked(value), left
        words = tail.split()
        for length in range(min(LONGEST_VALUE, len(words)), 0, -1):
            value = self.reads(" ".join(words[:length]))
            if value is not None:
                return value, " ".join(words[length:])
        raise BadFlag(f"--{self.name}", words[0] if words else "", self.allowed)

    def checked(self, text: str) -> Value:
        value = self.reads(text)
        if value is None:
            raise BadFlag(f"--{self.name}", text, self.allowed)
        return value

    def fits(self, tail: str) -> bool:
        """True if a long dash before the name can mean this flag, given `tail`. A wrong number still does."""
        try:
            _, left = self.take(tail)
        except BadFlag:
            return self.field in {"ratio", "seed", "count"} and tail.lstrip(" =")[:1].isdigit()
        return self.field != "model" or left[:1] in {"", "-", "—", "–"}  # a model's name may be any word


class Avoid(Flag):
    """Flag that takes every word up to the next flag."""

    def take(self, tail: str) -> tuple[Value, str]:
        if quoted := QUOTED.match(tail):
            return self.checked(quoted[1] or quoted[2] or ""), tail[quoted.end() :]
        return self.checked(tail), ""

    def fits(self, tail: str) -> bool:
        return tail[:1] in {" ", "="} and tail.strip(" =")[:1] not in {"", "-", "—", "–"}


class Bare(Flag):
    """Flag without a value."""

    def take(self, tail: str) -> tuple[Value, str]:
        return True, tail

    def fits(self, tail: str) -> bool:
        return tail.strip(" ")[:1] in {"", "-", "—", "–"}


def ratio(text: str) -> str | None:
    text = text.casefold()
    plain = re.sub(r"\s*[x×/:]\s*", ":", text)
    return plain if plain in RATIOS else RATIO_WORDS.get(text)


def number(lowest: int, highest: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        digits = text if text.isascii() and text.isdigit() and len(text) <= len(str(highest)) else ""
        return int(digits) if digits and lowest <= int(digits) <= highest else None

    return read


def model(text: str) -> str | None:
    return text.casefold() if re.fullmatch(r"[A-Za-z0-9][\w.]*(?:-[\w.]+)*", text, re.ASCII) else None


def style(text: str) -> str | None:
    return style_named(text) or None


def said(_text: str) -> bool:
    return True


def avoid(text: str) -> str | None:
    """Words to keep out of the picture: `text` without quotes, and with each dash apart from the word after."""
    words = re.sub(r'["“”]', " ", text)
    return " ".join(re.sub(r"(?<!\S)(-{2,}|[—–]+-*)(?=[^\W\d_])", r"\1 ", words).split()) or None


FLAGS: tuple[Flag, ...] = (
    Flag("ratio", "ar", ("aspect", "ratio", "tỉ_lệ", "tỷ_lệ", "khung_hình"), RATIOS, ratio),
    Flag("seed", "seed", ("hạt", "hạt_giống"), (f"0–{MAX_SEED}",), number(0, MAX_SEED)),
    Flag("count", "n", ("count", "số", "số_ảnh", "số_lượng"), ("1", "2", "3", "4"), number(1, MOST_AT_ONCE)),
    Flag("model", "model", ("mẫu", "mô_hình"), (), model),
    Flag("style", "style", ("kiểu", "phong_cách"), tuple(STYLES), style),
    Bare("plain", "plain", ("nguyên_văn", "y_nguyên"), (), said),
    Avoid("avoid", "no", ("negative", "avoid", "không"), (), avoid),
)
NAMED = {written: flag for flag in FLAGS for name in (flag.name, *flag.aliases) for written in (name, bare(name))}


def separate(text: str) -> tuple[str, Asked]:
    """Split `text` into plain words and the values of flags. Of a repeated flag the last one counts."""
    asked: Asked = {}
    marks = [mark for mark in MARK.finditer(text) if mark["dash"] and meant(mark, text)]
    prose = [text[: marks[0].start()] if marks else text]
    for mark, end in pairs(marks, len(text)):
        flag, tail = named(mark, text[mark.end() : end])
        value, left = flag.take(tail.removeprefix("="))
        asked[flag.field] = f"{asked['avoid']}, {value}" if flag.field == "avoid" and "avoid" in asked else value
        prose.append(left)
    return calm(" ".join(" ".join(prose).split())), asked


def pairs(marks: list[re.Match[str]], end: int) -> Iterator[tuple[re.Match[str], int]]:
    """Flags in `marks`, each with the end of the tail: the next flag, or `end`."""
    for mark, after in pairwise([*marks, None]):
        if mark is not None:
            yield mark, after.start() if after else end


def meant(mark: re.Match[str], text: str) -> bool:
    """True if the dash of `mark` before a word makes a flag."""
    if mark["dash"].startswith("-"):
        return True
    flag, tail = known(mark["name"], text[mark.end() : mark.end() + AHEAD])
    return flag is not None and flag.fits(tail)


def known(name: str, tail: str) -> tuple[Flag | None, str]:
    """Flag called `name` and the rest of `tail`. A name of two words may be written with a space."""
    name = name.casefold().replace("-", "_")
    second = re.match(r" ([^\W\d_]+)(?=[ =]|$)", tail)
    if second and (flag := NAMED.get(f"{name}_{second[1].casefold()}")):
        return flag, tail[second.end() :]
    return NAMED.get(name), tail


def named(mark: re.Match[str], tail: str) -> tuple[Flag, str]:
    flag, tail = known(mark["name"], tail)
    if flag is None:
        near = get_close_matches(mark["name"].casefold().replace("-", "_"), NAMED, n=1)
        raise UnknownFlag(f"--{mark['name']}", f"--{near[0]}" if near else "")
    return flag, tail


def calm(words: str) -> str:
    """Put dashes apart in `words` and close open quotes, so that a second reading finds no flag."""
    return MARK.sub(calmed, words)


def calmed(mark: re.Match[str]) -> str:
    if mark["dash"]:
        return f"{mark['dash']} {mark['name']}"
    return "”" if mark["stray"] else mark[0]
