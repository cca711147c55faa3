"""Phrases – finds listed phrases in a text: whole words, with or without accents, disguised.

A list keeps its phrases under five marks, by how much may be missing when a person types them:
- `vi`     each word with accents or bare (at least one with accents), or all bare in a text without accents
- `exact`  only with its accents: bare it would be another word ("súng" a gun, "sung" a fig)
- `safe`   bare anywhere: no other Vietnamese word is written so
- `en`     English, in the plural too
- `run`    anywhere among the letters: a script that puts no blanks between words
A phrase on the list `innocent` takes its words out of the search: "súng nước" is no "súng". `#` is an age under 18.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple, TypeAlias

from core.letters import GAP, WORD, Reading, bare, fold, readings

INNOCENT = "innocent"
AGE = "#"
ADULT = 18
RUN = "run"
SHORTEST_GLUED = 6  # letters; a shorter phrase written as one word is another word
LEAST_SPACED, LEAST_INSIDE = 7, 5  # letters that stand apart; of them, what a phrase must have to be found inside
LONG_WORD = 4  # letters; a shorter English word with accents is a Vietnamese one

# Thai, Khmer, kana, Han, Hangul
NO_BLANKS = re.compile("[\u0e00-\u0e7f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen")
SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
CHILD_AGES = {*SMALL, *TEENS, *(str(age) for age in range(1, ADULT))}

Words: TypeAlias = Sequence[str]


class Place(NamedTuple):
    """Place of a phrase in a text: its words from `start` up to `end`."""

    start: int
    end: int


Hits: TypeAlias = dict[str, list[Place]]


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
        self._inside: dict[str, Phrase] = {}
        self._runs: dict[str, str] = {}
        for listed, marks in lists.items():
            for mark, texts in marks.items():
                if mark == RUN:
                    self._runs.update((fold(text), listed) for text in texts)
                    continue
                for text in texts:
                    self._add(phrase_of(listed, mark, text))

    def _add(self, phrase: Phrase) -> None:
        for start in product(*(phrase.variants(word) for word in phrase.bare[:2])):
            self._by_start.setdefault(" ".join(start), []).append(phrase)
        whole = "".join(phrase.bare)
        if len(whole) >= LEAST_INSIDE and phrase.mark != "exact" and phrase.listed != INNOCENT:
            self._inside[whole] = phrase
        if len(phrase.words) > 1 and len(whole) >= SHORTEST_GLUED and phrase.mark != "exact":
            self._glued.setdefault(whole, []).append(phrase)

    def find(self, text: str) -> Hits:
        """Lists with a phrase in `text`, each with the places of the phrases found."""
        folded = fold(text)
        no_accents = bare(folded) == folded
        hits: Hits = {}
        for reading in readings(folded):
            for found in without_innocent(list(self._walk(reading, no_accents=no_accents))):
                hits.setdefault(found.listed, []).append(Place(found.start, found.end))
            self._look_into_spaced(reading, hits)
        if NO_BLANKS.search(folded):
            self._look_into_runs(folded, hits)
        return hits

    def _look_into_runs(self, folded: str, hits: Hits) -> None:
        """Add to `hits` the phrases inside a line without blanks, placed by the words before them."""
        for text, listed in self._runs.items():
            if (start := folded.find(text)) >= 0:
                place = len(WORD.findall(folded[:start]))
                hits.setdefault(listed, []).append(Place(place, place + 1))

    def _look_into_spaced(self, reading: Reading, hits: Hits) -> None:
        """Add to `hits` the phrases inside a whole sentence of single letters."""
        for run in reading.spaced:
            plain = bare(run) if len(run) >= LEAST_SPACED else ""
            for whole, phrase in self._inside.items():
                if whole in plain and (phrase.mark != "vi" or plain == run or "".join(phrase.words) in run):
                    hits.setdefault(phrase.listed, []).append(Place(0, 1))

    def _walk(self, reading: Reading, *, no_accents: bool) -> Iterator[Found]:
        """Find the phrases in a `reading`, also bare ones where a word was masked."""
        words = reading.words
        plain = bare(" ".join(words)).split(" ")
        for place, (word, after) in enumerate(pairwise([*plain, GAP])):
            for phrase in (*self._by_start.get(word, ()), *self._by_start.get(f"{word} {after}", ())):
                end = place + len(phrase.words)
                if not phrase.spelled(plain[place:end]):
                    continue
                if phrase.said(words[place:end], no_accents=no_accents or reading.hides(place, end)):
                    yield Found(phrase.listed, place, end)
            for phrase in self._glued.get(word, ()):
                if (
                    no_accents
                    or phrase.mark != "vi"
                    or words[place] == "".join(phrase.words)
                    or reading.hides(place, place + 1)
                ):
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
