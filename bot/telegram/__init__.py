"""The Telegram mouth. Nothing of Telegram's library is imported before somebody asks for it: it takes a fifth of a
second, and a house without a token never needs it.
"""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Update
    from telegram.ext import Application, ApplicationBuilder

    Hear = Callable[[Update], Awaitable[None]]

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns at every wait that it is told

WEBHOOK = "/telegram/webhook"


def build(
    builder: "ApplicationBuilder[Any, Any, Any, Any, Any, Any]", hear: "Hear | None" = None
) -> "Application[Any, Any, Any, Any, Any, Any]":
    """An application that speaks to Telegram our way and hands over what it hears; without `hear` it echoes."""
    from bot.telegram import application  # noqa: PLC0415 - the library comes with it

    return application.build(builder, hear)
