"""The webhook of the played Zalo: its secret, its probe, its three further tries, and both dialects."""

import itertools

import pytest

from infra.sandbox.zalo import Heard
from tests.infra.sandbox.zalo_rig import HOOK, SECRET, THE_DAY, Rig

HEADER = "X-Bot-Api-Secret-Token"
FAILS = Heard(500)


def gaps(rig: Rig) -> list[float]:
    moments = [one.at for one in rig.zalo.robot().hook.tries if one.message]
    return [after - before for before, after in itertools.pairwise(moments)]


async def test_setting_a_webhook_sends_it_an_empty_body_without_the_secret() -> None:
    rig = Rig()

    told = await rig.hooks()

    assert rig.heard == [(b"", {})]
    assert told == {
        "url": HOOK,
        "updated_at": int(THE_DAY * 1000),
        "verification": {"ok": True, "status_code": 200, "outcome": "webhook.ok", "latency_ms": 0, "hint": ""},
    }
    assert await rig.gets("getWebhookInfo") == {"url": HOOK, "updated_at": int(THE_DAY * 1000)}


async def test_a_probe_that_fails_is_told_and_the_webhook_is_set_all_the_same() -> None:
    rig = Rig()
    rig.says = [Heard(403)]

    told = await rig.hooks()

    assert told["verification"]["outcome"] == "webhook.http.403"
    assert (await rig.gets("getWebhookInfo"))["url"] == HOOK


async def test_the_probe_and_what_is_told_of_it_can_be_left_out() -> None:
    rig = Rig()
    rig.zalo.habits.hook_probed = False

    told = await rig.hooks()

    assert (rig.heard, set(told)) == ([], {"url", "updated_at"})


async def test_an_event_is_pushed_with_the_secret_flat_as_it_was_captured() -> None:
    rig = Rig()
    await rig.hooks()

    await rig.an.says("chào")
    await rig.zalo.settle()

    assert rig.updates_heard[0]["event_name"] == "message.text.received"
    assert rig.heard[-1][1][HEADER] == SECRET
    assert rig.heard[-1][1]["Content-Type"] == "application/json"


async def test_or_in_an_envelope_as_it_is_documented() -> None:
    rig = Rig()
    rig.zalo.robot().dialect = "docs"
    await rig.hooks()

    await rig.an.says("chào")
    await rig.zalo.settle()

    (pushed,) = rig.updates_heard
    assert pushed["ok"] is True
    assert pushed["result"]["message"]["text"] == "chào"


@pytest.mark.parametrize(
    "params",
    [
        {"url": ""},
        {"secret_token": "seven77"},
        {"secret_token": "x" * 257},
        {"url": "http://a.example/hook"},
        {"url": "ftp://127.0.0.1/hook"},
        {"url": "https://10.0.0.7/hook"},
        {"url": "https://192.168.1.7/hook"},
        {"url": HOOK},
    ],
)
async def test_a_webhook_is_public_and_has_a_secret(params: dict[str, str]) -> None:
    rig = Rig()
    rig.zalo.habits.local_hooks = False

    asked = {"url": "https://a.example/hook", "secret_token": SECRET, **params}

    assert (await rig.refused("setWebhook", **asked))[0] == 400


async def test_while_a_webhook_is_set_nothing_can_be_polled() -> None:
    rig = Rig()
    await rig.hooks()
    refused = await rig.refused("getUpdates", timeout=0)

    gone = await rig.gets("deleteWebhook")
    await rig.an.says("chào")

    assert refused[0] == 400
    assert gone["url"] == ""
    assert await rig.reads()


async def test_what_came_before_the_webhook_is_pushed() -> None:
    rig = Rig()
    await rig.an.says("sớm")

    await rig.hooks()
    await rig.zalo.settle()

    assert rig.texts_heard == ["sớm"]


async def test_an_event_that_is_not_heard_comes_again_after_one_five_and_twenty_five_seconds_and_then_never() -> None:
    rig = Rig()
    await rig.hooks()
    rig.says = [FAILS, OSError(), TimeoutError(), Heard(302)]

    await rig.an.says("mất")
    await rig.zalo.pass_by(600)

    assert gaps(rig) == [1, 5, 25]
    assert [one.outcome for one in rig.zalo.robot().hook.tries if one.message] == [
        "webhook.http.5xx",
        "webhook.err.dns",
        "webhook.err.timeout",
        "webhook.http.302",
    ]
    assert [event.content["text"] for event in rig.zalo.robot().hook.given_up] == ["mất"]


@pytest.mark.parametrize(("in_order", "heard"), [(True, ["a", "a", "b"]), (False, ["a", "b", "a"])])
async def test_an_event_waits_for_the_one_before_it_unless_it_is_set_not_to(
    heard: list[str], *, in_order: bool
) -> None:
    rig = Rig()
    rig.zalo.habits.hook_in_order = in_order
    await rig.hooks()
    rig.says = [FAILS]

    await rig.an.says("a")
    await rig.an.says("b")
    await rig.zalo.pass_by(60)

    assert rig.texts_heard == heard


async def test_setting_the_webhook_anew_loses_nothing_that_waits() -> None:
    rig = Rig()
    await rig.hooks()
    rig.says = [FAILS]
    await rig.an.says("a")
    await rig.zalo.settle()

    await rig.hooks()
    await rig.zalo.pass_by(60)

    assert rig.texts_heard == ["a", "a"]


async def test_deleting_the_webhook_leaves_what_waits_to_polls() -> None:
    rig = Rig()
    await rig.hooks()
    rig.says = [FAILS]
    await rig.an.says("a")
    await rig.zalo.settle()

    await rig.gets("deleteWebhook")

    assert await rig.reads()


async def test_a_lost_answer_brings_the_event_twice_and_a_lost_event_comes_late() -> None:
    rig = Rig()
    await rig.hooks()
    rig.zalo.faults.set("hook_answer_lost", times=1)

    await rig.an.says("hai lần")
    await rig.zalo.pass_by(60)
    rig.zalo.faults.set("hook_lost", times=1)
    await rig.an.says("muộn")
    await rig.zalo.pass_by(60)

    assert rig.texts_heard == ["hai lần", "hai lần", "muộn"]
    assert len({update["message"]["message_id"] for update in rig.updates_heard}) == 2


async def test_an_empty_body_may_come_at_any_time() -> None:
    rig = Rig()
    await rig.hooks()
    rig.zalo.faults.set("hook_probed", times=1)

    await rig.an.says("chào")
    await rig.zalo.settle()

    assert [body == b"" for body, _ in rig.heard] == [True, True, False]
    assert rig.heard[1][1] == {}
