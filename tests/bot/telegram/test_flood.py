"""A flood in small: many watch their pictures, Telegram tells them to wait, and nothing is lost or said in vain."""

from tests.storms.flood import run


def test_no_picture_is_lost_no_wait_ignored_and_no_edit_becomes_a_message() -> None:
    report = run(chats=60, seed=1)

    assert report.wrong == []
    assert report.results == 60
    assert report.told_to_wait > 20
    assert report.edits > 100
