"""Everything Telegram knows: bots, people, chats, files, stars; and how a message gets from one to the other."""

import itertools
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from infra.sandbox.clock import Agenda, Clock
from infra.sandbox.faults import Faults
from infra.sandbox.line import Line
from infra.sandbox.telegram.asked import Wire, names
from infra.sandbox.telegram.chats import Chat, Message
from infra.sandbox.telegram.entities import found, in_order
from infra.sandbox.telegram.faults import faults
from infra.sandbox.telegram.files import Files
from infra.sandbox.telegram.hook import Execute, Hook
from infra.sandbox.telegram.limits import Limits
from infra.sandbox.telegram.stars import Invoice, Payment, Till
from infra.sandbox.telegram.updates import Updates
from infra.sandbox.utf16 import part

ANONYMOUS: Wire = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
AS_CHANNEL: Wire = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
OUTSIDE = frozenset({"left", "kicked"})
MOST_KEPT = 10_000  # questions, invoices and links of each kind
Key = TypeVar("Key")
Value = TypeVar("Value")
RIGHTS = names(
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
    "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
    "can_edit_stories can_delete_stories can_pin_messages can_manage_topics can_send_welcome_messages"
)


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot as BotFather knows it. `reads_groups`: its privacy mode is off, so it hears all that is said in groups."""

    token: str
    username: str = "imagify_bot"
    name: str = "Imagify"
    reads_groups: bool = False

    @property
    def id(self) -> int:
        return int(self.token.partition(":")[0])

    @property
    def wire(self) -> Wire:
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}


@dataclass(slots=True)
class Robot:
    """A bot and all that Telegram keeps for it."""

    bot: Bot
    updates: Updates
    hook: Hook
    till: Till
    commands: dict[tuple[str, str], list[Wire]] = field(default_factory=dict)  # by scope and language
    words: dict[tuple[str, str], str] = field(default_factory=dict)  # name and descriptions, by kind and language
    menus: dict[int, Wire] = field(default_factory=dict)  # by chat; 0: everywhere else
    hook_set: float = 0.0  # when

    @property
    def id(self) -> int:
        return self.bot.id


@dataclass(slots=True)
class Someone:
    """A person as Telegram knows one; what a person does stands in people.py."""

    id: int
    first_name: str
    language_code: str = "vi"
    username: str = ""
    last_name: str = ""
    stars: int = 10_000
    gone: bool = False  # the person has left Telegram

    @property
    def wire(self) -> Wire:
        named = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        said = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return said | {name: value for name, value in named.items() if value}


@dataclass(slots=True)
class Query:
    """A press of a button that waits for its answer."""

    id: str
    bot: int
    person: int
    at: float
    answered: Callable[[Wire], None]


@dataclass(slots=True)
class World:
    clock: Clock
    line: Line
    lot: random.Random
    agenda: Agenda = field(init=False)
    limits: Limits = field(init=False)
    faults: Faults = field(default_factory=faults)
    files: Files = field(default_factory=Files)
    robots: dict[str, Robot] = field(default_factory=dict)  # by token
    people: dict[int, Someone] = field(default_factory=dict)
    private: dict[tuple[int, int], Chat] = field(default_factory=dict)  # by bot and person
    groups: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    offers: dict[tuple[int, int, int], Invoice] = field(default_factory=dict)  # by bot, chat and message
    links: dict[str, tuple[int, Invoice]] = field(default_factory=dict)
    checks: dict[str, tuple[Payment, Callable[[], None]]] = field(default_factory=dict)  # payments a bot must answer
    stirred: Callable[[], None] = lambda: None
    drafts: bool = True  # whether sendMessageDraft is answered; else TEXTDRAFT_PEER_INVALID
    revision: int = 0
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.agenda = Agenda(self.clock)
        self.limits = Limits(self.clock)

    # -- who is there

    def register(self, bot: Bot, execute: Execute) -> Robot:
        updates = Updates(self.clock, self.agenda, self.faults, self.lot)
        hook = Hook(updates, self.clock, self.agenda, self.faults, self.lot, self.line, execute)
        robot = Robot(bot, updates, hook, Till(bot.id))
        self.robots[bot.token] = robot
        return robot

    def robot(self, identifier: int) -> Robot:
        return next(one for one in self.robots.values() if one.id == identifier)

    def user(self, identifier: int) -> Wire | None:
        """A person or a bot, as the wire has them."""
        if identifier in self.people:
            return self.people[identifier].wire
        return next((one.bot.wire for one in self.robots.values() if one.id == identifier), None)

    def private_chat(self, bot: int, person: int) -> Chat:
        """Opened by the person's first word."""
        if (bot, person) not in self.private:
            someone = self.people[person]
            wire = {name: value for name, value in someone.wire.items() if name not in {"is_bot", "language_code"}}
            chat = Chat(
                person, "private", someone.first_name, self.next_message, {**wire, "type": "private"}, bot, person
            )
            chat.members = {bot: "member", person: "member"}
            self.private[bot, person] = chat
        return self.private[bot, person]

    def open_group(self, identifier: int, title: str, kind: str) -> Chat:
        number = itertools.count(1).__next__ if kind != "group" else self.next_message
        wire: Wire = {"id": identifier, "title": title, "type": kind}
        self.groups[identifier] = Chat(identifier, kind, title, number, wire)
        return self.groups[identifier]

    def next_message(self) -> int:
        return next(self._numbers)

    def next_id(self) -> str:
        return f"{next(self._ids) + 4_000_000_000_000_000_000}"

    def member(self, chat: Chat, identifier: int) -> Wire:
        """As getChatMember tells of somebody."""
        status = chat.members.get(identifier, "left")
        said: Wire = {"status": status, "user": self.user(identifier)}
        match status:
            case "administrator":
                return said | dict.fromkeys(RIGHTS, False) | {"can_manage_chat": True, "can_delete_messages": True}
            case "creator":
                return said | {"is_anonymous": False}
            case "kicked":
                return said | {"until_date": 0}
            case _:
                return said

    # -- what is said

    def say(self, chat: Chat, sender: Wire, body: Wire, **more: object) -> Message:
        """A message of a person, an admin or a channel; every bot that may hear it is told. More: as Message has it."""
        message = self.put(chat, sender, body, **more)
        self.spread(message, "message")
        return message

    def put(self, chat: Chat, sender: Wire, body: Wire, **more: object) -> Message:
        """A message that no bot is told of."""
        marked = dict(body)
        for name, entities in (("text", "entities"), ("caption", "caption_entities")):
            if name in body and entities not in body and (marks := in_order(found(body[name]))):
                marked[entities] = marks
        message = Message(chat.number(), chat, self.clock.date(), sender, marked, **more)  # type: ignore[arg-type]  # as Message has it
        chat.add(message)
        self.changed()
        return message

    def spread(self, message: Message, kind: str) -> None:
        for robot in self.hearers(message):
            robot.updates.tell(kind, message.wire(), f"chat {message.chat.id}", message.chat.id)

    def hearers(self, message: Message) -> Iterable[Robot]:
        chat = message.chat
        present = [one for one in self.robots.values() if chat.members.get(one.id, "left") not in OUTSIDE]
        if chat.private:
            return [one for one in present if one.id == chat.bot]
        return [one for one in present if hears(one, message)]

    def told_member(self, chat: Chat, robot: Robot, actor: Wire, new: str) -> None:
        """What a bot is in a chat has changed."""
        old = self.member(chat, robot.id)
        chat.members[robot.id] = new
        body = {
            "chat": chat.wire,
            "from": actor,
            "date": int(self.clock.date()),
            "old_chat_member": old,
            "new_chat_member": self.member(chat, robot.id),
        }
        robot.updates.tell("my_chat_member", body, f"chat {chat.id}", chat.id)
        self.changed()

    def ask(self, query: Query) -> None:
        keep(self.queries, query.id, query)
        self.changed()

    def changed(self) -> None:
        self.revision += 1
        self.stirred()


def keep(known: dict[Key, Value], key: Key, value: Value) -> None:
    """The newest few thousand."""
    known[key] = value
    while len(known) > MOST_KEPT:
        del known[next(iter(known))]


def hears(robot: Robot, message: Message) -> bool:
    """In a group a bot hears what is meant for it, unless it is an admin or its privacy mode is off."""
    chat, body = message.chat, message.body
    if robot.bot.reads_groups or chat.members.get(robot.id) == "administrator":
        return True
    if message.reply_to and message.reply_to.sender["id"] == robot.id:
        return True
    service = not {"text", "photo", "document"} & set(body)
    marks = [*body.get("entities", ()), *body.get("caption_entities", ())]
    return service or any(_means(robot.bot, mark, message.text) for mark in marks)


def _means(bot: Bot, mark: Wire, text: str) -> bool:
    written = part(text, mark["offset"], mark["length"]).lower()
    match mark["type"]:
        case "mention":
            return written == f"@{bot.username}".lower()
        case "bot_command":
            return "@" not in written or written.endswith(f"@{bot.username}".lower())
        case _:
            return False
