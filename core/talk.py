"""Talk – tells talk from prompts by a table of known lines (core/talk.toml).

A sentence is talk only if the table accounts for all its words. Any other sentence is a prompt.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from core.letters import EMOJI, THRICE, bare, clean, fold

PROMPT, DOUBT = "prompt", "doubt"
SMALL = frozenset({"thanks", "praise", "blame", "nod", "bye", "greeting"})  # meanings that ask for nothing
LONGEST_TALK = 18  # words; a longer sentence is a prompt, which may still say how many pictures
FEW_BEFORE, FEW_BEHIND = 2, 3  # polite words around a line
LEAST_IDLE, LEAST_IDLE_BARE = 3, 4  # words of no weight before we ask back, with and without accents
LONGEST_IDLE = 3  # words that have no weight only together
WORDS_KEPT = 4_096  # words kept in small letters, for the next sentence
EXACT = "!"
NUMBERS = {
    "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
MANY = r" [2-9]| [1-9]\d"
SUM = r" \d{1,7}(?:k|tr|d|vnd)?(?: 000)?"
DIGITS = r" \d{1,8}"
KEYS = r" (?:asd|sdf|dfg|fgh|ghj|hjk|jkl|qwe|wer|ert|zxc|xcv|cvb)[a-z]{0,12}"  # neighbours on a keyboard

TOKEN = re.compile(rf"[^\W_]+|[{EMOJI}]")
SMILEY = re.compile(r"(?<!\w)[=:;]-?[()DdpP3]+(?!\w)")
SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
LAUGH = re.compile(r"\b(ha|hi|he|hu|ka)(?:\1)+\b")
CLAUSE = re.compile(r"\s*[,.!?;:…–—]+\s+|\s*[.!?…]+$")
PIECE = re.compile(r"&?\{\w+\}|…\d*|[()\[\]|]|[^\s()\[\]|{}…]+")
SIGNS = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}
WRITTEN = ('"', "“", " --", " —")  # letters to be painted, and flags: not used in talk


@dataclass(frozen=True, slots=True)
class Meant:
    """Meaning of a sentence: the `name` of a command or kind of talk, with the words and the number found."""

    name: str
    words: str = ""
    count: int = 0  # 0: no number was said

    @property
    def small(self) -> bool:
        return self.name in SMALL


@dataclass(frozen=True, slots=True)
class Spelled:
    """Sentence spelled for comparing with lines, and where each of the words starts in `text`."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Spelled":
        found = [(token.start(), folded(token[0])) for token in TOKEN.finditer(text)]
        once = [one for place, one in enumerate(found) if one[1] and (place == 0 or said_anew(found, place))]
        return cls(text, tuple(word for _, word in once), tuple(start for start, _ in once))

    @property
    def line(self) -> str:
        return "".join(f" {word}" for word in self.words)

    @property
    def without_accents(self) -> bool:
        return bare(self.line) == self.line

    def word_at(self, place: int) -> int:
        """Number of the word that begins at `place` in `line`."""
        return self.line[:place].count(" ")

    def typed(self, start: int, end: int) -> str:
        """Text as typed between two places of `line`."""
        after = self.word_at(end)
        last = self.starts[after] if after < len(self.starts) else len(self.text)
        return self.text[self.starts[self.word_at(start)] : last].strip()


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one meaning, as one pattern."""

    name: str
    pattern: re.Pattern[str]


class WordList:
    """List of words and word groups to look up in a sentence."""

    def __init__(self, words: Sequence[str]) -> None:
        self._exact = {fold(word.rstrip(EXACT)) for word in words}
        self._bare = self._exact | {bare(fold(word)) for word in words if not word.endswith(EXACT)}

    def said_in(self, spelled: Spelled) -> set[int]:
        """Numbers of the words of `spelled` in this list. In a sentence with accents, a bare word does not count."""
        known, count = self._bare if spelled.without_accents else self._exact, len(spelled.words)
        return {
            number
            for length in range(1, LONGEST_IDLE + 1)
            for start in range(count - length + 1)
            if " ".join(spelled.words[start : start + length]) in known
            for number in range(start, start + length)
        }


class Talk:
    """Talk table, read once per process."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._lists: Mapping[str, Sequence[str]] = table["lists"]
        self._groups = 0
        before, behind = self._any(self._lists["before"]), self._any(self._lists["behind"])
        around = (f"{before}{{0,{FEW_BEFORE}}}", f"{behind}{{0,{FEW_BEHIND}}}")
        meanings, counted = table["meaning"], table["counted"]
        self._lines = [Lines(one["name"], re.compile(self._any(one["says"]).join(around))) for one in meanings]
        self._signs = [Lines(one["name"], self._apart(one["signs"])) for one in meanings if "signs" in one]
        self._in_signs = {word for one in meanings for sign in one.get("signs", ()) for word in self._words(sign)}
        self._idle, self._thing = WordList(self._spread("{idle}")), WordList(self._spread("{thing}"))
        self._counted, self._counted_behind = (re.compile(self._any(counted[name])) for name in ("says", "behind"))
        self._unless = re.compile(self._any(counted["unless"]) + r"(?: .*)?")
        self._wish = re.compile(self._any(table["wish"]["says"]))
        self.names = tuple(one.name for one in self._lines)

    @staticmethod
    @cache
    def open() -> "Talk":
        """Table that comes with the house."""
        return Talk(tomllib.loads((files("core") / "talk.toml").read_text("utf-8")))

    def meant(self, text: str) -> Meant:
        """Meaning of `text`: a prompt, unless the table knows every word."""
        text = clean(SMILEY.sub("🙂", text))
        spelled = Spelled.of(text)
        short = 0 < len(spelled.words) <= LONGEST_TALK and not any(sign in text for sign in WRITTEN)
        talk = (self._talk(spelled) or self._clauses(text)) if short else None
        return (
            talk
            or self._counted_in(text)
            or self._counted_in(self._picture(text))
            or Meant(PROMPT, self._picture(text))
        )

    # -- talk -------------------------------------------------------------------------------------------------------

    def _talk(self, spelled: Spelled) -> Meant | None:
        line = spelled.line
        for one in self._lines:
            if found := one.pattern.fullmatch(line):
                return Meant(one.name, rest_of(spelled, found), many_of(found))
        return self._signed(spelled)

    def _signed(self, spelled: Spelled) -> Meant | None:
        """Meaning by a sign, if all other words have no weight. Only words of no weight are in doubt."""
        idle = self._idle.said_in(spelled)
        weightless = idle | self._thing.said_in(spelled)
        every = set(range(len(spelled.words)))
        left = {spelled.words[number] for number in every - weightless}
        known = all(word in self._in_signs or word[0].isdecimal() for word in left)
        for one in self._signs if known else ():
            signs = list(one.pattern.finditer(spelled.line))
            if signs and every <= weightless | covered(spelled, signs):
                return Meant(one.name, rest_of(spelled, signs[0]), many_of(signs[0]))
        least = LEAST_IDLE_BARE if spelled.without_accents else LEAST_IDLE
        return Meant(DOUBT) if every <= weightless and len(idle) >= least else None

    def _clauses(self, text: str) -> Meant | None:
        """Meaning of several clauses that are all talk: one that asks for something wins."""
        found = [self._talk(Spelled.of(clause)) for clause in CLAUSE.split(text) if TOKEN.search(clause)]
        meant = [one for one in found if one]
        if len(meant) < 2 or len(meant) < len(found):
            return None
        return min(meant, key=lambda one: (one.small, self.names.index(one.name)))

    # -- prompts ----------------------------------------------------------------------------------------------------

    def _picture(self, text: str) -> str:
        """Text of the picture alone, without the wish to paint and without small talk before."""
        clause = CLAUSE.search(text)
        opened = self._talk(Spelled.of(text[: clause.start()])) if clause else None
        spelled = Spelled.of(text[clause.end() :] if clause and opened and opened.small else text)
        found = self._wish.fullmatch(spelled.line)
        return rest_of(spelled, found).rstrip(" ?") if found else text

    def _counted_in(self, text: str) -> Meant | None:
        """Prompt with a number of pictures at the beginning or end, or None."""
        spelled = Spelled.of(text)
        found = self._counted.fullmatch(spelled.line)
        if found and not self._unless.fullmatch(found[groups(found, "rest")[-1]]):
            return Meant(PROMPT, rest_of(spelled, found), many_of(found))
        clauses = list(CLAUSE.finditer(text.rstrip(" .!?")))
        last = self._counted_behind.fullmatch(Spelled.of(text[clauses[-1].end() :]).line) if clauses else None
        if last and TOKEN.search(text[: clauses[-1].start()]):
            return Meant(PROMPT, self._picture(text[: clauses[-1].start()]), many_of(last))
        return None

    # -- the table as patterns --------------------------------------------------------------------------------------

    def _any(self, lines: Sequence[str]) -> str:
        return "(?:" + "|".join("".join(self._pieces(line)) for line in lines) + ")"

    def _apart(self, lines: Sequence[str]) -> re.Pattern[str]:
        """Pattern for any of `lines` somewhere in a sentence, the longest first."""
        ordered = sorted(lines, key=lambda line: -line.count(" "))
        return re.compile(f"{self._any(ordered)}(?= |$)")

    def _spread(self, line: str) -> list[str]:
        """Words of a list and of all lists within."""
        if not line.startswith("{"):
            return [line]
        return [word for one in self._lists[line[1:-1]] for word in self._spread(one)]

    def _words(self, line: str) -> Iterator[str]:
        """Words that a line can match, without numbers."""
        for piece in PIECE.findall(line):
            if piece.startswith("{"):
                for one in self._lists.get(piece[1:-1], NUMBERS):
                    yield from self._words(one)
            elif piece not in SIGNS:
                own = fold(piece.rstrip(EXACT))
                yield from (own, bare(own))

    def _pieces(self, line: str) -> Iterator[str]:
        """Parts of `line` in the language of `re`, with a space before every word."""
        for piece in PIECE.findall(line):
            if piece in SIGNS:
                yield SIGNS[piece]
            elif piece.startswith("…"):
                yield self._group("rest", rf"(?: \S+){{1,{piece[1:]}}}" if piece[1:] else r"(?: \S+)+")
            elif piece.startswith("&"):
                yield f"(?={self._named(piece[2:-1])})"
            elif piece.startswith("{"):
                yield self._named(piece[1:-1])
            else:
                yield word_of(piece)

    def _named(self, name: str) -> str:
        match name:
            case "many":
                return self._group("many", "|".join([MANY, *(word_of(number) for number in NUMBERS)]))
            case "sum":
                return self._group("rest", SUM)
            case "digits":
                return DIGITS
            case "keys":
                return KEYS
        return self._any(self._lists[name])

    def _group(self, kind: str, pattern: str) -> str:
        self._groups += 1
        return f"(?P<{kind}{self._groups}>{pattern})"


@lru_cache(WORDS_KEPT)
def folded(word: str) -> str:
    """Word in small letters, without letters held long, and with every laugh cut to two beats."""
    return LAUGH.sub(r"\1\1", THRICE.sub(r"\1", fold(SKIN.sub("", word))))


def said_anew(found: Sequence[tuple[int, str]], place: int) -> bool:
    """False for a sign that only repeats the one before."""
    word = found[place][1]
    return word.isalnum() or word != found[place - 1][1]


def word_of(word: str) -> str:
    """Pattern for a word of the table, with or without accents."""
    own = fold(word.rstrip(EXACT))
    plain = own if word.endswith(EXACT) else bare(own)
    return f" {re.escape(own)}" if own == plain else f" (?:{re.escape(own)}|{re.escape(plain)})"


def covered(spelled: Spelled, found: Sequence[re.Match[str]]) -> set[int]:
    """Numbers of all words covered by the matches `found`."""
    return {number for one in found for number in range(spelled.word_at(one.start()), spelled.word_at(one.end()))}


def groups(found: re.Match[str], kind: str) -> list[str]:
    return [name for name, said in found.groupdict().items() if said is not None and name.startswith(kind)]


def rest_of(spelled: Spelled, found: re.Match[str]) -> str:
    """Words that the line left open, as typed."""
    named = groups(found, "rest")
    return spelled.typed(*found.span(named[-1])) if named else ""


def many_of(found: re.Match[str]) -> int:
    named = groups(found, "many")
    if not named:
        return 0
    said = found[named[0]].strip()
    return (
        int(said) if said.isdecimal() else next(count for word, count in NUMBERS.items() if said in (word, bare(word)))
    )
