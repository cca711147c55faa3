"""A little of the storm of time; `./dev storm --only time` tells it at full size."""

import pytest

from tests.storms.leaps import told


@pytest.mark.parametrize("seed", range(12))
def test_clocks_that_leap_make_nobody_wait_twice_as_long_and_leave_the_books_clean(seed: int) -> None:
    assert told(seed).wrong == ()
