"""A few strangers at the door for a few seconds; the full-size run is ./dev storm --only strangers."""

from tests.storms.strangers import FEW, run


def test_strangers_with_any_bytes_neither_stop_the_house_nor_keep_anybody_honest_from_it() -> None:
    report = run(FEW)

    assert report.wrong == []
    assert report.paid == FEW.people
    assert report.drawn
    assert report.acknowledged
    assert len(report.written) >= 2 * FEW.writers
    assert report.turned_away
