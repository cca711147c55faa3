"""A small part of the quota's storm; `./dev storm --only quota` has all of it."""

import pytest

from tests.storms.quota import run


@pytest.mark.parametrize(("name", "pictures"), [("backlog", 120), ("fair", 80), ("outage", 100), ("guess", 120)])
def test_a_vendors_quota_is_spent_well(name: str, pictures: int) -> None:
    _, report = run(name, pictures)

    assert report.wrong(name) == []


def test_whoever_wants_one_does_not_wait_for_whoever_wants_many() -> None:
    _, report = run("fair", 120, seed=1)

    assert len(report.waits) == 40
    assert report.wait(0.95) <= 3
    assert report.jobs["kept"] == 160


def test_an_outage_burns_no_attempt() -> None:
    _, report = run("outage", 100, seed=1)

    assert report.calls["away"] <= 48  # as many as were answered before it, and the probes of two workers
    assert report.calls["taken"] == report.jobs["kept"] == 50
