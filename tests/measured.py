"""The sentences by which the rules are measured: made of templates, each of which lies in one half alone."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from string import Formatter

from core.errors import Blocked
from core.letters import bare
from core.safety import check
from tests.tree import ROOT

VIETNAMESE = {*"ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđ"}  # letters that no other language has
WORKING, HELD_OUT = "working", "held out"


@dataclass(frozen=True, slots=True)
class Sentence:
    words: str
    refuse: str  # the group, or nothing where it must pass
    like: str  # the group that a harmless one is mistaken for
    half: str
    template: str  # its language, and its own letters

    @property
    def judged(self) -> str:
        """The group that refuses it as things are, or nothing."""
        try:
            check(self.words)
        except Blocked as blocked:
            return blocked.group
        return ""

    @property
    def wrong(self) -> bool:
        return self.judged != self.refuse


def sentences(half: str = "") -> list[Sentence]:
    """All of them, or those of one half."""
    templates = tomllib.loads((ROOT / "tests/vectors/measured.toml").read_text("utf-8"))["templates"]
    return [one for facts in templates for one in made(facts) if half in ("", one.half)]


def made(facts: dict[str, str | list[str]]) -> Iterator[Sentence]:
    say, refuse, like = str(facts["say"]), str(facts.get("refuse", "")), str(facts.get("like", ""))
    slots = [name for _, name, _, _ in Formatter().parse(say) if name]
    said = [say.format(**dict(zip(slots, filling, strict=True))) for filling in product(*(facts[one] for one in slots))]
    vietnamese = bool(VIETNAMESE & {*"".join(said).lower()})
    for words in dict.fromkeys((*said, *map(bare, said)) if vietnamese else said):
        yield Sentence(
            words, refuse, like, half_of(facts), f"{'vi' if vietnamese else 'other'} {sorted(facts.items())}"
        )


def half_of(facts: dict[str, str | list[str]]) -> str:
    """The half that a template lies in by its own letters, whatever stands beside it."""
    return WORKING if sha256(repr(sorted(facts.items())).encode()).digest()[0] % 2 else HELD_OUT
