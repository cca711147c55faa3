"""A few kills of the storm on the embedded table; `./dev storm` runs it at full size."""

from tests.storms.kill_sqlite import run


def test_a_killed_process_loses_nothing_it_had_acknowledged() -> None:
    report = run(kills=5, seed=20_261_120)

    assert report.kills == 5
    assert report.acknowledged >= 5
    assert (report.lost, report.torn) == (0, 0)
