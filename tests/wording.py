"""Wording – measures how the docstrings and names of the product read: `python -m tests.wording [FOLDER ...]`."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tests.source import Def, Source, product

Documented: TypeAlias = Def | ast.ClassDef | ast.Module


def words_of(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


PRONOUNS = words_of(
    "what whatever whoever whose who whom which where wherever when whenever whether how why it its it's "
    "they them their these those this that nothing nobody none everything everybody everyone anything "
    "anybody something somebody someone all some each both one he she we our us "
)
VAGUE = re.compile(r"\b(it|its|they|them|their|those|whoever|nobody)\b", re.IGNORECASE)
FIRST = re.compile(r"[\w']+")
NAME = re.compile(r"[A-Za-z_]\w*")
PARTICIPLES = words_of(
    "told shown kept heard drawn written found held given taken made sent brought sold bought paid spent "
    "left said seen known begun gone done had thought meant built laid grown "
)
VERBS = words_of("feed need speed exceed proceed embed shed seed bed red ")
PLAIN_TYPES = words_of("str int bool bytes float None self cls of to a the in on by for ")


@dataclass(frozen=True)
class Docstring:
    """One docstring with the place where it stands and the names it may speak of."""

    at: str
    text: str
    names: frozenset[str]

    @property
    def begins_with_pronoun(self) -> bool:
        first = FIRST.search(self.text)
        return first is not None and first[0].lower() in PRONOUNS

    @property
    def is_vague(self) -> bool:
        return bool(VAGUE.search(self.text))

    @property
    def has_semicolon(self) -> bool:
        return ";" in self.text

    @property
    def names_something(self) -> bool:
        return bool(self.names & set(NAME.findall(self.text)))


def docstrings(source: Source) -> Iterator[Docstring]:
    """Every docstring of `source`, the module's own first."""
    for node in ast.walk(source.tree):
        if isinstance(node, Documented) and (text := ast.get_docstring(node)):
            yield Docstring(source.at(node), text, frozenset(names_of(node)) - PLAIN_TYPES)


def names_of(node: Documented) -> Iterator[str]:
    """Parameters, fields and types that the docstring of `node` may name."""
    if isinstance(node, Def):
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, [given.vararg, given.kwarg])]
        yield from (one.arg for one in every)
        for annotation in filter(None, [*(one.annotation for one in every), node.returns]):
            yield from NAME.findall(ast.unparse(annotation))
    yield from (
        one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    )
    yield from (one.name for one in node.body if isinstance(node, ast.ClassDef) and isinstance(one, Def))
    yield from raised(node)


def raised(node: Documented) -> Iterator[str]:
    """Names of the errors in the `Raises` sentence of `node`."""
    yield from re.findall(r"Raises ([A-Z]\w+)", ast.get_docstring(node) or "")


def is_bare_participle(name: str) -> bool:
    """True for a function `name` of one word that says neither what comes back nor what happens."""
    word = name.strip("_")
    return word in PARTICIPLES or (word.endswith("ed") and word.isalpha() and word not in VERBS)


def functions(sources: Sequence[Source]) -> list[tuple[str, str]]:
    """Place and name of every function in `sources` that is not a property."""
    return [(file.at(one), one.name) for file in sources for one in file.functions() if not is_property(one)]


def is_property(function: Def) -> bool:
    return any(ast.unparse(one).endswith(("property", "setter")) for one in function.decorator_list)


def repeated_classes(sources: Sequence[Source]) -> dict[str, list[str]]:
    """Class names that stand in more than one place of `sources`, outside the sandbox."""
    places: dict[str, list[str]] = defaultdict(list)
    for file in sources:
        if not file.name.startswith("infra/sandbox/"):
            for node in ast.walk(file.tree):
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(file.at(node))
    return {name: at for name, at in sorted(places.items()) if len(at) > 1}


def share(part: Sequence[object], whole: Sequence[object]) -> float:
    """Percent of `whole` that `part` is."""
    return 100 * len(part) / max(1, len(whole))


def figures(sources: Sequence[Source]) -> dict[str, float]:
    """The table of figures over `sources`, in percent but for the class names."""
    said = [one for file in sources for one in docstrings(file)]
    own = functions(sources)
    return {
        "docstrings": len(said),
        "begin with a pronoun %": share([one for one in said if one.begins_with_pronoun], said),
        "use it, they, those %": share([one for one in said if one.is_vague], said),
        "have a semicolon %": share([one for one in said if one.has_semicolon], said),
        "name a parameter or type %": share([one for one in said if one.names_something], said),
        "bare participles %": share([name for _, name in own if is_bare_participle(name)], own),
        "class names for two things": len(repeated_classes(sources)),
    }


def main(folders: Sequence[str]) -> None:
    """Print the figures over `folders`, and with `--list` every place that counts against them."""
    asked = [one for one in folders if not one.startswith("--")]
    sources = [file for file in product() if not asked or file.name.startswith(tuple(asked))]
    for name, figure in figures(sources).items():
        print(f"{name:<30} {figure:8.1f}")
    if "--list" in folders:
        listed(sources)


def listed(sources: Sequence[Source]) -> None:
    """Print every offender of `sources` with its reason."""
    for one in (said for file in sources for said in docstrings(file)):
        reasons = {"pronoun": one.begins_with_pronoun, "vague": one.is_vague, "semicolon": one.has_semicolon}
        if why := ", ".join(name for name, holds in reasons.items() if holds):
            print(f"{one.at} [{why}] {one.text.splitlines()[0][:100]}")
    for at, name in functions(sources):
        if is_bare_participle(name):
            print(f"{at} [participle] {name}")
    for name, places in repeated_classes(sources).items():
        print(f"{name} [class] {' '.join(places)}")


if __name__ == "__main__":
    main(sys.argv[1:])
