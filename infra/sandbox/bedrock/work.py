"""What is asked of Bedrock, what it makes of it, and what it answers: the nouns that its parts hand to each other."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.sandbox.bedrock.faults import Fault
from infra.sandbox.bedrock.filters import Filters
from infra.sandbox.bedrock.ledger import Call
from infra.sandbox.bedrock.models import Model

MEGAPIXEL = 1_024 * 1_024


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came; headers by their names in small letters. With a region it needs no signature."""

    method: str
    path: str  # as it was written, escapes and query and all
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: one piece, or many where it is a stream; `torn` says where the line is cut."""

    status: int
    headers: Mapping[str, str]
    pieces: tuple[bytes, ...]
    gap: float = 0.0  # seconds between two pieces
    torn: str = ""  # "headers": behind them, "half": in the middle of the body
    call: Call | None = None

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


@dataclass(frozen=True, slots=True)
class Task:
    """What a model is given: its own request, and what it has to know of the world."""

    model: Model
    raw: bytes
    filters: Filters
    chance: random.Random
    pixels: int = MEGAPIXEL
    fault: Fault | None = None

    def befallen(self, kind: str) -> Fault | None:
        return self.fault if self.fault and self.fault.kind == kind else None


@dataclass(frozen=True, slots=True)
class Done:
    """What a model gave: JSON, or named events where a stream was asked for; `filtered` says what kept it back."""

    said: Mapping[str, Any]
    events: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    filtered: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A request that is right: what it costs, what it is about, and how it is done."""

    usd_micros: int
    words: str
    do: Callable[[], Done]
    seed: int = 0
    seconds: float = 0.0
