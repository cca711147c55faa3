"""Telegram in one piece, without a socket of its own: bots call it, people live in it, and everything is recorded."""

import asyncio
import json
import math
import random
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from inspect import isawaitable
from itertools import count

from infra.sandbox.clock import Agenda, Clock
from infra.sandbox.deeds import Impossible
from infra.sandbox.faults import Fault, Faults
from infra.sandbox.line import Cut, Line, no_line
from infra.sandbox.telegram.answering import ANSWERING
from infra.sandbox.telegram.asked import Asked, Upload, Wire
from infra.sandbox.telegram.chats import Chat
from infra.sandbox.telegram.doing import Doing, Told, Verb
from infra.sandbox.telegram.editing import EDITING
from infra.sandbox.telegram.faults import AFTER, BEFORE
from infra.sandbox.telegram.files import Files
from infra.sandbox.telegram.limits import Flood, Rates
from infra.sandbox.telegram.people import Group, Person
from infra.sandbox.telegram.profile import PROFILE
from infra.sandbox.telegram.receiving import RECEIVING
from infra.sandbox.telegram.refusing import Refused, bad, flood, no_method, unauthorized
from infra.sandbox.telegram.sending import SENDING
from infra.sandbox.telegram.world import Bot, Robot, Someone, World

METHODS: Mapping[str, tuple[str, Verb]] = {
    name.lower(): (name, verb)
    for table in (RECEIVING, SENDING, EDITING, ANSWERING, PROFILE)
    for name, verb in table.items()
}
LIMITED = frozenset([*SENDING, *EDITING, "sendInvoice"]) - {"deleteMessage", "setMessageReaction"}
MOST_CALLS = 20_000
GROUP_IDS, SUPERGROUP_IDS = -4_000_000_000, -1_002_000_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Wire

    @property
    def result(self) -> object:
        return self.body.get("result")

    @property
    def words(self) -> str:
        """The description of what was refused, or what was said beside the result."""
        return str(self.body.get("description", ""))


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it was made and answered. Status 0: the line was cut, whatever had been done."""

    at: float
    bot: int
    method: str
    params: Mapping[str, object]
    status: int
    result: object

    @property
    def chat(self) -> int:
        return chat_in(Asked(self.params))


class Telegram:
    """`line` is how it reaches a webhook; without one nobody listens there."""

    def __init__(
        self,
        bots: Iterable[Bot],
        *,
        clock: Clock | None = None,
        line: Line | None = None,
        lot: random.Random | None = None,
    ) -> None:
        self.world = World(clock or Clock(), line or no_line, lot or random.SystemRandom())
        self.calls: deque[Call] = deque(maxlen=MOST_CALLS)
        self.stirred = asyncio.Event()  # something has changed; for whoever waits for it
        self.world.stirred = self.stirred.set
        self._groups = count(1)
        for bot in bots:
            self._register(bot)

    def _register(self, bot: Bot) -> None:
        async def execute(method: str, asked: Asked) -> object:
            with suppress(Cut):
                return await self.call(bot.token, method, asked.params)
            return None

        self.world.register(bot, execute)

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
    def files(self) -> Files:
        return self.world.files

    @property
    def rates(self) -> Rates:
        """The limits; off unless switched on."""
        return self.world.limits.rates

    @property
    def floods(self) -> deque[Flood]:
        """Every call that came while its chat, or the bot, had been told to wait."""
        return self.world.limits.floods

    @property
    def bots(self) -> tuple[Robot, ...]:
        return tuple(self.world.robots.values())

    def robot(self, bot: Bot | int | None = None) -> Robot:
        """The first one, where none is named."""
        if bot is None:
            return self.bots[0]
        return self.world.robot(bot.id if isinstance(bot, Bot) else bot)

    def chat(self, identifier: int, bot: Bot | None = None) -> Chat:
        """A group, or a person's chat with the bot (the first one), as people see it."""
        if identifier in self.world.groups:
            return self.world.groups[identifier]
        if identifier not in self.world.people:
            raise Impossible(f"there is no chat {identifier}")
        return self.world.private_chat(self.robot(bot).id, identifier)

    # -- people

    def person(self, identifier: int, first_name: str = "An", language_code: str = "vi", username: str = "") -> Person:
        """Somebody on Telegram; the same again, where the identifier is known."""
        if identifier not in self.world.people:
            self.world.people[identifier] = Someone(identifier, first_name, language_code, username)
            self.world.changed()
        return Person(self.world, self.world.people[identifier])

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(Person(self.world, one) for one in self.world.people.values())

    def group(
        self, title: str, members: Iterable[Person] = (), *, supergroup: bool = False, bots: Iterable[Bot] | None = None
    ) -> Group:
        """The first member owns it. All bots are in it, unless some are named."""
        base = SUPERGROUP_IDS if supergroup else GROUP_IDS
        chat = self.world.open_group(base - next(self._groups), title, "supergroup" if supergroup else "group")
        group = Group(self.world, chat)
        for place, member in enumerate(members):
            chat.members[member.id] = "member" if place else "creator"
        for bot in [one.bot for one in self.bots] if bots is None else bots:
            group.adds(bot)
        return group

    @property
    def groups(self) -> tuple[Group, ...]:
        return tuple(Group(self.world, chat) for chat in self.world.groups.values())

    # -- what a bot does

    async def call(
        self,
        token: str,
        method: str,
        params: Mapping[str, object] | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> Answer:
        """One method, as over HTTP. Raises Cut where a fault cuts the line."""
        asked = Asked(params or {}, files or {})
        robot = self.world.robots.get(token)
        name, verb = METHODS.get(method.lower(), (method, None))
        cut: Cut | None = None
        try:
            answer = await self._answered(robot, name, verb, asked)
        except Refused as refused:
            answer = Answer(refused.code, dict(refused.body))
        except Cut as fault:
            answer, cut = Answer(0, {}), fault
        self._record(robot, name, asked, answer)
        if cut:
            raise cut
        return answer

    async def _answered(self, robot: Robot | None, name: str, verb: Verb | None, asked: Asked) -> Answer:
        if robot is None:
            raise unauthorized()
        if verb is None:
            raise no_method()
        chat = chat_in(asked)
        for kind in BEFORE:
            if fault := self.faults.meet(kind, name.lower(), chat):
                await self._before(fault, robot, name, chat)
        if name in LIMITED:
            self.world.limits.pass_through(robot.id, name, chat, _count(name, asked))
        done = verb(Doing(self.world, robot, asked, name))
        result = await done if isawaitable(done) else done
        answer = Answer(200, _body(result))
        for kind in AFTER:
            if fault := self.faults.meet(kind, name.lower(), chat):
                answer = await self._after(fault, answer)
        return answer

    async def _before(self, fault: Fault, robot: Robot, name: str, chat: int) -> None:
        match fault.kind:
            case "flood" if name in LIMITED:
                raise flood(self.world.limits.cool(robot.id, chat, fault.seconds))
            case "flood":
                raise flood(math.ceil(fault.seconds))
            case "error":
                raise Refused(fault.code, _spoken(fault.code))
            case "unknown":
                raise no_method()
            case "refusal":
                raise bad(fault.words)
            case "delay":
                await self.agenda.pause(fault.seconds)
            case _:
                await self._cut(fault)

    async def _after(self, fault: Fault, answer: Answer) -> Answer:
        match fault.kind:
            case "odd":
                return Answer(answer.status, _without(answer.body, fault.words))
            case "error_after":
                raise Refused(fault.code, _spoken(fault.code))
            case "torn":
                whole = json.dumps(answer.body).encode()
                raise Cut(whole[: len(whole) // 2])
            case _:
                await self._cut(fault)
        return answer

    async def _cut(self, fault: Fault) -> None:
        if fault.kind.startswith("timeout"):
            await self.agenda.pause(fault.seconds)
        raise Cut

    def _record(self, robot: Robot | None, name: str, asked: Asked, answer: Answer) -> None:
        params = {**asked.params, **{part: f"({len(file.data)} bytes)" for part, file in asked.files.items()}}
        result = answer.body.get("result", answer.body.get("description"))
        self.calls.append(Call(self.clock.date(), robot.id if robot else 0, name, params, answer.status, result))

    def called(self, method: str, chat: int = 0) -> list[Call]:
        """Every call of a method, in one chat or in all."""
        return [one for one in self.calls if one.method == method and chat in {0, one.chat}]

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
            robot.updates.end_poll("terminated by close request")
        await self.agenda.close()


def chat_in(asked: Asked) -> int:
    written = asked.text("chat_id")
    return int(written) if written.lstrip("-").isdecimal() else 0


def _count(name: str, asked: Asked) -> int:
    """Every message of an album counts."""
    return len(asked.objects("media", "media") or "1") if name == "sendMediaGroup" else 1


def _body(result: object) -> Wire:
    if isinstance(result, Told):
        return {"ok": True, "result": result.result, "description": result.description}
    return {"ok": True, "result": result}


def _without(body: Wire, field: str) -> Wire:
    result = body["result"]
    if not isinstance(result, dict) or field not in result:
        return {"ok": True}
    return {**body, "result": {name: value for name, value in result.items() if name != field}}


def _spoken(code: int) -> str:
    return {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}.get(
        code, "Internal Server Error"
    )
