"""A small part of the storm of bits, and that its looker is not blind."""

import asyncio
from pathlib import Path

import pytest

from tests.storms import flips

FLIPS, CHANGED = 60, 20


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("homes")
    shut = asyncio.run(flips.furnished(folder / "shut"))
    return shut, asyncio.run(flips.killed(shut, folder / "dead"))


def test_bits_that_flip_in_a_home_are_found_when_it_opens_or_by_the_audit(homes: tuple[Path, Path]) -> None:
    report = flips.flip(homes, FLIPS, seed=1)

    assert (report.missed, report.fell) == ([], [])
    assert min(report.opening, report.audited) > 0
    assert report.opening + report.logged + report.audited + report.nothing == FLIPS


def test_rows_that_are_changed_in_a_home_are_all_found(homes: tuple[Path, Path]) -> None:
    report = flips.change(homes[0], CHANGED, seed=1)

    assert (report.missed, report.fell) == ([], [])
    assert report.opening + report.audited == CHANGED


def test_a_home_to_which_nothing_was_done_is_found_to_be_whole(homes: tuple[Path, Path]) -> None:
    report = flips.Report()
    looker = flips.Looker(report)

    for home in homes:
        looker.look(home, "nothing", lambda: False)

    looker.close()
    assert (report.nothing, report.missed, report.fell) == (2, [], [])
