"""What the house says about itself, on stderr: a JSON object a line for machines, a plain line on a terminal.

No secret and nothing that names a person leaves here: secrets are struck out wherever they stand, and facts that
belong to a person (their words, their address) are left out whatever is logged. Our own person id may stay.
"""

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

STRUCK = "[struck out]"
PRIVATE = frozenset({"address", "chat", "email", "phone", "prompt", "text", "words"})
OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}  # what every record carries anyway
SECRET_SHAPES = (
    r"\d{6,}:[\w-]{30,}",  # a bot's token, which stands in the path of every call to its vendor
    r"(?<=vnp_SecureHash=)\w+",
    r"(?<=secret=)[^&\s\"\\]+",
)
SHORTEST = 6  # a shorter "secret" would strike out half of every line


class Lines(logging.Formatter):
    """Plain lines, for a person at a terminal."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = re.compile("|".join([*as_written(secrets), *SECRET_SHAPES]))

    def format(self, record: logging.LogRecord) -> str:
        return self._secrets.sub(STRUCK, self.line(record))

    def line(self, record: logging.LogRecord) -> str:
        at = f"{told_at(record):%H:%M:%S}"
        facts = " ".join(f"{name}={value}" for name, value in facts_of(record).items())
        said = f"{at} {record.levelname.lower()} {record.getMessage()} {facts}".rstrip()
        return "\n".join(filter(None, [said, self.trace(record)]))

    def trace(self, record: logging.LogRecord) -> str:
        return self.formatException(record.exc_info) if record.exc_info else ""


class Json(Lines):
    """One object a line, for whatever gathers them."""

    def line(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": told_at(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "said": record.getMessage(),
            **facts_of(record),
        }
        if record.exc_info:
            said["trace"] = self.trace(record)
        return json.dumps(said, ensure_ascii=False, default=str)


def as_written(secrets: Iterable[str]) -> list[str]:
    """Each secret as it stands in a plain line and in JSON, the longest first."""
    long_enough = [secret for secret in secrets if len(secret) >= SHORTEST]
    forms = {*long_enough, *(json.dumps(secret, ensure_ascii=False)[1:-1] for secret in long_enough)}
    return [re.escape(form) for form in sorted(forms, key=len, reverse=True)]


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """What was handed over as `extra`, without what belongs to a person."""
    return {name: fact for name, fact in vars(record).items() if name not in OWN and name not in PRIVATE}


def told_at(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def open_log(secrets: Iterable[str], stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """From now on everything that is logged goes to the stream (stderr), without these secrets."""
    out = logging.StreamHandler(stream)
    form = Lines if out.stream.isatty() else Json
    out.setFormatter(form(secrets))
    logging.basicConfig(handlers=[out], level=level, force=True)
