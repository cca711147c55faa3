"""What a person reads: every sentence in both languages, with the same facts in each."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import get_args

import pytest

import bot.texts
from bot.asking import COMMANDS
from bot.commands.people import menu
from bot.conversation import SUBJECTS
from bot.texts import Language, length, thousands

LANGUAGES: tuple[Language, ...] = get_args(Language)
ALIKE = {"admin.JOB"}  # nothing in it but facts


def sentences() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text there is, by where it stands."""
    for module in pkgutil.iter_modules(bot.texts.__path__):
        texts = importlib.import_module(f"bot.texts.{module.name}")
        for name, said in vars(texts).items():
            if name.isupper():
                yield from within(f"{module.name}.{name}", said)


def within(name: str, said: object) -> Iterator[tuple[str, Mapping[str, str]]]:
    """A sentence, or several under one name."""
    if isinstance(said, tuple):
        said = dict(enumerate(said))
    assert isinstance(said, dict), f"{name} says nothing"
    if all(isinstance(text, str) for text in said.values()):
        yield name, said
    else:
        for key, one in said.items():
            yield from within(f"{name}[{key}]", one)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_sentence_is_said_in_both_languages() -> None:
    said = dict(sentences())

    assert len(said) > 100
    assert {name for name, texts in said.items() if sorted(texts) != sorted(LANGUAGES)} == set()
    assert {name for name, texts in said.items() if not all(text.strip() for text in texts.values())} == set()


def test_every_sentence_states_the_same_facts_in_both_languages() -> None:
    assert [name for name, said in sentences() if places(said["vi"]) != places(said["en"])] == []


def test_no_sentence_is_the_same_in_both_languages() -> None:
    assert {name for name, said in sentences() if said["vi"] == said["en"]} == ALIKE


def test_every_command_says_in_both_languages_what_it_does() -> None:
    assert SUBJECTS
    assert [one.name for one in COMMANDS.values() if not one.does] == []
    assert {one.name for one in menu()} == {one.name for one in COMMANDS.values() if one.rights == "none"}


@pytest.mark.parametrize(
    ("number", "vi", "en"),
    [(0, "0", "0"), (999, "999", "999"), (50_000, "50.000", "50,000"), (-1_000, "-1.000", "-1,000")],
)
def test_numbers_are_parted_as_the_reader_is_used_to(number: int, vi: str, en: str) -> None:
    assert (thousands(number, "vi"), thousands(number, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [(0.2, "1 giây", "1 s"), (89, "89 giây", "89 s"), (90, "2 phút", "2 min"), (3_600, "60 phút", "60 min")],
)
def test_a_wait_is_told_in_seconds_and_then_in_minutes(seconds: float, vi: str, en: str) -> None:
    assert (length(seconds, "vi"), length(seconds, "en")) == (vi, en)
