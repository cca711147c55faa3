"""The mouths of a house: Telegram and Zalo, each where a token turns it on, or where it is played."""

import hmac
import logging
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
    from bot.zalo.mouth import ZaloMouth

log = logging.getLogger(__name__)


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


@asynccontextmanager
async def open_zalo(settings: Settings, wing: Wing, plan_: Plan) -> AsyncIterator[tuple[str, "ZaloMouth | None"]]:
    """Zalo's telephone, where it is played, and its mouth where there is one."""
    if not settings.zalo_is_on:
        if settings.zalo.token.get_secret_value():
            log.warning("Zalo is off: it shows pictures by their address, and IMAGIFY_PUBLIC_URL is no https address")
        yield "", None
        return
    from bot.zalo.mouth import ZaloMouth  # noqa: PLC0415 - only where it is switched on

    if "zalo" not in settings.plays:
        yield "", ZaloMouth(settings.zalo, wing.ports, plan_.secrets)
        return
    from infra.sandbox.zalo import Bot  # noqa: PLC0415 - only where it is played
    from infra.sandbox.zalo import open_zalo as play  # noqa: PLC0415 - same

    token = played_token(wing, b"the played zalo")
    async with play([Bot(token)]) as played:
        own = settings.zalo.model_copy(update={"token": SecretStr(token), "api": played.api_url})
        yield played.phone_url, ZaloMouth(own, wing.ports, plan_.secrets, played.phone_url)


@asynccontextmanager
async def open_both(telegram: str, zalo: str) -> AsyncIterator[str]:
    """Where both telephones stand side by side, if both are played."""
    if not (telegram and zalo):
        yield ""
        return
    from infra.sandbox.phones import open_phones  # noqa: PLC0415 - only where they are played

    async with open_phones({"Telegram": telegram, "Zalo": zalo}) as url:
        yield url


def played_token(wing: Wing, of: bytes = b"the played telegram") -> str:
    """Of this home's own, in the shape that logs strike out."""
    key = hmac.digest(wing.secret.encode(), of, "sha256").hex()
    return f"{int(key[:8], 16) + 1_000_000_000}:{key[8:43]}"
