"""The storm of strangers as ./dev storm tells it."""

from tests.storms import strangers
from tests.storms.sizes import Found, Size


def storm(size: Size, seed: int) -> Found:
    """Strangers with any bytes, beside honest people who draw and a gateway that calls."""
    report = strangers.run(size.siege, seed)
    return Found(report.lines(), [*report.wrong, *report.slow])
