"""What became of a call, in the house's words: every error of Telegram's library is one of the channel's four."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import aiohttp
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channel import Gone, NotSent, Rejected, Unsure
from bot.telegram.pacing import Flooded

log = logging.getLogger(__name__)

NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)  # no byte of the request was sent
NOBODY_THERE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "group chat was deactivated",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "chat_restricted",
    "topic_closed",
    "topic_deleted",
)
NOT_MODIFIED = "message is not modified"
NO_TEXT = "there is no text in the message"
WRONG_FILES = ("wrong file identifier", "wrong remote file identifier", "file reference", "file_id", "file_reference")
QUOTED = re.compile("['\"].*['\"]")  # an address or a button's text


class AsItWas(Exception):
    """The message says already what it is to say."""


class NoText(Rejected):
    """The message is a picture by now: it has a caption and no text."""


class WrongFile(Rejected):
    """Telegram does not know the picture under its own name any more."""


def fate(error: TelegramError) -> Exception:
    """What an error means for what was to be sent."""
    match error:
        case RetryAfter():
            return Flooded(seconds_of(error))
        case Forbidden():
            return Gone()
        case BadRequest():
            return refusal(error)
        case InvalidToken():
            log.critical("Telegram does not know the bot's token: nothing is sent until it is mended")
            return NotSent()
        case EndPointNotFound():
            log.warning("Telegram has no such method at IMAGIFY_TELEGRAM__API; another one is tried where there is one")
            return Rejected()
        case Conflict():
            return NotSent()
        case NetworkError() if never_left(error):
            return NotSent()
    return Unsure()


def refusal(error: BadRequest) -> Exception:
    """Telegram understood, and will never do it; unless it is done already, or nobody is there."""
    said = error.message.lower()
    if NOT_MODIFIED in said:
        return AsItWas()
    if any(words in said for words in NOBODY_THERE):
        return Gone()
    log.warning("Telegram refused a message: %s", QUOTED.sub("…", error.message)[:200])
    if NO_TEXT in said:
        return NoText()
    return WrongFile() if any(words in said for words in WRONG_FILES) else Rejected()


def never_left(error: BaseException) -> bool:
    return any(isinstance(cause, NEVER_LEFT) for cause in causes(error))


def causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__ or error.__context__
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def seconds_of(error: RetryAfter) -> float:
    """As the library tells it now, and as it will."""
    asked = error.retry_after
    return max(1.0, asked.total_seconds() if isinstance(asked, timedelta) else float(asked))
