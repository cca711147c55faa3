"""Guards whose loss is soon noticed; `./dev storm` hunts every mutant down."""

import pytest

from tests.storms.mutants import MUTANTS, Mutant, hunted, sound

SOON = {
    "a word is ordered once",
    "a gift is given once",
    "somebody is met once",
    "a call is written down before it is made",
    "what is on the disk is not paid again",
}


@pytest.mark.parametrize("mutant", [one for one in MUTANTS if one.rule in SOON], ids=lambda one: one.rule)
def test_a_house_that_has_lost_its_guards_is_found_out(mutant: Mutant) -> None:
    assert hunted(mutant, most=60).killed


@pytest.mark.parametrize("mutant", MUTANTS[::4], ids=lambda one: one.rule)
def test_the_same_storms_find_nothing_wrong_with_a_whole_house(mutant: Mutant) -> None:
    assert sound(mutant, range(5)) == []
