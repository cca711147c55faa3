"""Choices as buttons under a message; what Telegram takes as no button is said in words."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies import Choice, Reply, Shown
from bot.telegram.words import LONGEST_COPY, length

Sign: TypeAlias = Callable[[str, str, str], str]  # chat, action and owner -> what the button carries

WIDTHS = {8: 4, 12: 3, 22: 2}  # units that a button's text may have where so many share a row
MOST_IN_ROW = max(WIDTHS.values())


def keyboard(chat: str, reply: Reply, sign: Sign) -> InlineKeyboardMarkup | None:
    """Short buttons share a row; the pictures of a wall are numbered."""
    numbered = [Choice(str(number), action=one.action) for number, one in enumerate(reply.wall, 1) if one.action]
    buttons = [button(chat, one, sign, reply.owner) for one in (*numbered, *reply.choices)]
    found = rows([one for one in buttons if one])
    return InlineKeyboardMarkup(found) if found else None


def button(chat: str, choice: Choice, sign: Sign, owner: str = "") -> InlineKeyboardButton | None:
    if choice.url:
        return InlineKeyboardButton(choice.text, url=choice.url) if public(choice.url) else None
    if choice.fill:
        fits = length(choice.fill) <= LONGEST_COPY
        return InlineKeyboardButton(choice.text, copy_text=CopyTextButton(choice.fill)) if fits else None
    if not choice.action:
        return None
    try:
        return InlineKeyboardButton(choice.text, callback_data=sign(chat, choice.action, owner))
    except ValueError:  # too long for any button
        return None


def rows(buttons: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    laid: list[list[InlineKeyboardButton]] = []
    for one in buttons:
        if laid and len(laid[-1]) < most_in_row([*laid[-1], one]):
            laid[-1].append(one)
        else:
            laid.append([one])
    return laid


def most_in_row(buttons: Sequence[InlineKeyboardButton]) -> int:
    widest = max(length(one.text) for one in buttons)
    return next((most for width, most in WIDTHS.items() if widest <= width), 1)


def spoken(reply: Reply) -> str:
    """The text, with the addresses that may be no buttons."""
    links = [f"{one.text}: {one.url}" for one in reply.choices if one.url and not public(one.url)]
    return "\n".join([reply.text, *links] if reply.text else links)


def public(url: str) -> bool:
    """Telegram takes no button that leads into somebody's own house."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or "." not in host or host.endswith((".localhost", ".local", ".internal")):
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return True


def alts(wall: Sequence[Shown]) -> str:
    """What the numbers under a wall stand for."""
    return "\n".join(f"{number}. {one.alt}" for number, one in enumerate(wall, 1))
