"""Talk and prompts: a labelled set of what people say, and as many prompts that begin like it."""

import tomllib
from collections.abc import Iterator
from itertools import product

import pytest

from core.letters import clean
from core.talk import DOUBT, LONGEST_TALK, PROMPT, Meant, Talk
from tests.tree import ROOT

CODE = "261201AB12CD34EF56GH78"  # of an order
LEAST_RIGHT, MOST_ASKED_ABOUT = 0.97, 0.01  # of all talk; of all prompts


def vectors(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((ROOT / f"tests/vectors/{name}.toml").read_text("utf-8"))


def labelled() -> list[tuple[str, str]]:
    """What is meant and what was said; codes are known by their form before the table is asked."""
    return [
        (name, text)
        for part in vectors("talk").values()
        for name, texts in part.items()
        for text in texts
        if CODE not in text.upper()
    ]


def sentences(node: object) -> Iterator[str]:
    """Every sentence of a set, however deep it stands."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for one in node.values() if isinstance(node, dict) else node:
            yield from sentences(one)


def prompts() -> list[str]:
    facts = tomllib.loads((ROOT / "tests/vectors/prompts.toml").read_text("utf-8"))
    made = (way.format(subject) for subject, way in product(facts["subjects"], facts["ways"]))
    return [*facts["nasty"], *made, *sentences(vectors("safety"))]


def test_nearly_all_talk_is_understood_as_what_it_is() -> None:
    said = labelled()
    missed = [f"{text!r}: {Talk.open().meant(text).name}, not {name}" for name, text in said if not means(text, name)]

    assert len(said) > 900
    assert len(missed) <= (1 - LEAST_RIGHT) * len(said), "\n".join(missed)


def means(text: str, name: str) -> bool:
    return Talk.open().meant(text).name == name


@pytest.mark.parametrize("part", ["said", "later", "last", "hard"])
def test_every_part_of_the_set_is_understood_alike(part: str) -> None:
    said = [(name, text) for name, texts in vectors("talk")[part].items() for text in texts]
    right = [text for name, text in said if CODE in text.upper() or means(text, name)]

    assert len(right) >= LEAST_RIGHT * len(said)


def test_no_prompt_is_taken_for_talk_and_hardly_one_is_asked_about() -> None:
    said = prompts()
    meant = {text: Talk.open().meant(text).name for text in said}

    assert len(said) > 2_000
    assert {text: name for text, name in meant.items() if name not in (PROMPT, DOUBT)} == {}
    assert sum(name == DOUBT for name in meant.values()) <= MOST_ASKED_ABOUT * len(said)


def test_a_prompt_is_painted_as_it_was_said_and_as_often() -> None:
    wishes = ("vẽ ", "chào ", "làm ơn", "draw", "can you", "please")
    plain = [text for text in map(clean, prompts()) if not text.startswith(wishes)]

    assert [text for text in plain if Talk.open().meant(text) != Meant(PROMPT, text)] == []


@pytest.mark.parametrize(
    ("said", "words", "count"),
    [
        ("vẽ 4 ảnh con mèo", "con mèo", 4),
        ("vẽ cho mình 3 tấm con mèo đội nón", "con mèo đội nón", 3),
        ("ve 2 anh con meo", "con meo", 2),
        ("vẽ hai bức về Hội An --ar 16:9", "Hội An --ar 16:9", 2),
        ("Vẽ 4 ảnh Hà Nội, Mùa Thu", "Hà Nội, Mùa Thu", 4),
        ("draw 4 pictures of a fox", "a fox", 4),
        ("3 images of a castle", "a castle", 3),
        ("con mèo đội nón, 2 tấm", "con mèo đội nón", 2),
        ("con mèo, 4 ảnh nhé", "con mèo", 4),
        ("vẽ 12 ảnh con mèo", "con mèo", 12),
        ("vẽ giúp mình con mèo mướp", "con mèo mướp", 0),
        ("chào bạn, vẽ cho mình con mèo", "con mèo", 0),
        ("4 con mèo", "4 con mèo", 0),
        ("vẽ 3 bức tường gạch", "vẽ 3 bức tường gạch", 0),
        ("vẽ 2 tấm gương", "vẽ 2 tấm gương", 0),
        ("vẽ 4 hình tròn", "vẽ 4 hình tròn", 0),
        ("vẽ 4 ảnh polaroid treo trên dây", "vẽ 4 ảnh polaroid treo trên dây", 0),
        ("ba bức tranh treo trên tường", "ba bức tranh treo trên tường", 0),
    ],
)
def test_a_count_is_how_many_pictures_and_never_how_many_things(said: str, words: str, count: int) -> None:
    assert Talk.open().meant(said) == Meant(PROMPT, words, count)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "…",
        "🐱",
        "đ" * 2_000,
        "a " * 5_000,
        "((((",
        "[x]{y}|",
        "\u202e\x00",
        "cảm ơn " * (LONGEST_TALK + 1),
        '"cảm ơn bạn"',
    ],
)
def test_whatever_it_is_nobody_stumbles_over_it(text: str) -> None:
    assert Talk.open().meant(text).name == PROMPT


@pytest.mark.parametrize("text", ["cảm ơn bạn --ar 16:9", "“menu”", 'biển hiệu "cảm ơn"'])
def test_flags_and_letters_to_be_painted_make_a_prompt_of_it(text: str) -> None:
    assert Talk.open().meant(text) == Meant(PROMPT, text)
