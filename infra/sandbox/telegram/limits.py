"""How much Telegram lets through before it says 429, and who went on sending while it was told to wait."""

import math
from collections import deque
from dataclasses import dataclass, field

from infra.sandbox.clock import Clock
from infra.sandbox.telegram.refusing import flood

MINUTE = 60.0
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Flood:
    """A call that came while its chat, or the whole bot, had been told to wait."""

    at: float
    bot: int
    method: str
    chat: int
    left: float  # seconds that it should still have waited


@dataclass(slots=True)
class Rates:
    """Telegram publishes none; these are the ones everybody counts on."""

    on: bool = False
    chat_each_second: float = 1.0
    chat_burst: int = 5
    group_each_minute: int = 20
    overall_each_second: float = 30.0
    overall_burst: int = 30
    at_least: float = 3.0  # seconds of every wait
    extends: float = 0.0  # seconds more for every call during a wait
    at_most: float = 280.0


@dataclass(slots=True)
class Bucket:
    """Room for so many at once, filled again bit by bit."""

    room: float
    at: float

    def short(self, now: float, rate: float, burst: float) -> float:
        """Seconds until there is room for one more; it is filled up to now."""
        self.room = min(burst, self.room + (now - self.at) * rate)
        self.at = now
        return max(0.0, (1 - self.room) / rate)


@dataclass(slots=True)
class Limits:
    clock: Clock
    rates: Rates = field(default_factory=Rates)
    floods: deque[Flood] = field(default_factory=lambda: deque(maxlen=MOST_REMEMBERED))
    _buckets: dict[tuple[int, int], Bucket] = field(default_factory=dict)
    _groups: dict[tuple[int, int], deque[float]] = field(default_factory=dict)
    _waits: dict[tuple[int, int], float] = field(default_factory=dict)  # until when; chat 0: all of the bot

    def cool(self, bot: int, chat: int, seconds: float) -> int:
        """From now on the chat (0: every chat) is to be left alone so long."""
        whole = max(1, math.ceil(seconds))
        self._waits[bot, chat] = self.clock.now() + whole
        return whole

    def cooling(self, bot: int, chat: int) -> float:
        """Seconds that are left of a wait."""
        until = max(self._waits.get((bot, chat), 0.0), self._waits.get((bot, 0), 0.0))
        return max(0.0, until - self.clock.now())

    def pass_through(self, bot: int, method: str, chat: int, count: int = 1) -> None:
        """One call that counts, as `count` messages; raises 429."""
        left = self.cooling(bot, chat)
        if left:
            self._note(bot, method, chat, left)
        if self.rates.on:
            self._take(bot, chat, count)

    def _note(self, bot: int, method: str, chat: int, left: float) -> None:
        self.floods.append(Flood(self.clock.now(), bot, method, chat, left))
        longer = min(left + self.rates.extends, self.rates.at_most) if self.rates.extends else left
        where = chat if self._waits.get((bot, chat), 0.0) > self.clock.now() else 0
        self._waits[bot, where] = self.clock.now() + longer
        raise flood(math.ceil(longer))

    def _take(self, bot: int, chat: int, count: int) -> None:
        """Room for one is enough for an album; whatever comes after it waits for all of its pictures."""
        now, rates = self.clock.now(), self.rates
        self._tidy(now)
        whole = self._buckets.setdefault((bot, 0), Bucket(rates.overall_burst, now))
        own = self._buckets.setdefault((bot, chat), Bucket(rates.chat_burst, now))
        if wait := whole.short(now, rates.overall_each_second, rates.overall_burst):
            raise flood(self.cool(bot, 0, max(wait, rates.at_least)))
        if wait := own.short(now, rates.chat_each_second, rates.chat_burst) or self._group_wait(bot, chat, now):
            raise flood(self.cool(bot, chat, max(wait, rates.at_least)))
        whole.room -= count
        own.room -= count
        if chat < 0:
            self._groups[bot, chat].extend([now] * count)

    def _group_wait(self, bot: int, chat: int, now: float) -> float:
        if chat >= 0:
            return 0.0
        sent = self._groups.setdefault((bot, chat), deque())
        while sent and sent[0] <= now - MINUTE:
            sent.popleft()
        return sent[0] + MINUTE - now if len(sent) >= self.rates.group_each_minute else 0.0

    def _tidy(self, now: float) -> None:
        if len(self._buckets) > MOST_REMEMBERED:
            self._buckets = {key: one for key, one in self._buckets.items() if now - one.at < MINUTE or not key[1]}
            self._groups = {key: sent for key, sent in self._groups.items() if sent and now - sent[-1] < MINUTE}
            self._waits = {key: until for key, until in self._waits.items() if until > now}
