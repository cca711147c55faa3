"""Tally – counts by day: spend with every attempt, news once told.

Told news is noted in the journal before the count deletes the row. Days are those of Việt Nam.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from core.clock import DAY, HOUR
from core.journal import Journal, Unkept
from core.news import IMAGE_FAILED, SHARDS, TALLY, shelf_of, waits
from core.pace import pace_key, remembering
from core.table import Change, Delete, Fields, Key, Refused, Row, Table, Write

VIETNAM = 7 * HOUR
SPEND_SHARDS = 8  # many workers count attempts at the same time
MOST_AT_ONCE = 60
STUDIED = ("job", "sheet", "order", "model", "price", "credits", "took")  # no words of people


@dataclass(frozen=True, slots=True)
class Spend:
    """Spend on painting in one day, in millionths of a dollar, by the pocket that paid."""

    gift: int = 0
    paid: int = 0
    beyond: int = 0  # of both: what dearer stand-ins cost above the ordered models


def day_of(now: int) -> int:
    """Number of the day in Việt Nam."""
    return (now + VIETNAM) // DAY


def counter_key(day: int, name: str) -> Key:
    return Key(f"COUNTER#{day}", name)


def spending(now: int, shard: int, usd_micros: int, *, gift: bool, beyond: int = 0) -> Change:
    """Write that counts a cost with the attempt's mark. A negative `usd_micros` takes back what was not billed."""
    add = {"gift" if gift else "paid": usd_micros, **({"beyond": beyond} if beyond else {})}
    return Change(counter_key(day_of(now), f"SPEND#{shard % SPEND_SHARDS}"), add=add, or_create=True)


class Tally:
    def __init__(self, table: Table, channels: Collection[str] = (), journal: Journal | None = None) -> None:
        """Take `channels`: all that the house serves, in any process."""
        self._table, self._journal = table, journal or Unkept()
        self._shelves = [shelf_of(name, shard) for name in (*sorted(channels), TALLY) for shard in range(SHARDS)]

    async def spend(self, day: int) -> Spend:
        rows = await self._table.list(f"COUNTER#{day}", "SPEND#")
        return Spend(*(sum(row.number(one) for row in rows) for one in ("gift", "paid", "beyond")))

    async def day(self, day: int) -> dict[str, int]:
        """Counts of a `day`, by name."""
        row = await self._table.get(counter_key(day, "EVENTS"))
        return {name: value for name, value in row.fields.items() if isinstance(value, int)} if row else {}

    async def count(self) -> int:
        """Sum up told news, each id once, as the write of the count deletes the row."""
        return sum([await self._counted(shelf) for shelf in self._shelves])

    async def _counted(self, shelf: str) -> int:
        counted, after = 0, ""
        while rows := await self._table.list(shelf, after=after, limit=MOST_AT_ONCE):
            told = [row for row in rows if not waits(row)]
            if told and not await self._sum(told):
                break
            counted, after = counted + len(told), rows[-1].key.name
            if len(rows) < MOST_AT_ONCE:
                break
        return counted

    async def _note(self, rows: list[Row]) -> None:
        """Note `rows` in the journal before the count. After a death in between the same ids are noted again."""
        for row in rows:
            await self._journal.note(row.text("kind"), studied(row), once=row.text("id", row.key.name))
        await self._journal.settle()

    async def _sum(self, rows: list[Row]) -> bool:
        await self._note(rows)
        days: dict[int, Counter[str]] = {}
        for row in rows:
            days.setdefault(day_of(row.number("at")), Counter()).update(names_of(row))
        gone: list[Write] = [Delete(row.key, when={}) for row in rows]
        paces = [remembering(await self._table.get(pace_key(one)), one, took) for one, took in took_of(rows).items()]
        sums = [Change(counter_key(day, "EVENTS"), add=dict(sum_), or_create=True) for day, sum_ in days.items()]
        try:
            await self._table.write(*gone, *sums, *paces)
        except Refused:
            return False  # another process was counting the same rows
        return True


def took_of(rows: list[Row]) -> dict[str, list[int]]:
    """Durations of paintings in `rows`, by model."""
    took: dict[str, list[int]] = {}
    for row in rows:
        facts = row.map("facts")
        if isinstance(one := facts.get("took"), int):
            took.setdefault(str(facts.get("model")), []).append(one)
    return took


def studied(row: Row) -> Fields:
    """Facts of told news for the journal: codes, names of ours and numbers."""
    facts, names = row.map("facts"), STUDIED + (("reason",) if row.text("kind") == IMAGE_FAILED else ())
    kept = {name: facts[name] for name in names if name in facts}
    return {"since": row.number("at"), "channel": row.text("channel"), "outcome": row.text("outcome"), **kept}


def names_of(row: Row) -> Counter[str]:
    kind, price = row.text("kind"), row.map("facts").get("price", 0)
    told = {kind: 1, f"{kind}/{row.text('channel')}": 1, f"{kind}/{row.text('outcome')}": 1}
    return Counter(told) + Counter({f"{kind}/credits": price if isinstance(price, int) else 0})
