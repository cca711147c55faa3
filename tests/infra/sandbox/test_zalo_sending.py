"""What a bot may send on the played Zalo, what it may not, and how much of it its plan holds."""

import pytest

from infra.sandbox.zalo import Plan
from tests.infra.sandbox.telegram_rig import buttons
from tests.infra.sandbox.zalo_rig import PHOTO, Rig

OVER = (429, "Quota exceeded")


@pytest.fixture
async def rig() -> Rig:
    rig = Rig()
    await rig.begins()
    return rig


async def test_a_message_is_answered_with_its_number_and_date_alone(rig: Rig) -> None:
    sent = await rig.gets("sendMessage", chat_id=rig.an.id, text="1. Vẽ\n2. Nạp")

    assert set(sent) == {"message_id", "date"}
    assert rig.zalo.chat(rig.an.id).last.text == "1. Vẽ\n2. Nạp"


@pytest.mark.parametrize(
    "method",
    ["editMessageText", "deleteMessage", "sendDocument", "sendMediaGroup", "setMyCommands", "getFile", "sendmessage"],
)
async def test_there_are_no_edits_no_documents_no_menus_and_no_other_spelling(rig: Rig, method: str) -> None:
    assert await rig.refused(method, chat_id=rig.an.id, text="a") == (404, "Not found")


async def test_buttons_are_taken_and_ignored_and_somebody_notes_it(rig: Rig) -> None:
    await rig.sends("chọn", reply_markup=buttons(), reply_to_message_id="x")

    assert rig.zalo.calls[-1].ignored == ("reply_markup", "reply_to_message_id")
    assert rig.zalo.chat(rig.an.id).last.content == {"text": "chọn"}


async def test_a_strange_token_is_unauthorized_with_a_status_of_success() -> None:
    answer = await Rig().zalo.call("9:nobody", "getMe")

    assert (answer.status, answer.body) == (200, {"ok": False, "description": "Unauthorized", "error_code": 401})


async def test_the_status_follows_the_code_where_it_is_set_to() -> None:
    rig = Rig()
    rig.zalo.habits.strict_http = True

    answer = await rig.calls("sendMessage", chat_id="nobody", text="a")

    assert (answer.status, answer.code) == (400, 400)


async def test_nobody_is_written_to_before_they_have_written() -> None:
    rig = Rig()
    rig.an.chat()

    assert await rig.refused("sendMessage", chat_id=rig.an.id, text="a") == (400, "Bad request: chat not found")


@pytest.mark.parametrize(
    ("text", "unit", "taken"),
    [
        ("a" * 2000, "utf16", True),
        ("a" * 2001, "utf16", False),
        ("😀" * 1000, "utf16", True),
        ("😀" * 1001, "utf16", False),
        ("😀" * 2000, "letters", True),
        ("ế" * 667, "bytes", False),
        ("", "utf16", False),
        (" \n ", "utf16", False),
    ],
)
async def test_a_text_has_two_thousand_characters_at_most_as_they_are_counted(
    rig: Rig, text: str, unit: str, *, taken: bool
) -> None:
    rig.zalo.habits.text_unit = unit

    assert (await rig.calls("sendMessage", chat_id=rig.an.id, text=text)).ok is taken
    assert (await rig.calls("sendPhoto", chat_id=rig.an.id, photo=PHOTO, caption=text)).ok is (
        taken or not text.strip()
    )


@pytest.mark.parametrize(
    "params",
    [
        {"text": 7},
        {"parse_mode": "MarkdownV2"},
        {"text": "vẽ {mèo", "parse_mode": "markdown"},
        {"text_styles": [{"start": 0, "len": 9, "st": ["b"]}]},
        {"text_styles": [{"start": 0, "len": 1, "st": ["blink"]}]},
        {"text_styles": "["},
    ],
)
async def test_what_cannot_be_read_is_refused(rig: Rig, params: dict[str, object]) -> None:
    assert (await rig.refused("sendMessage", **{"chat_id": rig.an.id, "text": "abc", **params}))[0] == 400


async def test_colours_and_styles_that_can_be_read_are_taken(rig: Rig) -> None:
    await rig.sends("{red}đỏ{/red}", parse_mode="markdown")
    await rig.sends("abc", text_styles=[{"start": 0, "len": 3, "st": ["b", "c_db342e"]}])

    assert len(rig.zalo.chat(rig.an.id).said) == 2


async def test_typing_shows_five_seconds_or_until_a_message_comes(rig: Rig) -> None:
    answer = await rig.calls("sendChatAction", chat_id=rig.an.id, action="typing")
    at_once = rig.an.sees_typing()
    await rig.zalo.pass_by(5)
    later = rig.an.sees_typing()
    await rig.calls("sendChatAction", chat_id=rig.an.id, action="typing")
    await rig.sends()

    assert answer.body == {"ok": True}
    assert (at_once, later, rig.an.sees_typing()) == (True, False, False)
    assert (await rig.refused("sendChatAction", chat_id=rig.an.id, action="upload_photo"))[0] == 400


async def test_stickers_are_sent_by_their_number_and_voice_by_an_address_of_its_kind(rig: Rig) -> None:
    await rig.gets("sendSticker", chat_id=rig.an.id, sticker="0e078a2fb66a5f34067b")
    await rig.gets("sendVoice", chat_id=rig.an.id, voice_url="https://a.example/x.aac")

    assert [one.kind for one in rig.zalo.chat(rig.an.id).said] == ["sticker", "voice"]
    assert (await rig.refused("sendSticker", chat_id=rig.an.id, sticker="?"))[0] == 400
    assert (await rig.refused("sendVoice", chat_id=rig.an.id, voice_url="https://a.example/x.mp3"))[0] == 400


async def test_a_bot_that_is_blocked_is_refused_or_hears_nothing_of_it_as_it_is_set(rig: Rig) -> None:
    await rig.an.blocks()
    refused = await rig.refused("sendMessage", chat_id=rig.an.id, text="a")
    rig.zalo.habits.blocked_code = 0

    await rig.gets("sendMessage", chat_id=rig.an.id, text="a")

    assert refused == (400, "Bad request: the user has blocked the bot")
    assert rig.zalo.chat(rig.an.id).said == []


# -- the plan


async def test_a_plan_holds_so_many_messages_a_month_of_viet_nam(rig: Rig) -> None:
    rig.zalo.robot().meter.plan = Plan(messages=3)
    await rig.sends()
    await rig.sends_photo()
    await rig.calls("sendMessage", chat_id="nobody", text="what is refused does not count")
    await rig.calls("sendChatAction", chat_id=rig.an.id, action="typing")
    await rig.sends()

    over = await rig.refused("sendMessage", chat_id=rig.an.id, text="a")
    await rig.zalo.pass_by(11 * 86_400 - 7 * 3600 - 1)
    still = await rig.refused("sendPhoto", chat_id=rig.an.id, photo=PHOTO)
    await rig.zalo.pass_by(1)
    await rig.sends()

    assert (over, still) == (OVER, OVER)
    assert rig.zalo.robot().meter.messages == 1


async def test_a_plan_holds_so_many_people_those_who_came_first(rig: Rig) -> None:
    rig.zalo.robot().meter.plan = Plan(users=1)
    late = rig.zalo.person(name="Bình")
    await late.says("chào")

    await rig.sends()

    assert await rig.reads()
    assert await rig.refused("sendMessage", chat_id=late.id, text="a") == OVER


@pytest.mark.parametrize("plan", [Plan(a_day=2), Plan(person_a_day=2)])
async def test_a_plan_may_hold_so_many_a_day(rig: Rig, plan: Plan) -> None:
    rig.zalo.robot().meter.plan = plan
    await rig.sends()
    await rig.sends()

    over = await rig.refused("sendMessage", chat_id=rig.an.id, text="a")
    await rig.zalo.pass_by(86_400)
    await rig.sends()

    assert over == OVER


async def test_without_limits_a_plan_holds_everything(rig: Rig) -> None:
    rig.zalo.robot().meter.plan = Plan(users=0, messages=0)

    for _ in range(5):
        await rig.sends()

    assert rig.zalo.robot().meter.messages == 5


async def test_an_exhausted_plan_fetches_no_photo(rig: Rig) -> None:
    rig.zalo.robot().meter.plan = Plan(messages=1)
    await rig.sends()
    rig.web.clear()

    assert await rig.refused("sendPhoto", chat_id=rig.an.id, photo=PHOTO) == OVER
