"""Pacing: what goes to Telegram, in an order and at a pace at which Telegram stays quiet.

A chat has one call under way at most, so that nothing overtakes anything and a 429 is known before the next call. Who
goes next: the most urgent, and among equals the chat that has waited longest since its last turn. A chat that was told
to wait is left alone until then, and nobody else waits for it. Progress leaves room for what people wait for, and goes
unsaid where there is none.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from bot.channel import NotSent
from bot.replies import Urgency
from core.clock import MINUTE, SECOND, Clock

T = TypeVar("T")

RANK: Mapping[Urgency, int] = {"result": 0, "payment": 1, "reply": 2, "progress": 3, "broadcast": 4}
SOON = 3.0  # seconds; whoever can come back does not wait longer
PATIENCE: Mapping[Urgency, float] = {  # seconds that are waited for a turn
    "result": SOON,
    "payment": SOON,
    "reply": 300.0,
    "progress": 30.0,
    "broadcast": 600.0,
}
MOST_WAITING = 2_000
MOST_OF_A_CHAT = 40
MOST_KNOWN = 5_000  # chats whose pace is remembered
SHARED = 5  # so many chats told to wait, one after the other and nobody served between them: it is meant for all
LEAST_RATE, REGAINED = 4.0, 0.1  # messages a second at the worst; how much of that comes back in a second


class Flooded(NotSent):
    """The chat has been told to wait."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after, tried=False)


class Unneeded(NotSent):
    """There was nothing to send after all, when the turn came."""

    def __init__(self) -> None:
        super().__init__(tried=False)


@dataclass(frozen=True, slots=True)
class Rates:
    """Telegram publishes none; these are the ones that everybody counts on."""

    chat: float = 1.0  # a second
    chat_burst: int = 3
    group: int = 20  # a minute
    group_window: int = MINUTE + 2 * SECOND  # a little longer, for the time that calls are under way
    overall: float = 30.0  # a second
    overall_burst: int = 10
    spared_overall: int = 4  # what progress leaves for others
    spared_group: int = 6


@dataclass(slots=True)
class Bucket:
    """Room for so many at once, filled again bit by bit."""

    rate: float
    burst: float
    at: int
    room: float = 0.0

    def __post_init__(self) -> None:
        self.room = self.burst

    def wait(self, now: int, least: float) -> float:
        """Seconds until there is so much room."""
        self.room = min(self.burst, self.room + (now - self.at) * self.rate / SECOND)
        self.at = now
        return max(0.0, (min(least, self.burst) - self.room) / self.rate)


@dataclass(frozen=True, slots=True)
class Pause:
    """To be left alone until then."""

    until: int = 0

    def left(self, now: int) -> float:
        return max(0, self.until - now) / SECOND


@dataclass(slots=True, eq=False)
class Ticket:
    """Something that waits for its turn."""

    urgency: Urgency
    number: int
    cost: int
    until: int
    turn: "asyncio.Future[None]"

    @property
    def order(self) -> tuple[int, int]:
        return RANK[self.urgency], self.number

    @property
    def spares(self) -> bool:
        """It leaves room for what is more urgent."""
        return RANK[self.urgency] >= RANK["progress"]


@dataclass(slots=True, eq=False)
class Lane:
    """One chat."""

    chat: str
    bucket: Bucket
    group: bool
    busy: bool = False
    served: int = 0  # when it had its last turn
    pause: Pause = field(default_factory=Pause)
    waiting: list[Ticket] = field(default_factory=list)
    sent: deque[int] = field(default_factory=deque)  # within the last minute, of a group

    @property
    def first(self) -> Ticket:
        return min(self.waiting, key=lambda ticket: ticket.order)

    def wait(self, ticket: Ticket, now: int, rates: Rates) -> float:
        """Seconds until the chat takes this."""
        own = self.bucket.wait(now, ticket.cost + ticket.spares)
        return max(own, self.pause.left(now), self._of_group(ticket, now, rates) if self.group else 0.0)

    def _of_group(self, ticket: Ticket, now: int, rates: Rates) -> float:
        while self.sent and self.sent[0] <= now - rates.group_window:
            self.sent.popleft()
        room = rates.group - (rates.spared_group if ticket.spares else 0)
        over = len(self.sent) + min(ticket.cost, room) - room
        return (self.sent[over - 1] + rates.group_window - now) / SECOND if over > 0 else 0.0

    def take(self, ticket: Ticket, now: int) -> None:
        self.waiting.remove(ticket)
        self.bucket.room -= ticket.cost
        self.busy, self.served = True, now
        if self.group:
            self.sent.extend([now] * ticket.cost)

    def give_back(self, cost: int) -> None:
        self.bucket.room += cost
        for _ in range(cost if self.group else 0):
            self.sent.pop()

    def idle(self, now: int) -> bool:
        full = self.bucket.wait(now, self.bucket.burst) == 0
        return full and not (self.busy or self.waiting or self.sent or self.pause.left(now))


class Pacing:
    def __init__(self, clock: Clock, rates: Rates | None = None) -> None:
        self._clock, self._rates = clock, rates or Rates()
        self._lanes: dict[str, Lane] = {}
        self._crowd: dict[str, Lane] = {}  # those of them in which something waits
        self._all = Bucket(self._rates.overall, self._rates.overall_burst, clock.steady())
        self._pause = Pause()
        self._slowed = clock.steady()
        self._floods: dict[str, Pause] = {}  # since somebody was served
        self._numbers = count()
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at = 0.0

    async def through(
        self,
        chat: str,
        urgency: Urgency,
        call: Callable[[], Awaitable[T]],
        cost: int = 1,
        patience: float | None = None,
    ) -> T:
        """Make the call when its turn has come. Raises NotSent, untried, when that would take too long.

        A call that raises Unneeded gives its room back, one that raises Flooded has its chat left alone.
        """
        lane = await self._turn(chat, urgency, cost, PATIENCE[urgency] if patience is None else patience)
        try:
            answer = await call()
        except Flooded as flood:
            self.cool(chat, flood.retry_after)
            raise
        except Unneeded:
            lane.give_back(cost)
            self._all.room += cost
            raise
        else:
            self._floods.clear()
            return answer
        finally:
            lane.busy = False
            self._deal()

    def cool(self, chat: str, seconds: float) -> None:
        """Telegram has told this chat to wait. Where it tells one after the other the same, it means everybody."""
        now = self._clock.steady()
        pause = self._lane(chat).pause = Pause(now + round(seconds * SECOND))
        self._floods[chat] = pause
        if len(self._floods) >= SHARED:
            self._pause = min(self._floods.values(), key=lambda one: one.until)
            self._all.rate, self._slowed = max(LEAST_RATE, self._all.rate / 2), now

    def spare(self, chat: str) -> bool:
        """Whether something that nobody would miss may go now."""
        if self.waiting:
            return False
        lane, ticket, now = self._lane(chat), self._ticket("broadcast", 2, 0.0), self._clock.steady()
        return not (lane.busy or lane.wait(ticket, now, self._rates) or self._shared_wait(ticket, now))

    @property
    def waiting(self) -> int:
        return sum(len(lane.waiting) for lane in self._crowd.values())

    async def close(self) -> None:
        """Whoever waits still is told that it is too late."""
        for lane in self._crowd.values():
            for ticket in lane.waiting:
                over(ticket, 0.0)
        if self._alarm:
            self._alarm.cancel()

    # -- turns --------------------------------------------------------------------------------------------------------

    async def _turn(self, chat: str, urgency: Urgency, cost: int, patience: float) -> Lane:
        lane, ticket = self._lane(chat), self._ticket(urgency, cost, patience)
        self._admit(lane, ticket, patience)
        lane.waiting.append(ticket)
        self._crowd[chat] = lane
        self._consider(lane, ticket)
        try:
            await ticket.turn
        except asyncio.CancelledError:
            self._withdraw(lane, ticket)
            raise
        return lane

    def _withdraw(self, lane: Lane, ticket: Ticket) -> None:
        """Whoever was waiting is gone: before its turn, or at the very moment of it."""
        if ticket in lane.waiting:
            lane.waiting.remove(ticket)
        elif not ticket.turn.cancelled() and ticket.turn.exception() is None:
            lane.busy = False
        self._deal()

    def _ticket(self, urgency: Urgency, cost: int, patience: float) -> Ticket:
        until = self._clock.steady() + round(patience * SECOND)
        return Ticket(urgency, next(self._numbers), cost, until, asyncio.get_running_loop().create_future())

    def _admit(self, lane: Lane, ticket: Ticket, patience: float) -> None:
        """Nobody queues for what is too far off: progress for no pause at all, the others for none beyond patience."""
        left = max(lane.pause.left(self._clock.steady()), self._pause.left(self._clock.steady()))
        if left > (0 if ticket.spares else patience):
            raise NotSent(left, tried=False)
        if len(lane.waiting) >= MOST_OF_A_CHAT:
            raise NotSent(SOON, tried=False)
        if self.waiting >= MOST_WAITING and not (not ticket.spares and self._make_room()):
            raise NotSent(SOON, tried=False)

    def _make_room(self) -> bool:
        """Somebody whom nobody waits for goes without."""
        spared = ((lane, one) for lane in self._crowd.values() for one in lane.waiting if one.spares)
        lane, ticket = next(spared, (None, None))
        if lane is None or ticket is None:
            return False
        lane.waiting.remove(ticket)
        over(ticket, SOON)
        return True

    def _lane(self, chat: str) -> Lane:
        if chat not in self._lanes:
            self._forget_idle()
            bucket = Bucket(self._rates.chat, self._rates.chat_burst, self._clock.steady())
            self._lanes[chat] = Lane(chat, bucket, group=chat.startswith("-"))
        return self._lanes[chat]

    def _forget_idle(self) -> None:
        if len(self._lanes) >= MOST_KNOWN:
            now = self._clock.steady()
            self._lanes = {chat: lane for chat, lane in self._lanes.items() if not lane.idle(now)}

    # -- dealing ------------------------------------------------------------------------------------------------------

    def _consider(self, lane: Lane, ticket: Ticket) -> None:
        """Of all who wait only the newcomer can have become ready by coming."""
        if lane.busy or lane.first is not ticket:
            return
        now = self._clock.steady()
        seconds = max(self._shared_wait(ticket, now), lane.wait(ticket, now, self._rates))
        if not seconds:
            self._deal()
        elif not self._alarm or now + seconds * SECOND < self._alarm_at:
            self._set_alarm(now, seconds)

    def _deal(self) -> None:
        """Give turns to all who can have one now, and look again when the next one can."""
        now = self._clock.steady()
        self._regain(now)
        self._dismiss(now)
        while ready := min(self._ready(now), key=lambda pair: (*place_of(pair), pair[1].number), default=None):
            lane, ticket = ready
            lane.take(ticket, now)
            self._all.room -= ticket.cost
            ticket.turn.set_result(None)
        self._set_alarm(now, self._next(now))

    def _waiting(self) -> Iterator[tuple[Lane, Ticket]]:
        """The first of every chat that has nothing under way."""
        return ((lane, lane.first) for lane in self._crowd.values() if lane.waiting and not lane.busy)

    def _ready(self, now: int) -> Iterator[tuple[Lane, Ticket]]:
        if self._all.wait(now, 1):
            return
        for lane, ticket in self._waiting():
            if not (self._shared_wait(ticket, now) or lane.wait(ticket, now, self._rates)):
                yield lane, ticket

    def _shared_wait(self, ticket: Ticket, now: int) -> float:
        spared = self._rates.spared_overall if ticket.spares else 0
        return max(self._all.wait(now, ticket.cost + spared), self._pause.left(now))

    def _dismiss(self, now: int) -> None:
        """Whose patience is over; and whatever can be left unsaid, once its chat is to be left alone."""
        for lane in tuple(self._crowd.values()):
            pause = max(lane.pause.left(now), self._pause.left(now))
            for ticket in tuple(lane.waiting):
                if ticket.until <= now or ticket.turn.done() or (ticket.spares and pause):
                    lane.waiting.remove(ticket)
                    over(ticket, pause or 1.0)
            if not lane.waiting:
                del self._crowd[lane.chat]

    def _regain(self, now: int) -> None:
        """After everybody was told to wait the pace comes back little by little."""
        if self._all.rate < self._rates.overall:
            self._all.rate = min(self._rates.overall, self._all.rate + (now - self._slowed) / SECOND * REGAINED)
            self._slowed = now

    def _next(self, now: int) -> float | None:
        """Seconds until anything can change; where there is no room for anybody, until there is."""
        if not self._crowd:
            return None
        if full := self._all.wait(now, 1):
            return full
        waits = (
            min(max(self._shared_wait(one, now), lane.wait(one, now, self._rates)), (one.until - now) / SECOND)
            for lane, one in self._waiting()
        )
        return min(waits, default=None)

    def _set_alarm(self, now: int, seconds: float | None) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = None
        if seconds is not None:
            self._alarm_at = now + seconds * SECOND
            self._alarm = asyncio.create_task(self._ring(seconds))

    async def _ring(self, seconds: float) -> None:
        await self._clock.sleep(max(0.001, seconds))
        self._alarm = None
        self._deal()


def place_of(pair: tuple[Lane, Ticket]) -> tuple[int, int]:
    lane, ticket = pair
    return RANK[ticket.urgency], lane.served


def over(ticket: Ticket, seconds: float) -> None:
    """It had to wait too long."""
    if not ticket.turn.done():
        ticket.turn.set_exception(NotSent(seconds, tried=False))
