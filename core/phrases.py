"""Phrases – finds listed phrases in a text: whole words, with or without accents, disguised.

A list keeps its phrases under four marks, by how much may be missing when a person types them:
- `vi`     each word with accents or bare (at least one with accents), or all bare in a text without accents
- `exact`  only with its accents: bare it would be another word ("súng" a gun, "sung" a fig)
- `safe`   bare anywhere: no other Vietnamese word is written so
- `en`     English, in the plural too
A phrase on the list `innocent` takes its words out of the search: "súng nước" is no "súng". `#` is an age under 18.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TypeAlias

from core.letters import HIDDEN, MARKS, bare

INNOCENT = "innocent"
AGE = "#"
ADULT = 18
GAP = "·"  # stands between two readings of a text; no phrase has it
SHORTEST_GLUED = 6  # letters; a shorter phrase written as one word is another word
LONG_WORD = 4  # letters; a shorter English word with accents is a Vietnamese one

WORD = re.compile(r"[^\W_]+")
AGE_TAIL = re.compile(r"(?<!\w)(\d{1,2})(yo|yrs?|tuổi|tuoi)\b")
JOINERS = re.compile("[\u200c\u200d\ufe0e\ufe0f]")
EDGES = ".,;:!?…()[]{}<>\"'“”‘’*~-–—"
LETTER = r"[^\W\d_]"
# A sign among letters, before two letters or after two. The rare sign comes first in the pattern, for speed.
DISGUISE = re.compile(
    rf"[\d@$!|€*.·•_~^+](?:(?<={LETTER}.)[\d@$!|€*.·•_~^+]*{LETTER}|(?<!\w.){LETTER}{{2}}|(?<={LETTER}{LETTER}.)(?!\w))"
)
LETTERS_APART = re.compile(rf"(?<!\w){LETTER}(?:[\W_]+{LETTER}(?!\w)){{2}}")
UNLEET = str.maketrans("013457@$!|€", "oieastasiie")
NO_LETTER = re.compile(r"[\W_]+")
THRICE = re.compile(rf"({LETTER})\1\1+")
FOREIGN = re.compile("[\u0370-\u04ff]")  # Greek and Cyrillic
LOOK_ALIKE = str.maketrans("аеорсухіѕјкмтвнοαειντυκρ", "aeopcyxisjkmtbhoaeivtukp")
# "thuý" and "thúy" are one word in two spellings
OLD_TONES = ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
NEW_TONES = ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"]
TONES = dict(zip(OLD_TONES, NEW_TONES, strict=True))
TONE = re.compile("[ou][àáảãạèéẻẽẹỳýỷỹỵ]")
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen")
SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
CHILD_AGES = {*SMALL, *TEENS, *(str(age) for age in range(1, ADULT))}

Words: TypeAlias = Sequence[str]
Hits: TypeAlias = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Phrase:
    listed: str
    mark: str
    words: tuple[str, ...]
    bare: tuple[str, ...]

    def spelled(self, plain: Words) -> bool:
        """True if the bare words `plain` have the phrase's letters, in English in the plural too."""
        return len(plain) == len(self.bare) and all(map(self.stands_for, plain, self.bare))

    def variants(self, own: str) -> Collection[str]:
        """Words that may stand for `own`, one of the phrase's words."""
        if own == AGE:
            return CHILD_AGES
        return {own, own + "s"} if self.mark == "en" else {own}

    def stands_for(self, word: str, own: str) -> bool:
        if own == AGE:
            return word in CHILD_AGES
        return word == own or (self.mark == "en" and singular(word) == own)

    def said(self, words: Words, *, no_accents: bool) -> bool:
        """True if `words`, which have the phrase's bare letters, mean this phrase."""
        match self.mark:
            case "safe":
                return True
            case "exact":
                return tuple(words) == self.words
            case "en":
                return all(word.isascii() or len(word) >= LONG_WORD for word in words)
            case _:
                return no_accents or tuple(words) == self.words or self.half_said(words)

    def half_said(self, words: Words) -> bool:
        """True if some `words` have accents and the others none. A word with other accents is another word."""
        triples = list(zip(words, self.words, self.bare, strict=True))
        kept = any(word == own != plain for word, own, plain in triples)
        return kept and all(word in {own, plain} or plain == AGE for word, own, plain in triples)


@dataclass(frozen=True, slots=True)
class Found:
    listed: str
    start: int
    end: int


class Phrases:
    """Lists of phrases, indexed by the first one or two words, so that a text is walked once for all lists."""

    def __init__(self, lists: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._by_start: dict[str, list[Phrase]] = {}
        self._glued: dict[str, list[Phrase]] = {}
        for listed, marks in lists.items():
            for mark, texts in marks.items():
                for text in texts:
                    self._add(phrase_of(listed, mark, text))

    def _add(self, phrase: Phrase) -> None:
        for start in product(*(phrase.variants(word) for word in phrase.bare[:2])):
            self._by_start.setdefault(" ".join(start), []).append(phrase)
        whole = "".join(phrase.bare)
        if len(phrase.words) > 1 and len(whole) >= SHORTEST_GLUED and phrase.mark != "exact":
            self._glued.setdefault(whole, []).append(phrase)

    def find(self, text: str) -> Hits:
        """Lists with a phrase in `text`, each with the places of the phrases found."""
        folded = fold(text)
        no_accents = bare(folded) == folded
        hits: Hits = {}
        for words in readings(folded):
            for found in without_innocent(list(self._walk(words, no_accents=no_accents))):
                hits.setdefault(found.listed, []).append(found.start)
        return hits

    def _walk(self, words: Words, *, no_accents: bool) -> Iterator[Found]:
        plain = bare(" ".join(words)).split(" ")
        for place, (word, after) in enumerate(pairwise([*plain, GAP])):
            for phrase in (*self._by_start.get(word, ()), *self._by_start.get(f"{word} {after}", ())):
                end = place + len(phrase.words)
                if phrase.spelled(plain[place:end]) and phrase.said(words[place:end], no_accents=no_accents):
                    yield Found(phrase.listed, place, end)
            for phrase in self._glued.get(word, ()):
                if no_accents or phrase.mark != "vi" or words[place] == "".join(phrase.words):
                    yield Found(phrase.listed, place, place + 1)


def phrase_of(listed: str, mark: str, text: str) -> Phrase:
    words = tuple(word for part in text.split() for word in ([AGE] if part == AGE else WORD.findall(fold(part))))
    plain = tuple(bare(word) for word in words)
    return Phrase(listed, mark, words, tuple(singular(word) for word in plain) if mark == "en" else plain)


def singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word


def without_innocent(found: list[Found]) -> list[Found]:
    """Phrases of `found`, without any that shares a word with an innocent phrase."""
    innocent = {place for one in found if one.listed == INNOCENT for place in range(one.start, one.end)}
    return [one for one in found if innocent.isdisjoint(range(one.start, one.end))] if innocent else found


def fold(text: str) -> str:
    """Text in small letters of one shape, also for fancy letters, foreign look-alikes and old tone marks."""
    text = JOINERS.sub("", HIDDEN.sub("", text))
    if text.isascii():
        return text.lower()
    text = MARKS.sub("", unicodedata.normalize("NFKC", text)).lower()
    if FOREIGN.search(text):
        text = text.translate(LOOK_ALIKE)
    return TONE.sub(lambda tone: TONES.get(tone[0], tone[0]), text)


def readings(folded: str) -> Iterator[Words]:
    """Words of `folded`, and a second reading without disguise where a word looks disguised."""
    folded = AGE_TAIL.sub(r"\1 \2", folded)
    yield WORD.findall(folded)
    if DISGUISE.search(folded) or THRICE.search(folded) or LETTERS_APART.search(folded):
        yield together([word for chunk in folded.split() for word in unmasked(chunk)])


def unmasked(chunk: str) -> Words:
    """Word meant by `chunk`, which has figures for letters, dots between them or letters repeated."""
    chunk = chunk.strip(EDGES)
    if not DISGUISE.search(chunk) and not THRICE.search(chunk):
        return WORD.findall(chunk)
    return [THRICE.sub(r"\1", NO_LETTER.sub("", chunk.translate(UNLEET)))]


def together(words: Words) -> Words:
    """Join single letters in a row of `words` ("n u d e"), also without the first or last, which may stand alone."""
    joined: list[str] = []
    runs: list[str] = []
    run = ""
    for word in (*words, GAP):
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if len(run) > 2:
            runs += [GAP, run[1:], GAP, run[:-1]]
        joined += [run] if len(run) > 2 else list(run)
        joined.append(word)
        run = ""
    return joined[:-1] + runs
