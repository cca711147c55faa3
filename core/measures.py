"""Measures – plain numbers that a part of the house keeps of itself, for its operators."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Measure:
    name: str  # without the house's name as prefix
    about: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


Measuring: TypeAlias = Callable[[], Iterable[Measure]]  # neither waits nor fails


def nothing() -> Iterable[Measure]:
    """Measures of a part that keeps none."""
    return ()
