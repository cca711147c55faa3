"""What a bot hears on the played Zalo: who it is, one event at a time, both dialects, protected people."""

import asyncio

import pytest

from infra.sandbox.zalo import Bot, Impossible
from tests.infra.sandbox.telegram_rig import png
from tests.infra.sandbox.zalo_rig import TOKEN, Rig, waiting


async def test_a_bot_is_told_who_it_is_and_that_it_joins_no_groups() -> None:
    me = await Rig().gets("getMe")

    assert me == {
        "id": "1459232241454765289",
        "account_name": me["account_name"],
        "account_type": "BASIC",
        "can_join_groups": False,
    }
    assert me["account_name"].startswith("bot.")


async def test_updates_come_one_at_a_time_in_order_and_only_once() -> None:
    rig = Rig()
    for text in ("một", "hai", "ba"):
        await rig.an.says(text)

    read = await rig.reads_all()

    assert [update["message"]["text"] for update in read] == ["một", "hai", "ba"]
    assert len({update["message"]["message_id"] for update in read}) == 3
    assert await rig.reads() is None


async def test_a_poll_that_hears_nothing_is_answered_408_after_all_of_its_time() -> None:
    rig = Rig()
    async with waiting(rig, timeout="30") as poll:
        await rig.zalo.pass_by(29)
        assert not poll.done()

        await rig.zalo.pass_by(1)
        answer = await poll

    assert (answer.status, answer.body) == (
        200,
        {"ok": False, "description": "Request timeout", "error_code": 408},
    )


async def test_a_poll_without_a_time_waits_thirty_seconds_and_hears_at_once() -> None:
    rig = Rig()
    async with waiting(rig) as poll:
        await rig.zalo.pass_by(29.5)
        await rig.an.says("chào")
        answer = await poll

    assert answer.ok


async def test_a_second_poll_steals_what_the_first_waits_for() -> None:
    rig = Rig()
    async with waiting(rig) as first, waiting(rig) as second:
        await rig.an.says("chào")
        await second

        assert not first.done()


async def test_a_poll_whose_caller_has_gone_takes_nothing_unless_it_is_set_to() -> None:
    rig = Rig()
    gone = asyncio.create_task(rig.zalo.call(TOKEN, "getUpdates", {}, lambda: False))
    await asyncio.sleep(0)

    await rig.an.says("còn đây")
    kept = await rig.reads()
    rig.zalo.habits.dead_polls_take = True
    await rig.an.says("mất")
    lost = await rig.reads()
    await gone

    assert kept is not None
    assert lost is None


@pytest.mark.parametrize("patience", ["soon", True, [30]])
async def test_a_time_that_is_no_number_is_refused(patience: object) -> None:
    assert (await Rig().refused("getUpdates", timeout=patience))[0] == 400


# -- both dialects


async def test_a_photo_is_told_as_it_was_captured_or_as_it_is_documented() -> None:
    observed, docs = Rig(), Rig(Bot(TOKEN, dialect="docs"))
    for rig in (observed, docs):
        await rig.an.sends_photo(png(), "như thế này")

    told = [update["message"] for rig in (observed, docs) for update in await rig.reads_all()]

    assert told[0]["message_type"] == "CHAT_PHOTO"
    assert told[0]["photo_url"].startswith("https://photo-stal-")
    assert "message_type" not in told[1]
    assert told[1]["photo"].endswith(".jpg")
    assert [one["caption"] for one in told] == ["như thế này", "như thế này"]


async def test_the_dialect_may_change_while_a_bot_runs() -> None:
    rig = Rig()
    await rig.an.sends_photo(png())
    rig.zalo.robot().dialect = "docs"

    (update,) = await rig.reads_all()

    assert "photo" in update["message"]


async def test_stickers_and_voice_have_their_own_kinds() -> None:
    rig = Rig()
    await rig.an.sends_sticker()
    await rig.an.sends_voice()

    sticker, voice = await rig.reads_all()

    assert sticker["event_name"] == "message.sticker.received"
    assert set(sticker["message"]) >= {"sticker", "url"}
    assert voice["event_name"] == "message.voice.received"
    assert voice["message"]["voice_url"].endswith(".aac")


async def test_identifiers_have_twenty_digits_and_dates_milliseconds() -> None:
    rig = Rig()
    await rig.an.says("chào")

    (update,) = await rig.reads_all()
    message = update["message"]

    assert message["from"] == {"id": rig.an.id, "display_name": "An", "is_bot": False}
    assert message["chat"] == {"id": rig.an.id, "chat_type": "PRIVATE"}
    assert [len(one) for one in (rig.an.id, message["message_id"])] == [20, 20]
    assert message["date"] == 1_795_132_800_000


# -- what is kept from bots


async def test_of_protected_people_a_bot_is_told_nothing_but_that_they_wrote() -> None:
    rig = Rig()
    child = rig.zalo.person(name="Bé", protected=True)
    await child.says("vẽ con mèo")
    await child.sends_photo(png(), "đây")

    told = await rig.reads_all()

    assert [update["event_name"] for update in told] == ["message.unsupported.received"] * 2
    assert all(set(update["message"]) == {"message_id", "date", "from", "chat"} for update in told)
    await rig.gets("sendMessage", chat_id=child.id, text="Xin lỗi, Imagify chưa phục vụ được bạn.")


async def test_a_link_as_a_card_is_told_without_what_is_in_it_and_a_text_with_one_as_it_is_set() -> None:
    rig = Rig()
    await rig.an.sends_card("https://a.example")
    await rig.an.says("xem https://a.example")
    rig.zalo.habits.links_are_text = False
    await rig.an.says("xem https://a.example")

    told = [update["event_name"] for update in await rig.reads_all()]

    assert told == ["message.unsupported.received", "message.text.received", "message.unsupported.received"]


async def test_a_group_is_heard_only_where_the_bot_is_mentioned() -> None:
    rig = Rig(Bot(TOKEN, groups=True))
    group = rig.zalo.group("Xưởng", [rig.an])
    await rig.an.says("chào cả nhà", group, mentions=False)
    await rig.an.says("@Bot vẽ mèo", group)

    (update,) = await rig.reads_all()
    await rig.gets("sendMessage", chat_id=group.id, text="Hãy nhắn riêng cho mình nhé.")

    assert update["message"]["chat"] == {"id": group.id, "chat_type": "GROUP"}
    assert update["message"]["from"]["id"] == rig.an.id
    assert [message.by_bot for message in group.messages] == [False, False, True]


async def test_somebody_who_blocked_the_bot_cannot_write_and_no_bot_is_told() -> None:
    rig = Rig()
    await rig.begins()
    await rig.an.blocks()

    with pytest.raises(Impossible):
        await rig.an.says("a")
    told = await rig.reads()
    await rig.an.returns()
    await rig.an.says("lại đây")

    assert told is None
    assert await rig.reads()


async def test_people_are_the_same_after_a_restart_and_messages_are_not() -> None:
    before, after = Rig(), Rig()
    after.zalo.world.lot.seed(8)

    first, second = await before.an.says("a"), await after.an.says("a")

    assert before.an.id == after.an.id
    assert first.id != second.id
