"""What is said of an offer of AWS that falls silent."""

import pytest

from infra.aws.presence import Presence


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


@pytest.fixture(autouse=True)
def _heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "infra.aws.presence")


def test_an_outage_is_told_once_and_its_end_once(caplog: pytest.LogCaptureFixture) -> None:
    presence, error = Presence(), OSError("no connection")

    for moment in (0.0, 0.5, 1.0, 2.0, 29.0):
        presence.failed("s3 in here", error, moment)
    presence.answered("s3 in here", 30.0)
    presence.answered("s3 in here", 31.0)

    assert told(caplog) == [
        "s3 in here is away (no connection); what needs it is tried again",
        "s3 in here is back after 30 s",
    ]


def test_a_hiccup_and_failures_between_answers_are_not_told(caplog: pytest.LogCaptureFixture) -> None:
    presence, error = Presence(), OSError("no connection")

    for moment in range(10):
        presence.failed("sqs in here", error, moment)
        presence.answered("sqs in here", moment + 0.1)
    presence.failed("sqs in here", error, 20.0)

    assert told(caplog) == []


def test_one_offer_that_is_away_says_nothing_of_another(caplog: pytest.LogCaptureFixture) -> None:
    presence, error = Presence(), OSError("no connection")

    presence.failed("s3 in here", error, 0.0)
    presence.answered("s3 in there", 1.0)
    presence.failed("s3 in here", error, 2.0)

    assert told(caplog) == ["s3 in here is away (no connection); what needs it is tried again"]
