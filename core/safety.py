"""What we refuse to draw, and why: a versioned pack of rules over words, and the port that judges a picture.

A rule names lists of phrases (core/rules.toml). It breaks when the words say something of every list it names, close
together where it says so, and nothing of the lists that excuse it. The same check reads a prompt as it was typed and
once more in English, so what hides in one language is found in the other.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from core.errors import Blocked
from core.phrases import Hits, Phrases


class PictureJudge(Protocol):
    async def judge(self, picture: bytes) -> None:
        """Raises Blocked when the picture breaks a rule."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    group: str
    all: tuple[str, ...]
    near: int = 0  # words apart at most; 0 = anywhere
    unless: tuple[str, ...] = ()
    avoided: bool = False  # reads what the picture is to be without

    def broken(self, hits: Hits) -> bool:
        if not all(listed in hits for listed in self.all) or any(listed in hits for listed in self.unless):
            return False
        return self.near == 0 or self.close(hits)

    def close(self, hits: Hits) -> bool:
        first, *others = (set(hits[listed]) for listed in self.all)
        around = range(-self.near, self.near + 1)
        return any(all(any(place + step in other for step in around) for other in others) for place in first)


@dataclass(frozen=True, slots=True)
class Rules:
    """A pack: its version, its rules in the order in which they are told, its phrases."""

    version: str
    rules: tuple[Rule, ...]
    phrases: Phrases

    @staticmethod
    @cache
    def open() -> "Rules":
        """The pack that comes with the house."""
        return Rules.read((files("core") / "rules.toml").read_text("utf-8"))

    @classmethod
    def read(cls, text: str) -> "Rules":
        pack = tomllib.loads(text)
        return cls(pack["version"], tuple(rule_of(facts) for facts in pack["rules"]), Phrases(pack["words"]))

    def check(self, words: str, *, avoided: bool = False) -> None:
        hits = self.phrases.find(words) if words else {}
        for rule in self.rules:
            if rule.avoided == avoided and rule.broken(hits):
                raise Blocked(rule.group, rule.name)


def rule_of(facts: Mapping[str, Any]) -> Rule:
    return Rule(**{**facts, "all": tuple(facts["all"]), "unless": tuple(facts.get("unless", ()))})


RULES_VERSION = Rules.open().version


def check(words: str, avoid: str = "") -> None:
    """The words, and what the picture is to be without, break no rule. Raises Blocked."""
    Rules.open().check(words)
    Rules.open().check(avoid, avoided=True)
