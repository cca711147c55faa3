"""What every error of Telegram's library means for what was to be sent."""

import logging
from datetime import timedelta

import aiohttp
import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channel import Gone, NotSent, Rejected, Unsure
from bot.telegram.fates import AsItWas, NoText, WrongFile, fate
from bot.telegram.pacing import Flooded
from tests.bot.telegram.line import NOWHERE


def after(error: TelegramError, cause: Exception) -> TelegramError:
    error.__context__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (RetryAfter(30), Flooded),
        (RetryAfter(timedelta(seconds=30)), Flooded),
        (Forbidden("Forbidden: bot was blocked by the user"), Gone),
        (Forbidden("Forbidden: user is deactivated"), Gone),
        (Forbidden("Forbidden: bot was kicked from the group chat"), Gone),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Gone),
        (BadRequest("Bad Request: chat not found"), Gone),
        (BadRequest("Bad Request: not enough rights to send photos to the chat"), Gone),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Gone),
        (BadRequest("Bad Request: message is not modified: specified new message content"), AsItWas),
        (BadRequest("Bad Request: there is no text in the message to edit"), NoText),
        (BadRequest("Bad Request: wrong file identifier/HTTP URL specified"), WrongFile),
        (BadRequest("Bad Request: wrong remote file identifier specified: wrong string length"), WrongFile),
        (BadRequest("Bad Request: message to edit not found"), Rejected),
        (BadRequest("Bad Request: message can't be edited"), Rejected),
        (BadRequest("Bad Request: message is too long"), Rejected),
        (BadRequest("Bad Request: BUTTON_DATA_INVALID"), Rejected),
        (BadRequest("Bad Request: PHOTO_INVALID_DIMENSIONS"), Rejected),
        (EndPointNotFound("Endpoint not found"), Rejected),
        (InvalidToken("Unauthorized"), NotSent),
        (Conflict("Conflict: terminated by other getUpdates request"), NotSent),
        (TimedOut(), Unsure),
        (after(TimedOut(), aiohttp.ConnectionTimeoutError()), NotSent),
        (NetworkError("Bad Gateway"), Unsure),
        (after(NetworkError("cut"), aiohttp.ServerDisconnectedError()), Unsure),
        (after(NetworkError("cut"), aiohttp.ClientPayloadError()), Unsure),
        (after(NetworkError("no way"), aiohttp.ClientConnectorError(NOWHERE, OSError())), NotSent),
        (TelegramError("Invalid server response"), Unsure),
    ],
)
def test_each_error_has_its_fate(error: TelegramError, meant: type[Exception]) -> None:
    assert type(fate(error)) is meant


@pytest.mark.parametrize("asked", [7, timedelta(seconds=7)])
def test_a_flood_says_how_long(asked: int | timedelta) -> None:
    told = fate(RetryAfter(asked))

    assert isinstance(told, NotSent)
    assert (told.retry_after, told.tried) == (7, False)


def test_a_wrong_token_is_said_loudly(caplog: pytest.LogCaptureFixture) -> None:
    fate(InvalidToken("Unauthorized"))

    assert [one.levelno for one in caplog.records] == [logging.CRITICAL]


def test_a_refusal_is_logged_without_what_somebody_wrote(caplog: pytest.LogCaptureFixture) -> None:
    fate(BadRequest("Bad Request: inline keyboard button URL 'https://mèo.vn/p/1' is invalid: Wrong HTTP URL"))

    assert "… is invalid" in caplog.text
    assert "mèo" not in caplog.text
