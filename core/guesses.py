"""Guesses – limits wrong link codes per chat, per household and per kind of chat.

A guess is counted before its code is looked up, so that parallel guesses cannot pass the limit. A right one is taken
back. Chats of some kinds cost nothing to open, so a household has a count of its own. A kind of chat pauses alone:
when all chats of that kind together guess too often, somebody tries codes in bulk, so no guess from that kind is
answered for a while, and admins are told in the write that counts the last one. Linking goes on everywhere else.
"""

from contextlib import suppress
from dataclasses import dataclass, replace

from core.alarms import Alarms
from core.clock import HOUR, MINUTE, SECOND, Clock
from core.errors import NotLinked, TooOften
from core.inbox import HANDLED
from core.table import Below, Change, Condition, Fields, Key, Refused, Row, Table

MOST_TRIES = 5  # wrong codes per chat and window
MOST_OF_A_HOME = 20  # wrong codes per household and window
MOST_OF_A_KIND = 100  # wrong codes of all chats of one kind, per window
OF_A_CHAT, OF_A_KIND = HOUR, 10 * MINUTE  # the windows
PAUSE = 30 * MINUTE  # no guesses from that kind of chat for so long
MOST_RACES = 200
PAUSED = "guessing paused"  # name of the alarm


@dataclass(frozen=True, slots=True)
class Count:
    """Count of the guesses in one window, of which `most` are allowed."""

    key: Key
    most: int
    lasts: int
    since: int = 0
    until: int = 0
    tries: int = 0
    swept: bool = False  # True: the row is swept once the window is over

    def read(self, row: Row | None, now: int) -> "Count":
        """Count as stored in `row`. A window that is over, or ahead because the clock was set back, counts as none."""
        since, until = (row.number("since"), row.number("until")) if row else (0, 0)
        stands = row is not None and since <= now < until <= now + max(self.lasts, PAUSE)
        tries = row.number("tries") if row and stands else 0
        return replace(self, since=since, until=until if stands else 0, tries=tries)

    @property
    def full(self) -> bool:
        return self.tries >= self.most

    @property
    def last(self) -> bool:
        """True if one more guess fills the window."""
        return self.tries + 1 == self.most

    def more(self, now: int, until: int = 0) -> Change:
        """Write that counts one guess more. All but the last may be counted in any order."""
        if not self.until:
            since: Condition = self.since or None
            begun: Fields = {"since": now, "until": until or now + self.lasts, "tries": 1, **self._shelf(now)}
            return Change(self.key, set=begun, when={"since": since}, or_create=True)
        exact: Condition = self.tries if self.last else Below(self.most - 1)
        ends = {"until": until or self.until}
        return Change(self.key, set=ends, add={"tries": 1}, when={"since": self.since, "tries": exact})

    def _shelf(self, now: int) -> Fields:
        return {"shelf": HANDLED, "due": now + self.lasts} if self.swept else {}

    def less(self, now: int) -> Change:
        since = self.since if self.until else now
        return Change(self.key, add={"tries": -1}, when={"since": since}, floor={"tries": 0})


@dataclass(frozen=True, slots=True)
class Spent:
    """Guess that was counted, with the writes `back` that uncount the guess."""

    back: tuple[Change, ...]


class Guesses:
    def __init__(self, table: Table, clock: Clock, alarms: Alarms) -> None:
        self._table, self._clock, self._alarms = table, clock, alarms

    async def spend(self, chat: str, kind: str, home: str = "") -> Spent:
        """Count one guess for `chat`, the household `home` if known, and the `kind`. Raises TooOften if one is full."""
        counts = [Count(Key(chat, "TRIES"), MOST_TRIES, OF_A_CHAT)]
        counts += [Count(Key(f"GUESSES#home {home}", "META"), MOST_OF_A_HOME, OF_A_CHAT, swept=True)] if home else []
        counts.append(Count(Key(f"GUESSES#{kind}", "META"), MOST_OF_A_KIND, OF_A_KIND))
        for _ in range(MOST_RACES):
            now = self._clock.now()
            stand = [one.read(await self._table.get(one.key), now) for one in counts]
            if full := [one.until for one in stand if one.full]:
                raise TooOften(-(-(max(full) - now) // SECOND))
            with suppress(Refused):
                return await self._spent(stand, kind, now)
        raise NotLinked("raced")

    async def _spent(self, counts: list[Count], kind: str, now: int) -> Spent:
        *few, all_ = counts
        alarm = await self._alarms.posting(PAUSED, most=MOST_OF_A_KIND, chats=kind) if all_.last else []
        until = now + PAUSE if all_.last else 0
        await self._table.write(*(one.more(now) for one in few), all_.more(now, until), *alarm)
        return Spent(tuple(one.less(now) for one in counts))

    async def take_back(self, spent: Spent) -> None:
        """Uncount a guess that was right."""
        with suppress(Refused):  # refused: the window is over
            await self._table.write(*spent.back)
