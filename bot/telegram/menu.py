"""The menu: what people see when they type a slash, by scope and language, from the commands as they are declared.

Each part is told to Telegram when it has changed since it was last told, so a start costs no calls, and beside the
listening, so a part that is put off or refused makes nobody wait. What Telegram or a look-alike never takes is named in
the log and to the admins; the bot works without it.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import count
from typing import Protocol, get_args

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.asking import COMMANDS, RANK, Command
from bot.telegram.fates import seconds_of
from bot.telegram.listening import WHILE_UNKNOWN
from bot.texts import Language
from bot.texts import telegram as texts
from core.addresses import Addresses, Rights
from core.clock import Clock
from core.table import Change, Key, Table, Value

log = logging.getLogger(__name__)

TOLD = "SETTING#telegram-menu"
MOST_TRIES = 12
LONGEST_PAUSE = 300.0  # seconds
CODES: Mapping[Language, str] = {
    "vi": "",
    "en": "en",
}  # as Telegram has them: none is for all who have none of their own
IN_GROUPS = ("imagine", "help")
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Alarm(Protocol):
    async def __call__(self, key: str, what: str, **facts: Value) -> bool: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """The commands of one scope in one language."""

    scope: BotCommandScope
    language: Language
    commands: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Telling:
    """One call that tells Telegram a part of what people see."""

    method: str
    name: str
    says: Sequence[object]
    call: Callable[[], Awaitable[object]]
    optional: bool = False  # an admin who never wrote to us has no chat yet

    def digest(self, bot: str) -> str:
        """Another bot has been told nothing yet."""
        return sha256(json.dumps([bot, self.name, self.says]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Menu:
    bot: Bot
    table: Table
    addresses: Addresses
    clock: Clock
    alarm: Alarm

    async def register(self) -> None:
        """Side by side, so that no part waits for another which Telegram puts off."""
        admins = await self._admins()
        async with asyncio.TaskGroup() as side:
            for telling in (*map(self._commands, entries_for(admins)), *self._words()):
                side.create_task(self._once_told(telling))

    async def _once_told(self, telling: Telling) -> None:
        key, now = Key(TOLD, telling.name), telling.digest(self._number)
        row = await self.table.get(key)
        if row and row.text("digest") == now:
            return
        if await self._told(telling):
            await self.table.write(Change(key, set={"digest": now}, or_create=True))

    async def _told(self, telling: Telling) -> bool:
        """As often as Telegram is away, for a while; a wait that it names is kept, however long. False: given up."""
        for tries in count(1):
            try:
                await telling.call()
            except (BadRequest, EndPointNotFound, Forbidden) as refused:
                return await self._give_up(telling, refused)
            except RetryAfter as flood:
                await self.clock.sleep(seconds_of(flood))
            except InvalidToken:  # whoever listens says so
                await self.clock.sleep(WHILE_UNKNOWN)
            except TelegramError as fault:
                if tries >= MOST_TRIES:
                    return await self._give_up(telling, fault)
                await self.clock.sleep(min(LONGEST_PAUSE, 2.0**tries))
            else:
                break
        return True

    async def _give_up(self, telling: Telling, why: TelegramError) -> bool:
        """Until the house opens anew; admins hear of a method once for every change of what it tells."""
        log.warning("Telegram does not take the %s", telling.name, extra={"why": type(why).__name__})
        if not telling.optional:
            key = f"telegram {telling.method} {telling.digest(self._number)}"
            await self.alarm(key, "menu refused", code=telling.name)
        return False

    def _commands(self, entry: Entry) -> Telling:
        scope, language = entry.scope, CODES[entry.language]
        chat = f" {scope.chat_id}" if isinstance(scope, BotCommandScopeChat) else ""
        name = f"commands of {scope.type}{chat} in {entry.language}"
        call = partial(self.bot.set_my_commands, entry.commands, scope=scope, language_code=language)
        return Telling("setMyCommands", name, entry.commands, call, optional=bool(chat))

    def _words(self) -> Iterator[Telling]:
        for language, code in CODES.items():
            said, short = texts.DESCRIPTION[language], texts.SHORT[language]
            call = partial(self.bot.set_my_description, said, code)
            yield Telling("setMyDescription", f"description in {language}", [said], call)
            call = partial(self.bot.set_my_short_description, short, code)
            yield Telling("setMyShortDescription", f"short description in {language}", [short], call)

    @property
    def _number(self) -> str:
        """The bot's, as its token has it."""
        return self.bot.token.partition(":")[0]

    async def _admins(self) -> list[tuple[int, Rights]]:
        """Their private chats, and what they may; an id that is no number was never Telegram's."""
        here = [one for one in await self.addresses.admins() if one.channel == "telegram" and one.id.isdecimal()]
        return [(int(one.id), await self.addresses.rights_of(one)) for one in here]


def entries_for(admins: Iterable[tuple[int, Rights]]) -> Iterator[Entry]:
    for language in LANGUAGES:
        yield Entry(BotCommandScopeAllPrivateChats(), language, said(everybodys(), language))
        yield Entry(BotCommandScopeAllGroupChats(), language, said(in_groups(), language))
        for chat, rights in admins:
            yield Entry(BotCommandScopeChat(chat), language, said([*everybodys(), *of_admins(rights)], language))


def everybodys() -> list[Command]:
    return [one for one in known() if one.menu]


def in_groups() -> list[Command]:
    """What a group is for; whatever else is not private may be typed there all the same."""
    return [one for one in everybodys() if one.name in IN_GROUPS]


def of_admins(rights: Rights) -> list[Command]:
    return [one for one in known() if 0 < RANK[one.rights] <= RANK[rights]]


def known() -> list[Command]:
    """Each under its own name, once."""
    return [one for name, one in COMMANDS.items() if name == one.name]


def said(commands: Iterable[Command], language: Language) -> list[tuple[str, str]]:
    return [(one.name, one.does[language]) for one in commands if one.does]
