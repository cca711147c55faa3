"""What a person reads: every sentence in both languages, with the same facts in each."""

import importlib
import pkgutil
from collections.abc import Iterator
from string import Formatter
from typing import get_args

import pytest

import bot.texts
from bot.replies import of_news, send_again
from bot.texts import Language
from core.news import GIVEN_BACK, IMAGE_CANCELLED, IMAGE_FAILED, IMAGE_READY, News

LANGUAGES: tuple[Language, ...] = get_args(Language)
JOB = "01KABCDEFGHJKMNPQRSTVWXYZ0"
KINDS = (IMAGE_READY, IMAGE_FAILED, IMAGE_CANCELLED, GIVEN_BACK)


def sentences() -> Iterator[tuple[str, dict[str, str]]]:
    """Every text there is, by where it stands."""
    for module in pkgutil.iter_modules(bot.texts.__path__):
        texts = importlib.import_module(f"bot.texts.{module.name}")
        yield from ((f"{module.name}.{name}", said) for name, said in vars(texts).items() if name.isupper())


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def news(kind: str, **facts: str) -> News:
    return News("1", kind, "an", "telegram", "101", due=0, at=0, facts={"job": JOB, "price": 3, **facts})


def test_every_sentence_is_said_in_both_languages() -> None:
    said = dict(sentences())

    assert len(said) > 5
    assert {name for name, texts in said.items() if sorted(texts) != sorted(LANGUAGES)} == set()
    assert {name for name, texts in said.items() if not all(text.strip() for text in texts.values())} == set()


def test_every_sentence_states_the_same_facts_in_both_languages() -> None:
    assert [name for name, said in sentences() if places(said["vi"]) != places(said["en"])] == []


def test_no_sentence_is_the_same_in_both_languages() -> None:
    assert [name for name, said in sentences() if said["vi"] == said["en"]] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_all_news_are_told_with_what_they_cost_and_nothing_left_open(kind: str, language: Language) -> None:
    told = of_news(news(kind), language)

    assert "3 credit" in told.text
    assert "{" not in told.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_blocked_is_told_otherwise_than_what_failed(language: Language) -> None:
    failed, blocked = (of_news(news(IMAGE_FAILED, reason=reason), language).text for reason in ("outage", "blocked"))

    assert failed != blocked
    assert JOB[-8:] in failed


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_failed_can_be_tried_again(language: Language) -> None:
    offered = {kind: [choice.action for choice in of_news(news(kind), language).choices] for kind in KINDS}

    assert offered == {kind: [f"retry:{JOB}"] if kind == IMAGE_FAILED else [] for kind in KINDS}


def test_a_picture_travels_with_its_sentence() -> None:
    assert of_news(news(IMAGE_READY), "vi", b"bytes").picture == b"bytes"
    assert of_news(news(IMAGE_FAILED), "vi").picture is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_may_have_missed_a_picture_can_ask_for_it(language: Language) -> None:
    (button,) = send_again(news(IMAGE_READY), language).choices

    assert button.action == f"show:{JOB}"
    assert button.text
