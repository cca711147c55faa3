"""Calls – keeps what a gateway has sent us, word for word, with the sender's address.

A signed call about an order of ours is kept with the order. All other calls are kept by day and up to a bound, for
anybody can send them.
"""

from contextlib import suppress
from dataclasses import dataclass

from core.chance import Chance
from core.clock import DAY, Clock
from core.inbox import HANDLED
from core.table import Below, Change, Create, Fields, Key, Refused, Row, Table, Value, Write
from payments.orders import day_of

KEPT = 70 * DAY  # the gateway asks for two months
LONGEST = 4_096  # characters of one call
MOST_A_DAY = 4 * 1024 * 1024  # characters of calls about no order of ours, per day


@dataclass(frozen=True, slots=True)
class Call:
    """Call of a gateway, and our `answer`."""

    at: int
    way: str  # call, return, open
    caller: str
    raw: str
    answer: str

    @classmethod
    def of(cls, row: Row) -> "Call":
        return cls(row.number("at"), row.text("way"), row.text("caller"), row.text("raw"), row.text("answer"))


class Calls:
    def __init__(self, table: Table, clock: Clock, chance: Chance) -> None:
        self._table, self._clock, self._chance = table, clock, chance

    async def keep(self, way: str, caller: str, raw: str, answer: str, *, ref: str = "") -> None:
        """Keep a call. Pass `ref` only where the call is surely about that order of ours."""
        now, raw = self._clock.now(), raw[:LONGEST]
        owner = f"ORDER#{ref}" if ref else f"CALLS#{day_of(now)}"
        gone: dict[str, Value] = {"shelf": HANDLED, "due": now + KEPT}
        fields: dict[str, Value] = {"at": now, "way": way, "caller": caller, "raw": raw, "answer": answer, **gone}
        kept = Create(Key(owner, f"CALL#{self._chance.ulid(now)}"), fields)
        with suppress(Refused):  # refused: the day's bound is reached, or two calls began the day at once
            await self._table.write(kept, *([] if ref else [await self._within(owner, len(raw), gone)]))

    async def _within(self, owner: str, length: int, gone: Fields) -> Write:
        """Write that counts `length` against the day's bound, for the write of the call itself."""
        key = Key(owner, "META")
        if await self._table.get(key) is None:
            return Create(key, {"kept": length, **gone})
        return Change(key, add={"kept": length}, when={"kept": Below(MOST_A_DAY)})

    async def of(self, ref: str, limit: int = 50) -> list[Call]:
        """Calls about the order `ref`, the oldest first."""
        return [Call.of(row) for row in await self._table.list(f"ORDER#{ref}", "CALL#", limit=limit)]

    async def strangers(self, day: str, limit: int = 50) -> list[Call]:
        """Newest calls of `day` that were about no order of ours."""
        rows = await self._table.list(f"CALLS#{day}", "CALL#", limit=limit, newest_first=True)
        return [Call.of(row) for row in rows]
