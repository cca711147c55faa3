"""Shapes: a JSON text that is bent as the bytes of a fuzzer say, so that its mutations stay JSON.

The first byte says which of the documents, or that the rest is the text itself; each three that follow bend one place.
"""

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

RAW = 0
MOST_BENDS = 24
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, -(2**63), 10**30, 1.5, -0.0, 1e308, float("inf"), float("nan"),
    "", "7", "-7", "²", "a", "a" * 300, "ệ" * 5_000, "\ud800", "\x00", "\u202e", "/imagine@imagify_bot x", "private",
    [], [None], [[]], {}, {"": None}, {"id": 1}, [{"id": "x"}], {"message_id": 1},
)  # fmt: skip

Place = tuple[Any, Any]  # a dict or a list, and where in it


def bent(documents: Sequence[object], data: bytes) -> bytes:
    if not data or data[0] == RAW:
        return data[1:]
    document = {"": deepcopy(documents[data[0] % len(documents)])}
    for at in range(1, min(len(data) - 2, 3 * MOST_BENDS), 3):
        bend(document, *data[at : at + 3])
    return json.dumps(document.get("")).encode()


def bend(document: object, where: int, how: int, what: int) -> None:
    """Put something odd there, take it away, or put there what stands elsewhere."""
    places = list(all_places(document))
    if not places:
        return
    inside, at = places[where % len(places)]
    if how < 160:
        inside[at] = deepcopy(ODD[what % len(ODD)])
    elif how < 200 and isinstance(inside, dict):
        del inside[at]
    else:
        other, there = places[what % len(places)]
        inside[at] = deepcopy(other[there])


def all_places(document: object) -> Iterator[Place]:
    within = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for at, value in within:
        yield document, at
        yield from all_places(value)


def straight(documents: Sequence[object]) -> Iterator[bytes]:
    """Each document as it is, as a text of its own and as one to bend."""
    for number, document in enumerate(documents):
        yield bytes([RAW]) + json.dumps(document).encode()
        yield bytes([number or len(documents)])
