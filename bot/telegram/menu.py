"""The menu: what people see when they type a slash, by scope and language, from the commands as they are declared.

It is told to Telegram when it has changed since it was last told, so a start costs no calls. What Telegram or a
look-alike does not take is named in the log and passed over; the bot works without it.
"""

import json
import logging
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import get_args

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, EndPointNotFound, InvalidToken

from bot.asking import COMMANDS, RANK, Command
from bot.texts import Language
from bot.texts import telegram as texts
from core.addresses import Addresses, Rights
from core.table import Change, Key, Table

log = logging.getLogger(__name__)

TOLD = Key("SETTING#telegram-menu", "META")
CODES: Mapping[Language, str] = {
    "vi": "",
    "en": "en",
}  # as Telegram has them: none is for all who have none of their own
IN_GROUPS = ("imagine", "help")
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Entry:
    """The commands of one scope in one language."""

    scope: BotCommandScope
    language: Language
    commands: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Menu:
    bot: Bot
    table: Table
    addresses: Addresses

    async def register(self) -> None:
        """Once for every change of it; another bot has been told nothing yet."""
        entries = list(entries_for(await self._admins()))
        now = digest(self.bot.id, entries)
        row = await self.table.get(TOLD)
        if row and row.text("digest") == now:
            return
        for entry in entries:
            await passing_over(f"commands of {entry.scope.type}", self._tell(entry))
        for language, code in CODES.items():
            await passing_over("description", self.bot.set_my_description(texts.DESCRIPTION[language], code))
            await passing_over("short description", self.bot.set_my_short_description(texts.SHORT[language], code))
        await self.table.write(Change(TOLD, set={"digest": now}, or_create=True))

    async def _tell(self, entry: Entry) -> None:
        await self.bot.set_my_commands(entry.commands, scope=entry.scope, language_code=CODES[entry.language])

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


def digest(bot: int, entries: Iterable[Entry]) -> str:
    told = [[entry.scope.to_dict(), entry.language, entry.commands] for entry in entries]
    words = [bot, told, texts.DESCRIPTION, texts.SHORT]
    return sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


async def passing_over(what: str, call: Awaitable[object]) -> None:
    """An admin who never wrote to us has no chat yet, and a look-alike may have no such method."""
    try:
        await call
    except (BadRequest, EndPointNotFound, InvalidToken) as refusal:
        log.warning("Telegram does not take the %s", what, extra={"why": type(refusal).__name__})
