"""Signed words: a cookie that is a chat, a button's token, a link to a picture. None can be made up or guessed."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from core.chance import letters

MAC_LETTERS = 26  # 128 bits and a little
BUTTON_LETTERS = 13  # 64 bits: a button is pressed, not guessed at
ID_LETTERS = 26

Kind = Literal["i", "t", "s"]  # image, thumbnail, contact sheet of a sheet


@dataclass(frozen=True, slots=True)
class Signer:
    secret: bytes

    def cookie(self, chat: str) -> str:
        return f"{chat}.{self._mac('cookie', chat)}"

    def chat(self, cookie: str) -> str:
        """The chat a cookie stands for; nothing when it was made up."""
        chat, _, mac = cookie.partition(".")
        return chat if chat and hmac.compare_digest(mac, self._mac("cookie", chat)) else ""

    def button(self, chat: str, action: str) -> str:
        return f"{self._mac('button', chat, action)[:BUTTON_LETTERS]}{action}"

    def action(self, chat: str, token: str) -> str:
        """What a button of this chat stands for; nothing when it is another's or was made up."""
        action = token[BUTTON_LETTERS:]
        return action if action and hmac.compare_digest(token, self.button(chat, action)) else ""

    def link(self, kind: Kind, id_: str) -> str:
        return f"{kind}{id_}{self._mac('link', kind, id_)}"

    def linked(self, token: str) -> tuple[str, str]:
        """Kind and id of a link; nothing when it was made up."""
        kind, id_ = token[:1], token[1 : 1 + ID_LETTERS]
        right = hmac.compare_digest(token, f"{kind}{id_}{self._mac('link', kind, id_)}")
        return (kind, id_) if right else ("", "")

    def _mac(self, *words: str) -> str:
        digest = hmac.digest(self.secret, "\n".join(words).encode(), sha256)
        return letters(int.from_bytes(digest[:17]), MAC_LETTERS)
