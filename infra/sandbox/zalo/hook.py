"""A webhook as Zalo serves it: a POST for each event, again three times where it was not heard, then never again."""

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from infra.sandbox.clock import Agenda, Clock
from infra.sandbox.faults import Faults
from infra.sandbox.line import Heard, Line
from infra.sandbox.zalo.asked import Wire
from infra.sandbox.zalo.events import Event, pushed
from infra.sandbox.zalo.habits import Habits
from infra.sandbox.zalo.updates import Updates

SECRET = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
HINTS = {"webhook.ok": "", "webhook.err.timeout": "answer within 5 seconds"}


@dataclass(frozen=True, slots=True)
class Address:
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Try:
    """One delivery, as it went. No message: an empty probe."""

    at: float
    message: str
    outcome: str  # webhook.ok, or what went wrong
    took: float  # seconds until the answer


@dataclass(slots=True)
class Hook:
    updates: Updates
    clock: Clock
    agenda: Agenda
    faults: Faults
    habits: Habits
    line: Line
    dialect: Callable[[], str]
    address: Address | None = None
    updated_at: float = 0.0
    tries: deque[Try] = field(default_factory=lambda: deque(maxlen=10_000))
    given_up: deque[Event] = field(default_factory=lambda: deque(maxlen=1_000))  # events that no try brought there
    _lanes: dict[str, deque[Event]] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def set(self, address: Address | None) -> None:
        """What nobody has heard yet goes there from now on; what is under way ends as it ends, and may come twice."""
        self.updates.pending.extend(event for lane in self._lanes.values() for event in lane)
        self.address, self.updated_at, self._lanes = address, self.clock.date(), {}
        self.updates.pushing = self.push if address else None
        if address:
            self.updates.end_polls()
            for event in self.updates.drain():
                self.push(event)

    def push(self, event: Event) -> None:
        name = event.place if self.habits.hook_in_order else f"{next(self._numbers)}"
        lane = self._lanes.setdefault(name, deque())
        lane.append(event)
        if len(lane) == 1:
            self._next(self._lanes, name)

    def _next(self, lanes: dict[str, deque[Event]], name: str, number: int = 0, wait: float = 0.0) -> None:
        self.agenda.after(wait, partial(self._deliver, lanes, name, number))

    async def _deliver(self, lanes: dict[str, deque[Event]], name: str, number: int) -> None:
        if lanes is not self._lanes or self.address is None:
            return
        lane, waits = lanes[name], self.habits.hook_waits
        heard = await self._heard(self.address, lane[0])
        if not heard and number < len(waits):
            self._next(lanes, name, number + 1, waits[number])
            return
        event = lane.popleft()
        if not heard:
            self.given_up.append(event)
        if lane:
            self._next(lanes, name)
        else:
            del lanes[name]

    async def _heard(self, address: Address, event: Event) -> bool:
        kind, place = event.kind, event.place
        if self.faults.meet("hook_probed", kind, place):
            await self._post(address.url, b"", {})
        began = self.clock.now()
        if self.faults.meet("hook_lost", kind, place):
            outcome = "webhook.err.reset"
        else:
            headers = {"Content-Type": "application/json", SECRET: address.secret}
            body = json.dumps(pushed(event, self.dialect()), ensure_ascii=False, separators=(",", ":")).encode()
            outcome, _ = await self._post(address.url, body, headers)
        took = self.clock.now() - began
        if self.faults.meet("hook_answer_lost", kind, place):
            outcome = "webhook.err.timeout"
        self.tries.append(Try(self.clock.now(), event.message, outcome, took))
        return outcome == "webhook.ok"

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[str, int]:
        try:
            async with asyncio.timeout(self.habits.hook_patience):
                heard = await self.line(url, body, headers)
        except TimeoutError:
            return "webhook.err.timeout", 0
        except OSError:
            return "webhook.err.dns", 0
        return _outcome(heard), heard.status

    async def probe(self, url: str) -> Wire:
        """An empty body, and no secret: what setWebhook tells of the address."""
        began = self.clock.now()
        outcome, status = await self._post(url, b"", {})
        took = self.clock.now() - began
        self.tries.append(Try(self.clock.now(), "", outcome, took))
        return {
            "ok": outcome == "webhook.ok",
            "status_code": status,
            "outcome": outcome,
            "latency_ms": int(took * 1000),
            "hint": HINTS.get(outcome, "answer 200 to an empty body"),
        }

    @property
    def info(self) -> Wire:
        """The secret is never told again."""
        return {"url": self.address.url if self.address else "", "updated_at": int(self.updated_at * 1000)}


def _outcome(heard: Heard) -> str:
    if 200 <= heard.status <= 299:
        return "webhook.ok"
    return "webhook.http.5xx" if heard.status >= 500 else f"webhook.http.{heard.status}"
