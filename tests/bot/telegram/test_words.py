"""Lengths in UTF-16 units, and cuts that tear no character and lose no word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.words import captioned, length, pieces

TEXTS = st.text(alphabet=st.sampled_from("mèo 🐱👩‍👩‍👧\nẾ́"), max_size=300)


@pytest.mark.parametrize(("text", "units"), [("", 0), ("mèo", 3), ("🐱", 2), ("👍🏽", 4), ("👩‍👧", 5), ("한글", 2)])
def test_a_character_beyond_the_first_plane_counts_twice(text: str, units: int) -> None:
    assert length(text) == units == len(text.encode("utf-16-le")) // 2


@given(TEXTS, st.integers(8, 60))
def test_every_part_fits_and_together_they_are_the_whole_text(text: str, most: int) -> None:
    parts = pieces(text, most)

    assert all(length(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_that_fits_is_left_alone() -> None:
    assert pieces("  hai dòng\n\nnhư cũ ", 4096) == ["  hai dòng\n\nnhư cũ "]


def test_it_is_cut_at_a_line_rather_than_in_a_sentence() -> None:
    assert pieces("một hai ba\nbốn năm sáu", 14) == ["một hai ba", "bốn năm sáu"]


def test_what_is_one_long_word_is_cut_between_its_characters() -> None:
    assert pieces("🐱" * 5, 4) == ["🐱🐱", "🐱🐱", "🐱"]


def test_a_family_of_joined_emoji_stays_together_where_it_can() -> None:
    assert pieces("x" * 6 + "👩‍👧" + "y", 9) == ["xxxxxx", "👩‍👧y"]


def test_exactly_4096_units_are_one_message_and_one_more_are_two() -> None:
    assert [len(pieces("🐱" * count)) for count in (2048, 2049)] == [1, 2]


def test_a_caption_holds_1024_units() -> None:
    assert captioned("🐱" * 512) == ("🐱" * 512, "")
    assert captioned("🐱" * 513) == ("🐱" * 512, "🐱")
