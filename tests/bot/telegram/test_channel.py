"""The Telegram channel against the played Telegram: every reply arrives as people expect it, and each fate is told."""

import pytest

from bot.channel import Channel, Following, Gone, NotSent, Rejected, Unsure
from bot.replies import Choice, Reply, Shown
from core.table import Key
from tests.bot.telegram.line import Break, Phone, said
from tests.house import Imagify


@pytest.fixture
async def phone(ruin: Imagify) -> Phone:
    return Phone(ruin)


@pytest.fixture
def chat(phone: Phone) -> str:
    return phone.meets(101)


def shown(image: str, size: tuple[int, int] = (64, 48)) -> Shown:
    return Shown(image, "P1", f"Ảnh {image}", f"show:{image}", width=size[0], height=size[1])


async def test_it_is_a_channel_that_follows_orders(phone: Phone) -> None:
    channel: Channel = phone.channel

    assert (channel.name, channel.can_edit, channel.takes_links) == ("telegram", True, False)
    assert isinstance(channel, Following)


# --- words


async def test_words_arrive_as_they_are_whatever_markup_they_seem_to_have(phone: Phone, chat: str) -> None:
    message = await phone.channel.send(chat, Reply("<b>5 < 7</b> & *mèo* _x_"))

    assert said(phone.messages(chat)[-1]) == "<b>5 < 7</b> & *mèo* _x_"
    assert message == str(phone.messages(chat)[-1].id)


async def test_a_text_that_is_too_long_comes_in_parts_with_the_buttons_under_the_last(phone: Phone, chat: str) -> None:
    lines = [f"{number} " + "🐱" * 200 for number in range(40)]

    await phone.channel.send(chat, Reply("\n".join(lines), (Choice("Vâng", action="yes"),)))

    parts = phone.messages(chat)
    assert "\n".join(map(said, parts)) == "\n".join(lines)
    assert ["reply_markup" in part.body for part in parts] == [False] * (len(parts) - 1) + [True]


async def test_a_reply_without_words_is_a_message_all_the_same(phone: Phone, chat: str) -> None:
    await phone.channel.send(chat, Reply(""))

    assert len(phone.messages(chat)) == 1


async def test_an_answer_points_to_what_it_answers_even_if_that_was_deleted(phone: Phone, chat: str) -> None:
    prompt = await phone.channel.send(chat, Reply("mèo"))
    await phone.channel.send(chat, Reply("⏳", answers=prompt))
    await phone.channel.send(chat, Reply("⏳ 2", answers="999"))

    first, second = phone.messages(chat)[-2:]
    assert first.reply_to is not None
    assert (str(first.reply_to.id), second.reply_to) == (prompt, None)


# --- buttons


async def test_a_button_carries_its_signed_action_a_copied_text_or_an_address(phone: Phone, chat: str) -> None:
    choices = (
        Choice("Huỷ", action="cancel:J1"),
        Choice("Sửa", fill="mèo"),
        Choice("Trả", url="https://imagify.vn/p/1"),
    )

    await phone.channel.send(chat, Reply("chọn", choices))

    assert [one for row in phone.buttons(chat) for one in row] == [
        {"text": "Huỷ", "callback_data": "101|cancel:J1"},
        {"text": "Sửa", "copy_text": {"text": "mèo"}},
        {"text": "Trả", "url": "https://imagify.vn/p/1"},
    ]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/p/1", "http://localhost/p/1", "https://10.0.0.7/p/1"])
async def test_an_address_that_telegram_takes_as_no_button_stands_in_the_text(
    url: str, phone: Phone, chat: str
) -> None:
    await phone.channel.send(chat, Reply("Đơn 1", (Choice("💳 Thanh toán", url=url),)))

    assert phone.text(chat) == f"Đơn 1\n💳 Thanh toán: {url}"
    assert phone.buttons(chat) == []


async def test_a_prompt_too_long_to_be_copied_has_no_button(phone: Phone, chat: str) -> None:
    await phone.channel.send(chat, Reply("chọn", (Choice("Sửa", fill="mèo " * 90), Choice("Huỷ", action="x"))))

    assert [[one["text"] for one in row] for row in phone.buttons(chat)] == [["Huỷ"]]


async def test_an_action_that_fits_into_no_button_has_none(phone: Phone, chat: str) -> None:
    await phone.channel.send(chat, Reply("chọn", (Choice("Dài", action="x" * 61), Choice("Vừa", action="y" * 60))))

    assert [[one["text"] for one in row] for row in phone.buttons(chat)] == [["Vừa"]]


async def test_short_buttons_share_a_row_and_long_ones_have_their_own(phone: Phone, chat: str) -> None:
    labels = ["U1", "U2", "U3", "U4", "V1 · 4", "V2 · 4", "V3 · 4", "V4 · 4", "Gói lớn · 120 credit · 100.000đ"]

    await phone.channel.send(chat, Reply("chọn", tuple(Choice(one, action=one[:2]) for one in labels)))

    assert [[one["text"] for one in row] for row in phone.buttons(chat)] == [labels[:4], labels[4:8], labels[8:]]


# --- pictures


async def test_a_picture_comes_as_a_photo_with_its_words_and_buttons(phone: Phone, chat: str) -> None:
    await phone.hangs("I1")
    await phone.channel.send(
        chat, Reply("✅ Xong", (Choice("Lại", action="again"),), picture=b"PLAYED one", shown=shown("I1"))
    )

    (message,) = phone.messages(chat)
    assert (said(message), "photo" in message.body) == ("✅ Xong", True)
    assert phone.buttons(chat) == [[{"text": "Lại", "callback_data": "101|again"}]]


async def test_a_kept_picture_is_found_without_its_bytes_in_the_reply(phone: Phone, chat: str) -> None:
    await phone.hangs("I1")

    await phone.channel.send(chat, Reply("🖼️", shown=shown("I1")))

    assert "photo" in phone.messages(chat)[-1].body


async def test_a_picture_goes_up_once_and_is_known_by_name_from_then_on(phone: Phone, chat: str) -> None:
    await phone.hangs("I1")
    other = phone.meets(102)

    await phone.channel.send(chat, Reply("🖼️", shown=shown("I1")))
    await phone.again().send(other, Reply("🖼️", shown=shown("I1")))

    first, second = [call.params["photo"] for call in phone.calls("sendPhoto")]
    assert str(first).endswith("bytes)")
    assert "photo" in phone.messages(other)[-1].body
    assert str(second) == phone.messages(chat)[-1].body["photo"][-1]["file_id"]


async def test_a_name_that_telegram_has_forgotten_is_learned_anew(phone: Phone, chat: str) -> None:
    await phone.hangs("I1")
    await phone.channel.send(chat, Reply("🖼️", shown=shown("I1")))
    phone.telegram.faults.set("refusal", method="sendPhoto", times=1, words="wrong remote file identifier specified")

    await phone.channel.send(chat, Reply("🖼️ 2", shown=shown("I1")))

    sent = [str(call.params["photo"]).endswith("bytes)") for call in phone.calls("sendPhoto")]
    assert sent == [True, False, True]
    assert phone.text(chat) == "🖼️ 2"


async def test_the_original_is_a_file_of_its_own_bytes_and_name(phone: Phone, chat: str) -> None:
    await phone.hangs("01ABCDEFGHIJ", data=b"\x89PNG original")

    await phone.channel.send(chat, Reply("📎", shown=shown("01ABCDEFGHIJ"), as_file=True))

    document = phone.messages(chat)[-1].body["document"]
    assert document["file_name"] == "imagify-CDEFGHIJ.png"
    assert document["file_size"] == len(b"\x89PNG original")


async def test_photo_and_original_have_names_of_their_own(phone: Phone, chat: str) -> None:
    await phone.hangs("I1")
    for as_file in (False, True, False, True):
        await phone.channel.send(chat, Reply("🖼️", shown=shown("I1"), as_file=as_file))

    kinds = ["photo" in one.body for one in phone.messages(chat)]
    uploads = [call for call in phone.calls("sendPhoto", "sendDocument") if "bytes)" in str(call.params)]
    assert (kinds, len(uploads)) == ([True, False, True, False], 2)


async def test_a_picture_too_narrow_for_a_photo_comes_as_a_file(phone: Phone, chat: str) -> None:
    await phone.hangs("I1")

    await phone.channel.send(chat, Reply("🖼️", shown=shown("I1", (4_000, 100))))

    assert "document" in phone.messages(chat)[-1].body


async def test_a_picture_that_is_gone_leaves_its_words(phone: Phone, chat: str) -> None:
    await phone.channel.send(chat, Reply("đã xoá", shown=shown("I9")))

    assert phone.text(chat) == "đã xoá"


async def test_what_a_caption_cannot_hold_follows_as_a_text(phone: Phone, chat: str) -> None:
    words = "\n".join(["mèo 🐱 " * 20] * 30)

    message = await phone.channel.send(chat, Reply(words, picture=b"PLAYED one"))

    picture, *rest = phone.messages(chat)
    assert (str(picture.id), "photo" in picture.body) == (message, True)
    assert " ".join(" ".join(map(said, [picture, *rest])).split()) == " ".join(words.split())


# --- walls


@pytest.mark.parametrize(("count", "albums"), [(1, []), (2, [2]), (10, [10]), (11, [6, 5]), (12, [6, 6])])
async def test_a_wall_hangs_in_albums_and_its_words_have_a_button_for_each(
    count: int, albums: list[int], phone: Phone, chat: str
) -> None:
    for number in range(count):
        await phone.hangs(f"I{number}")

    await phone.channel.send(chat, Reply("Ảnh của bạn", wall=tuple(shown(f"I{number}") for number in range(count))))

    assert [len(call.result) for call in phone.calls("sendMediaGroup") if isinstance(call.result, list)] == albums
    assert sum("photo" in one.body for one in phone.messages(chat)) == count
    assert phone.text(chat).startswith("Ảnh của bạn\n1. Ảnh I0")
    numbers = [one for row in phone.buttons(chat) for one in row]
    assert [one["text"] for one in numbers] == [str(number + 1) for number in range(count)]
    assert numbers[0]["callback_data"] == "101|show:I0"


async def test_where_an_album_is_refused_its_photos_come_one_by_one(phone: Phone, chat: str) -> None:
    for number in range(3):
        await phone.hangs(f"I{number}")
    phone.telegram.faults.set("refusal", method="sendMediaGroup", words="WEBPAGE_MEDIA_EMPTY")

    await phone.channel.send(chat, Reply("Ảnh", wall=tuple(shown(f"I{number}") for number in range(3))))

    assert ["photo" in one.body for one in phone.messages(chat)] == [True, True, True, False]


# --- edits


async def test_the_status_becomes_the_picture_in_its_place(phone: Phone, chat: str) -> None:
    await phone.hangs("I1")
    status = await phone.channel.send(chat, Reply("⏳", (Choice("Huỷ", action="cancel"),)))

    message = await phone.channel.send(chat, Reply("✅", shown=shown("I1"), picture=b"PLAYED one"), status)

    (only,) = phone.messages(chat)
    assert (message, said(only), "photo" in only.body, phone.buttons(chat)) == (status, "✅", True, [])


async def test_an_edit_that_changes_nothing_has_arrived(phone: Phone, chat: str) -> None:
    await phone.hangs("I1")
    status = await phone.channel.send(chat, Reply("⏳"))

    for reply in (Reply("⏳"), Reply("✅", shown=shown("I1")), Reply("✅", shown=shown("I1"))):
        assert await phone.channel.send(chat, reply, status) == status

    assert len(phone.messages(chat)) == 1


async def test_words_over_a_picture_become_its_caption(phone: Phone, chat: str) -> None:
    message = await phone.channel.send(chat, Reply("✅", picture=b"PLAYED one"))

    await phone.channel.send(chat, Reply("↩️ Đã hoàn", (Choice("Lại", action="again"),)), message)

    (only,) = phone.messages(chat)
    assert (said(only), "photo" in only.body, len(phone.buttons(chat))) == ("↩️ Đã hoàn", True, 1)


async def test_progress_never_takes_the_place_of_a_picture_that_was_quicker(phone: Phone, chat: str) -> None:
    message = await phone.channel.send(chat, Reply("✅", picture=b"PLAYED one"))

    async def words() -> Reply:
        return Reply("🎨 98%")

    await phone.channel.progress(chat, message, words)

    assert phone.text(chat) == "✅"


async def test_a_message_that_was_deleted_can_be_edited_no_more(phone: Phone, chat: str) -> None:
    message = await phone.channel.send(chat, Reply("⏳"))
    phone.telegram.chat(101).remove(phone.messages(chat)[-1])

    with pytest.raises(Rejected):
        await phone.channel.send(chat, Reply("✅"), message)
    with pytest.raises(Rejected):
        await phone.channel.send(chat, Reply("✅", picture=b"PLAYED one"), message)


# --- what becomes of it


async def test_who_has_blocked_us_is_gone(phone: Phone, chat: str) -> None:
    await phone.telegram.person(101).blocks()

    with pytest.raises(Gone):
        await phone.channel.send(chat, Reply("chào"))


async def test_a_chat_that_nobody_knows_is_gone(phone: Phone) -> None:
    with pytest.raises(Gone):
        await phone.channel.send("404", Reply("chào"))


@pytest.mark.parametrize("fault", ["before", "unreached"])
async def test_what_never_left_the_house_was_surely_not_sent(fault: Break, phone: Phone, chat: str) -> None:
    phone.line.breaks.append(fault)

    with pytest.raises(NotSent):
        await phone.channel.send(chat, Reply("chào"))
    assert phone.messages(chat) == []


@pytest.mark.parametrize("fault", ["after", "silence", "torn"])
async def test_what_may_have_arrived_is_said_to_be_unsure(fault: Break, phone: Phone, chat: str) -> None:
    phone.line.breaks.append(fault)

    with pytest.raises(Unsure):
        await phone.channel.send(chat, Reply("chào"))
    assert len(phone.messages(chat)) == 1


async def test_news_that_are_flooded_come_back_by_themselves_after_so_many_seconds(phone: Phone, chat: str) -> None:
    phone.telegram.faults.set("flood", seconds=40, times=1)

    with pytest.raises(NotSent) as flooded:
        await phone.channel.send(chat, Reply("✅", urgency="result"))
    with pytest.raises(NotSent) as soon:
        await phone.channel.send(chat, Reply("✅", urgency="result"))

    assert (flooded.value.tried, soon.value.tried) == (False, False)
    assert flooded.value.retry_after == 40 >= soon.value.retry_after > 39
    assert len(phone.calls()) == 1


async def test_a_reply_waits_out_a_flood_and_then_arrives(phone: Phone, chat: str) -> None:
    phone.telegram.faults.set("flood", seconds=40, times=1)
    began = phone.imagify.clock.now()

    await phone.channel.send(chat, Reply("chào"))

    assert phone.text(chat) == "chào"
    assert phone.imagify.clock.now() - began >= 40_000
    assert not phone.telegram.floods


async def test_a_group_that_has_moved_is_followed_and_remembered(phone: Phone) -> None:
    an = phone.telegram.person(101)
    old = phone.telegram.group("Xưởng", [an])
    new = old.upgrades()

    await phone.channel.send(str(old.id), Reply("chào"))
    await phone.again().send(str(old.id), Reply("chào lại"))

    assert [said(one) for one in new.messages[-2:]] == ["chào", "chào lại"]
    assert [call.chat for call in phone.calls("sendMessage")] == [old.id, new.id, new.id]


async def test_what_was_sent_once_is_not_sent_again_after_a_restart(phone: Phone, chat: str) -> None:
    first = await phone.channel.send(chat, Reply("chào"), once="key:0")

    assert await phone.again().send(chat, Reply("chào"), once="key:0") == first
    assert await phone.again().send(chat, Reply("chào"), once="key:1") != first
    assert len(phone.messages(chat)) == 2


async def test_how_telegram_calls_a_picture_goes_with_the_person(phone: Phone, chat: str) -> None:
    """Its row stands among the person's own, all of which go when they are erased."""
    await phone.hangs("I1")
    await phone.channel.send(chat, Reply("🖼️", shown=shown("I1")))

    row = await phone.ports.table.get(Key("USER#P1", "FILE#telegram123456#I1"))

    assert row is not None
    assert row.text("photo") == phone.messages(chat)[-1].body["photo"][-1]["file_id"]


async def test_that_something_is_painted_is_shown_as_often_as_it_fades(phone: Phone, chat: str) -> None:
    for _ in range(10):
        await phone.channel.painting(chat)
        await phone.imagify.passes(1)

    assert len(phone.calls("sendChatAction")) == 2


async def test_in_a_group_nothing_is_spent_on_that(phone: Phone) -> None:
    group = phone.telegram.group("Xưởng", [phone.telegram.person(101)])

    await phone.channel.painting(str(group.id))

    assert not phone.calls()
