"""The mouths of a house: Telegram where a token turns it on, or where it is played."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.house import Plan
from bot.settings import Settings
from bot.vendors import Telegram
from core.ports import Wing

if TYPE_CHECKING:
    from bot.telegram.mouth import TelegramMouth


def sells_stars(settings: Settings) -> bool:
    """Stars of a played Telegram are play money, which is taken only where everything that is taken is."""
    return "telegram" not in settings.plays or "vnpay" in settings.plays


def open_mouth(own: Telegram, wing: Wing, plan_: Plan, phone: str) -> "TelegramMouth | None":
    """Telegram, where a token turns it on."""
    if not own.token.get_secret_value():
        return None
    from bot.telegram.mouth import TelegramMouth  # noqa: PLC0415 - its library takes a fifth of a second to import

    return TelegramMouth(own, wing.ports, plan_.secrets, phone)


@asynccontextmanager
async def open_phone(settings: Settings, wing: Wing) -> AsyncIterator[tuple[str, Telegram]]:
    """Where Telegram is played: its telephone, and the bot that it has for this house. Else the bot as it is set."""
    if "telegram" not in settings.plays:
        yield "", settings.telegram
        return
    from infra.sandbox.telegram import Bot, open_telegram  # noqa: PLC0415 - only where it is played

    async with open_telegram([Bot(played_token(wing))]) as played:
        at = {"token": SecretStr(played_token(wing)), "api": played.api_url, "files": played.files_url}
        yield played.phone_url, settings.telegram.model_copy(update=at)


def played_token(wing: Wing) -> str:
    """Of this home's own, in the shape that logs strike out."""
    key = hmac.digest(wing.secret.encode(), b"the played telegram", "sha256").hex()
    return f"{int(key[:8], 16) + 1_000_000_000}:{key[8:43]}"
