"""A small part of the quota's storm over loopback; `./dev storm --only quota-loopback` has it in full."""

import pytest

from tests.servers import on_ministack, on_valkey
from tests.storms.quota import ALLOWED, WAITED
from tests.storms.quota_loopback import FEW, run

__all__ = ["on_ministack", "on_valkey"]  # fixtures, found by their names

# They say whether there are servers; a storm starts its own.
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("on_ministack", "on_valkey")]


def test_two_workers_share_a_quota_and_whoever_wants_one_does_not_wait_for_whoever_wants_many() -> None:
    report = run(FEW)

    fair = report.named("fair")
    assert report.wrong == []
    assert fair.jobs.total() == FEW.heavy + FEW.singles
    assert len(fair.turns) == FEW.singles
    assert fair.turns[-1] <= WAITED * ALLOWED  # in turns, because a busy machine has seconds of its own
