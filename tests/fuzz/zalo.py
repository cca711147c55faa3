"""Zalo's events and answers: read in either dialect or refused, and what is heard fits into a row."""

import json
from collections.abc import Iterator

from bot.channel import Heard
from bot.zalo.line import sent
from bot.zalo.updates import LONGEST, LONGEST_URL, read
from core.inbox import Kept
from tests.fuzz.shapes import bent, straight

PERSON = {"id": "a1", "display_name": "An", "is_bot": False}
SAID = {"message_id": "m1", "date": 1_795_132_800, "from": PERSON, "chat": {"id": "a1", "chat_type": "PRIVATE"}}


EVENTS: list[object] = [
    {"event_name": "message.text.received", "message": {**SAID, "text": "mèo"}},
    {"event_name": "message.image.received", "message": {**SAID, "photo_url": "https://zdn.vn/a", "caption": "mèo"}},
    {"event_name": "message.unsupported.received", "message": SAID},
]
DOCUMENTS = [*EVENTS, *({"ok": True, "result": event} for event in EVENTS), {"message_id": "m1", "date": 1_795_132_800}]


def seeds() -> Iterator[bytes]:
    return straight(DOCUMENTS)


def shoot(data: bytes) -> None:
    try:
        told = json.loads(bent(DOCUMENTS, data))
    except (ValueError, RecursionError):
        return
    assert isinstance(sent(told).id, str)
    update = read(told)
    if update is None:
        return
    assert isinstance(update.said_at, int)
    assert isinstance(update.kind, str)
    heard = update.heard("name")
    assert len(heard.text) <= LONGEST
    assert len(heard.picture) <= LONGEST_URL
    heard.text.encode()
    assert Heard.of(Kept(heard.lane, heard.update, heard.row())) == heard
