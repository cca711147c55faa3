"""Buttons under a message: what Telegram takes, and what it says of the rest."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from infra.sandbox.telegram.asked import Asked, Wire, names
from infra.sandbox.telegram.refusing import Refused, bad

MOST_BUTTONS, MOST_IN_ROW = 100, 8
LONGEST_DATA = 64  # bytes
LONGEST_COPY = 256
STYLES = frozenset({"danger", "success", "primary"})
ACTIONS = names(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
)
OTHERS: Final = frozenset({"keyboard", "remove_keyboard", "force_reply"})
HOST = re.compile(r"(?!-)[\w-]+(\.[\w-]+)+")


def read_markup(asked: Asked, *, private: bool, invoice: bool = False) -> Wire | None:
    """What a message is sent with; None without any."""
    markup = asked.object("reply_markup", "reply keyboard markup")
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return inline(markup, private=private, invoice=invoice)
    if not OTHERS & set(markup):
        raise bad("object expected as reply markup")
    return markup


def read_inline(asked: Asked, *, private: bool, invoice: bool = False) -> Wire | None:
    """What a message is edited with: nothing but buttons under it."""
    markup = asked.object("reply_markup", "reply keyboard markup")
    if markup and OTHERS & set(markup):
        raise bad("inline keyboard expected")
    return inline(markup, private=private, invoice=invoice) if markup else None


def inline(markup: Wire, *, private: bool, invoice: bool = False) -> Wire | None:
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('can\'t parse reply keyboard markup: field "inline_keyboard" must be of type Array')
    kept = [[_button(one, private=private) for one in row] for row in rows if row]
    if sum(map(len, kept)) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in kept):
        raise bad("reply markup is too long")
    paying = [one for row in kept for one in row if "pay" in one]
    if paying and (not invoice or "pay" not in kept[0][0] or len(paying) > 1):
        raise bad("BUTTON_TYPE_INVALID")
    return {"inline_keyboard": kept} if kept else None


def _button(button: object, *, private: bool) -> Wire:
    if not isinstance(button, dict):
        raise _unread("expected an Object")
    text, actions = button.get("text"), ACTIONS & set(button)
    if not isinstance(text, str):
        raise _unread('field "text" must be of type String')
    if not text.strip():
        raise bad("inline keyboard button text must be non-empty")
    if not actions:
        raise _unread("Text buttons are unallowed in the inline keyboard")
    if "web_app" in actions and not private:
        raise bad("BUTTON_TYPE_INVALID")
    if button.get("style", "primary") not in STYLES:
        raise _unread("invalid button style specified")
    for action in actions & set(CHECKS):
        CHECKS[action](button[action])
    return dict(button)


def _callback(data: object) -> None:
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= LONGEST_DATA:
        raise bad("BUTTON_DATA_INVALID")


def _url(url: object) -> None:
    """An address without a dot in its host is none, so localhost is refused and 127.0.0.1 is not."""
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    known = parts.scheme == "tg" or (parts.scheme in {"http", "https"} and HOST.fullmatch(parts.hostname or ""))
    bare = not parts.scheme and HOST.fullmatch(parts.path.split("/")[0])
    if not known and not bare:
        raise bad(f"inline keyboard button URL '{url}' is invalid: {_reason(parts.scheme)}")


def _reason(scheme: str) -> str:
    return "Wrong HTTP URL" if scheme in {"", "http", "https"} else "Unsupported URL protocol"


def _web_app(app: object) -> None:
    url = app.get("url", "") if isinstance(app, dict) else ""
    if not str(url).startswith("https://"):
        raise bad(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def _copy(copied: object) -> None:
    text = copied.get("text") if isinstance(copied, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= LONGEST_COPY:
        raise bad("BUTTON_COPY_TEXT_INVALID")


def _unread(words: str) -> Refused:
    return bad(f"can't parse inline keyboard button: {words}")


CHECKS: Mapping[str, Callable[[object], None]] = {
    "callback_data": _callback,
    "url": _url,
    "web_app": _web_app,
    "copy_text": _copy,
}
