"""What was called, and what is on the bill: a call counts when it is accepted, whether or not anybody still listens."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

MOST_REMEMBERED = 100_000  # calls; the sums go on


@dataclass(slots=True)
class Call:
    """One request. `outcome`: going, answered, filtered, refused, failed, cut, or abandoned where nobody listened."""

    number: int
    at: float  # on Bedrock's own clock
    operation: str
    model: str  # its own id, without a profile's prefix; the id as it was asked for where there is none such
    asked: str
    region: str
    words: str = ""
    seed: int = 0
    billed: bool = False
    usd_micros: int = 0
    status: int = 0
    code: str = ""  # the exception's name
    fault: str = ""
    outcome: str = "going"

    @property
    def wire(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Ledger:
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=MOST_REMEMBERED))
    billed: Counter[str] = field(default_factory=Counter)  # calls by model, for ever
    usd_micros: Counter[str] = field(default_factory=Counter)  # and what they cost
    codes: Counter[str] = field(default_factory=Counter)  # exceptions by name
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def open(self, at: float, operation: str, asked: str, region: str) -> Call:
        call = Call(next(self._numbers), at, operation, asked, asked, region)
        self.calls.append(call)
        return call

    def bill(self, call: Call, usd_micros: int) -> None:
        """From now on it costs, whatever comes of it."""
        call.billed, call.usd_micros = True, usd_micros
        self.billed[call.model] += 1
        self.usd_micros[call.model] += usd_micros

    def forgive(self, call: Call) -> None:
        """It was on the bill, and is not."""
        self.billed[call.model] -= 1
        self.usd_micros[call.model] -= call.usd_micros
        call.billed, call.usd_micros = False, 0

    def refused(self, call: Call, status: int, code: str) -> None:
        call.status, call.code = status, code
        call.outcome = "refused" if status < 500 and status not in {408, 424} else "failed"
        self.codes[code] += 1

    def bills(self, *, since: float = 0.0, model: str = "", operation: str = "") -> list[Call]:
        """What is on the bill, of the models whose id has this part."""
        return [call for call in self.made(since=since, model=model, operation=operation) if call.billed]

    def made(self, *, since: float = 0.0, model: str = "", operation: str = "") -> list[Call]:
        """Every call that is remembered."""
        return [
            call
            for call in self.calls
            if call.at >= since and model in call.model and operation in {"", call.operation}
        ]

    def total(self, model: str = "") -> int:
        """Millionths of a dollar, from the beginning."""
        return sum(cost for name, cost in self.usd_micros.items() if model in name)
