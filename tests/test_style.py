"""The habits of the house, as tests: budgets of length, the borders, the words, and that the papers are true."""

import ast
import re
import statistics
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from tests import source as code
from tests.source import Source
from tests.tree import PRODUCT, ROOT, readme

BORDERS = {"bot/conversation.py", "bot/server.py", "core/supervise.py"}
BANNED_WORDS = {"service", "manager", "handler", "util", "helper", "common"}
LONGEST_FUNCTION, LONGEST_FILE, MEDIAN, NINETIETH = 60, 400, 7, 25  # lines
LONGEST_CONTRIBUTING = 90  # lines: two screens
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
NAMED_IN_FLOWS = re.compile(r"([\w./-]+\.py):([A-Za-z_]\w*(?:\.\w+)*)")
HERE = re.compile(r"(?<![\w.])/(?:work|root|tmp)/")
REGISTRY = re.compile(r"pypi\.org|pythonhosted|registry\.npm|//[\w.-]*/simple\b", re.IGNORECASE)
UNEXPLAINED = re.compile(r"# (?:noqa(?:: [A-Z\d, ]+)?|type: ignore(?:\[[\w, -]+\])?)\s*$")


def none_of(offenders: Iterable[str], wanted: str) -> None:
    """Fails with the whole list, so that one run is enough to mend them all."""
    listed = list(offenders)
    if listed:
        pytest.fail("\n  ".join([wanted, *listed]), pytrace=False)


def everything() -> tuple[Source, ...]:
    return code.product() + code.tests()


def outside_tests() -> list[Path]:
    """Every file that is ours and not a test."""
    folders = [*PRODUCT, "docs", ".ci"]
    deep = [path for folder in folders for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
    return [path for path in (*ROOT.iterdir(), *deep) if path.is_file() and path.name != "uv.lock"]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def paper(name: str) -> str:
    path = ROOT / name
    assert path.exists(), f"{name} is missing"
    return text_of(path)


# -- lengths


def test_functions_of_the_product_are_short() -> None:
    lengths = [code.length(one) for file in code.product() for one in file.functions() if not code.is_stub(one)]

    assert statistics.median(lengths) <= MEDIAN
    assert statistics.quantiles(lengths, n=10)[-1] <= NINETIETH


def test_no_function_is_longer_than_a_screen() -> None:
    none_of(
        (
            f"{file.at(one)} {one.name}: {code.length(one)} lines"
            for file in everything()
            for one in file.functions()
            if code.length(one) > LONGEST_FUNCTION
        ),
        f"no function has more than {LONGEST_FUNCTION} lines",
    )


def test_no_file_is_too_long_to_be_read_at_one_go() -> None:
    lengths = ((file.name, len(file.text.splitlines())) for file in everything())
    none_of(
        (f"{name}: {lines} lines" for name, lines in lengths if lines > LONGEST_FILE),
        f"no file has more than {LONGEST_FILE} lines",
    )


# -- habits


def test_everything_is_annotated() -> None:
    none_of(
        (
            f"{file.at(one)} {one.name}: {', '.join(code.bare_parameters(one)) or 'what it returns'}"
            for file in everything()
            for one in file.functions()
            if code.bare_parameters(one) or one.returns is None
        ),
        "every parameter and every result has a type",
    )


def test_every_module_says_what_it_is() -> None:
    none_of(
        (file.name for file in everything() if not ast.get_docstring(file.tree)),
        "a module begins with what it is, in plain words",
    )


def test_anything_at_all_is_caught_on_three_borders_and_nowhere_else() -> None:
    caught = [(file.name, file.at(node)) for file in code.product() for node in code.broad_catches(file)]
    times = Counter(name for name, _ in caught)

    none_of((at for name, at in caught if name not in BORDERS), f"only {sorted(BORDERS)} catch anything at all")
    none_of((name for name, count in times.items() if count > 1), "a border catches in one place")


def test_only_the_command_line_prints() -> None:
    none_of(
        (
            file.at(call)
            for file in code.product()
            for call, name in code.calls(file)
            if name == "print" and file.name != "bot/__main__.py"
        ),
        "what is said goes to the log or to a person; only bot/__main__.py prints",
    )


def test_every_exception_from_a_rule_says_why() -> None:
    none_of(
        (
            f"{file.name}:{number} {line.strip()}"
            for file in code.product()
            for number, line in enumerate(file.text.splitlines(), start=1)
            if UNEXPLAINED.search(line)
        ),
        "an ignored lint carries its reason behind it, on the same line",
    )


def test_names_are_made_of_our_own_words() -> None:
    none_of(
        (f"{at}: {name}" for file in everything() for at, name in named(file) if words_in(name) & BANNED_WORDS),
        f"no name is made of {sorted(BANNED_WORDS)}: they say nothing",
    )


def named(file: Source) -> Iterable[tuple[str, str]]:
    """The file itself, its classes and its functions."""
    yield file.name, Path(file.name).stem
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield file.at(node), node.name


def words_in(name: str) -> set[str]:
    found = {word.lower() for word in WORDS.findall(name)}
    return found | {word.removesuffix("s") for word in found}


# -- tests


def test_nothing_is_patched() -> None:
    mocks = (
        (file.at(node), name) for file in code.tests() for node, name in code.imported(file) if "mock" in name.lower()
    )
    patches = (
        (file.at(call), name)
        for file in code.tests()
        for call, name in code.calls(file)
        if name.split(".")[-1] == "patch" or name.endswith(("monkeypatch.setattr", "monkeypatch.setitem"))
    )
    none_of((f"{at} {name}" for at, name in (*mocks, *patches)), "tests go through the house and its simulators")


def test_no_test_waits_for_real_time() -> None:
    none_of(
        (
            file.at(call)
            for file in code.tests()
            for call, name in code.calls(file)
            if not file.name.startswith(("tests/storms/", "tests/bench/")) and naps(call, name)  # played, or measured
        ),
        "wait for an event, or let a played clock pass",
    )


def naps(call: ast.Call, name: str) -> bool:
    return name == "time.sleep" or (name == "asyncio.sleep" and ast.unparse(call.args[0]) != "0")


def test_a_test_is_named_by_a_sentence() -> None:
    none_of(
        (
            f"{file.at(one)} {one.name}"
            for file in code.tests()
            for one in file.functions()
            if one.name.startswith("test_") and one.name.count("_") < 3
        ),
        "a test's name is a whole sentence about the product",
    )


# -- papers


def test_the_tree_in_the_readme_is_the_tree_on_disk() -> None:
    drawn, real = paper("README.md").splitlines(), readme().splitlines()

    none_of((f"missing: {line}" for line in real if line not in drawn), "draw it again: ./dev fix")
    none_of((f"too much: {line}" for line in drawn if line not in real), "draw it again: ./dev fix")


def test_every_name_in_the_flows_leads_somewhere() -> None:
    named_there = NAMED_IN_FLOWS.findall(paper("docs/flows.md"))
    files = {file.name: file.tree for file in everything()}

    assert len(named_there) >= 10, "docs/flows.md follows what happens from file:function to file:function"
    none_of(
        (f"{path}:{name}" for path, name in named_there if path not in files or not code.resolves(files[path], name)),
        "docs/flows.md names what is not there",
    )


def test_contributing_fits_on_two_screens() -> None:
    assert len(paper("CONTRIBUTING.md").splitlines()) <= LONGEST_CONTRIBUTING


@pytest.mark.parametrize("path", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda path: path.name)
def test_a_decision_can_be_quoted_in_one_line(path: Path) -> None:
    parts = dict(re.findall(r"^## (\w+)\n+(.*?)(?=\n## |\Z)", text_of(path), re.MULTILINE | re.DOTALL))

    assert list(parts) == ["Context", "Decision", "Consequences", "Alternatives"]
    assert len(re.findall(r"[.?!](?=\s|$)", parts["Context"])) <= 4, "the context is told in four sentences"
    assert re.fullmatch(r"> .+", parts["Decision"].strip().splitlines()[0]), "the decision is one quotable line"


def test_every_decision_has_its_own_number() -> None:
    numbers = sorted(path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md"))

    assert all(number.isdecimal() for number in numbers)
    assert numbers == sorted(set(numbers))


# -- what must not be committed


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_every_hash_and_no_place(name: str) -> None:
    lines = paper(name).splitlines()
    hashed = [line for before, line in pairwise(lines) if re.match(r"[\w.-]+==", before) and "--hash=" in line]

    none_of((line for line in lines if "//" in line or line.startswith("-")), f"{name} names a place")
    assert len(hashed) == len(pins(name))


def test_what_is_tested_is_what_runs() -> None:
    none_of(
        sorted(pins("requirements.lock") - pins("requirements-dev.lock")),
        "requirements-dev.lock pins other versions than requirements.lock",
    )


def pins(name: str) -> set[str]:
    return set(re.findall(r"^[\w.-]+==\S+", paper(name), re.MULTILINE))


def test_no_path_of_one_machine_and_no_registry_is_committed() -> None:
    named_places = (
        (path, number, line)
        for path in outside_tests()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if HERE.search(line) or REGISTRY.search(line)
    )
    none_of(
        (f"{path.relative_to(ROOT)}:{number} {line.strip()[:80]}" for path, number, line in named_places),
        "no path of one machine, no registry",
    )


def test_the_folders_are_the_four_of_the_plan() -> None:
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == set(PRODUCT)
