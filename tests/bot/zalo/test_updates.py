"""What Zalo tells, in both dialects: the same is understood."""

from typing import Any

import pytest

from bot.zalo.updates import LONGEST, moment, read

PERSON = {"id": "6ede9afa66b88fe6d6a9", "display_name": "Ted", "is_bot": False}
CHAT = {"id": "6ede9afa66b88fe6d6a9", "chat_type": "PRIVATE"}
URL = "https://photo-stal-1.zdn.vn/a.jpg"


def event(kind: str, **content: Any) -> dict[str, Any]:
    message = {"message_id": "2d758cb5e222177a4e35", "date": 1_750_316_131_602, "from": PERSON, "chat": CHAT, **content}
    return {"event_name": f"message.{kind}.received", "message": message}


def documented(kind: str, **content: Any) -> dict[str, Any]:
    return {"ok": True, "result": event(kind, **content)}


@pytest.mark.parametrize(
    ("kind", "content", "words", "picture"),
    [
        ("text", {"text": "Xin chào"}, "Xin chào", ""),
        ("image", {"photo": URL, "caption": "như thế"}, "như thế", URL),
        ("image", {"photo_url": URL, "message_type": "CHAT_PHOTO"}, "", URL),
        ("sticker", {"sticker": "0e07", "url": "https://stickers.zaloapp.com/0e07"}, "", ""),
        ("voice", {"voice_url": "https://voice.zdn.vn/x.aac", "message_type": "CHAT_VOICE"}, "", ""),
        ("text", {"text": "x", "photo_url": URL}, "x", ""),
        ("image", {"photo_url": f"{URL}?{'x' * 5_000}"}, "", ""),
        ("text", {"text": "x" * 20_000}, "x" * LONGEST, ""),
        ("text", {"text": "mèo \ud83d"}, "mèo ", ""),
        ("image", {"photo_url": "https://photo.zdn.vn/ảnh.jpg"}, "", ""),
    ],
)
@pytest.mark.parametrize("envelope", [event, documented], ids=["observed", "docs"])
def test_both_dialects_say_the_same(
    envelope: Any, kind: str, content: dict[str, str], words: str, picture: str
) -> None:
    update = read(envelope(kind, **content))

    assert update
    heard = update.heard("NAME")
    assert (update.kind, heard.text, heard.picture) == (kind, words, picture)
    assert (heard.address.channel, heard.address.id, heard.update) == ("zalo", PERSON["id"], "NAME")
    assert (update.said_at, update.private) == (1_750_316_131_602, True)


@pytest.mark.parametrize(("told", "read_as"), [(1_750_316_131, 1_750_316_131_000), (1_750_316_131_602,) * 2, (0, 0)])
def test_moments_are_in_milliseconds_whichever_it_counts(told: int, read_as: int) -> None:
    assert moment(told) == read_as


def test_of_people_whom_the_law_protects_nothing_is_known_but_that_they_wrote() -> None:
    update = read(event("unsupported"))

    assert update
    assert (update.kind, update.words, update.picture) == ("unsupported", "", "")


@pytest.mark.parametrize("name", ["message.reaction.received", "follow", "", "message.text.sent.again"])
def test_a_kind_that_nobody_has_heard_of_is_no_mistake(name: str) -> None:
    update = read({**event("text"), "event_name": name})

    assert update
    assert update.kind in {"unknown", "reaction"}


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        "text",
        {},
        {"ok": False, "error_code": 408},
        {"ok": True, "result": [event("text")]},
        {"event_name": "message.text.received"},
        event("text", message_id=""),
        event("text", chat=None),
        event("text", **{"from": {"id": ""}}),
        event("text", text={"a": 1}),
        event("text", message_id="\ud83d"),
        event("text", message_id="a b"),
    ],
)
def test_what_is_no_update_is_nothing(told: object) -> None:
    assert read(told) is None


def test_ids_may_be_numbers() -> None:
    update = read(event("text", message_id=7, **{"from": {"id": 101}, "chat": {"id": 101, "chat_type": "PRIVATE"}}))

    assert update
    assert (update.id, update.chat) == ("7", "101")
