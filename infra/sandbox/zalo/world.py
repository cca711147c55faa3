"""Everything Zalo knows: bots, people, chats, pictures; and how a message gets from one to the other."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from infra.sandbox.clock import Agenda, Clock
from infra.sandbox.faults import Faults
from infra.sandbox.line import Line
from infra.sandbox.zalo.asked import Wire
from infra.sandbox.zalo.chats import Chat, Message
from infra.sandbox.zalo.events import UNSUPPORTED, Event
from infra.sandbox.zalo.faults import faults
from infra.sandbox.zalo.habits import DIALECTS, Habits
from infra.sandbox.zalo.hook import Hook
from infra.sandbox.zalo.pictures import Fetch, Gallery, Kept, Picture
from infra.sandbox.zalo.plans import FREE, Meter, Plan
from infra.sandbox.zalo.updates import Updates

NO_MEDIA = "https:/"  # the real thing: the name of the host follows
MEDIA_HOSTS = ("photo-stal-1.zdn.vn", "photo-stal-7.zdn.vn")


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot as its owner made it. `dialect`: how it is told of events; `groups`: it can be added to some."""

    token: str
    name: str = "Bot Imagify"
    plan: Plan = FREE
    dialect: str = DIALECTS[0]
    groups: bool = False

    @property
    def id(self) -> str:
        return self.token.partition(":")[0]


@dataclass(slots=True)
class Robot:
    """A bot and all that Zalo keeps for it. Its dialect and its plan (`meter.plan`) may change while it runs."""

    bot: Bot
    updates: Updates
    hook: Hook
    meter: Meter
    dialect: str

    @property
    def id(self) -> str:
        return self.bot.id

    @property
    def wire(self) -> Wire:
        name = hashlib.sha256(self.bot.token.encode()).hexdigest()[:9]
        return {
            "id": self.id,
            "account_name": f"bot.{name}",
            "account_type": self.meter.plan.name,
            "can_join_groups": self.bot.groups,
        }


@dataclass(slots=True)
class Someone:
    """A person as Zalo knows one; what a person does stands in people.py."""

    id: str
    name: str
    protected: bool = False  # a child, or somebody whom the law protects so: bots are told nothing but that they wrote

    @property
    def wire(self) -> Wire:
        return {"id": self.id, "display_name": self.name, "is_bot": False}


@dataclass(slots=True)
class World:
    clock: Clock
    line: Line
    fetch: Fetch
    lot: random.Random
    habits: Habits = field(default_factory=Habits)
    faults: Faults = field(default_factory=faults)
    media_url: str = NO_MEDIA
    media: Kept = field(default_factory=Kept)  # what people sent
    robots: dict[str, Robot] = field(default_factory=dict)  # by token
    people: dict[str, Someone] = field(default_factory=dict)
    private: dict[tuple[str, str], Chat] = field(default_factory=dict)  # by bot and person
    groups: dict[str, Chat] = field(default_factory=dict)
    stirred: Callable[[], None] = lambda: None
    revision: int = 0
    agenda: Agenda = field(init=False)
    gallery: Gallery = field(init=False)

    def __post_init__(self) -> None:
        self.agenda = Agenda(self.clock)
        self.gallery = Gallery(self.clock, self.agenda, self.faults, self.habits, self.fetch, self.changed)

    # -- who is there

    def register(self, bot: Bot) -> None:
        if bot.dialect not in DIALECTS:
            raise ValueError(f"no such dialect: {bot.dialect}")
        updates = Updates(self.agenda, self.faults, self.habits)

        def dialect() -> str:
            return self.robots[bot.token].dialect

        hook = Hook(updates, self.clock, self.agenda, self.faults, self.habits, self.line, dialect)
        self.robots[bot.token] = Robot(bot, updates, hook, Meter(self.clock, bot.plan), bot.dialect)

    def robot(self, identifier: str) -> Robot:
        return next(one for one in self.robots.values() if one.id == identifier)

    def chat(self, bot: str, person: str) -> Chat:
        if (bot, person) not in self.private:
            self.private[bot, person] = Chat(person, "PRIVATE", self.people[person].name, bot, (person,))
        return self.private[bot, person]

    def new_id(self) -> str:
        """Twenty hexadecimal digits, as every identifier of Zalo's."""
        return f"{self.lot.getrandbits(80):020x}"

    # -- what is said

    def host(self, data: bytes, extension: str) -> str:
        """The address of something that a person sends; it can be fetched for so long as Zalo keeps it."""
        host = MEDIA_HOSTS[self.lot.randrange(len(MEDIA_HOSTS))]
        name = f"{host}/{self.new_id()}.{extension}"
        self.media.keep(name, data, self.clock.date() + self.habits.media_lasts)
        return f"{self.media_url}/{name}"

    def hear(self, chat: Chat, person: Someone, kind: str, content: Wire, told: str, data: bytes = b"") -> Message:
        """A message of a person's; `told`: as what kind the bot hears of it, nothing where it is not meant."""
        picture = self._taken(str(content.get("photo_url", "")), data) if data else None
        message = Message(self.new_id(), chat, self.clock.date(), person.id, False, kind, content, picture)
        chat.add(message)
        chat.begun = True
        robot = self.robot(chat.bot)
        if chat.private:
            robot.meter.meet(person.id)
        if told:
            hidden = person.protected or told == UNSUPPORTED
            kind, content = (UNSUPPORTED, {}) if hidden else (told, content)
            robot.updates.tell(Event(kind, message.id, message.at, person.wire, chat.wire, content))
        self.changed()
        return message

    def _taken(self, url: str, data: bytes) -> Picture:
        picture = Picture(url, data, settled=True)
        self.gallery.keep(picture)
        return picture

    def say(self, chat: Chat, robot: Robot, kind: str, content: Wire, picture: Picture | None = None) -> Message:
        """A message of a bot's. Somebody who blocked it never sees it."""
        message = Message(self.new_id(), chat, self.clock.date(), robot.id, True, kind, content, picture)
        robot.meter.count(chat.id)
        if not chat.blocked:
            chat.add(message)
        self.changed()
        return message

    def changed(self) -> None:
        self.revision += 1
        self.stirred()
