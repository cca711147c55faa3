"""Small forms of the storms on the AWS wing; `./dev storm --only billing --only cut` has them in full."""

import pytest

from tests.servers import on_ministack, on_valkey
from tests.storms import billing, cut

__all__ = ["on_ministack", "on_valkey"]  # fixtures, found by their names

# They say whether there are servers; a storm starts its own.
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("on_ministack", "on_valkey")]


def test_no_fault_of_bedrock_is_paid_twice_and_none_by_a_person() -> None:
    report = billing.run(each=1, kills=0, kinds=billing.FEW, apart=False)

    assert report.wrong == []
    assert report.extra <= report.faults == len(billing.FEW)
    assert report.pictures == report.prompts


def test_whichever_store_is_cut_off_nothing_is_lost_and_the_house_says_which() -> None:
    report = cut.run(seconds=3)

    assert report.wrong == []
    assert [one.store for one in report.seen] == list(cut.STORES)
    assert report.pictures + report.refused == report.prompts
