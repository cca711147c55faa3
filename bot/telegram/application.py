"""python-telegram-bot's application as this house has it: our own HTTP, no updater, no jobs, in order within a chat."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, BaseUpdateProcessor, ContextTypes, TypeHandler

from bot.telegram.request import AiohttpRequest

MOST_AT_ONCE = 10_000  # updates of all chats together; waiting ones count, so a flooding chat must not use them up

Hear: TypeAlias = Callable[[Update], Awaitable[None]]
AnyBuilder: TypeAlias = "ApplicationBuilder[Any, Any, Any, Any, Any, Any]"
AnyApplication: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"


class InTurn(BaseUpdateProcessor):
    """In order within a chat, side by side across chats."""

    __slots__ = ("_turns",)

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        super().__init__(most)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()  # gone with whoever waits

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        turn = self._turns.setdefault(lane_of(update), asyncio.Lock())
        async with turn:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""


def lane_of(update: object) -> int:
    chat = update.effective_chat if isinstance(update, Update) else None
    return chat.id if chat else 0


def build(builder: AnyBuilder, hear: Hear | None = None) -> AnyApplication:
    """The builder must have its token, and may have its addresses."""
    ours = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())
    application = ours.updater(None).job_queue(None).concurrent_updates(InTurn()).build()
    application.add_handler(TypeHandler(Update, hearing(hear or echo)))
    return application


def hearing(hear: Hear) -> Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
    async def heard(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await hear(update)

    return heard


async def echo(update: Update) -> None:
    """What was said comes back."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)
