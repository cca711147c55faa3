"""How a bot hears at the played Telegram: long polls, and the webhook with its order, its patience and its end."""

import itertools
import json

import pytest

from infra.sandbox.telegram import Heard, Person
from tests.infra.sandbox.telegram_rig import BOT, HOOK, OK, OTHER, THE_DAY, Rig, button, buttons, png, waiting

SECRET = "X-Telegram-Bot-Api-Secret-Token"
FAILS = Heard(500, reason="Internal Server Error")


def texts(updates: list[dict[str, dict[str, str]]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


def gaps(rig: Rig) -> list[float]:
    """Seconds between one try of the webhook and the next."""
    moments = [one.at for one in rig.telegram.robot().hook.tries]
    return [after - before for before, after in itertools.pairwise(moments)]


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


# -- the webhook


async def test_an_update_is_pushed_with_the_secret_and_nothing_is_left_when_it_was_heard() -> None:
    rig = Rig()
    await rig.hooks(secret_token="s-e_c", max_connections=7)

    await rig.an.says("chào")
    await rig.telegram.settle()

    assert rig.heard_texts == ["chào"]
    assert rig.heard[0][1][SECRET] == "s-e_c"
    info = await rig.gets("getWebhookInfo")
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (HOOK, 0, 7)


async def test_what_came_before_the_webhook_is_pushed_unless_it_is_dropped() -> None:
    rig, dropping = Rig(), Rig()
    for one in (rig, dropping):
        await one.an.says("sớm")

    await rig.hooks()
    await dropping.hooks(drop_pending_updates=True)
    await rig.telegram.settle()
    await dropping.telegram.settle()

    assert (rig.heard_texts, dropping.heard_texts) == (["sớm"], [])


async def test_a_webhook_that_fails_is_tried_at_once_then_after_two_four_and_eight_seconds() -> None:
    rig = Rig()
    await rig.hooks()
    rig.says = [FAILS, OSError(), TimeoutError(), Heard(302), FAILS]

    await rig.an.says("chào")
    await rig.telegram.pass_by(60)

    assert gaps(rig) == [0, 2, 4, 8, 16]
    assert [one.outcome for one in rig.telegram.robot().hook.tries] == [
        "Wrong response from the webhook: 500 Internal Server Error",
        "Connection refused",
        "Read timeout expired",
        "Wrong response from the webhook: 302",
        "Wrong response from the webhook: 500 Internal Server Error",
        "ok",
    ]


async def test_the_waits_of_a_webhook_grow_no_longer_than_two_minutes() -> None:
    rig = Rig()
    await rig.hooks()
    rig.says = [FAILS] * 400

    await rig.an.says("chào")
    await rig.telegram.pass_by(3_600)

    assert all(60 <= gap <= 120 for gap in gaps(rig)[6:])
    info = await rig.gets("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert info["pending_update_count"] == 1


async def test_a_webhook_that_says_when_to_come_again_is_obeyed() -> None:
    rig = Rig()
    await rig.hooks()
    rig.says = [Heard(429, retry_after="30"), Heard(503, retry_after="9000")]

    await rig.an.says("chào")
    await rig.telegram.pass_by(4_000)

    assert gaps(rig) == [30, 3_600]


async def test_an_update_that_runs_out_is_given_up_and_the_next_has_its_turn() -> None:
    rig = Rig()
    await rig.hooks()
    await rig.sends("a", reply_markup=buttons([button("x", callback_data="1"), button("y", callback_data="2")]))
    rig.says = [FAILS] * 9

    await rig.an.presses("x")
    await rig.telegram.pass_by(149)
    await rig.an.presses("y")
    rig.says = []
    await rig.telegram.pass_by(300)

    assert [update["callback_query"]["data"] for update, _ in rig.heard][-1] == "2"
    assert "2" not in [update["callback_query"]["data"] for update, _ in rig.heard][:-1]


async def test_a_chat_that_is_stuck_holds_up_no_other_and_keeps_its_own_order() -> None:
    rig = Rig()
    binh = rig.telegram.person(102, "Bình")
    await rig.hooks()
    rig.says = [FAILS, FAILS]

    await rig.an.says("một")
    await rig.telegram.settle()
    await rig.an.says("hai")
    await binh.says("ba")
    await rig.telegram.pass_by(10)

    assert rig.heard_texts == ["một", "một", "ba", "một", "hai"]


async def test_no_more_is_under_way_at_once_than_the_bot_allows() -> None:
    rig = Rig()
    people: list[Person] = [rig.telegram.person(200 + n, "Ai") for n in range(8)]
    await rig.hooks(max_connections=3)
    hook, most = rig.telegram.robot().hook, 0

    for one in people:
        await one.says("chào")
        most = max(most, hook._running)
    await rig.telegram.settle()

    assert most == 3
    assert len(rig.heard) == 8


async def test_a_call_in_the_answer_is_made() -> None:
    rig = Rig()
    await rig.hooks()
    rig.says = [
        Heard(200, json.dumps({"method": "sendMessage", "chat_id": 101, "text": "đây"}).encode()),
        Heard(200, b"method=sendMessage&chat_id=101&text=form", "application/x-www-form-urlencoded"),
        Heard(200, json.dumps({"method": "deleteWebhook"}).encode()),
    ]

    for _ in range(3):
        await rig.an.says("chào")
    await rig.telegram.settle()

    assert [message.text for message in rig.telegram.chat(101).messages if message.by_bot] == ["đây", "form"]
    assert rig.telegram.robot().hook.address is not None


async def test_an_answer_that_is_lost_brings_the_update_again() -> None:
    rig = Rig()
    await rig.hooks()
    rig.telegram.faults.set("hook_answer_lost", times=1)
    rig.telegram.faults.set("hook_lost", times=1)

    await rig.an.says("chào")
    await rig.telegram.pass_by(2)

    assert rig.heard_texts == ["chào", "chào"]
    assert len(rig.telegram.robot().hook.tries) == 3


async def test_a_webhook_that_is_gone_for_a_day_is_removed() -> None:
    rig = Rig()
    await rig.hooks()
    rig.says = [Heard(410, retry_after="1800")] * 60

    await rig.an.says("chào")
    await rig.telegram.pass_by(23.9 * 3_600)

    assert (await rig.gets("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://imagify.vn/hook", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("ftp://127.0.0.1/hook", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://imagify.vn:8080/", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("https:///hook", "bad webhook: URL host is empty"),
    ],
)
async def test_a_webhook_telegram_would_not_call_is_refused(url: str, words: str) -> None:
    rig = Rig()
    await rig.telegram.pass_by(1)

    assert await rig.refused("setWebhook", url=url) == f"Bad Request: {words}"


async def test_a_secret_has_letters_digits_and_two_marks_and_setting_takes_its_time() -> None:
    rig = Rig()
    await rig.hooks()

    said = await rig.calls("setWebhook", url=HOOK, secret_token="a b")
    hurried = await rig.calls("setWebhook", url=HOOK)
    await rig.telegram.pass_by(1)
    again = await rig.calls("setWebhook", url=HOOK)
    gone = await rig.calls("deleteWebhook")

    assert said.words == "Bad Request: secret token contains unallowed characters"
    assert (hurried.status, hurried.body["parameters"]) == (429, {"retry_after": 1})
    assert (again.words, gone.words) == ("Webhook is already set", "Webhook was deleted")


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
    assert OK.status == 200
