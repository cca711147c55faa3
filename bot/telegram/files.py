"""Files that people send to Telegram: asked for by their name, then fetched from where the Bot API says they lie.

The library reads the file of that path from this very disk where there is one, instead of fetching it. What an API of
one's own answers is a stranger's word here: a path on its own disk (`--local`), or one that climbs, is refused.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from core.errors import NotAPicture, Unavailable

log = logging.getLogger(__name__)

LARGEST = 20_000_000  # bytes of a picture that is fetched
BOUNDS: Mapping[str, Any] = {"connect_timeout": 5.0, "read_timeout": 20.0, "write_timeout": 20.0}  # seconds


async def fetch(bot: Bot, file: str) -> bytes:
    """Telegram hands over nothing larger than 20 MB. Raises NotAPicture, or Unavailable."""
    try:
        told = await bot.get_file(file, **BOUNDS)
        if (told.file_size or 0) > LARGEST:
            raise NotAPicture("bytes")
        data = await bot.request.retrieve(address(bot, told.file_path or ""), **BOUNDS)
    except BadRequest as refused:
        raise NotAPicture("bytes" if "too big" in refused.message.lower() else "unreadable") from None
    except TelegramError:
        raise Unavailable("outage", "no") from None  # what the library says may have our token in it
    if len(data) > LARGEST:
        raise NotAPicture("bytes")
    return data


def address(bot: Bot, path: str) -> str:
    """Below our own folder at the place of the files, which the library has put before a path that is not here too."""
    path = path.removeprefix(f"{bot.base_file_url}/")
    if not is_below(path):
        log.error("the Bot API names a file by a path of its own disk: run it without --local")
        raise Unavailable("misconfigured", "no")
    return f"{bot.base_file_url}/{quote(path)}"


def is_below(path: str) -> bool:
    """Relative, and never upwards; no other address, and no other machine's disk."""
    parts = path.split("/")
    return all(part not in {"", ".", ".."} for part in parts) and not {":", "\\"} & {*path} and path.isprintable()
