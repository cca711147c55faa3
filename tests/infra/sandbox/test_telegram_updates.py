"""How a bot hears at the played Telegram: long polls, and what comes from groups."""

from tests.infra.sandbox.telegram_rig import BOT, HOOK, OTHER, THE_DAY, Rig, button, buttons, png, waiting


def texts(updates: list[dict[str, dict[str, str]]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


# -- polling


async def test_an_update_comes_again_until_the_next_offset_confirms_it() -> None:
    rig = Rig()
    for word in ("một", "hai", "ba"):
        await rig.an.says(word)

    first = await rig.updates(limit=2)
    again = await rig.updates(limit=2)
    rest = await rig.updates(first[1]["update_id"] + 1)

    assert texts(first) == texts(again) == ["một", "hai"]
    assert texts(rest) == ["ba"]
    assert [update["update_id"] - first[0]["update_id"] for update in [*first, *rest]] == [0, 1, 2]


async def test_a_negative_offset_forgets_all_but_the_newest() -> None:
    rig = Rig()
    for word in ("một", "hai", "ba"):
        await rig.an.says(word)

    assert texts(await rig.updates(-1)) == ["ba"]
    assert texts(await rig.updates()) == ["ba"]


async def test_a_long_poll_is_answered_the_moment_something_is_said() -> None:
    rig = Rig()

    async with waiting(rig, timeout=30) as poll:
        await rig.telegram.pass_by(10)
        assert not poll.done()
        await rig.an.says("đây")
        answer = await poll

    assert [update["message"]["date"] - THE_DAY for update in answer.body["result"]] == [10]


async def test_a_long_poll_ends_empty_after_its_time_and_fifty_seconds_at_most() -> None:
    rig = Rig()

    async with waiting(rig, timeout=900) as poll:
        await rig.telegram.pass_by(49)
        assert not poll.done()
        await rig.telegram.pass_by(1)
        answer = await poll

    assert answer.result == []


async def test_the_same_poll_again_at_once_is_made_to_wait_three_seconds() -> None:
    rig = Rig()

    assert await rig.updates() == []
    async with waiting(rig) as poll:
        await rig.telegram.pass_by(3)
        assert (await poll).result == []


async def test_of_two_who_poll_the_first_is_sent_away() -> None:
    rig = Rig()

    async with waiting(rig, timeout=30) as first, waiting(rig, timeout=20) as second:
        sent_away = await first
        await rig.an.says("chào")
        answer = await second

    assert sent_away.status == 409
    assert sent_away.words == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert texts(answer.body["result"]) == ["chào"]


async def test_nobody_polls_while_a_webhook_is_set() -> None:
    rig = Rig()
    await rig.hooks()

    answer = await rig.calls("getUpdates")

    assert answer.status == 409
    assert answer.words == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )


async def test_setting_a_webhook_ends_the_poll_that_waits() -> None:
    rig = Rig()

    async with waiting(rig, timeout=30) as poll:
        await rig.gets("setWebhook", url=HOOK)
        answer = await poll

    assert answer.words == "Conflict: terminated by setWebhook request"


async def test_what_is_asked_for_is_remembered_until_something_else_is() -> None:
    rig = Rig()
    await rig.sends("a", reply_markup=buttons([button()]))

    await rig.updates(allowed_updates=["callback_query"])
    await rig.an.says("không ai nghe")
    await rig.an.presses("Vẽ")
    assert await rig.kinds() == ["callback_query"]
    await rig.updates(allowed_updates=[])
    await rig.an.says("có người nghe")

    assert await rig.kinds() == ["callback_query", "message"]


async def test_a_reaction_comes_only_to_who_asked_for_reactions() -> None:
    rig = Rig()
    sent = await rig.sends()

    await rig.an.reacts(sent, "👍")
    await rig.updates(allowed_updates=["message_reaction"])
    await rig.an.reacts(sent, "👎")

    assert [update["message_reaction"]["new_reaction"] for update in await rig.updates()] == [
        [{"type": "emoji", "emoji": "👎"}]
    ]


async def test_a_message_waits_a_day_and_a_press_of_a_button_two_minutes_and_a_half() -> None:
    rig = Rig()
    await rig.sends("a", reply_markup=buttons([button()]))
    await rig.an.says("chào")
    await rig.an.presses("Vẽ")

    await rig.telegram.pass_by(151)
    assert await rig.kinds() == ["message"]
    await rig.telegram.pass_by(86_400)

    assert await rig.updates() == []


async def test_an_update_can_come_twice_with_one_number() -> None:
    rig = Rig()
    rig.telegram.faults.set("update_doubled", times=1)

    await rig.an.says("một")
    await rig.an.says("hai")

    updates = await rig.updates()
    assert texts(updates) == ["một", "một", "hai"]
    assert updates[0]["update_id"] == updates[1]["update_id"] != updates[2]["update_id"]


async def test_chats_overtake_each_other_and_no_chat_overtakes_itself() -> None:
    rig = Rig()
    binh = rig.telegram.person(102, "Bình")
    rig.telegram.faults.set("update_delayed", chat=101, times=1, seconds=5)

    await rig.an.says("một")
    await binh.says("hai")
    await rig.an.says("ba")
    await rig.telegram.pass_by(5)

    assert texts(await rig.updates()) == ["hai", "một", "ba"]


# -- groups


async def test_in_a_group_a_bot_hears_what_is_meant_for_it() -> None:
    rig = Rig(BOT, OTHER)
    group = rig.telegram.group("Xưởng", [rig.an, rig.telegram.person(102, "Bình")], bots=[BOT])
    sent = await rig.sends("bot đây", chat_id=group.id)
    joined = await rig.updates()

    await rig.an.says("chuyện riêng", group)
    await rig.an.says("/make mèo", group)
    await rig.an.says("/make@other_bot mèo", group)
    await rig.an.says("này @Imagify_Bot", group)
    await rig.an.replies(sent, "đẹp quá")

    heard = await rig.updates(joined[-1]["update_id"] + 1)
    assert texts(heard) == ["/make mèo", "này @Imagify_Bot", "đẹp quá"]
    assert [next(reversed(update)) for update in joined] == ["my_chat_member", "message"]


async def test_an_admin_bot_hears_everything_in_its_group() -> None:
    rig = Rig()
    group = rig.telegram.group("Xưởng", [rig.an])
    group.promotes(BOT)

    await rig.an.says("chuyện riêng", group)

    assert (await rig.updates())[-1]["message"]["text"] == "chuyện riêng"


async def test_an_anonymous_admin_and_a_channel_speak_in_the_name_of_a_chat() -> None:
    rig = Rig()
    group = rig.telegram.group("Xưởng", [rig.an], supergroup=True)
    channel = rig.telegram.world.open_group(-1_009, "Kênh", "channel")

    await rig.an.says("/make a", group, anonymous=True)
    await rig.an.says("/make b", group, channel=channel)

    one, other = (update["message"] for update in (await rig.updates())[-2:])
    assert (one["from"]["username"], one["sender_chat"]["id"]) == ("GroupAnonymousBot", group.id)
    assert (other["from"]["username"], other["sender_chat"]["title"]) == ("Channel_Bot", "Kênh")


async def test_a_group_that_grows_moves_to_another_number() -> None:
    rig = Rig()
    group = rig.telegram.group("Xưởng", [rig.an])

    grown = group.upgrades()
    answer = await rig.calls("sendMessage", chat_id=group.id, text="a")

    assert answer.words == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer.body["parameters"] == {"migrate_to_chat_id": grown.id}
    assert (await rig.sends("a", chat_id=grown.id)).id
    moves = [update["message"] for update in await rig.updates() if "message" in update][-2:]
    assert (moves[0]["migrate_to_chat_id"], moves[1]["migrate_from_chat_id"]) == (grown.id, group.id)


async def test_a_bot_that_is_thrown_out_of_a_group_is_told_so() -> None:
    rig = Rig()
    group = rig.telegram.group("Xưởng", [rig.an])

    group.removes(BOT)

    assert await rig.refused("sendMessage", chat_id=group.id, text="a") == (
        "Forbidden: bot was kicked from the group chat"
    )
    changed = (await rig.updates())[-1]["my_chat_member"]
    assert (changed["old_chat_member"]["status"], changed["new_chat_member"]["status"]) == ("member", "kicked")


async def test_what_people_send_comes_whole() -> None:
    rig = Rig()
    said = await rig.an.sends_photo(png(), "vẽ /make như thế này")
    await rig.an.sends_album([png(), png(70)], "hai")
    await rig.an.edits(said, "khác")

    updates = await rig.updates()
    photos = [update["message"] for update in updates if "message" in update]
    assert photos[0]["caption_entities"][0]["type"] == "bot_command"
    assert photos[1]["media_group_id"] == photos[2]["media_group_id"]
    assert updates[-1]["edited_message"]["caption"] == "khác"
    assert (await rig.gets("getFile", file_id=photos[0]["photo"][-1]["file_id"]))["file_size"] == len(png())


async def test_members_are_told_as_they_are() -> None:
    rig = Rig()
    group = rig.telegram.group("Xưởng", [rig.an, rig.telegram.person(102, "Bình")])

    statuses = [
        (await rig.gets("getChatMember", chat_id=group.id, user_id=one))["status"] for one in (101, 102, BOT.id)
    ]

    assert statuses == ["creator", "member", "member"]
    assert (await rig.gets("getChat", chat_id=group.id))["title"] == "Xưởng"
