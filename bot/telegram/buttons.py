"""What a button carries: its action in clear behind a mark that nobody else can make. It fits Telegram's 64 bytes.

The mark binds the action to the chat and, in a group, to the person whose button it is. Nothing is kept for it, so a
button works after any restart, and after the secret was changed, for as long as the one before it is known.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from bot.web.tokens import mac, raw

MOST_BYTES = 64  # Telegram's own bound
MARK_LETTERS = 13  # 65 bits: a button is pressed, not guessed at
ANYBODY = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """Signs with the first secret; what was signed with one before it stays valid."""

    secrets: Sequence[bytes]

    def data(self, chat: str, action: str, owner: str = ANYBODY) -> str:
        """`owner`: the channel's id of the person whose button it is; in a private chat there is but one."""
        data = f"{mark(self.secrets[0], chat, owner, action)}{action}"
        if len(data.encode()) > MOST_BYTES:
            raise ValueError(f"the action {action!r} does not fit into a button")
        return data

    def action(self, chat: str, data: str, by: str) -> str:
        """What a button of this chat stands for when this person presses it; nothing when it is not theirs or ours."""
        shown, action = data[:MARK_LETTERS], data[MARK_LETTERS:]
        right = (mark(secret, chat, owner, action) for secret in self.secrets for owner in (by, ANYBODY))
        return action if action and any(hmac.compare_digest(raw(shown), raw(one)) for one in right) else ""


def mark(secret: bytes, chat: str, owner: str, action: str) -> str:
    return mac(secret, "telegram button", chat, owner, action)[:MARK_LETTERS]
