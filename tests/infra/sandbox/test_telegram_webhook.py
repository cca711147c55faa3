"""The webhook of the played Telegram: its order, its patience and its end."""

import itertools
import json

import pytest

from infra.sandbox.telegram import Heard, Person
from tests.infra.sandbox.telegram_rig import HOOK, Rig, button, buttons

SECRET = "X-Telegram-Bot-Api-Secret-Token"
FAILS = Heard(500, reason="Internal Server Error")


def gaps(rig: Rig) -> list[float]:
    """Seconds between one try of the webhook and the next."""
    moments = [one.at for one in rig.telegram.robot().hook.tries]
    return [after - before for before, after in itertools.pairwise(moments)]


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
