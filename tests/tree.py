"""Draws the tree in README.md from what stands on disk and what each module says of itself. Run by ./dev fix."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("bot", "core", "payments", "infra")
BEGIN, END = "<!-- the tree: drawn by ./dev fix -->\n", "<!-- the end of the tree -->"
QUIET = {"__init__.py", "__pycache__", "py.typed"}
COLUMN, WIDEST = 30, 100

# What cannot speak for itself; only what stands on disk is drawn.
NOTES = {
    "dev": "the workbench: run, test, check, fix, storm, bench",
    ".ci/run": "from a bare machine to the verdict",
    "pyproject.toml": "dependencies and the settings of every tool",
    "requirements.lock": "what runs, by hash",
    "requirements-dev.lock": "what runs and what builds, by hash",
    "Dockerfile": "the house in one image",
    "docs/flows.md": "what happens, step by step, as file:function",
    "docs/operate.md": "to run it: settings, health, backup, what to do when",
    "docs/payments.md": "the money side, and what VNPAY does",
    "docs/web.md": "the web chat's socket",
    "docs/shots/": "the web chat as it looks, taken by tests/journeys/browser/shots.py",
    "docs/decisions/": "why it is so",
    "tests/journeys/": "whole stories, through the house",
    "tests/twins/": "one suite per port, run on both builders",
    "tests/core/": "the mirror of core",
    "tests/payments/": "the mirror of payments",
    "tests/bot/": "the mirror of bot",
    "tests/infra/": "the mirror of infra",
    "tests/storms/": "crash, concurrency and fault runs",
    "tests/bench/": "measured, never asserted on time",
    "tests/vectors/": "vendor facts as data",
}


def drawing() -> str:
    """The whole tree, ready to stand between the two marks."""
    all_rows = list(rows())
    depths = [depth for depth, _, _ in all_rows]
    lines = [entry(branches(depths, place) + name, words) for place, (_, name, words) in enumerate(all_rows)]
    return "\n".join(["```", "imagify/", *lines, "```", ""])


def branches(depths: list[int], place: int) -> str:
    """The lines to the left of a name: one for each level that still goes on below it."""
    depth = depths[place]
    upper = "".join("│   " if goes_on(depths, place, level) else "    " for level in range(1, depth))
    return upper + ("├── " if goes_on(depths, place, depth) else "└── ")


def goes_on(depths: list[int], place: int, level: int) -> bool:
    later = (depth for depth in depths[place + 1 :] if depth <= level)
    return next(later, 0) == level


def entry(name: str, words: str) -> str:
    return f"{name:<{COLUMN}} {words}".rstrip()


def rows() -> Iterator[tuple[int, str, str]]:
    """Depth, name and words of every line below the root."""
    for name in [*filter(single, NOTES), *(f"{folder}/" for folder in PRODUCT)]:
        if name.rstrip("/") in PRODUCT:
            yield from folder_rows(ROOT / name, 1)
        else:
            yield 1, name, NOTES[name]
    for folder in ("docs", "tests"):
        yield 1, f"{folder}/", {"docs": "what the code cannot say", "tests": "what must hold"}[folder]
        yield from noted_rows(f"{folder}/")


def single(name: str) -> bool:
    return not name.startswith(("docs/", "tests/")) and stands(ROOT / name)


def stands(path: Path) -> bool:
    """A file, or a folder with one in it; git keeps no empty folders, so neither does the drawing."""
    return path.is_file() or any(one.is_file() and "__pycache__" not in one.parts for one in path.rglob("*"))


def noted_rows(folder: str) -> Iterator[tuple[int, str, str]]:
    yield from ((2, path.name, words_of(path)) for path in sorted((ROOT / folder).glob("*.py")))
    for name, words in NOTES.items():
        if name.startswith(folder) and stands(ROOT / name):
            yield 2, name.removeprefix(folder), words


def folder_rows(folder: Path, depth: int) -> Iterator[tuple[int, str, str]]:
    yield depth, f"{folder.name}/", words_of(folder / "__init__.py")
    for path in sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name)):
        if path.name in QUIET or not stands(path):
            continue
        if path.is_dir():
            yield from folder_rows(path, depth + 1)
        else:
            yield depth + 1, path.name, words_of(path)


def words_of(path: Path) -> str:
    """The first sentence of a module's docstring, or as much of it as stands on a line."""
    if path.suffix != ".py" or not path.exists():
        return NOTES.get(path.relative_to(ROOT).as_posix(), "")
    said = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
    for end in (". ", "; ", ", ", ": "):
        said = said.partition(end)[0] if len(said) > WIDEST or end == ". " else said
    return said.rstrip(".")


def readme() -> str:
    """README.md as it should stand."""
    before, _, rest = (ROOT / "README.md").read_text(encoding="utf-8").partition(BEGIN)
    return before + BEGIN + drawing() + END + rest.partition(END)[2]


if __name__ == "__main__":
    (ROOT / "README.md").write_text(readme(), encoding="utf-8")
