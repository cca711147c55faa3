"""Safety – what we refuse to draw: a versioned pack of rules, and a port to judge pictures.

A rule names lists of phrases (core/rules.toml). Words break the rule if every list it names has a phrase in them, close
together where the rule says so, and no list that excuses has one. The same check reads a prompt as typed and once more
in English, so a phrase hidden in one language is found in the other.
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
        """Check a `picture` against the rules. Raises Blocked."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    group: str
    all: tuple[str, ...]
    near: int = 0  # words apart at most; 0: anywhere
    unless: tuple[str, ...] = ()
    avoided: bool = False  # True: reads what the picture is to be without

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
    """Rules of one pack: `version`, `rules` in the order in which a person is told, `phrases`."""

    version: str
    rules: tuple[Rule, ...]
    phrases: Phrases

    @staticmethod
    @cache
    def open() -> "Rules":
        """Pack that comes with the house."""
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
    """Check that `words`, and what to `avoid`, break no rule. Raises Blocked."""
    Rules.open().check(words)
    Rules.open().check(avoid, avoided=True)
