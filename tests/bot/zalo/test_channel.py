"""The Zalo channel against the played one: every reply arrives as people can use it, and each fate is told."""

import pytest

from bot.channel import Channel, Fetching, Following, Gone, NotSent, Rejected, Unsure
from bot.replies import Choice, Reply, Shown
from bot.zalo.channel import LONGEST, NOTICED_AFTER, QUOTA_PAUSE, TYPING
from core.clock import SECOND
from infra.sandbox.zalo import Habits
from infra.sandbox.zalo.people import Person
from tests.bot.zalo.rig import Phone, name_of
from tests.house import DOOR, Imagify

ONE = name_of(1)


@pytest.fixture
async def phone(ruin: Imagify) -> Phone:
    return Phone(ruin)


@pytest.fixture
async def an(phone: Phone) -> Person:
    return await phone.meets()


def shown(image: str = ONE) -> Shown:
    return Shown(image, "P1", f"Ảnh {image}", f"show:{image}", width=64, height=48)


async def test_it_is_a_channel_that_edits_nothing_fetches_photos_and_types_while_somebody_waits(phone: Phone) -> None:
    channel: Channel = phone.channel

    assert (channel.name, channel.can_edit, channel.takes_links, channel.silent_edits) == ("zalo", False, True, False)
    assert isinstance(channel, Following)
    assert isinstance(channel, Fetching)


# --- words


async def test_words_arrive_as_they_are_whatever_markup_they_seem_to_have(phone: Phone, an: Person) -> None:
    message = await phone.channel.send(an.id, Reply("<b>5 < 7</b> & *mèo* {red} _x_"))

    assert phone.said(an) == ["<b>5 < 7</b> & *mèo* {red} _x_"]
    assert message == phone.chat(an).last.id


@pytest.mark.parametrize("unit", ["utf16", "letters"])
async def test_what_is_too_long_comes_in_parts_that_tear_no_sign_and_lose_no_word(
    unit: str, phone: Phone, an: Person
) -> None:
    phone.zalo.habits.text_unit = unit
    lines = [f"{number} " + "🐱" * 180 + "👩‍👩‍👧" for number in range(30)]

    await phone.channel.send(an.id, Reply("\n".join(lines), (Choice("Vâng", action="yes"),)))

    assert "\n".join(phone.said(an)) == "\n".join([*lines, "1. Vâng"])
    assert len(phone.said(an)) > 3


async def test_a_text_of_nothing_but_signs_is_cut_between_them(phone: Phone, an: Person) -> None:
    await phone.channel.send(an.id, Reply("👍🏽" * LONGEST))

    assert "".join(phone.said(an)) == "👍🏽" * LONGEST
    assert all(part.count("👍") == part.count("🏽") for part in phone.said(an))


async def test_a_reply_without_words_is_a_message_all_the_same(phone: Phone, an: Person) -> None:
    await phone.channel.send(an.id, Reply(""))

    assert len(phone.said(an)) == 1


# --- choices


async def test_choices_are_numbered_links_stand_on_lines_of_their_own_and_what_fills_an_input_is_left_out(
    phone: Phone, an: Person
) -> None:
    choices = (
        Choice("Trả", url="https://imagify.vn/p/1"),
        Choice("Kiểm tra", action="check:1"),
        Choice("Tải về", url="/mydata"),
        Choice("Sửa", fill="mèo --seed 7"),
        Choice("mèo mướp", fill="mèo mướp"),
        Choice("📎 Ảnh gốc", action="original:J1"),
        Choice("Huỷ", action="unpay:1"),
    )

    await phone.channel.send(an.id, Reply("Đơn 1", choices))

    assert phone.said(an) == ["Đơn 1\nTrả:\nhttps://imagify.vn/p/1\n1. Kiểm tra\n2. mèo mướp\n3. Huỷ"]


async def test_pictures_of_a_sheet_keep_their_names_on_lines_of_their_own(phone: Phone, an: Person) -> None:
    choices = (
        Choice("U1", action="show:A"),
        Choice("U2", action="show:B"),
        Choice("V1 · 4", action="four:A:4"),
        Choice("V2 · 4", action="four:B:4"),
        Choice("Huỷ", action="x"),
    )

    await phone.channel.send(an.id, Reply("✅ 2 ảnh", choices))

    assert phone.said(an) == ["✅ 2 ảnh\nU1 | U2\nV1 · 4 | V2 · 4\n1. Huỷ"]


async def test_a_wall_is_one_sheet_of_the_newest_with_a_number_for_each(phone: Phone, an: Person) -> None:
    names = [name_of(number) for number in range(1, 7)]
    for name in names:
        await phone.hangs(name)

    await phone.channel.send(an.id, Reply("🖼️ Ảnh của bạn", wall=tuple(shown(name) for name in names)))

    [message] = phone.chat(an).said
    assert message.photo
    assert message.text.splitlines()[1:] == [f"{number}. Ảnh {name}" for number, name in enumerate(names, 1)]


# --- pictures


async def test_a_picture_comes_with_its_words_in_one_message_and_in_full_behind_a_link(
    phone: Phone, an: Person
) -> None:
    await phone.hangs(ONE)

    await phone.channel.send(an.id, Reply("✅ Xong", (Choice("🔄 Vẽ lại · 1", action="again:1"),), shown=shown()))

    [message] = phone.chat(an).said
    first, link, choice = message.text.splitlines()
    assert (first, choice) == ("✅ Xong", "1. 🔄 Vẽ lại · 1")
    assert link.startswith(f"📎 {DOOR}/i/i{ONE}")
    assert message.photo.startswith(f"{DOOR}/zalo/i/p{ONE}")
    assert message.picture
    assert [look.wrong for look in message.picture.looks] == ["", ""]


async def test_a_picture_is_still_there_when_zalo_looks_again(phone: Phone, an: Person) -> None:
    await phone.hangs(ONE)
    await phone.channel.send(an.id, Reply("✅", shown=shown()))

    phone.postcards.made.clear()  # another process, a day later
    await phone.zalo.pass_by(24 * 3600)

    [message] = phone.chat(an).said
    assert message.rendered
    assert message.picture
    assert [look.method for look in message.picture.looks] == ["HEAD", "GET", "GET"]


async def test_what_a_caption_cannot_hold_follows_as_a_text(phone: Phone, an: Person) -> None:
    await phone.hangs(ONE)

    await phone.channel.send(an.id, Reply("mèo " * 800, (Choice("Huỷ", action="x"),), shown=shown()))

    first, second = phone.chat(an).said
    assert first.photo
    assert not second.photo
    assert second.text.endswith("1. Huỷ")


async def test_a_file_is_a_link(phone: Phone, an: Person) -> None:
    await phone.hangs(ONE)

    await phone.channel.send(an.id, Reply("📎 Ảnh gốc", shown=shown(), as_file=True))

    [message] = phone.chat(an).said
    assert not message.photo
    assert f"{DOOR}/i/i{ONE}" in message.text


async def test_where_zalo_takes_no_photo_the_link_comes_alone(phone: Phone, an: Person) -> None:
    await phone.hangs(ONE)
    phone.zalo.faults.set("refusal", method="sendPhoto", times=1, words="Bad request")

    await phone.channel.send(an.id, Reply("✅ Xong", shown=shown()))

    [message] = phone.chat(an).said
    assert not message.photo
    assert f"📎 {DOOR}/i/i{ONE}" in message.text


# --- once


async def test_what_was_sent_once_is_not_sent_again_not_even_by_the_next_process(phone: Phone, an: Person) -> None:
    first = await phone.channel.send(an.id, Reply("🎉"), once="news")
    again = await phone.again().send(an.id, Reply("🎉"), once="news")

    assert first == again
    assert phone.said(an) == ["🎉"]


# --- waiting


async def test_a_status_is_typing_and_nothing_else(phone: Phone, an: Person) -> None:
    message = await phone.channel.send(an.id, Reply("⏳", watches="S1"))

    assert message == f"{TYPING}{phone.clock.now() - 200}:S1"
    assert an.sees_typing()
    assert phone.said(an) == []


async def test_whoever_has_waited_long_is_told_once_where_they_stand(phone: Phone, an: Person) -> None:
    async def words() -> Reply:
        return Reply("⏳ vị trí 3", (Choice("Huỷ", action="cancel:1"),), urgency="progress")

    message = await phone.channel.send(an.id, Reply("⏳", watches="S1"))
    await phone.channel.progress(an.id, message, words)
    assert phone.said(an) == []

    await phone.imagify.passes(NOTICED_AFTER / SECOND)
    for _ in range(3):
        await phone.channel.progress(an.id, message, words)
        await phone.imagify.passes(5)
    await phone.again().progress(an.id, message, words)

    assert phone.said(an) == ["⏳ vị trí 3\n1. Huỷ"]
    assert len(phone.zalo.called("sendChatAction")) == 5


# --- fates


@pytest.mark.parametrize(
    ("fault", "fate"),
    [
        ({"kind": "lapse_after"}, Unsure),
        ({"kind": "reset_after"}, Unsure),
        ({"kind": "torn"}, Unsure),
        ({"kind": "error_after", "code": 502}, Unsure),
        ({"kind": "refusal", "code": 403, "words": "internal server error"}, NotSent),
        ({"kind": "refusal", "code": 500}, NotSent),
        ({"kind": "refusal", "code": 401, "words": "Unauthorized"}, NotSent),
        ({"kind": "refusal", "code": 400, "words": "photo cannot be fetched"}, NotSent),
        ({"kind": "refusal", "code": 400, "words": "chat not found"}, Gone),
        ({"kind": "refusal", "code": 400, "words": "user has blocked the bot"}, Gone),
        ({"kind": "refusal", "code": 400, "words": "something new"}, Rejected),
        ({"kind": "refusal", "code": 404}, Rejected),
    ],
)
@pytest.mark.parametrize("strict", [False, True], ids=["always 200", "strict http"])
async def test_every_trouble_is_one_of_four_fates_whatever_http_says(
    fault: dict[str, object], fate: type[Exception], strict: bool, phone: Phone, an: Person
) -> None:
    phone.zalo.habits.strict_http = strict
    phone.zalo.faults.set(method="sendMessage", **fault)  # type: ignore[arg-type]  # as data

    with pytest.raises(fate):
        await phone.channel.send(an.id, Reply("mèo", urgency="result"))


async def test_an_answer_is_tried_again_after_1_2_and_4_seconds(phone: Phone, an: Person) -> None:
    phone.zalo.faults.set("refusal", method="sendMessage", times=3, code=403)
    began = phone.clock.now()

    await phone.channel.send(an.id, Reply("💰 5 credit"))

    assert phone.said(an) == ["💰 5 credit"]
    assert 7_000 <= phone.clock.now() - began < 9_000


async def test_what_may_have_arrived_is_not_sent_again_by_the_channel(phone: Phone, an: Person) -> None:
    phone.zalo.faults.set("lapse_after", method="sendMessage", times=1)

    with pytest.raises(Unsure):
        await phone.channel.send(an.id, Reply("💰 5 credit"))
    assert phone.said(an) == ["💰 5 credit"]


async def test_what_zalo_took_is_sent_however_odd_its_answer_is(phone: Phone, an: Person) -> None:
    phone.zalo.faults.set("odd", method="sendMessage")

    assert await phone.channel.send(an.id, Reply("💰 5 credit")) == ""

    assert phone.said(an) == ["💰 5 credit"]


async def test_whoever_has_blocked_the_bot_is_gone(phone: Phone, an: Person) -> None:
    await an.blocks()

    with pytest.raises(Gone):
        await phone.channel.send(an.id, Reply("mèo"))


async def test_after_a_429_nothing_goes_out_for_minutes_and_admins_hear_of_it(phone: Phone, an: Person) -> None:
    phone.zalo.faults.set("quota", times=1)
    with pytest.raises(NotSent) as first:
        await phone.channel.send(an.id, Reply("mèo", urgency="result"))
    calls = len(phone.zalo.calls)
    with pytest.raises(NotSent) as second:
        await phone.channel.send(an.id, Reply("mèo"))
    await phone.channel.painting(an.id)

    assert (first.value.tried, first.value.retry_after) == (False, QUOTA_PAUSE / SECOND)
    assert not second.value.tried
    assert len(phone.zalo.calls) == calls
    assert phone.alarms == ["zalo quota"]

    await phone.imagify.passes(QUOTA_PAUSE / SECOND)
    await phone.channel.send(an.id, Reply("mèo"))
    assert phone.said(an) == ["mèo"]


async def test_nothing_that_zalo_does_not_have_is_ever_asked_of_it(phone: Phone, an: Person) -> None:
    await phone.hangs(ONE)
    choices = (Choice("Huỷ", action="x"), Choice("Trả", url="https://imagify.vn/p/1"))
    await phone.channel.send(an.id, Reply("mèo", choices, shown=shown(), answers="1", replaces="2"), replaces="2")

    assert {call.method for call in phone.zalo.calls} == {"sendPhoto"}
    assert all(not call.ignored and call.ok for call in phone.zalo.calls)


def test_what_the_rig_believes_of_zalo_stands_in_the_simulator() -> None:
    """Where the guess about the longest text changes, ours must stay below it."""
    assert Habits().longest_text > LONGEST
    assert Habits().longest_caption > LONGEST
