"""Safety – what we refuse to draw: a versioned pack of rules, and a port to judge pictures.

A rule names lists of phrases (core/rules.toml). Words break the rule if every list it names has a phrase in them, close
together where the rule says so, and no list that excuses has one. The same check reads a prompt as typed and once more
in English, so a phrase hidden in one language is found in the other.
"""

import tomllib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from core.errors import Blocked
from core.phrases import Hits, Phrases, Place

NAMED_WITHIN = 2  # words between what excuses and what it excuses: "statue of a nude"


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
    ordered: bool = False  # the first list is said before the others
    when: tuple[str, ...] = ()  # said as well, anywhere
    unless: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()  # excuses what it names, and nothing else in the sentence
    avoided: bool = False  # True: reads what the picture is to be without

    def broken(self, hits: Hits) -> bool:
        if not all(listed in hits for listed in (*self.all, *self.when)) or any(one in hits for one in self.unless):
            return False
        first, *others = (hits[listed] for listed in self.all)
        starts = [{place.start for place in other} for other in others]
        near = {place.end: place for place in first if self.close(place, starts)}
        excuses = sorted({place for listed in self.beside for place in hits.get(listed, ())})
        return not all(taken(excuses, place) for place in near.values())

    def close(self, place: Place, others: Sequence[AbstractSet[int]]) -> bool:
        around = range(place.start + (1 if self.ordered else -self.near), place.start + self.near + 1)
        return not self.near or all(not other.isdisjoint(around) for other in others)


def taken(excuses: list[Place], place: Place) -> bool:
    """Take the first of `excuses` that stands shortly before `place`, after or over it. True: one was taken."""
    for by in excuses:
        if by.start <= place.end and by.end >= place.start - NAMED_WITHIN:
            excuses.remove(by)
            return True
    return False


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
    given: dict[str, Any] = {name: tuple(fact) if isinstance(fact, list) else fact for name, fact in facts.items()}
    return Rule(**given)


RULES_VERSION = Rules.open().version


def check(words: str, avoid: str = "") -> None:
    """Check that `words`, and what to `avoid`, break no rule. Raises Blocked."""
    Rules.open().check(words)
    Rules.open().check(avoid, avoided=True)
