"""Reading – finds what a prompt wants to see: things, a land, a mood, a finish.

Each thing has a number, colours and clothes.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from core.letters import bare
from core.prompts import Prompt
from infra.embedded.pocket.colours import Colour, of
from infra.embedded.scribe import ENGLISH, QUOTED, has_marks, in_english, language_of, spelled

LONGEST = 4  # words in a phrase of the vocabulary
MOST = 5  # of one thing
SOME = 3  # of a thing in the plural
MOST_WORDS = 400  # words read. Later ones still change the picture, because the text is its seed
TOKEN = re.compile(r"[a-z0-9']+|[,.;:!?]")
SHAPES = {"abstract", "pattern", "shapes", "colours", "colors"}  # words that ask for abstract shapes
NO_THINGS = {"painting", "photo", "picture", "drawing", "style", "very", "one", "about", "some", "all", "nothing", "ve"}
JOINING_PARTS = ("links", "acts", "times")  # parts of the dictionary whose English words only join others
REPEATED = re.compile(r"([^\w\s,.;:!?])(?:\s*\1)+")
SILENT = re.compile("[\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")
TEMPERED = ("night", "dusk", "golden", "dawn", "rain", "winter", "autumn", "neon", "sepia")  # the stronger moods


@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    count: int = 0  # 0: the usual number
    colours: tuple[Colour, ...] = ()
    traits: frozenset[str] = frozenset()
    worn: dict[str, Colour | None] = field(default_factory=dict)


@dataclass(slots=True)
class Wish:
    """Things, lands, moods and finish understood from a prompt, in the order of the words."""

    things: list[Thing] = field(default_factory=list)
    lands: list[str] = field(default_factory=list)
    moods: list[str] = field(default_factory=list)
    finish: str = ""
    close: bool = False
    colour: Colour | None = None  # of no thing in particular
    without: set[str] = field(default_factory=set)
    text: str = ""  # the words as understood, which decide what was left open
    unread: list[str] = field(default_factory=list)  # words without a meaning here

    @property
    def empty(self) -> bool:
        return not (self.things or self.lands or self.moods)

    @property
    def filler(self) -> bool:
        """True if the words would show no part of their meaning, so that a picture would only be filler."""
        shapes = SHAPES.intersection(self.text.split())
        return self.empty and self.colour is None and not shapes and bool(self.unread)

    @property
    def mood(self) -> str:
        """Mood that changes the light most, else the first."""
        return next((mood for mood in TEMPERED if mood in self.moods), next(iter(self.moods), ""))


@dataclass(frozen=True, slots=True)
class Meaning:
    kind: str
    name: str


@dataclass(slots=True)
class Pending:
    """Facts said about a thing before its name."""

    count: int = 0
    colours: list[Colour] = field(default_factory=list)
    traits: set[str] = field(default_factory=set)
    denied: bool = False


def read(prompt: Prompt) -> Wish:
    """Read `prompt`: the things to see, without those to avoid."""
    wish = Reader(english(prompt.english or prompt.words)).read()
    avoided = Reader(english(prompt.avoid)).read()
    gone = wish.without | avoided.without | set(avoided.lands) | {thing.name for thing in avoided.things}
    gone |= {garment for thing in avoided.things for garment in thing.worn}
    wish.things = [replace(thing, worn=kept(thing.worn, gone)) for thing in wish.things if thing.name not in gone]
    wish.lands = [land for land in wish.lands if land not in gone]
    wish.moods = [mood for mood in wish.moods if mood not in avoided.moods]
    wish.without = gone
    wish.unread = as_said(prompt.words, strange(wish.text))
    return wish


def strange(text: str) -> list[str]:
    """Words of `text` without a meaning here, in order, without words that only join others."""
    tokens, found, at = TOKEN.findall(text)[:MOST_WORDS], [], 0
    while at < len(tokens):
        lengths = range(min(LONGEST, len(tokens) - at), 0, -1)
        known = next((length for length in lengths if looked_up(" ".join(tokens[at : at + length]))[0]), 0)
        if not known and tokens[at].isalpha() and tokens[at] not in joining():
            found.append(tokens[at])
        at += known or 1
    return found


@cache
def joining() -> frozenset[str]:
    """Words that no person expects to see in a picture."""
    listed = (token for word in spelled().values() if word.part in JOINING_PARTS for token in word.english.split())
    return frozenset({*listed, *ENGLISH, *SHAPES, *NO_THINGS})


def as_said(words: str, unread: list[str]) -> list[str]:
    """Words of `unread` as the person spelled them in `words`, where these were not translated."""
    own = {bare(word).lower(): word for word in re.findall(r"\w+", words)}
    return list(dict.fromkeys(own.get(word, word) for word in unread))


def kept(worn: dict[str, Colour | None], gone: set[str]) -> dict[str, Colour | None]:
    return {garment: colour for garment, colour in worn.items() if garment not in gone}


def english(words: str) -> str:
    """Reduce `words` to small English letters, counting repeated emoji and ignoring quoted text."""
    outside = QUOTED.sub(" ", words)
    words = SILENT.sub("", unicodedata.normalize("NFC", outside if outside.strip() else words))
    words = REPEATED.sub(lambda run: f" {len(run[0].replace(' ', ''))} {run[1]}", words)
    return (
        bare(in_english(words, language_of(words), plain=not has_marks(words)))
        .lower()
        .replace("-", " ")
        .encode(errors="replace")
        .decode()
    )


class Reader:
    """Reader that walks over the words of `text` once, from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = TOKEN.findall(text)[:MOST_WORDS]
        self._wish, self._said = Wish(text=" ".join(text.split())), Pending()
        self._worn: dict[str, Colour | None] = {}  # not given to a thing yet

    def read(self) -> Wish:
        for meanings, plural in understood(self._tokens):
            for meaning in meanings:
                self._take(meaning, plural=plural)
            if not meanings:
                self._settle()
        self._settle()
        self._dress()
        return self._wish

    def _take(self, meaning: Meaning, *, plural: bool) -> None:
        match meaning.kind:
            case "things":
                self._see(meaning.name, plural=plural)
            case "counts":
                self._said.count = int(meaning.name)
            case "colours":
                self._said.colours.append(of(meaning.name))
            case "worn":
                self._wear(meaning.name)
            case "without":
                self._said.denied = True
            case "traits" if meaning.name == "close":
                self._wish.close = True
            case "traits":
                self._said.traits.add(meaning.name)
            case kind:
                self._note(kind, meaning.name)

    def _note(self, kind: str, name: str) -> None:
        """Note a land, a mood or a finish called `name`."""
        if self._said.denied:
            self._wish.without.add(name)
            self._said = Pending()
        elif kind == "lands":
            self._wish.lands += [name] * (name not in self._wish.lands)
            self._said = Pending()
        elif kind == "moods":
            self._wish.moods.append(name)
        else:
            self._wish.finish = name

    def _see(self, name: str, *, plural: bool) -> None:
        said, self._said = self._said, Pending()
        if said.denied:
            self._wish.without.add(name)
            return
        known = [thing for thing in self._wish.things if thing.name == name]
        if known and not said.count and not said.colours:
            return  # mentioned again
        count = min(said.count or (SOME if plural else 0), MOST - sum(thing.count for thing in known))
        if count >= 0:
            thing = Thing(name, count, tuple(said.colours), frozenset(said.traits), self._worn)
            self._wish.things.append(thing)
            self._worn = {}

    def _wear(self, garment: str) -> None:
        """Give `garment` to the last thing mentioned, else to the next."""
        said, self._said = self._said, Pending()
        if said.denied:
            self._wish.without.add(garment)
            return
        owner = self._wish.things[-1].worn if self._wish.things else self._worn
        owner[garment] = said.colours[0] if said.colours else None

    def _settle(self) -> None:
        """At the end of a phrase, give a colour left over to the last thing, else to the whole picture."""
        colours, things = tuple(self._said.colours), self._wish.things
        if colours and things and not things[-1].colours:
            things[-1] = replace(things[-1], colours=colours)
        elif colours:
            self._wish.colour = colours[0]
        self._said = Pending()

    def _dress(self) -> None:
        """Add a girl to wear clothes that were given to no thing."""
        if self._worn and not self._wish.things:
            self._wish.things.append(Thing("girl", worn=self._worn))


def understood(tokens: list[str]) -> Iterator[tuple[list[Meaning], bool]]:
    """Yield the meanings of each of `tokens`, or the longest phrase from there, and True for a plural.

    Words that only join others are skipped. An empty list marks the end of a phrase.
    """
    at = 0
    while at < len(tokens):
        for length in range(min(LONGEST, len(tokens) - at), 0, -1):
            phrase = " ".join(tokens[at : at + length])
            meanings, plural = looked_up(phrase)
            if meanings:
                break
        if meanings or tokens[at] in ",.;:!?":
            yield meanings, plural
        at += length


def looked_up(phrase: str) -> tuple[list[Meaning], bool]:
    for single in (phrase, *singulars(phrase)):
        if meanings := vocabulary().get(single):
            return meanings, single != phrase
    return [], False


def singulars(phrase: str) -> Iterator[str]:
    for ending, instead in (("ies", "y"), ("ves", "f"), ("es", ""), ("s", "")):
        if phrase.endswith(ending) and len(phrase) > len(ending) + 1:
            yield phrase.removesuffix(ending) + instead


@cache
def vocabulary() -> dict[str, list[Meaning]]:
    """Meanings of every phrase in the vocabulary."""
    meanings: dict[str, list[Meaning]] = {}
    for kind, names in tomllib.loads((files(__package__) / "vocabulary.toml").read_text("utf-8")).items():
        for name, phrases in names.items():
            for phrase in phrases:
                meanings.setdefault(phrase, []).append(Meaning(kind, name))
    return meanings
