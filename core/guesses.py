"""Guesses at codes: how many wrong ones a chat may say, and how many all chats together until nobody may guess.

A guess is counted before it is looked at, so that however many come at once, no more are answered than are counted;
one that was right is taken back. When all chats together have guessed too often somebody is trying them all out: for
a while nobody is answered, and the admins are told in the write that counts the last one.
"""

from contextlib import suppress
from dataclasses import dataclass

from core.alarms import Alarms
from core.clock import HOUR, MINUTE, SECOND, Clock
from core.errors import NotLinked, TooOften
from core.table import Below, Change, Condition, Key, Refused, Row, Table

MOST_TRIES = 5  # wrong codes a chat may say in its window
MOST_OF_ALL = 100  # and all chats of the house together in theirs
OF_A_CHAT, OF_ALL = HOUR, 10 * MINUTE  # the windows
PAUSE = 30 * MINUTE  # in which nobody may guess
MOST_RACES = 200
ALL = Key("GUESSES", "META")
PAUSED = "guessing paused"  # the alarm


@dataclass(frozen=True, slots=True)
class Count:
    """The guesses of one window, and how many it has room for."""

    key: Key
    most: int
    lasts: int
    since: int = 0
    until: int = 0
    tries: int = 0

    def read(self, row: Row | None, now: int) -> "Count":
        """As it stands; a window that is over, or lies ahead because the clock was set back, is as good as none."""
        since, until = (row.number("since"), row.number("until")) if row else (0, 0)
        stands = row is not None and since <= now < until
        tries = row.number("tries") if row and stands else 0
        return Count(self.key, self.most, self.lasts, since, until if stands else 0, tries)

    @property
    def full(self) -> bool:
        return self.tries >= self.most

    @property
    def last(self) -> bool:
        """One more fills it."""
        return self.tries + 1 == self.most

    def more(self, now: int, until: int = 0) -> Change:
        """One guess more. Those that are not the last may be counted in any order."""
        if not self.until:
            since: Condition = self.since or None
            begun = {"since": now, "until": until or now + self.lasts, "tries": 1}
            return Change(self.key, set=begun, when={"since": since}, or_create=True)
        exact: Condition = self.tries if self.last else Below(self.most - 1)
        ends = {"until": until or self.until}
        return Change(self.key, set=ends, add={"tries": 1}, when={"since": self.since, "tries": exact})

    def less(self, now: int) -> Change:
        since = self.since if self.until else now
        return Change(self.key, add={"tries": -1}, when={"since": since}, floor={"tries": 0})


@dataclass(frozen=True, slots=True)
class Spent:
    """A guess that was counted, and how it is taken back."""

    back: tuple[Change, ...]


class Guesses:
    def __init__(self, table: Table, clock: Clock, alarms: Alarms) -> None:
        self._table, self._clock, self._alarms = table, clock, alarms

    async def spend(self, chat: str) -> Spent:
        """Count one more for this chat and for all; TooOften once either has no room left."""
        own, everybody = Count(Key(chat, "TRIES"), MOST_TRIES, OF_A_CHAT), Count(ALL, MOST_OF_ALL, OF_ALL)
        for _ in range(MOST_RACES):
            now = self._clock.now()
            here = own.read(await self._table.get(own.key), now)
            everywhere = everybody.read(await self._table.get(ALL), now)
            if full := [one.until for one in (here, everywhere) if one.full]:
                raise TooOften(-(-(max(full) - now) // SECOND))
            with suppress(Refused):
                return await self._spent(here, everywhere, now)
        raise NotLinked("raced")

    async def _spent(self, own: Count, everybody: Count, now: int) -> Spent:
        trips = everybody.last
        alarm = await self._alarms.posting(PAUSED, most=MOST_OF_ALL) if trips else []
        await self._table.write(own.more(now), everybody.more(now, now + PAUSE if trips else 0), *alarm)
        return Spent((own.less(now), everybody.less(now)))

    async def take_back(self, spent: Spent) -> None:
        """It was right, so it was no guess."""
        with suppress(Refused):  # its window is over
            await self._table.write(*spent.back)
