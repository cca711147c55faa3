"""Guesses at codes: how many wrong ones may be said by a chat, by a household, and by all chats of a kind together.

A guess is counted before it is looked at, so that however many come at once, no more are answered than are counted;
one that was right is taken back. Chats of some kinds cost nothing, so a household has a count of its own, and a kind of
chat pauses alone: when all its chats have guessed too often somebody is trying them all out, nobody there is answered
for a while, and the admins are told in the write that counts the last one. Everywhere else people go on linking.
"""

from contextlib import suppress
from dataclasses import dataclass, replace

from core.alarms import Alarms
from core.clock import HOUR, MINUTE, SECOND, Clock
from core.errors import NotLinked, TooOften
from core.inbox import HANDLED
from core.table import Below, Change, Condition, Fields, Key, Refused, Row, Table

MOST_TRIES = 5  # wrong codes a chat may say in its window
MOST_OF_A_HOME = 20  # and all chats of a household
MOST_OF_A_KIND = 100  # and all chats of a kind together in theirs
OF_A_CHAT, OF_A_KIND = HOUR, 10 * MINUTE  # the windows
PAUSE = 30 * MINUTE  # in which nobody of that kind may guess
MOST_RACES = 200
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
    swept: bool = False  # its row goes by itself once the window is over

    def read(self, row: Row | None, now: int) -> "Count":
        """As it stands; a window that is over, or lies ahead because the clock was set back, is as good as none."""
        since, until = (row.number("since"), row.number("until")) if row else (0, 0)
        stands = row is not None and since <= now < until <= now + max(self.lasts, PAUSE)
        tries = row.number("tries") if row and stands else 0
        return replace(self, since=since, until=until if stands else 0, tries=tries)

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
    """A guess that was counted, and how it is taken back."""

    back: tuple[Change, ...]


class Guesses:
    def __init__(self, table: Table, clock: Clock, alarms: Alarms) -> None:
        self._table, self._clock, self._alarms = table, clock, alarms

    async def spend(self, chat: str, kind: str, home: str = "") -> Spent:
        """Count one more for the chat, its household where it is known, and its kind; TooOften once one has no room."""
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
        """It was right, so it was no guess."""
        with suppress(Refused):  # its window is over
            await self._table.write(*spent.back)
