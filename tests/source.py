"""The house's own source, read as a tree, for the tests that hold it to its habits."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from tests.tree import PRODUCT, ROOT

Def: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file of Python."""

    name: str  # from the root, with slashes
    text: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 1)}"

    def functions(self) -> Iterator[Def]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Def))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(map(read, paths))


def product() -> tuple[Source, ...]:
    return sources(*PRODUCT)


def tests() -> tuple[Source, ...]:
    return sources("tests")


def read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


def length(function: Def) -> int:
    """Lines from `def` to the end, the docstring among them."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_stub(function: Def) -> bool:
    """A port's method, which has no body of its own."""
    last = function.body[-1]
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant) and len(function.body) <= 2


def bare_parameters(function: Def) -> list[str]:
    """Parameters without a type, `self` and `cls` aside."""
    given = function.args
    first = [*given.posonlyargs, *given.args][:1]
    free = {id(one) for one in first if one.arg in {"self", "cls"}}
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, [given.vararg, given.kwarg])]
    return [one.arg for one in every if one.annotation is None and id(one) not in free]


def broad_catches(source: Source) -> Iterator[ast.AST]:
    """Every place that catches anything at all."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or names_all(node.type)):
            yield node
        if isinstance(node, ast.Call) and called(node).endswith("suppress") and any(map(names_all, node.args)):
            yield node


def names_all(caught: ast.expr) -> bool:
    named = {node.id for node in ast.walk(caught) if isinstance(node, ast.Name)}
    return bool(named & {"Exception", "BaseException"})


def called(call: ast.Call) -> str:
    """The dotted name of what is called."""
    return ast.unparse(call.func)


def calls(source: Source) -> Iterator[tuple[ast.Call, str]]:
    return ((node, called(node)) for node in ast.walk(source.tree) if isinstance(node, ast.Call))


def imported(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Every module and every name that the file imports, as a dotted name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def resolves(tree: ast.Module, dotted: str) -> bool:
    """Whether `name` or `Class.method` stands in the file."""
    body: Sequence[ast.AST] = tree.body
    for part in dotted.split("."):
        found = next((node for node in body if part in defined(node)), None)
        if found is None:
            return False
        body = getattr(found, "body", [])
    return True


def defined(node: ast.AST) -> list[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign():
            return [target.id for target in node.targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []
