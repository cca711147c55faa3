"""Asking: a command or a button is declared once, with its words, rights and arguments; all else follows from that.

    @command("grant", rights="moderator", usage=..., does=...)
    async def grant(ask: Ask, person: PersonNamed, credits_: Credits, reason: Rest) -> Reply: ...

Arguments are read by their types. An id is always read as something of the asker's own: that one check is here.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeAlias, TypeVar, get_args, get_type_hints

from bot.channel import Fetching, Heard
from bot.counter import Counter
from bot.replies import Reply
from bot.takeaway import Takeaway
from bot.telling import Teller
from bot.texts import Said
from bot.ways import Ways
from core.addresses import Addresses, Rights
from core.appeals import Appeals
from core.errors import BadAmount, Refusal, Unknown
from core.gallery import Image
from core.jobs import Job, job_key
from core.ledger import Ledger, Purse, amount
from core.linking import Linking
from core.people import People, Person
from core.places import Places
from core.ports import Ports
from core.privacy import Privacy
from core.studio import Studio, Terms
from core.table import Row
from core.tally import Tally
from core.unlinking import Unlinking

RANK: Mapping[str, int] = {"none": 0, "moderator": 1, "owner": 2}
KEY_LETTERS = 16  # 64 bits
LONGEST_AMOUNT, MOST_DIGITS = 10, 6  # digits
SHORT_ID = 8  # letters of an id that a person may type


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything an answer may need."""

    ports: Ports
    people: People
    addresses: Addresses
    ledger: Ledger
    studio: Studio
    privacy: Privacy
    linking: Linking
    unlinking: Unlinking
    appeals: Appeals
    places: Places
    tally: Tally
    terms: Terms
    teller: Teller
    counter: Counter
    gift: int  # credits after consent
    givers: frozenset[str]  # channels that may give it
    ways: Ways
    fetching: Mapping[str, Fetching]  # by channel
    takeaway: Takeaway
    filing: frozenset[str]  # channels that can be sent files

    def may_give(self, channel: str) -> bool:
        return self.gift > 0 and channel in self.givers


@dataclass(frozen=True, slots=True)
class Standing:
    """What stood around a word when it was heard, read in one go."""

    address: Row | None = None  # the row of where it was said
    closed_until: int = 0  # the house, while it is mended; 0: it is open
    purse: Purse | None = None  # for a prompt, where its person was remembered


NOTHING_READ = Standing()


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked by one person, with the key that its moves carry."""

    desk: Desk
    person: Person
    heard: Heard
    key: str
    rights: Rights
    words: str = ""  # what came behind the command, or the argument of a button
    standing: Standing = NOTHING_READ

    def say(self, said: Said, **facts: object) -> str:
        return said[self.person.language].format(**facts)

    def by(self, person: Person) -> "Ask":
        """The same, once something about the person has changed."""
        return replace(self, person=person)

    @property
    def now(self) -> int:
        return self.desk.ports.clock.now()

    @property
    def short(self) -> str:
        """The key, as short as a button can carry it."""
        return self.key[:KEY_LETTERS]


class Usage(Refusal):
    """The arguments do not fit; the reply says how it is used."""

    def __init__(self, usage: Said) -> None:
        super().__init__(usage["en"])
        self.usage = usage


class PictureBlocked(Refusal):
    """The picture they sent breaks a rule."""

    def __init__(self, group: str) -> None:
        super().__init__(group)
        self.group = group


class NotNow(Refusal):
    """Somebody it takes cannot be reached; nothing was used."""


class Unreadable(Exception):
    """An argument is not of its kind; the usage says the rest."""


class NoRights(Refusal):
    """It is for admins."""


class PrivateOnly(Refusal):
    """Not in a group, where others read along."""


Reader: TypeAlias = Callable[[Ask, str], Awaitable[Any]]
Call: TypeAlias = Callable[..., Awaitable[Reply | list[Reply]]]
Called = TypeVar("Called", bound=Call)


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be asked, and how."""

    name: str
    call: Call
    aliases: tuple[str, ...] = ()
    usage: Said | None = None
    does: Said | None = None
    rights: Rights = "none"
    menu: bool = False
    private: bool = False  # never in a group

    async def answer(self, ask: Ask) -> list[Reply]:
        """What is replied. Raises whatever refuses it."""
        if RANK[ask.rights] < RANK[self.rights]:
            raise NoRights
        if self.private and ask.heard.group:
            raise PrivateOnly
        replied = await self.call(ask, *await self._arguments(ask))
        return replied if isinstance(replied, list) else [replied]

    async def _arguments(self, ask: Ask) -> list[object]:
        readers = readers_of(self.call)
        words: Sequence[str] = ask.words.split(maxsplit=max(0, len(readers) - 1)) if readers else ()
        usage = Usage(self.usage or {"vi": f"/{self.name}", "en": f"/{self.name}"})
        if len(words) < sum(not reader.optional for reader in readers):
            raise usage
        try:
            return [await reader.read(ask, word) for reader, word in zip(readers, words, strict=False)]
        except Unreadable:
            raise usage from None


@dataclass(frozen=True, slots=True)
class Slot:
    read: Reader
    optional: bool


COMMANDS: dict[str, Command] = {}  # filled where commands are declared, read only afterwards
ACTIONS: dict[str, Command] = {}


def command(name: str, *aliases: str, **facts: Any) -> Callable[[Called], Called]:
    """Declare what a slash, or the word alone, stands for."""

    def declare(call: Called) -> Called:
        one = Command(name, call, aliases, **facts)
        COMMANDS.update(dict.fromkeys((name, *aliases), one))
        return call

    return declare


def action(name: str, **facts: Any) -> Callable[[Called], Called]:
    """Declare what a button does; its argument stands behind the colon."""

    def declare(call: Called) -> Called:
        ACTIONS[name] = Command(name, call, **facts)
        return call

    return declare


def readers_of(call: Call) -> list[Slot]:
    """How each argument behind the first is read, by its type."""
    hints = get_type_hints(call, include_extras=True)
    arguments = list(inspect.signature(call).parameters.values())[1:]
    return [Slot(get_args(hints[one.name])[1], one.default is not inspect.Parameter.empty) for one in arguments]


# -- arguments ------------------------------------------------------------------------------------------------------


async def as_it_is(_: Ask, word: str) -> str:
    return word


async def credits_of(_: Ask, word: str) -> int:
    if not word.isdecimal() or len(word) > LONGEST_AMOUNT:
        raise BadAmount(word[:SHORT_ID])
    return amount(int(word))


async def number_of(_: Ask, word: str) -> int:
    if not word.isdecimal() or len(word) > MOST_DIGITS:
        raise Unreadable
    return int(word)


async def own_job(ask: Ask, word: str) -> Job:
    """A job of the asker's own; anybody else's does not exist for them."""
    row = await ask.desk.ports.table.get(job_key(await full_id(ask, word)))
    if row is None or (job := Job.of(row)).person not in ask.person.ids:
        raise Unknown("job", word)
    return job


async def own_image(ask: Ask, word: str) -> Image:
    """An image of the asker's own that can still be looked at."""
    job = await own_job(ask, word)
    return await ask.desk.studio.gallery.image(job.person, job.id)


async def own_picture(ask: Ask, word: str) -> str:
    """The blob of an image of theirs, or of a picture that they sent."""
    try:
        return (await own_image(ask, word)).blob
    except Unknown:
        if len(word) >= SHORT_ID:
            with suppress(Unknown):
                return (await ask.desk.studio.uploads.named(ask.person.ids, word)).blob
        raise


async def any_job(ask: Ask, word: str) -> Job:
    """For admins, who have been checked by then."""
    row = await ask.desk.ports.table.get(job_key(word.upper()))
    if row is None:
        raise Unknown("job", word)
    return Job.of(row)


async def full_id(ask: Ask, word: str) -> str:
    """An id in full, or by its last letters among the asker's newest images."""
    if len(word) != SHORT_ID:
        return word.upper()
    images = [image for one in ask.person.ids for image in await ask.desk.studio.gallery.newest(one, limit=100)]
    return next((image.id for image in images if image.id.endswith(word.upper())), word)


Rest: TypeAlias = Annotated[str, as_it_is]
Credits: TypeAlias = Annotated[int, credits_of]
Number: TypeAlias = Annotated[int, number_of]
AnyJob: TypeAlias = Annotated[Job, any_job]
OwnJob: TypeAlias = Annotated[Job, own_job]
OwnImage: TypeAlias = Annotated[Image, own_image]
OwnPicture: TypeAlias = Annotated[str, own_picture]
