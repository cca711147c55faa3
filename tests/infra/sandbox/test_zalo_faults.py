"""What can be made to go wrong at the played Zalo."""

import asyncio

import pytest

from infra.sandbox.zalo import KINDS, Broken, Cut
from tests.infra.sandbox.zalo_rig import Rig


@pytest.fixture
async def rig() -> Rig:
    rig = Rig()
    await rig.begins()
    return rig


def said(rig: Rig) -> list[str]:
    return [message.text for message in rig.zalo.chat(rig.an.id).said]


async def test_a_line_is_cut_before_or_after_the_deed(rig: Rig) -> None:
    rig.zalo.faults.set("reset_before", method="sendMessage", chat=rig.an.id, times=1)
    rig.zalo.faults.set("reset_after", method="sendMessage", times=1)

    for text in ("không", "có"):
        with pytest.raises(Cut):
            await rig.sends(text)
    await rig.sends("cả hai")

    assert said(rig) == ["có", "cả hai"]
    assert [call.status for call in rig.zalo.called("sendMessage")] == [0, 0, 200]


async def test_an_answer_may_break_off_in_the_middle(rig: Rig) -> None:
    rig.zalo.faults.set("torn", times=1)

    with pytest.raises(Cut) as cut:
        await rig.sends("a")

    assert cut.value.begun.startswith(b'{"ok": true')
    assert said(rig) == ["a"]


async def test_an_update_is_lost_when_its_answer_is(rig: Rig) -> None:
    rig.zalo.faults.set("reset_after", method="getUpdates", times=1)
    await rig.an.says("mất")

    with pytest.raises(Cut):
        await rig.reads()

    assert await rig.reads() is None


async def test_a_gateway_answers_instead_of_zalo(rig: Rig) -> None:
    rig.zalo.faults.set("error", times=1)
    rig.zalo.faults.set("error_after", times=1, code=504)

    with pytest.raises(Broken) as before:
        await rig.sends("không")
    with pytest.raises(Broken) as after:
        await rig.sends("có")

    assert (before.value.code, after.value.code) == (502, 504)
    assert said(rig) == ["có"]


async def test_a_call_may_run_out_of_time_done_or_not(rig: Rig) -> None:
    rig.zalo.faults.set("lapse_before", times=1)
    rig.zalo.faults.set("lapse_after", times=1)

    told = [await rig.refused("sendMessage", chat_id=rig.an.id, text=text) for text in ("không", "có")]

    assert told == [(408, "Request timeout")] * 2
    assert said(rig) == ["có"]


async def test_refusals_and_quotas_come_as_they_are_set(rig: Rig) -> None:
    rig.zalo.faults.set("refusal", times=1, code=403, words="internal server error")
    rig.zalo.faults.set("quota", times=1)

    told = [await rig.refused("sendMessage", chat_id=rig.an.id, text="a") for _ in range(2)]

    assert told == [(403, "internal server error"), (429, "Quota exceeded")]


@pytest.mark.parametrize(("kind", "done"), [("hang_before", False), ("hang_after", True), ("delay", True)])
async def test_silence_lasts_as_long_as_it_is_set_for(rig: Rig, kind: str, *, done: bool) -> None:
    rig.zalo.faults.set(kind, method="sendMessage", times=1, seconds=100)
    call = asyncio.create_task(rig.sends("a"))
    await asyncio.sleep(0)

    await rig.zalo.pass_by(99)
    still = not call.done()
    await rig.zalo.pass_by(1)
    await asyncio.wait([call])

    assert still
    assert isinstance(call.exception(), Cut) is (kind != "delay")
    assert bool(said(rig)) is done


async def test_events_come_twice_late_or_never(rig: Rig) -> None:
    rig.zalo.faults.set("update_doubled", times=1)
    await rig.an.says("hai")
    rig.zalo.faults.set("update_delayed", times=1, seconds=5)
    await rig.an.says("muộn")
    await rig.an.says("trước")
    rig.zalo.faults.set("update_lost", method="text", times=1)
    await rig.an.says("mất")

    await rig.zalo.pass_by(5)
    told = await rig.reads_all()

    assert [update["message"]["text"] for update in told] == ["hai", "hai", "trước", "muộn"]
    assert told[0] == told[1]


async def test_a_fault_without_times_stays_until_it_is_cleared(rig: Rig) -> None:
    fault = rig.zalo.faults.set("quota", method="sendMessage")
    over = [await rig.refused("sendMessage", chat_id=rig.an.id, text="a") for _ in range(3)]

    rig.zalo.faults.clear("quota")
    await rig.sends("a")

    assert len(over) == 3
    assert fault.wire["left"] is None
    assert rig.zalo.faults.all() == ()


async def test_only_what_there_is_can_be_set(rig: Rig) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        rig.zalo.faults.set("flood")

    assert "flood" not in KINDS


@pytest.mark.parametrize(
    ("name", "value"),
    [("no_such", 1), ("text_unit", "words"), ("unfetched", "maybe"), ("strict_http", 1), ("hook_waits", 5)],
)
async def test_a_habit_is_changed_only_to_what_it_can_be(rig: Rig, name: str, value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        rig.zalo.habits.change(name, value)


async def test_habits_are_changed_by_name(rig: Rig) -> None:
    rig.zalo.habits.change("hook_waits", [1, 2])
    rig.zalo.habits.change("text_unit", "bytes")
    rig.zalo.habits.change("again_after", 3)

    assert (rig.zalo.habits.hook_waits, rig.zalo.habits.text_unit, rig.zalo.habits.again_after) == ((1, 2), "bytes", 3)
