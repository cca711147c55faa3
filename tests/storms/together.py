"""Storms on several processors: the same work on many parts, told in their order."""

from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")

PROCESSES = 2


def side_by_side(work: Callable[[A], T], parts: Iterable[A], together: int = 16) -> Iterator[T]:
    """On two processors, told in the order of the parts."""
    with get_context("spawn").Pool(PROCESSES) as pool:
        yield from pool.imap(work, parts, chunksize=together)
