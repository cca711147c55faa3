"""What is not painted, not written and not let through: settable words, languages, and what a picture may not show.

A picture is known by its upper left corner, so that it stays known when it is saved anew: the played painter draws that
corner in the colour of a danger when the words name one, and the played judges look at it.
"""

import random
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

PROMPT, OUTPUT, INPUT = "Filter reason: prompt", "Filter reason: output image", "Filter reason: input image"
INFERENCE_ERROR = "Inference error"
VIETNAMESE_MARKS = {"\u0309", "\u0323", "\u031b", "\u0306"}  # hook, dot below, horn, breve
QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
WORD = re.compile(r"\w+")

Colour: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Danger:
    """Something a picture may show: its colour, what Rekognition calls it, and what a guardrail does."""

    colour: Colour
    label: str
    parent: str
    guardrail: str


DANGERS: Mapping[str, Danger] = {
    "explicit": Danger((255, 0, 255), "Explicit Nudity", "Explicit", "SEXUAL"),
    "violence": Danger((255, 96, 0), "Graphic Violence", "Violence", "VIOLENCE"),
}


@dataclass(slots=True)
class Filters:
    """A word or phrase is met anywhere in the text, whatever its case."""

    prompt: set[str] = field(default_factory=lambda: {"nude", "naked", "beheading", "forbidden"})
    output: set[str] = field(default_factory=lambda: {"blocked output"})
    error: set[str] = field(default_factory=lambda: {"inference error"})
    borderline: set[str] = field(default_factory=lambda: {"borderline"})
    text: set[str] = field(default_factory=lambda: {"blocked text"})  # what the text models do not answer
    explicit: set[str] = field(default_factory=lambda: {"played explicit"})  # painted, and known to the judges
    violence: set[str] = field(default_factory=lambda: {"played violence"})
    flips: float = 0.5  # of the borderline prompts are kept back
    foreign: float = 0.25  # of the words outside quotes may be foreign

    def reason(self, words: str, chance: random.Random) -> str:
        """Why these words are not painted; "" where they are."""
        if said(words, self.prompt) or (said(words, self.borderline) and chance.random() < self.flips):
            return PROMPT
        if said(words, self.output):
            return OUTPUT
        return INFERENCE_ERROR if said(words, self.error) else ""

    def danger(self, words: str) -> Danger | None:
        """What a picture of these words shows that a judge would not let through."""
        named = {"explicit": self.explicit, "violence": self.violence}
        return next((DANGERS[name] for name, listed in named.items() if said(words, listed)), None)

    def in_english(self, words: str) -> bool:
        """Quoted text is to be read in the picture, so any language may stand there. How Stability tells is unknown."""
        listed = WORD.findall(QUOTED.sub(" ", words))
        strange = sum(1 for word in listed if any(foreign(letter) for letter in word))
        return strange <= len(listed) * self.foreign

    def change(self, asked: Mapping[str, Any]) -> None:
        """Lists of words, or the two shares. Raises ValueError for what there is not."""
        for name, value in asked.items():
            if name not in self.wire:
                raise ValueError(f"no such filter: {name}")
            setattr(self, name, float(value) if name in {"flips", "foreign"} else {str(one) for one in value})

    @property
    def wire(self) -> dict[str, Any]:
        return {name: sorted(value) if isinstance(value, set) else value for name, value in asdict(self).items()}


def said(words: str, listed: Iterable[str]) -> bool:
    low = words.lower()
    return any(one.lower() in low for one in listed)


def foreign(letter: str) -> bool:
    """No letter of English, nor one of the accents English has borrowed (café), is foreign."""
    if letter.isascii() or not letter.isalpha():
        return False
    parts = unicodedata.normalize("NFD", letter)
    plain = parts[0].isascii() and len(parts) == 2 and parts[1] not in VIETNAMESE_MARKS
    return not plain
