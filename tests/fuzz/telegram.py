"""Telegram's updates: read or refused, and whoever is heard fits into a row and reads back the same."""

import json
from collections.abc import Iterator

from bot.channel import Heard
from bot.telegram.listening import number_of, readable
from bot.telegram.updates import Me, Update, read
from core.inbox import Kept
from tests.fuzz.shapes import bent, straight

ME = Me(1234567890, "imagify_bot", frozenset({"imagine"}))
PERSON = {"id": 101, "is_bot": False, "first_name": "An", "language_code": "vi"}
CHAT = {"id": 101, "type": "private"}
SAID = {"message_id": 7, "date": 1_795_132_800, "chat": CHAT, "from": PERSON}
PHOTO = {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9, "file_size": 9}]}
GROUP = {"id": -1001, "type": "supergroup"}
PAID = {"currency": "XTR", "total_amount": 67, "invoice_payload": "ref", "telegram_payment_charge_id": "c"}
LONGEST = 256 * 1024  # bytes that a row may take
LONGEST_KEY = 64  # letters of what becomes part of a key


KINDS: list[dict[str, object]] = [
    {"message": {**SAID, "text": "/imagine mèo --ar 16:9"}},
    {"message": {**SAID, **PHOTO, "caption": "mèo", "reply_to_message": {**SAID, "message_id": 4, **PHOTO}}},
    {"message": {**SAID, "chat": GROUP, "text": "/imagine@imagify_bot mèo", "forward_origin": {"type": "user"}}},
    {"message": {**SAID, "successful_payment": PAID}},
    {"callback_query": {"id": "1", "from": PERSON, "data": "x", "message": SAID, "chat_instance": "1"}},
    {"pre_checkout_query": {"id": "1", "from": PERSON, **PAID}},
    {"my_chat_member": {"chat": CHAT, "from": PERSON, "new_chat_member": {"status": "kicked"}}},
    {"message": {**SAID, "migrate_to_chat_id": -1002}},
]
UPDATES = [{"update_id": number, **kind} for number, kind in enumerate(KINDS)]


def seeds() -> Iterator[bytes]:
    return straight(UPDATES)


def shoot(data: bytes) -> None:
    body = bent(UPDATES, data)
    update = read(body)
    if update:
        look(update)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    if isinstance(told, dict):
        polled = readable(told)
        assert isinstance(number_of(told), int)
        assert polled is None or update is None or repr(polled) == repr(update), (
            "polled and posted are read differently"
        )


def look(update: Update) -> None:
    assert isinstance(update.kind, str)
    assert update.blocked in {None, True, False}
    assert isinstance(update.chat, int)
    assert isinstance(update.said_at, int)
    heard = update.heard(ME)
    if heard:
        row = heard.row()
        assert len(json.dumps(row, ensure_ascii=False).encode()) <= LONGEST
        assert max(map(len, (heard.update, heard.address.id, heard.address.chat))) <= LONGEST_KEY
        assert Heard.of(Kept(heard.lane, heard.update, row)) == heard
