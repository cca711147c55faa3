"""The machine-readable mark that every picture of ours carries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    model: str
    job: str
    made: int  # milliseconds since 1970
