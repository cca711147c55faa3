"""What a bot is told: updates kept a day, numbered, fetched by long polls or pushed by the webhook."""

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from infra.sandbox.clock import Agenda, Clock
from infra.sandbox.faults import Faults
from infra.sandbox.telegram.asked import Asked, Wire, names
from infra.sandbox.telegram.refusing import TWO_POLLERS, WEBHOOK_ACTIVE, conflict

UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # come only when asked for
KINDS = names(
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages message_reaction message_reaction_count "
    "inline_query chosen_inline_result callback_query shipping_query pre_checkout_query "
    "purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request chat_boost "
    "removed_chat_boost stopped_message_generation"
)
LASTS = {"callback_query": 150.0, "pre_checkout_query": 150.0, "shipping_query": 150.0, "inline_query": 30.0}
A_DAY = 86_400.0
MOST_PENDING = 20_000  # the oldest are forgotten
MOST_AT_ONCE, LONGEST_POLL = 100, 50
SHORT_POLL, AGAIN_WITHIN = 3, 3.0  # whoever asks for the same again within so many seconds is made to wait so long


@dataclass(frozen=True, slots=True)
class Update:
    id: int
    kind: str
    body: Wire
    lane: str  # whatever is in one lane comes in order
    expires: float

    @property
    def wire(self) -> Wire:
        return {"update_id": self.id, self.kind: self.body}


@dataclass(slots=True)
class Poll:
    """A getUpdates that waits."""

    heard: asyncio.Future[None]
    limit: int


@dataclass(slots=True)
class Updates:
    clock: Clock
    agenda: Agenda
    faults: Faults
    lot: random.Random
    pending: dict[int, Update] = field(default_factory=dict)  # by a number of its own; an update may stand here twice
    allowed: frozenset[str] = KINDS - UNASKED
    pushing: Callable[[int], None] | None = None  # while a webhook is set: takes the number of what is new
    _poll: Poll | None = None
    _last: tuple[int, float] = (0, 0.0)  # offset and moment of the poll before
    _next: int = 0
    _serial: int = 0
    _held: dict[str, list[tuple[str, Wire]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._next = self.lot.randrange(10**8, 9 * 10**8)

    # -- coming in

    def tell(self, kind: str, body: Wire, lane: str, chat: int) -> None:
        if kind not in self.allowed:
            return
        late = self.faults.meet("update_delayed", kind, chat)
        if lane in self._held:
            self._held[lane].append((kind, body))
        elif late:
            self._held[lane] = [(kind, body)]
            self.agenda.after(late.seconds, partial(self._let_go, lane))
        else:
            self._add(kind, body, lane, 2 if self.faults.meet("update_doubled", kind, chat) else 1)

    async def _let_go(self, lane: str) -> None:
        for kind, body in self._held.pop(lane, []):
            self._add(kind, body, lane, 1)

    def _add(self, kind: str, body: Wire, lane: str, copies: int) -> None:
        update = Update(self._next, kind, body, lane, self.clock.now() + LASTS.get(kind, A_DAY))
        self._next += 1
        for _ in range(copies):
            self._serial += 1
            self.pending[self._serial] = update
            if self.pushing:
                self.pushing(self._serial)
        if len(self.pending) > MOST_PENDING:
            del self.pending[next(iter(self.pending))]
        self._ring()

    def _ring(self) -> None:
        if self._poll and not self._poll.heard.done():
            self._poll.heard.set_result(None)

    # -- going out by getUpdates

    async def poll(self, asked: Asked) -> list[Wire]:
        if self.pushing:
            raise conflict(WEBHOOK_ACTIVE)
        self.set_allowed(asked)
        offset, limit = asked.number("offset"), asked.within("limit", 100, 1, MOST_AT_ONCE)
        timeout = self._patience(offset, asked.within("timeout", 0, 0, LONGEST_POLL))
        self.end_poll(TWO_POLLERS)
        self._confirm(offset)
        if not self._fresh() and timeout:
            await self._wait(limit, timeout)
        return [update.wire for update in self._fresh()[:limit]]

    def set_allowed(self, asked: Asked) -> None:
        """What is left out keeps what was asked for before."""
        listed = asked.tree("allowed_updates", "allowed_updates")
        if isinstance(listed, list):
            self.allowed = frozenset(listed) & KINDS if listed else KINDS - UNASKED

    def _patience(self, offset: int, timeout: int) -> int:
        now = self.clock.now()
        again = self._last[0] == offset and now < self._last[1] + AGAIN_WITHIN
        self._last = (offset, now)
        return max(timeout, SHORT_POLL) if again and timeout < SHORT_POLL else timeout

    def _confirm(self, offset: int) -> None:
        """A negative offset counts from the newest."""
        gone = list(self.pending)[:offset] if offset < 0 else list(self._until(offset))
        for serial in gone:
            del self.pending[serial]

    def _until(self, offset: int) -> Iterator[int]:
        for serial, update in self.pending.items():
            if update.id >= offset:
                return
            yield serial

    def _fresh(self) -> list[Update]:
        now = self.clock.now()
        for serial in [one for one, update in self.pending.items() if update.expires <= now]:
            del self.pending[serial]
        return list(self.pending.values())

    async def _wait(self, limit: int, patience: float) -> None:
        poll = Poll(asyncio.get_running_loop().create_future(), limit)
        self._poll = poll

        async def enough() -> None:
            if not poll.heard.done():
                poll.heard.set_result(None)

        self.agenda.after(patience, enough)
        try:
            await poll.heard
        finally:
            if self._poll is poll:
                self._poll = None

    def end_poll(self, words: str) -> None:
        """Whoever waits is told that somebody else came."""
        if self._poll and not self._poll.heard.done():
            self._poll.heard.set_exception(conflict(words))
        self._poll = None

    @property
    def polled(self) -> bool:
        """Whether somebody waits for updates right now."""
        return self._poll is not None
