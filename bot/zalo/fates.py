"""What became of a call, in the house's words: every trouble is one of the channel's four."""

import logging

from bot.channel import Gone, NotSent, Rejected, Unsure
from bot.zalo.line import Trouble

log = logging.getLogger(__name__)

UNKNOWN = "Zalo does not know this bot: copy IMAGIFY_ZALO__TOKEN again from Zalo Bot Creator"
WHILE_UNKNOWN = 300.0  # seconds
NOBODY_THERE = ("chat", "user", "block", "recipient")  # words of a refusal that is about whom it was for
NOT_FETCHED = ("photo", "fetch", "url", "image", "download")  # words of one that is about a picture's address
WRONG = frozenset({400, 404})  # error codes of what will be as wrong the next time


def fate(trouble: Trouble, again: float) -> Exception:
    """`again`: seconds after which it is worth another try."""
    words = trouble.words.lower()
    if trouble.maybe:
        return Unsure()
    if trouble.code == 401:
        log.critical(UNKNOWN)
        return NotSent(WHILE_UNKNOWN, tried=False)
    if trouble.code not in WRONG:
        return NotSent(again)
    if any(word in words for word in NOT_FETCHED):
        return NotSent(again)
    if any(word in words for word in NOBODY_THERE):
        return Gone()
    log.warning("Zalo refused a message: %s", trouble.words)
    return Rejected()
