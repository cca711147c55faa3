"""How many calls a second: fewer at every word of too much, and slowly learned back."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.clock import SECOND
from core.rates import Rate

NOW = 1_795_132_800_000


def halved(rate: Rate) -> Rate:
    """Said twice."""
    return replace(rate, cut_to=rate.ceiling / 2, cut_at=NOW)


def test_a_word_of_too_much_costs_a_tenth_and_one_more_before_that_is_learned_back_half_of_the_rest() -> None:
    once = Rate(2.0).cut(NOW, began=NOW - SECOND)
    long_after = once.cut(NOW + 60 * SECOND, began=NOW + 59 * SECOND)

    assert once.by(NOW) == 1.8
    assert once.cut(NOW + SECOND, began=NOW + 1).by(NOW + SECOND) == 0.9
    assert long_after.by(NOW + 60 * SECOND) == 1.8


def test_an_accident_is_soon_forgotten() -> None:
    rate = Rate(2.0).cut(NOW, began=NOW - SECOND)

    assert rate.by(NOW + 60 * SECOND) == 2.0


def test_it_comes_back_a_tenth_every_half_minute_and_never_beyond_what_is_allowed() -> None:
    rate = halved(Rate(2.0))

    learned = [round(rate.by(NOW + seconds * SECOND), 3) for seconds in (29, 30, 60, 150, 299, 300, 100_000)]

    assert learned == [1.0, 1.1, 1.2, 1.5, 1.9, 2.0, 2.0]


def test_a_large_quota_is_learned_back_as_soon_as_a_small_one() -> None:
    rate = halved(Rate(20.0))

    assert [rate.by(NOW + seconds * SECOND) for seconds in (0, 30, 300)] == [10.0, 11.0, 20.0]


def test_calls_that_were_out_already_when_it_was_cut_say_nothing_new() -> None:
    rate = halved(Rate(2.0))

    again = rate.cut(NOW + SECOND, began=NOW - 500)

    assert again == rate
    assert rate.cut(NOW + SECOND, began=NOW + 500).by(NOW + SECOND) == 0.5


def test_a_route_is_never_given_up_for_being_slow() -> None:
    rate, slow = Rate(2.0), Rate(0.1)
    for number in range(1, 20):
        rate, slow = (one.cut(NOW + number, began=NOW + number) for one in (rate, slow))

    assert rate.by(NOW + 19) == 0.2
    assert slow.by(NOW + 19) == 0.025


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 90_000)), min_size=1, max_size=30))
def test_two_processes_that_tell_each_other_agree(steps: list[tuple[bool, int]]) -> None:
    mine, yours, now = Rate(3.0), Rate(3.0), NOW
    for my_turn, passed in steps:
        now += passed
        if my_turn:
            mine = mine.hearing(yours.told()).cut(now, began=now)
        else:
            yours = yours.hearing(mine.told()).cut(now, began=now)

    mine, yours = mine.hearing(yours.told()), yours.hearing(mine.told())

    assert mine == yours
    assert 0.2 <= mine.by(now) <= 3.0


def test_what_nobody_has_told_changes_nothing() -> None:
    rate = Rate(2.0).cut(NOW, began=NOW)

    assert rate.hearing(None) == rate
    assert rate.hearing(Rate(2.0).told()) == rate
