"""The rules, measured: sentences of templates, half of them held out from whoever writes the rules."""

from collections import Counter

import pytest

from core.letters import bare
from core.safety import Rules
from tests.measured import HELD_OUT, WORKING, Sentence, sentences

MOST_MISSED, MOST_FALSE, LEAST_HARD = 0.05, 0.02, 0.4


def wrong(said: list[Sentence]) -> float:
    return sum(one.wrong for one in said) / len(said)


@pytest.mark.parametrize("half", [WORKING, HELD_OUT])
def test_few_sentences_are_missed_and_fewer_refused_wrongly(half: str) -> None:
    said = sentences(half)

    assert wrong([one for one in said if one.refuse]) <= MOST_MISSED
    assert wrong([one for one in said if not one.refuse]) <= MOST_FALSE


def test_no_template_lies_in_both_halves() -> None:
    words = {half: {one.template for one in sentences(half)} for half in (WORKING, HELD_OUT)}

    assert words[WORKING].isdisjoint(words[HELD_OUT])
    assert min(map(len, words.values())) >= 50


@pytest.mark.parametrize("half", [WORKING, HELD_OUT])
def test_each_half_has_every_group_and_enough_that_is_easily_mistaken(half: str) -> None:
    said = sentences(half)
    refused = Counter(one.refuse for one in said if one.refuse)

    assert len(said) >= 250
    assert set(refused) == {rule.group for rule in Rules.open().rules}
    assert sum(bool(one.like) for one in said) >= LEAST_HARD * len(said)


def test_what_is_said_with_accents_is_said_without_them_too() -> None:
    said = sentences()
    words = {one.words for one in said}
    vietnamese = [one.words for one in said if one.template.startswith("vi ") and bare(one.words) != one.words]

    assert len(vietnamese) >= 200
    assert [text for text in vietnamese if bare(text) not in words] == []
