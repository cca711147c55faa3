"""A webhook as Telegram serves it: in order within a lane, side by side across lanes, and again until it is heard."""

import json
import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias
from urllib.parse import parse_qsl

from infra.sandbox.clock import Agenda, Clock
from infra.sandbox.faults import Faults
from infra.sandbox.line import Heard, Line
from infra.sandbox.telegram.asked import Asked, Wire
from infra.sandbox.telegram.updates import Update, Updates

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LONGEST_WAIT, LONGEST_ASKED = 60.0, 3_600.0  # seconds between two tries: our own, and a bot's Retry-After
GONE_FOR = 23 * 3_600.0  # a webhook that answers 410 so long is removed
NOT_IN_ANSWERS = ("get", "setwebhook", "deletewebhook", "close", "logout")
DEFAULT_CONNECTIONS = 40


# A call that came in an answer.
Execute: TypeAlias = Callable[[str, Asked], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Address:
    url: str
    secret: str = ""
    connections: int = DEFAULT_CONNECTIONS
    ip: str = ""


@dataclass(slots=True)
class Lane:
    waiting: deque[int] = field(default_factory=deque)
    fails: int = 0
    delay: float = 1.0
    busy: bool = False  # under way, or waiting for its next try


@dataclass(frozen=True, slots=True)
class Try:
    """One delivery, as it went."""

    at: float
    update: int
    outcome: str  # ok, or what went wrong
    took: float  # seconds until the answer


@dataclass(slots=True)
class Hook:
    updates: Updates
    clock: Clock
    agenda: Agenda
    faults: Faults
    lot: random.Random
    line: Line
    execute: Execute
    address: Address | None = None
    tries: deque[Try] = field(default_factory=lambda: deque(maxlen=10_000))
    error: tuple[int, str] = (0, "")
    _lanes: dict[str, Lane] = field(default_factory=dict)
    _ready: deque[str] = field(default_factory=deque)
    _running: int = 0
    _gone_since: float = 0.0

    def set(self, address: Address | None) -> None:
        """Everything that is pending goes there from now on; what is under way ends as it ends."""
        self.address, self.error, self._gone_since = address, (0, ""), 0.0
        self._lanes, self._ready, self._running = {}, deque(), 0
        self.updates.pushing = self._push if address else None
        if address:
            for serial in list(self.updates.pending):
                self._push(serial)

    def _push(self, serial: int) -> None:
        update = self.updates.pending[serial]
        lane = self._lanes.setdefault(update.lane, Lane())
        lane.waiting.append(serial)
        if not lane.busy:
            self._line_up(update.lane, lane)
        self._pump()

    def _line_up(self, name: str, lane: Lane) -> None:
        lane.busy = True
        self._ready.append(name)

    def _pump(self) -> None:
        while self.address and self._ready and self._running < self.address.connections:
            self._running += 1
            self.agenda.after(0.0, partial(self._deliver, self.address, self._ready.popleft()))

    async def _deliver(self, address: Address, name: str) -> None:
        if self.address is not address:
            return
        lane = self._lanes[name]
        update = self._head(lane)
        outcome, wait = await self._try(address, update) if update else ("ok", 0.0)
        if self.address is not address:
            return
        self._running -= 1
        if outcome == "ok":
            self._passed(name, lane)
        else:
            self._failed(name, lane, update, wait)
        self._pump()

    def _head(self, lane: Lane) -> Update | None:
        """The first that has not run out."""
        while lane.waiting:
            update = self.updates.pending.get(lane.waiting[0])
            if update and update.expires > self.clock.now():
                return update
            self._drop(lane)
        return None

    def _drop(self, lane: Lane) -> None:
        self.updates.pending.pop(lane.waiting.popleft(), None)
        lane.fails, lane.delay = 0, 1.0

    def _passed(self, name: str, lane: Lane) -> None:
        if lane.waiting:
            self._drop(lane)
        if lane.waiting:
            self._ready.append(name)
        else:
            del self._lanes[name]

    def _failed(self, name: str, lane: Lane, update: Update | None, asked: float) -> None:
        """Again at once, then after 2, 4, 8 seconds and so on; as late as the bot wishes, where it says so."""
        wait = min(max(asked, 0.0), LONGEST_ASKED)
        if not wait and lane.fails:
            lane.delay = min(self.lot.uniform(LONGEST_WAIT, 2 * LONGEST_WAIT), lane.delay * 2)
            wait = lane.delay
        lane.fails += 1
        if update and self.clock.now() + wait > update.expires:
            self._passed(name, lane)
        else:
            self.agenda.after(wait, partial(self._again, self._lanes, name))

    async def _again(self, lanes: dict[str, Lane], name: str) -> None:
        if lanes is self._lanes:
            self._ready.append(name)
            self._pump()

    async def _try(self, address: Address, update: Update) -> tuple[str, float]:
        began = self.clock.now()
        heard = await self._asked(address, update)
        took = self.clock.now() - began
        outcome = heard if isinstance(heard, str) else await self._judged(heard)
        if isinstance(heard, Heard) and self.faults.meet("hook_answer_lost", update.kind, _chat(update)):
            outcome = "Read timeout expired"
        self.tries.append(Try(self.clock.now(), update.id, outcome, took))
        if outcome != "ok":
            self.error = (int(self.clock.date()), outcome)
        return outcome, _seconds(heard.retry_after) if isinstance(heard, Heard) and outcome != "ok" else 0.0

    async def _asked(self, address: Address, update: Update) -> Heard | str:
        if self.faults.meet("hook_lost", update.kind, _chat(update)):
            return "Connection reset by peer"
        headers = {"Content-Type": "application/json", **({SECRET: address.secret} if address.secret else {})}
        try:
            return await self.line(address.url, json.dumps(update.wire).encode(), headers)
        except TimeoutError:
            return "Read timeout expired"
        except OSError:
            return "Connection refused"

    async def _judged(self, heard: Heard) -> str:
        if 200 <= heard.status <= 299:
            self._gone_since = 0.0
            await self._answered(heard)
            return "ok"
        self._mark_gone(heard.status)
        return f"Wrong response from the webhook: {heard.status} {heard.reason}".rstrip()

    def _mark_gone(self, status: int) -> None:
        if status != 410:
            self._gone_since = 0.0
        elif not self._gone_since:
            self._gone_since = self.clock.now()
        elif self.clock.now() > self._gone_since + GONE_FOR:
            self.set(None)

    async def _answered(self, heard: Heard) -> None:
        """A call may come in the answer; nobody is told what became of it."""
        params = _params(heard)
        method = params.pop("method", "")
        if isinstance(method, str) and method and not method.lower().startswith(NOT_IN_ANSWERS):
            await self.execute(method, Asked(params))

    @property
    def info(self) -> Wire:
        """As getWebhookInfo tells it."""
        said: Wire = {"has_custom_certificate": False, "pending_update_count": len(self.updates.pending)}
        if self.address is None:
            return {"url": "", **said}
        said |= {"url": self.address.url, "max_connections": self.address.connections, "ip_address": self.address.ip}
        said["allowed_updates"] = sorted(self.updates.allowed)
        if self.error[1]:
            said |= {"last_error_date": self.error[0], "last_error_message": self.error[1]}
        return said


def _params(heard: Heard) -> Wire:
    if heard.kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(heard.body.decode(errors="replace")))
    try:
        said = json.loads(heard.body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0


def _chat(update: Update) -> int:
    body = update.body.get("message", update.body)
    return int(body.get("chat", {}).get("id", 0)) if isinstance(body, dict) else 0
