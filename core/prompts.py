"""A prompt: read from a sentence, cleaned, checked."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is to be drawn: the person's own words, and what the flags in them asked for."""

    words: str
    ratio: str = "1:1"
    seed: int = 0  # 0 until the order fixes one
    avoid: str = ""
    count: int = 1
    model: str = ""  # "" = choose for me
    style: str = ""
    english: str = ""  # the words the painter reads, once the scribe has been

    def seeded(self, seed: int) -> "Prompt":
        return replace(self, seed=seed)
