"""The Zalo Bot Platform in one piece, without a socket of its own: bots call it, people live in it, all is recorded."""

import asyncio
import hashlib
import json
import random
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from infra.sandbox.clock import Agenda, Clock
from infra.sandbox.deeds import Impossible
from infra.sandbox.faults import Fault, Faults
from infra.sandbox.line import Cut, Line, no_line
from infra.sandbox.zalo.asked import Asked, Wire
from infra.sandbox.zalo.chats import Chat
from infra.sandbox.zalo.doing import Doing, Verb
from infra.sandbox.zalo.faults import AFTER, BEFORE
from infra.sandbox.zalo.habits import Habits
from infra.sandbox.zalo.people import Group, Person
from infra.sandbox.zalo.pictures import Fetch, no_fetch
from infra.sandbox.zalo.receiving import RECEIVING
from infra.sandbox.zalo.refusing import Broken, Refused, exceeded, lapsed, not_found, unauthorized
from infra.sandbox.zalo.sending import SENDING
from infra.sandbox.zalo.updates import always
from infra.sandbox.zalo.world import Bot, Robot, Someone, World

METHODS: Mapping[str, Verb] = {**RECEIVING, **SENDING}
MOST_CALLS = 20_000


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is what HTTP says, which says nothing; read `ok`."""

    status: int
    body: Wire

    @property
    def ok(self) -> bool:
        return self.body.get("ok") is True

    @property
    def result(self) -> object:
        return self.body.get("result")

    @property
    def code(self) -> int:
        """The error's; 0 where there is none."""
        return int(self.body.get("error_code", 0))

    @property
    def words(self) -> str:
        return str(self.body.get("description", ""))


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it was made and answered. Status 0: the line was cut, whatever had been done."""

    at: float
    bot: str
    method: str
    params: Mapping[str, object]
    status: int
    ok: bool
    code: int
    result: object
    ignored: tuple[str, ...] = ()  # parameters that Zalo does not know: buttons, offsets

    @property
    def chat(self) -> str:
        return str(self.params.get("chat_id", ""))


@dataclass(slots=True)
class Wanted:
    """A call on its way through."""

    robot: Robot | None
    method: str
    asked: Asked
    alive: Callable[[], bool]
    chat: str = field(init=False)

    def __post_init__(self) -> None:
        self.chat = str(self.asked.params.get("chat_id", ""))


class Zalo:
    """`line` is how it reaches a webhook, `fetch` how it looks at a photo; without them nobody is there."""

    def __init__(
        self,
        bots: Iterable[Bot],
        *,
        clock: Clock | None = None,
        line: Line | None = None,
        fetch: Fetch | None = None,
        lot: random.Random | None = None,
    ) -> None:
        self.world = World(clock or Clock(), line or no_line, fetch or no_fetch, lot or random.SystemRandom())
        self.calls: deque[Call] = deque(maxlen=MOST_CALLS)
        self.stirred = asyncio.Event()  # something has changed; for whoever waits for it
        self.world.stirred = self.stirred.set
        self._ids = (hashlib.sha256(f"person {number}".encode()).hexdigest()[:20] for number in count(1))
        for bot in bots:
            self.world.register(bot)

    # -- what there is

    @property
    def clock(self) -> Clock:
        return self.world.clock

    @property
    def agenda(self) -> Agenda:
        return self.world.agenda

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def habits(self) -> Habits:
        """What is not known of the real one, as settings."""
        return self.world.habits

    @property
    def bots(self) -> tuple[Robot, ...]:
        return tuple(self.world.robots.values())

    def robot(self, bot: Bot | str | None = None) -> Robot:
        """The first one, where none is named."""
        if bot is None:
            return self.bots[0]
        return self.world.robot(bot.id if isinstance(bot, Bot) else bot)

    def chat(self, identifier: str, bot: Bot | None = None) -> Chat:
        """A group, or a person's chat with the bot (the first one), as people see it."""
        if identifier in self.world.groups:
            return self.world.groups[identifier]
        if identifier not in self.world.people:
            raise Impossible(f"there is no chat {identifier}")
        return self.world.chat(self.robot(bot).id, identifier)

    def person(self, identifier: str = "", name: str = "An", *, protected: bool = False) -> Person:
        """Somebody on Zalo; the same again, where the identifier is known. Without one the next that is free."""
        known = self.world.people
        identifier = identifier or next(one for one in self._ids if one not in known)
        if identifier not in known:
            known[identifier] = Someone(identifier, name, protected)
            self.world.changed()
        return Person(self.world, known[identifier])

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(Person(self.world, one) for one in self.world.people.values())

    def group(self, title: str, members: Iterable[Person], bot: Bot | None = None) -> Group:
        """With one bot in it, which hears what mentions it."""
        chat = Chat(self.world.new_id(), "GROUP", title, self.robot(bot).id, tuple(one.id for one in members))
        self.world.groups[chat.id] = chat
        return Group(self.world, chat)

    # -- what a bot does

    async def call(
        self, token: str, method: str, params: Mapping[str, object] | None = None, alive: Callable[[], bool] = always
    ) -> Answer:
        """One method, as over HTTP. Raises Cut where a fault cuts the line, Broken where the answer is not Zalo's."""
        wanted = Wanted(self.world.robots.get(token), method, Asked(params or {}), alive)
        broken: Exception | None = None
        try:
            answer = Answer(200, await self._answered(wanted))
        except Refused as refused:
            answer = self.refusal(refused)
        except Cut as fault:
            answer, broken = Answer(0, {}), fault
        except Broken as fault:
            answer, broken = Answer(fault.code, {}), fault
        self._record(wanted, answer)
        if broken:
            raise broken
        return answer

    def refusal(self, refused: Refused) -> Answer:
        status = refused.code if self.habits.strict_http and refused.code else 200
        return Answer(status, dict(refused.body))

    async def _answered(self, wanted: Wanted) -> Wire:
        robot, verb = wanted.robot, METHODS.get(wanted.method)
        if robot is None:
            raise unauthorized()
        if verb is None:
            raise not_found(self.habits.unknown_code)
        for kind in BEFORE:
            if fault := self.faults.meet(kind, wanted.method, wanted.chat):
                await self._before(fault)
        result = await verb(Doing(self.world, robot, wanted.asked, wanted.alive))
        body: Wire = {"ok": True} if result is None else {"ok": True, "result": result}
        for kind in AFTER:
            if fault := self.faults.meet(kind, wanted.method, wanted.chat):
                body = await self._after(fault, body)
        return body

    async def _before(self, fault: Fault) -> None:
        match fault.kind:
            case "error":
                raise Broken(fault.code)
            case "refusal":
                raise Refused(fault.code, fault.words)
            case "quota":
                raise exceeded()
            case "lapse_before":
                raise lapsed(408)
            case "delay":
                await self.agenda.pause(fault.seconds)
            case _:
                await self._cut(fault)

    async def _after(self, fault: Fault, body: Wire) -> Wire:
        match fault.kind:
            case "odd":
                return {"ok": body["ok"], "result": [], "description": None, "error_code": "0"}
            case "error_after":
                raise Broken(fault.code)
            case "lapse_after":
                raise lapsed(408)
            case "torn":
                whole = json.dumps(body).encode()
                raise Cut(whole[: len(whole) // 2])
            case _:
                await self._cut(fault)
        return body

    async def _cut(self, fault: Fault) -> None:
        if fault.kind.startswith("hang"):
            await self.agenda.pause(fault.seconds)
        raise Cut

    def _record(self, wanted: Wanted, answer: Answer) -> None:
        params, result = dict(wanted.asked.params), answer.result if answer.ok else answer.words
        ignored = wanted.asked.unread if answer.ok else ()
        bot = wanted.robot.id if wanted.robot else ""
        self.calls.append(
            Call(self.clock.date(), bot, wanted.method, params, answer.status, answer.ok, answer.code, result, ignored)
        )
        self.world.changed()

    def called(self, method: str, chat: str = "") -> list[Call]:
        """Every call of a method, in one chat or in all."""
        return [one for one in self.calls if one.method == method and chat in {"", one.chat}]

    # -- time

    async def settle(self) -> None:
        """Until all that is due has been done."""
        await self.agenda.settle()

    async def pass_by(self, seconds: float) -> None:
        """Moves the clock on; what falls due on the way is done in its own moment."""
        await self.agenda.pass_by(seconds)

    async def run(self) -> None:
        """For ever: does what falls due as time passes by itself."""
        await self.agenda.run()

    async def close(self) -> None:
        for robot in self.bots:
            robot.updates.end_polls()
        await self.agenda.close()
