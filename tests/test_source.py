"""The eyes of the style test: what they must see, and what they must not take for it."""

import ast

import pytest

from tests.source import Source, bare_parameters, broad_catches, is_stub, resolves
from tests.tree import branches


def source(text: str) -> Source:
    return Source("x.py", text, ast.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "try: f()\nexcept: g()",
        "try: f()\nexcept Exception: g()",
        "try: f()\nexcept BaseException as e: g()",
        "try: f()\nexcept (ValueError, Exception): g()",
        "try: f()\nexcept* Exception: g()",
        "with suppress(Exception): f()",
        "with contextlib.suppress(KeyError, BaseException): f()",
    ],
)
def test_every_way_to_catch_anything_is_seen(text: str) -> None:
    assert len(list(broad_catches(source(text)))) == 1


@pytest.mark.parametrize("text", ["try: f()\nexcept ValueError: g()", "with suppress(OSError): f()", "raise Exception"])
def test_catching_something_in_particular_is_fine(text: str) -> None:
    assert not list(broad_catches(source(text)))


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("def f(self, a, b: int): ...", ["a"]),
        ("def f(a: int, *b, c=1, **d): ...", ["c", "b", "d"]),
        ("async def f(cls, *, a: int): ...", []),
        ("def f(a, self): ...", ["a", "self"]),
    ],
)
def test_a_parameter_without_a_type_is_seen(text: str, bare: list[str]) -> None:
    assert [bare_parameters(one) for one in source(text).functions()] == [bare]


@pytest.mark.parametrize(
    ("text", "stub"),
    [
        ("def f(): ...", True),
        ('def f():\n    """What it is for."""\n    ...', True),
        ("def f():\n    return 1", False),
        ("def f():\n    a = 1\n    b = 2\n    ...", False),
    ],
)
def test_a_port_s_method_is_not_a_short_function(text: str, stub: bool) -> None:
    assert [is_stub(one) for one in source(text).functions()] == [stub]


def test_a_name_leads_to_a_function_a_method_or_a_constant_and_no_further() -> None:
    tree = ast.parse("LIMIT = 1\nclass A:\n    async def go(self): ...\ndef f():\n    def inner(): ...")

    assert all(resolves(tree, name) for name in ("LIMIT", "A", "A.go", "f"))
    assert not any(resolves(tree, name) for name in ("go", "A.stay", "inner", "LIMIT.x"))


def test_the_tree_ends_a_branch_where_it_ends() -> None:
    depths = [1, 2, 3, 2, 1]

    assert [branches(depths, place) for place in range(5)] == ["├── ", "│   ├── ", "│   │   └── ", "│   └── ", "└── "]
