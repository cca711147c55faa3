"""Prompts – reads a prompt from a sentence, cleans and checks it."""

from dataclasses import dataclass, fields, replace
from typing import Any

from core.errors import EmptyPrompt, PromptTooLong
from core.flags import separate
from core.letters import clean, count, drawable, plain, unaccented
from core.table import Fields, Value

MOST_SIGNS = 2_000  # in the words and what to avoid, as a person counts signs
MOST_WITH_FLAGS = 12_000  # code points; a longer sentence is not even read for flags


@dataclass(frozen=True, slots=True)
class Prompt:
    """Prompt of a picture: the person's own `words`, and what the flags among the words asked for."""

    words: str
    ratio: str = "1:1"
    seed: int = 0  # 0 until the order fixes one
    avoid: str = ""
    count: int = 1
    model: str = ""  # "": choose for me
    style: str = ""
    source: str = ""  # name of the blob of the picture to change
    plain: bool = False  # my words only: translated where needed, with nothing added
    english: str = ""  # the words for the painter, once the scribe has translated
    without: str = ""  # what to avoid, in English

    @classmethod
    def of(cls, kept: Fields) -> "Prompt":
        """Prompt from `kept`, the stored result of `facts`. A field that an old row lacks gets the default."""
        known: dict[str, Any] = {name: kept[name] for name, kind in KINDS.items() if type(kept.get(name)) is kind}
        return cls(**{"words": "", **known})

    def facts(self) -> dict[str, Value]:
        """Fields of the prompt as a row keeps them."""
        return {name: getattr(self, name) for name in KINDS}

    def seeded(self, seed: int) -> "Prompt":
        return replace(self, seed=seed)

    def anew(self, *, seed: int = 0, count: int = 1) -> "Prompt":
        """Copy with the same words and another `seed`."""
        return replace(self, seed=seed, count=count)

    def in_own_words(self) -> "Prompt":
        """Copy to paint as typed: nothing added, and translated anew where needed."""
        return replace(self, plain=True, english="", without="")

    def as_typed(self) -> "Prompt | None":
        """Copy for a painter that reads English only: words without accents, or None for words in another script."""
        typed = replace(self, plain=True, english=unaccented(self.words), without=unaccented(self.avoid))
        return typed if plain(typed.english + typed.without) else None

    def in_english(self, english: str, without: str = "") -> "Prompt":
        return replace(self, english=english, without=without)


KINDS = {field.name: field.type for field in fields(Prompt)}


def read(text: str) -> Prompt:
    """Prompt that `text` asks for. Raises BadPrompt: a text is refused or kept whole, never cut."""
    text = clean(text)
    if len(text) > MOST_WITH_FLAGS:
        raise PromptTooLong(count(text), MOST_SIGNS)
    words, asked = separate(text)
    if not drawable(words):
        raise EmptyPrompt
    prompt = Prompt.of({"words": words, **asked})
    check_length(words, prompt.avoid)
    return prompt


def check_length(words: str, avoid: str) -> None:
    if len(words) + len(avoid) <= MOST_SIGNS:  # the count of signs is never higher, and slower to find
        return
    signs = count(words) + count(avoid)
    if signs > MOST_SIGNS:
        raise PromptTooLong(signs, MOST_SIGNS)


def spelled(prompt: Prompt) -> str:
    """Sentence with flags that reads back as `prompt`. `--no` stands last and takes all words that follow."""
    plain = Prompt(words="")
    flags = (("ar", "ratio"), ("seed", "seed"), ("n", "count"), ("model", "model"), ("style", "style"), ("no", "avoid"))
    asked = [
        f"--{flag} {getattr(prompt, name)}" for flag, name in flags if getattr(prompt, name) != getattr(plain, name)
    ]
    as_said = ["--plain"] if prompt.plain else []
    return " ".join([prompt.words, *as_said, *asked])
