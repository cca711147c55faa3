"""What Telegram tells, and what of it was heard: who said what to us, and who said nothing to us at all."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.channel import Heard
from bot.telegram.updates import PAID, TAKEN_BACK, Me, Update, read

ME = Me(7, "Imagify_bot", frozenset({"imagine", "help", "vẽ"}))
AN = {"id": 101, "is_bot": False, "first_name": "An", "language_code": "vi"}
US = {"id": 7, "is_bot": True, "first_name": "Imagify", "username": "Imagify_bot"}
PRIVATE = {"id": 101, "type": "private", "first_name": "An"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Xưởng"}
PHOTO = [
    {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 90},
    {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 1280},
]
PAYMENT = {"currency": "XTR", "total_amount": 50, "invoice_payload": "ref:1", "telegram_payment_charge_id": "ch_1"}
ANSWERED = {"message_id": 4, "chat": PRIVATE, "date": 1, "text": "…"}


def update(**body: Any) -> Update:
    found = read(json.dumps({"update_id": 9, **body}).encode())
    assert found
    return found


def heard(chat: dict[str, Any] = PRIVATE, /, **said: Any) -> Heard | None:
    message = {"message_id": 5, "date": 1_795_132_800, "chat": chat, "from": AN, **said}
    return update(message=message).heard(ME)


def of_an_album(chat: dict[str, Any] = PRIVATE, /, **said: Any) -> bool:
    message = {"message_id": 5, "date": 1_795_132_800, "chat": chat, "from": AN, **said}
    return update(message=message).album is not None


def in_group(**said: Any) -> Heard | None:
    return heard(GROUP, **said)


def text_of(one: Heard | None) -> str | None:
    return one.text if one else None


# --- in private


def test_words_are_heard_with_who_said_them_and_where() -> None:
    one = heard(text="mèo mướp")

    assert one
    assert (one.address.channel, one.address.id, one.address.chat) == ("telegram", "101", "101")
    assert (one.text, one.own, one.update, one.group, one.language) == ("mèo mướp", "5", "000000000009", False, "vi")


@pytest.mark.parametrize(
    ("code", "language"), [("vi", "vi"), ("vi-VN", "vi"), ("en", "en"), ("en-US", "en"), ("fr", "en"), (None, "vi")]
)
def test_whoever_has_not_said_otherwise_is_spoken_to_in_vietnamese(code: str | None, language: str) -> None:
    speaker = {name: value for name, value in {**AN, "language_code": code}.items() if value is not None}

    one = heard(**{"from": speaker}, text="xin chào")

    assert one
    assert one.language == language


@pytest.mark.parametrize("payload", ["pay_ABC123", "link_XYZ", "ref_101", "whatever"])
def test_a_deep_link_is_passed_on_as_it_came(payload: str) -> None:
    assert text_of(heard(text=f"/start {payload}")) == f"/start {payload}"


def test_a_photo_is_heard_with_its_caption_and_in_its_largest_size() -> None:
    one = heard(photo=PHOTO, caption="thêm mũ")

    assert one
    assert (one.text, one.picture) == ("thêm mũ", "l:large")


def test_a_picture_as_a_file_is_a_picture_and_any_other_file_is_none() -> None:
    picture = heard(document={"file_id": "f", "file_unique_id": "u", "mime_type": "image/png"})
    paper = heard(document={"file_id": "f", "mime_type": "application/pdf"})

    assert picture
    assert paper
    assert (picture.picture, paper.picture) == ("u:f", "")


def test_a_photo_of_an_album_without_words_is_known_as_such() -> None:
    assert of_an_album(photo=PHOTO, media_group_id="a")
    assert not of_an_album(photo=PHOTO, media_group_id="a", caption="ghép lại")
    assert not of_an_album(photo=PHOTO)
    assert not of_an_album(text="chào")
    assert not of_an_album(GROUP, photo=PHOTO, media_group_id="a")


def test_of_an_album_only_the_part_with_the_words_is_heard() -> None:
    assert heard(photo=PHOTO, media_group_id="a") is None
    assert text_of(heard(photo=PHOTO, media_group_id="a", caption="ghép lại")) == "ghép lại"


@pytest.mark.parametrize("by", [US, AN])
@pytest.mark.parametrize("text", ["thêm mũ", "/describe"])
def test_what_is_said_in_reply_to_a_picture_is_about_it(text: str, by: dict[str, Any]) -> None:
    one = heard(text=text, reply_to_message={**ANSWERED, "from": by, "photo": PHOTO})

    assert one
    assert (one.message, one.about, one.picture) == ("4", "l:large", "")


def test_a_picture_replied_to_may_have_come_as_a_file() -> None:
    file = {"file_id": "f", "file_unique_id": "u", "mime_type": "image/png"}

    one = heard(text="thêm mũ", reply_to_message={**ANSWERED, "from": US, "document": file})

    assert one
    assert one.about == "u:f"


@pytest.mark.parametrize("kind", ["sticker", "voice", "video", "audio", "animation", "video_note"])
def test_what_is_said_without_words_is_heard_too_for_silence_is_no_answer(kind: str) -> None:
    assert text_of(heard(**{kind: {"file_id": "x"}})) == ""


@pytest.mark.parametrize(
    "news", [{"pinned_message": ANSWERED}, {"migrate_to_chat_id": -1}, {"group_chat_created": True}, {}]
)
def test_what_telegram_says_of_a_chat_is_said_by_nobody(news: dict[str, Any]) -> None:
    assert heard(**news) is None


@pytest.mark.parametrize("text", ["@Imagify_bot mèo mướp", "mèo mướp @imagify_BOT", "mèo @imagify_bot mướp"])
def test_our_name_is_no_part_of_what_is_asked(text: str) -> None:
    assert text_of(heard(text=text)) == "mèo mướp"


def test_lines_and_other_peoples_names_stay_as_they_were_typed() -> None:
    text = "hai dòng:\n  mèo  @imagify_botany và mail@imagify_bot.vn"

    assert text_of(heard(text=text)) == text


# --- money


def test_a_payment_is_heard_with_everything_that_proves_it_and_no_word_can_pretend_to_be_one() -> None:
    paid, back = heard(successful_payment=PAYMENT), heard(refunded_payment=PAYMENT)

    assert paid
    assert back
    assert (paid.action, paid.text) == (f"{PAID}:XTR:50:ch_1:ref:1", "")
    assert back.action == f"{TAKEN_BACK}:XTR:50:ch_1:ref:1"
    assert (typed := heard(text=f"{PAID}:XTR:50:ch_1:ref:1"))
    assert typed.action == ""


def test_a_payment_in_a_group_is_heard_without_our_name() -> None:
    assert (one := in_group(successful_payment=PAYMENT))
    assert one.action.startswith(PAID)


# --- in a group


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("/imagine@Imagify_bot mèo", "/imagine mèo"),
        ("/imagine@IMAGIFY_BOT", "/imagine"),
        ("/imagine mèo", "/imagine mèo"),
        ("@imagify_bot mèo", "mèo"),
        ("vẽ mèo đi @imagify_bot", "vẽ mèo đi"),
        ("/imagine@other_bot mèo", None),
        ("/imagine@other_bot mèo @imagify_bot", None),
        ("/weather", None),
        ("mèo", None),
        ("mail@imagify_bot", None),
        ("@imagify_bots mèo", None),
    ],
)
def test_in_a_group_only_what_is_meant_for_us_is_heard(said: str, text: str | None) -> None:
    one = in_group(text=said)

    assert text_of(one) == text
    assert one is None or one.group


def test_in_a_group_a_reply_to_us_is_for_us_and_a_reply_to_others_is_not() -> None:
    ours, theirs = {**ANSWERED, "from": US}, {**ANSWERED, "from": AN}

    assert text_of(in_group(text="đẹp hơn nữa", reply_to_message=ours)) == "đẹp hơn nữa"
    assert in_group(text="đẹp hơn nữa", reply_to_message=theirs) is None


def test_in_a_group_a_reply_to_us_with_a_command_for_another_bot_is_not_for_us() -> None:
    assert in_group(text="/start@other_bot", reply_to_message={**ANSWERED, "from": US}) is None


def test_what_is_forwarded_into_a_group_was_said_elsewhere() -> None:
    assert in_group(text="@imagify_bot mèo", forward_origin={"type": "user"}) is None
    assert text_of(heard(text="mèo", forward_origin={"type": "user"})) == "mèo"


@pytest.mark.parametrize(
    "who",
    [
        {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": GROUP},
        {
            "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"},
            "sender_chat": {"id": -5, "type": "channel"},
        },
        {"from": AN, "sender_chat": GROUP},
        {"from": {"id": 9, "is_bot": True, "first_name": "Bot"}},
        {"from": None},
    ],
)
def test_channels_hidden_admins_and_bots_are_nobody(who: dict[str, Any]) -> None:
    said = {name: value for name, value in who.items() if value is not None}
    message = {"message_id": 5, "date": 1, "chat": GROUP, "text": "/imagine@imagify_bot mèo", **said}

    assert update(message=message).heard(ME) is None


def test_a_channel_is_no_chat_to_speak_in() -> None:
    assert heard({"id": -5, "type": "channel"}, text="@imagify_bot mèo") is None


# --- the rest


def test_kinds_that_we_do_not_know_are_taken_and_say_nothing() -> None:
    unknown, edited = update(stopped_message_generation={"draft_id": 1}), update(edited_message={"message_id": 1})

    assert (unknown.kind, unknown.heard(ME)) == ("unknown", None)
    assert (edited.kind, edited.heard(ME)) == ("edited_message", None)


@pytest.mark.parametrize(("status", "blocked"), [("kicked", True), ("member", False)])
def test_being_shut_out_and_let_in_again_is_told_apart(status: str, blocked: bool) -> None:
    change = {"chat": PRIVATE, "from": AN, "date": 1, "new_chat_member": {"status": status, "user": US}}

    assert update(my_chat_member=change).blocked is blocked
    assert update(my_chat_member={**change, "chat": GROUP}).blocked is None


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"update_id":"x"}', b'{"update_id":-1}', b"\xff", b'{"message":{}}', b"[" * 9000],
)
def test_what_is_no_update_is_told_as_none(body: bytes) -> None:
    assert read(body) is None


@given(some.binary(max_size=200))
def test_no_bytes_at_all_make_reading_fail(body: bytes) -> None:
    assert read(body) is None or body


@given(some.text(max_size=120))
def test_whatever_is_said_is_heard_as_it_was_said_but_for_our_name(text: str) -> None:
    one = heard(text=text)

    assert one is None if not text else (one is not None and (one.text == text or "@" in text))
