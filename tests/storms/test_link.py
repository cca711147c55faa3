"""Linking under attack in small; `./dev storm --only link` tries every point, many seeds and a whole day of guesses."""

from tests.storms import guessing, link
from tests.storms.link_verdict import Tally

KILLED_AT = 13  # every so many points here, every single one in ./dev storm


def test_a_house_that_dies_at_any_point_of_a_link_or_a_parting_leaves_nobody_half_linked() -> None:
    points = range(1, link.length() + 1, KILLED_AT)

    tally = Tally().add(map(link.die_at, points))

    assert tally.named == []
    assert tally.kills == tally.runs >= 15
    assert (tally.links, tally.partings) == (2 * tally.runs, tally.runs)


def test_whatever_chats_admins_and_the_gateway_do_at_once_sums_are_right_and_no_gift_comes_twice() -> None:
    tally = Tally().add(map(link.die_by_lot, range(25)))

    assert tally.named == []
    assert min(tally.kills, tally.links, tally.partings) >= 30
    whys = {"drawing", "orders", "refund", "frozen", "banned", "void", "taken", "used", "same chat", "already", "alone"}
    assert whys <= set(tally.refusals), "a refusal that no story came across"


def test_a_seed_of_links_tells_the_same_story_again() -> None:
    assert link.many_chats(4) == link.many_chats(4)


def test_guessing_is_answered_so_seldom_that_nobody_guesses_a_code() -> None:
    report = guessing.run(chats=60, hours=2)

    assert report.wrong() == []
    assert report.said > 5_000
    assert report.refused > 0.9 * report.said
    assert report.a_year < guessing.ACCEPTABLE
