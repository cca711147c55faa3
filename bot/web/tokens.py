"""Signed words: a cookie that is a chat, a button's token, a link to a picture. None can be made up or guessed."""

import hmac
from collections.abc import Sequence
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
    """Signs with the first secret; what was signed with one before it stays valid."""

    secrets: Sequence[bytes]

    def cookie(self, chat: str) -> str:
        return f"{chat}.{mac(self.secrets[0], 'cookie', chat)}"

    def chat(self, cookie: str) -> str:
        """The chat a cookie stands for; nothing when it was made up."""
        chat, _, shown = cookie.partition(".")
        return chat if chat and self._signed(shown, MAC_LETTERS, "cookie", chat) else ""

    def button(self, chat: str, action: str) -> str:
        return f"{mac(self.secrets[0], 'button', chat, action)[:BUTTON_LETTERS]}{action}"

    def action(self, chat: str, token: str) -> str:
        """What a button of this chat stands for; nothing when it is another's or was made up."""
        shown, action = token[:BUTTON_LETTERS], token[BUTTON_LETTERS:]
        return action if action and self._signed(shown, BUTTON_LETTERS, "button", chat, action) else ""

    def link(self, kind: Kind, id_: str) -> str:
        return f"{kind}{id_}{mac(self.secrets[0], 'link', kind, id_)}"

    def linked(self, token: str) -> tuple[str, str]:
        """Kind and id of a link; nothing when it was made up."""
        kind, id_, shown = token[:1], token[1 : 1 + ID_LETTERS], token[1 + ID_LETTERS :]
        return (kind, id_) if self._signed(shown, MAC_LETTERS, "link", kind, id_) else ("", "")

    def _signed(self, shown: str, length: int, *words: str) -> bool:
        right = (mac(secret, *words)[:length] for secret in self.secrets)
        return any(hmac.compare_digest(raw(shown), raw(one)) for one in right)


def mac(secret: bytes, *words: str) -> str:
    digest = hmac.digest(secret, raw("\n".join(words)), sha256)
    return letters(int.from_bytes(digest[:17]), MAC_LETTERS)


def raw(text: str) -> bytes:
    """Whatever a stranger sends as text, halves of characters included."""
    return text.encode("utf-8", "surrogatepass")
