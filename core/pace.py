"""Pace – measured painting times: the last ones of each model, by quantiles."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.clock import SECOND, Clock
from core.table import Change, Key, Row, Table, Value

LAST = 60  # paintings remembered per model
FRESH = 5 * SECOND
GUESS = 3 * SECOND  # until a painting has been measured


@dataclass(frozen=True, slots=True)
class Took:
    """Painting times in milliseconds: half took less than `p50`, nine of ten less than `p90`."""

    p50: int = GUESS
    p90: int = 2 * GUESS


def pace_key(model: str) -> Key:
    return Key(f"PACE#{model}", "META")


def remembering(row: Row | None, model: str, took: Sequence[int]) -> Change:
    """Write that adds the durations `took` and drops the oldest. Only one chore writes here, so no race is possible."""
    known: list[Value] = [one for one in row.items("took") if isinstance(one, int)] if row else []
    return Change(pace_key(model), set={"took": [*known, *took][-LAST:]}, or_create=True)


class Pace:
    def __init__(self, table: Table, clock: Clock) -> None:
        self._table, self._clock = table, clock
        self._known: dict[str, tuple[int, Took]] = {}

    async def of(self, model: str) -> Took:
        at, known = self._known.get(model, (-FRESH, Took()))
        now = self._clock.steady()
        if now >= at + FRESH:
            known = measured(await self._table.get(pace_key(model)))
            self._known[model] = (now, known)
        return known


def measured(row: Row | None) -> Took:
    took = sorted(one for one in row.items("took") if isinstance(one, int)) if row else []
    if not took:
        return Took()
    return Took(took[len(took) // 2], took[min(len(took) - 1, len(took) * 9 // 10)])
