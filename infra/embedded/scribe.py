"""Pocket scribe – reads Vietnamese by a small dictionary and rules, without a vendor.

The scribe knows the common words for pictures, keeps words that it does not know, and never invents any.
"""

import asyncio
import io
import re
import tomllib
import unicodedata
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from PIL import Image

from core.darkroom import Darkroom, Print
from core.scribe import Wording

# Quoted text is kept exactly. Splitting by the one group puts it at every second place.
QUOTED = re.compile(r"""("[^"]*"|“[^”]*”|«[^»]*»|‘[^’]*’|(?<!\w)'[^']*'(?!\w))""")
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
MARKS = re.compile("[đĐ\u0300-\u0303\u0306\u0309\u031b\u0323]")  # Vietnamese accents, decomposed, and the letter đ
GAPS = re.compile(r"[ \t]{2,}")
SENTENCE = re.compile(r"(?<=[.!?] )")  # where a description is cut into pieces
FIRST = ("links", "qualities", "things", "acts", "times", "styles")  # parts of the dictionary, the most likely first
LONGEST = 3  # words in a phrase of the dictionary
COMMON_ENGLISH = (
    "a an the of in on at with and or under over by for from to is are be his her its this that into near like no "
    "cat dog bird girl boy man woman child house tree city sea river night day sky sun moon star forest mountain "
    "red blue green black white yellow old young big small style painting photo portrait picture draw "
    "hat song bay ran may can hang dance men he so do"
)
ENGLISH = frozenset(COMMON_ENGLISH.split())
LIGHT = {
    ("photo", "portrait", "cinematic", "realistic"): ("natural light", "sharp focus", "fine detail"),
    ("paint", "watercolor", "sketch", "ink", "pastel", "draw"): ("soft light", "visible brushwork", "rich texture"),
    ("",): ("soft light", "fine detail", "balanced composition"),
}
COLOURS = {
    ("black", "đen"): (16, 16, 20),
    ("white", "trắng"): (245, 245, 245),
    ("grey", "xám"): (128, 128, 128),
    ("red", "đỏ"): (205, 35, 40),
    ("orange", "cam"): (240, 135, 35),
    ("yellow", "vàng"): (245, 215, 70),
    ("green", "xanh lá"): (70, 150, 60),
    ("dark green", "xanh lá đậm"): (25, 70, 35),
    ("light green", "xanh lá nhạt"): (165, 220, 140),
    ("blue", "xanh dương"): (40, 90, 190),
    ("dark blue", "xanh dương đậm"): (20, 30, 90),
    ("sky blue", "xanh da trời"): (140, 195, 235),
    ("purple", "tím"): (120, 50, 150),
    ("pink", "hồng"): (240, 150, 190),
    ("brown", "nâu"): (110, 70, 40),
}


class PocketScribe:
    def __init__(self, darkroom: Darkroom) -> None:
        self._darkroom = darkroom

    async def word(self, words: str, avoid: str = "", *, enhance: bool = False) -> Wording:
        wording = translated(words)
        more = enhanced(wording.english) if enhance else ""
        return replace(wording, avoid=translated(avoid).english if avoid else "", enhanced=more)

    async def describe(self, picture: bytes, language: str) -> AsyncIterator[str]:
        """Describe `picture` by shape and colours, all that can be told without a model, and say so."""
        shown = await self._darkroom.admit(picture)
        colours = await asyncio.to_thread(main_colours, shown.thumbnail)
        tell = told_in_vietnamese if language == "vi" else told_in_english
        for piece in SENTENCE.split(tell(shown, colours)):
            yield piece


# --- translating -----------------------------------------------------------------------------------------------------


def translated(words: str) -> Wording:
    parts = QUOTED.split(words)
    outside = " ".join(parts[::2])
    language = language_of(outside if outside.strip() else words)
    plain = not has_marks(outside)
    parts[::2] = [in_english(part, language, plain=plain) for part in parts[::2]]
    return Wording("".join(parts).strip(), language)


def enhanced(english: str) -> str:
    """Add light and detail that fit what `english` says. Doing this twice adds nothing."""
    said = english.lower()
    added = next(lights for signs, lights in LIGHT.items() if any(sign in said for sign in signs))
    return ", ".join(filter(None, [english.rstrip(" ,."), *(light for light in added if light not in said)]))


@dataclass(frozen=True, slots=True)
class Word:
    english: str
    part: str = ""  # of the dictionary, "" if not found there


def language_of(words: str) -> str:
    """Language of `words`: Vietnamese by letters, or by more words of our dictionary than common English ones."""
    spoken = [token.lower() for token in TOKEN.findall(unicodedata.normalize("NFC", words)) if token.isalpha()]
    english = sum(word in ENGLISH for word in spoken)
    vietnamese = sum(has_marks(word) or (word in spelled_plain() and word not in ENGLISH) for word in spoken)
    return "vi" if vietnamese > english or (vietnamese == english and has_marks(words)) else "en"


def in_english(words: str, language: str, *, plain: bool) -> str:
    tokens = TOKEN.findall(unicodedata.normalize("NFC", "".join(map(spoken_emoji, words))))
    told = reordered(list(looked_up(tokens, language, plain=plain)))
    return GAPS.sub(" ", "".join(word.english for word in told))


def looked_up(tokens: list[str], language: str, *, plain: bool) -> Iterator[Word]:
    """Yield each of `tokens`, or the longest phrase from there, translated if in the dictionary."""
    at = 0
    while at < len(tokens):
        taken, found = 1, None
        for words in range(LONGEST, 0, -1):
            span = tokens[at : at + 2 * words - 1]
            if len(span) == 2 * words - 1 and all(gap.isspace() for gap in span[1::2]):
                taken, found = len(span), entry(" ".join(span[::2]).lower(), language, plain=plain)
            if found:
                break
        yield found or Word(tokens[at])
        at += taken if found else 1


def entry(phrase: str, language: str, *, plain: bool) -> Word | None:
    """Dictionary entry for `phrase`, or None.

    In English text only Vietnamese spelling is translated. In Vietnamese, accents may be missing where the person
    writes none at all, or in a phrase of several words, which is hardly ambiguous.
    """
    if language == "en" and not has_marks(phrase):
        return None
    return spelled().get(phrase) or (spelled_plain().get(unaccented(phrase)) if plain or " " in phrase else None)


def reordered(words: list[Word]) -> list[Word]:
    """Move qualities in `words` before the thing, the later one first: "mèo đen nhỏ" becomes a small black cat.

    In Vietnamese a quality follows its thing, and in English it comes before.
    """
    told: list[Word] = []
    thing: int | None = None  # where the phrase of the last thing begins, None once another part follows
    for word in words:
        if word.part == "qualities" and thing is not None:
            gap = told.pop() if told[-1].english.isspace() else Word(" ")
            told[thing:thing] = [word, gap]
            continue
        if word.part == "things":
            thing = len(told)
        elif not word.english.isspace():
            thing = None
        told.append(word)
    return told


@cache
def spelled() -> dict[str, Word]:
    """Dictionary by correctly spelled words."""
    parts = tomllib.loads((files(__package__) / "lexicon.toml").read_text("utf-8"))
    return {said: Word(english, part) for part, words in parts.items() for said, english in words.items()}


@cache
def spelled_plain() -> dict[str, Word]:
    """Dictionary by words without accents. Where two words become equal, links come first, then qualities."""
    plain: dict[str, Word] = {}
    for said, word in sorted(spelled().items(), key=lambda item: FIRST.index(item[1].part)):
        plain.setdefault(unaccented(said), word)
    return plain


def has_marks(words: str) -> bool:
    return MARKS.search(unicodedata.normalize("NFD", words)) is not None


def unaccented(words: str) -> str:
    return MARKS.sub(lambda mark: "d" if mark[0] in "đĐ" else "", unicodedata.normalize("NFD", words))


def spoken_emoji(sign: str) -> str:
    """Name of the emoji `sign` in words, or "" for joiners, skin tones and variants."""
    if sign in "\u200d\ufe0f\u20e3" or "\U0001f3fb" <= sign <= "\U0001f3ff":
        return ""
    if unicodedata.category(sign) == "So" and sign >= "\u2190":
        return f" {unicodedata.name(sign, sign).lower()} "
    return sign


# --- describing ------------------------------------------------------------------------------------------------------


def main_colours(thumbnail: bytes) -> list[tuple[str, str]]:
    """Most frequent of the named colours in `thumbnail`, and up to two more that fill an eighth of the picture."""
    names, shades = list(COLOURS), [part for shade in COLOURS.values() for part in shade]
    ruler = Image.new("P", (1, 1))
    ruler.putpalette(shades)
    with Image.open(io.BytesIO(thumbnail)) as picture:
        small = picture.convert("RGB").resize((64, 64), Image.Resampling.BOX)
    counted = small.quantize(palette=ruler, dither=Image.Dither.NONE).histogram()[: len(names)]
    largest = sorted(range(len(names)), key=lambda place: -counted[place])
    return [names[place] for place in largest[:3] if place == largest[0] or counted[place] * 8 >= sum(counted)]


def told_in_english(shown: Print, colours: list[tuple[str, str]]) -> str:
    shape = {True: "wide", False: "tall"}[shown.width > shown.height] if shown.width != shown.height else "square"
    return (
        f"A {shape} picture, {shown.width} × {shown.height}, mostly {joined([en for en, _ in colours], 'and')}. "
        "What it shows I cannot tell: no model that sees is connected."
    )


def told_in_vietnamese(shown: Print, colours: list[tuple[str, str]]) -> str:
    shape = {True: "ngang", False: "dọc"}[shown.width > shown.height] if shown.width != shown.height else "vuông"
    return (
        f"Ảnh {shape}, {shown.width} × {shown.height}, chủ yếu màu {joined([vi for _, vi in colours], 'và')}. "
        "Mình chưa nói được trong ảnh có gì vì không có mô hình nhìn ảnh."
    )


def joined(names: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
