"""What Telegram's answers tell the house, taken from their JSON before the library reads them.

A call that is answered with `ok: true` was done, whatever is missing or odd beside it: the library, which wants every
field, would call it a fault, and what was sent would be sent again.
"""

import json
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, TypeAlias

from telegram.error import EndPointNotFound, TelegramError

Wire: TypeAlias = dict[str, Any]

NOT_FOUND = 404
LONGEST_WAIT = 2**31  # seconds; more is no wait and no moment but a mistake
REFUSED, BEYOND = 400, 600  # where ok is false and no code says why
NOWHERE: Mapping[str, Any] = {"id": 0, "type": "private"}  # the library wants a chat, the house knows whom it wrote to


def read_answer(method: str, status: int, body: bytes) -> tuple[int, bytes]:
    """The status and the body that the library can read. Raises where it is no answer, or the method is not known.

    A 404 says nothing about the token: it is what an unknown method is answered with.
    """
    told = parsed(body)
    if status >= REFUSED or told.get("ok") is False:
        return refusal(status, told)
    if "ok" not in told and "result" not in told:
        raise TelegramError("Invalid server response")
    if method in READERS:
        return status, json.dumps({"ok": True, "result": READERS[method](told.get("result"))}).encode()
    return status, body if "result" in told else b'{"ok": true, "result": true}'


def parsed(body: bytes) -> Wire:
    try:
        told = json.loads(body.decode(errors="replace"))
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def refusal(status: int, told: Wire) -> tuple[int, bytes]:
    """The code in the body counts where the status says nothing."""
    named = number(told.get("error_code"))
    code = status if status >= REFUSED else named if REFUSED <= named < BEYOND else REFUSED
    words = told.get("description")
    if code == NOT_FOUND:
        raise EndPointNotFound("Telegram does not know the method")
    said: Wire = {"ok": False, "parameters": parameters(told.get("parameters"))}
    return code, json.dumps({**said, "description": words} if isinstance(words, str) else said).encode()


def parameters(told: object) -> Wire:
    asked = told if isinstance(told, dict) else {}
    wait, moved = asked.get("retry_after"), number(asked.get("migrate_to_chat_id"))
    waits = max(1, int(wait)) if isinstance(wait, int | float) and isfinite(wait) and 0 < wait < LONGEST_WAIT else 0
    return ({"retry_after": waits} if waits else {}) | ({"migrate_to_chat_id": moved} if moved else {})


# -- what is read of a result -----------------------------------------------------------------------------------------


def message(told: object) -> Wire:
    """Its number (0: it has none) and the names of its files."""
    said = told if isinstance(told, dict) else {}
    photos = said.get("photo")
    sizes = [{**one, "width": 0, "height": 0} for one in map(file, photos if isinstance(photos, list) else ()) if one]
    paper = file(said.get("document"))
    files = ({"photo": sizes} if sizes else {}) | ({"document": paper} if paper else {})
    return {"message_id": number(said.get("message_id")), "date": 0, "chat": dict(NOWHERE), **files}


def album(told: object) -> list[Wire]:
    return [message(one) for one in told] if isinstance(told, list) else []


def account(told: object) -> Wire:
    """Who the bot is; without a name it is never called by it."""
    said = told if isinstance(told, dict) else {}
    name = said.get("username")
    return {"id": number(said.get("id")), "is_bot": True, "first_name": "", "username": name if is_text(name) else ""}


def hook(told: object) -> Wire:
    """Where Telegram calls, how much waits there, and when it could not tell it."""
    said = told if isinstance(told, dict) else {}
    url, failed = said.get("url"), number(said.get("last_error_date"))
    when = {"last_error_date": failed} if 0 < failed < LONGEST_WAIT else {}
    waiting = max(0, number(said.get("pending_update_count")))
    address = url if isinstance(url, str) else ""
    return {"url": address, "has_custom_certificate": False, "pending_update_count": waiting, **when}


def file(told: object) -> Wire:
    names = [told.get(name) for name in ("file_id", "file_unique_id")] if isinstance(told, dict) else []
    return dict(zip(("file_id", "file_unique_id"), names, strict=True)) if names and all(map(is_text, names)) else {}


def is_text(told: object) -> bool:
    return isinstance(told, str) and told != ""


def number(told: object) -> int:
    """A whole number of at most 64 bits, also where it comes as a text; 0: there is none."""
    if isinstance(told, str) and len(told) < 20 and told.removeprefix("-").isdecimal():
        told = int(told)
    return told if isinstance(told, int) and not isinstance(told, bool) and abs(told) < 2**63 else 0


READERS: Mapping[str, Callable[[object], object]] = {
    "getMe": account,
    "getWebhookInfo": hook,
    "sendMediaGroup": album,
    **dict.fromkeys(("sendMessage", "sendPhoto", "sendDocument", "sendInvoice"), message),
    **dict.fromkeys(("editMessageText", "editMessageCaption", "editMessageMedia"), message),
}
