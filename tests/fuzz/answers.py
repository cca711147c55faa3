"""Telegram's answers: whatever came back, the library reads it, or one of its own errors says why not."""

import json
from collections.abc import Iterator

from telegram import Message, User, WebhookInfo
from telegram.error import TelegramError

from bot.telegram.answers import READERS, read_answer
from tests.fuzz.shapes import bent, straight

METHODS = (*READERS, "setMyCommands")
STATUSES = (200, 200, 200, 400, 401, 403, 404, 429, 500, 502)
MESSAGE = {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}}
FILE = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}


RESULTS: list[object] = [
    MESSAGE,
    {**MESSAGE, "photo": [FILE], "document": FILE},
    [MESSAGE, MESSAGE],
    True,
    {"id": 1, "is_bot": True, "first_name": "a", "username": "b"},
    {"url": "", "pending_update_count": 1, "last_error_date": 1},
]
WAIT = {"retry_after": 3, "migrate_to_chat_id": -1}
ANSWERS: list[object] = [{"ok": True, "result": result} for result in RESULTS]
ANSWERS += [{"ok": False, "error_code": 429, "description": "x", "parameters": WAIT}]


def seeds() -> Iterator[bytes]:
    """The first byte is the method, the second the status."""
    for place in range(len(METHODS)):
        yield from (bytes([place, 0]) + seed for seed in straight(ANSWERS))
    yield from (bytes([0, 7]) + seed for seed in straight(ANSWERS))


def shoot(data: bytes) -> None:
    if len(data) < 2:
        return
    answer = bent(ANSWERS, data[2:])
    method, status = METHODS[data[0] % len(METHODS)], STATUSES[data[1] % len(STATUSES)]
    try:
        code, body = read_answer(method, status, answer)
    except TelegramError:
        return
    told = json.loads(body.decode(errors="replace"))  # as the library does
    if code >= 400:
        assert status >= 400 or told["ok"] is False
        waits = told["parameters"].get("retry_after", 1)
        assert isinstance(waits, int)
        assert waits > 0
        return
    understood(method, told["result"])


def understood(method: str, result: object) -> None:
    """As the library does."""
    match method:
        case "getMe":
            assert User.de_json(result, None)  # type: ignore[arg-type]  # what the library is handed
        case "getWebhookInfo":
            assert WebhookInfo.de_json(result, None)  # type: ignore[arg-type]  # same
        case "sendMediaGroup":
            assert Message.de_list(result, None) is not None  # type: ignore[arg-type]  # same
        case "setMyCommands":
            pass
        case _:
            message = Message.de_json(result, None)  # type: ignore[arg-type]  # same
            assert message
            assert message.message_id == 0 or isinstance(message.message_id, int)
