"""What waits for a bot: one event at a time, in order, gone as soon as it is read; nothing is ever acknowledged."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from infra.sandbox.clock import Agenda
from infra.sandbox.faults import Faults
from infra.sandbox.zalo.events import Event
from infra.sandbox.zalo.habits import Habits
from infra.sandbox.zalo.refusing import bad, lapsed

MOST_PENDING = 20_000  # the oldest are forgotten
WEBHOOK_ACTIVE = "getUpdates cannot be used while a webhook is set"


def always() -> bool:
    return True


@dataclass(slots=True, eq=False)
class Poll:
    """A getUpdates that waits."""

    heard: "asyncio.Future[Event]"
    alive: Callable[[], bool]  # whether its caller is still there


@dataclass(slots=True)
class Updates:
    agenda: Agenda
    faults: Faults
    habits: Habits
    pending: deque[Event] = field(default_factory=lambda: deque(maxlen=MOST_PENDING))
    pushing: Callable[[Event], None] | None = None  # while a webhook is set
    _polls: list[Poll] = field(default_factory=list)

    # -- coming in

    def tell(self, event: Event) -> None:
        kind = event.kind
        if self.faults.meet("update_lost", kind, event.place):
            return
        copies = 2 if self.faults.meet("update_doubled", kind, event.place) else 1
        if late := self.faults.meet("update_delayed", kind, event.place):
            self.agenda.after(late.seconds, partial(self._late, event, copies))
        else:
            self._add(event, copies)

    async def _late(self, event: Event, copies: int) -> None:
        self._add(event, copies)

    def _add(self, event: Event, copies: int) -> None:
        for _ in range(copies):
            if self.pushing:
                self.pushing(event)
            else:
                self.pending.append(event)
        self._hand_out()

    def drain(self) -> list[Event]:
        """All that waits, for a webhook that has just been set."""
        waiting = list(self.pending)
        self.pending.clear()
        return waiting

    # -- going out by getUpdates

    async def poll(self, patience: float, alive: Callable[[], bool] = always) -> Event:
        if self.pushing:
            raise bad(WEBHOOK_ACTIVE)
        if self.pending:
            return self.pending.popleft()
        if patience <= 0:
            raise lapsed(self.habits.idle_code)
        return await self._wait(min(patience, self.habits.longest_poll), alive)

    async def _wait(self, patience: float, alive: Callable[[], bool]) -> Event:
        poll = Poll(asyncio.get_running_loop().create_future(), alive)
        self._polls.append(poll)

        async def enough() -> None:
            if not poll.heard.done():
                poll.heard.set_exception(lapsed(self.habits.idle_code))

        self.agenda.after(patience, enough)
        try:
            return await poll.heard
        finally:
            self._polls.remove(poll)

    def _hand_out(self) -> None:
        """The poll that came last gets it: a second one steals from the first."""
        for poll in reversed(self._polls):
            if not self.pending:
                return
            if not poll.heard.done() and (self.habits.dead_polls_take or poll.alive()):
                poll.heard.set_result(self.pending.popleft())

    def end_polls(self) -> None:
        """Whoever waits has waited long enough."""
        for poll in self._polls:
            if not poll.heard.done():
                poll.heard.set_exception(lapsed(self.habits.idle_code))

    @property
    def polled(self) -> int:
        """How many wait for an update right now."""
        return len(self._polls)
