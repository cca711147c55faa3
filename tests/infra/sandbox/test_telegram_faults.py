"""What goes wrong at the played Telegram: floods and who goes on in them, lines that are cut, errors, silence."""

import asyncio

import pytest

from infra.sandbox.telegram import Cut
from infra.sandbox.telegram.faults import KINDS
from tests.infra.sandbox.telegram_rig import Rig, photo, png


def limited(rig: Rig, **rates: float) -> Rig:
    rig.telegram.rates.on = True
    for name, value in rates.items():
        setattr(rig.telegram.rates, name, value)
    return rig


# -- limits


async def test_nothing_is_limited_until_the_limits_are_switched_on() -> None:
    rig = Rig()

    for n in range(100):
        await rig.sends(f"{n}")

    assert not rig.telegram.floods


async def test_a_chat_takes_a_burst_and_then_one_message_a_second() -> None:
    rig = limited(Rig(), at_least=1)

    for n in range(5):
        await rig.sends(f"{n}")
    answer = await rig.calls("sendMessage", chat_id=101, text="a")
    await rig.telegram.pass_by(1)

    assert (answer.status, answer.words) == (429, "Too Many Requests: retry after 1")
    assert answer.body["parameters"] == {"retry_after": 1}
    assert await rig.sends("b")


async def test_a_group_takes_twenty_in_a_minute_edits_among_them() -> None:
    rig = limited(Rig())
    group = rig.telegram.group("Xưởng", [rig.an])
    sent = await rig.sends("0%", chat_id=group.id)
    for n in range(19):
        await rig.telegram.pass_by(1)
        await rig.gets("editMessageText", chat_id=group.id, message_id=sent.id, text=f"{n + 1}%")
    await rig.telegram.pass_by(1)

    answer = await rig.calls("editMessageText", chat_id=group.id, message_id=sent.id, text="100%")

    assert answer.body["parameters"] == {"retry_after": 40}
    await rig.telegram.pass_by(40)
    assert await rig.gets("editMessageText", chat_id=group.id, message_id=sent.id, text="100%")


async def test_all_chats_together_take_thirty_in_a_second() -> None:
    rig = limited(Rig())
    people = [rig.telegram.person(200 + n, "Ai") for n in range(31)]
    for one in people:
        await one.says("chào")

    statuses = [(await rig.calls("sendMessage", chat_id=one.id, text="a")).status for one in people]

    assert statuses == [200] * 30 + [429]


async def test_an_album_is_let_through_and_what_follows_waits_for_all_its_pictures() -> None:
    rig = limited(Rig())
    files = {name: photo(png(60 + place))["photo"] for place, name in enumerate("abcdefghij")}
    media = [{"type": "photo", "media": f"attach://{name}"} for name in files]

    album = await rig.calls("sendMediaGroup", files, chat_id=101, media=media)
    after = await rig.calls("sendMessage", chat_id=101, text="a")

    assert (album.status, after.body["parameters"]) == (200, {"retry_after": 6})


async def test_who_goes_on_during_a_wait_is_noted_and_may_be_made_to_wait_longer() -> None:
    rig = limited(Rig(), extends=10)
    rig.telegram.faults.set("flood", chat=101, times=1, seconds=30)

    first = await rig.calls("sendMessage", chat_id=101, text="a")
    await rig.telegram.pass_by(10)
    second = await rig.calls("sendMessage", chat_id=101, text="a")
    await rig.telegram.pass_by(30)

    assert [one.body["parameters"]["retry_after"] for one in (first, second)] == [30, 30]
    assert [(one.method, one.chat, one.left) for one in rig.telegram.floods] == [("sendMessage", 101, 20)]
    assert await rig.sends("b")
    assert len(rig.telegram.floods) == 1


async def test_an_answer_to_a_button_is_never_a_flood() -> None:
    rig = limited(Rig())
    rig.telegram.faults.set("flood", method="sendMessage", times=1)
    await rig.calls("sendMessage", chat_id=101, text="a")

    await rig.calls("answerCallbackQuery", callback_query_id="1")
    await rig.gets("getChat", chat_id=101)

    assert not rig.telegram.floods


# -- faults


async def cut(rig: Rig, **params: object) -> Cut:
    with pytest.raises(Cut) as fault:
        await rig.calls("sendMessage", **{"chat_id": 101, "text": "a", **params})
    return fault.value


async def test_a_line_is_cut_before_or_after_the_deed() -> None:
    rig = Rig()
    rig.telegram.faults.set("reset_before", method="sendMessage", times=1)
    rig.telegram.faults.set("reset_after", method="sendMessage", times=1)

    await cut(rig, text="không")
    await cut(rig, text="có")
    await rig.sends("cả hai")

    assert rig.telegram.chat(101).texts == ["có", "cả hai"]
    assert [call.status for call in rig.telegram.calls] == [0, 0, 200]


async def test_an_answer_may_break_off_in_the_middle() -> None:
    rig = Rig()
    rig.telegram.faults.set("torn", method="sendMessage", times=1)

    fault = await cut(rig)

    assert fault.begun.startswith(b'{"ok": true, "result"')
    assert rig.telegram.chat(101).texts == ["a"]


async def test_silence_lasts_as_long_as_it_is_set_for_and_the_deed_is_done() -> None:
    rig = Rig()
    rig.telegram.faults.set("timeout_after", method="sendMessage", times=1, seconds=20)

    call = asyncio.create_task(cut(rig))
    await asyncio.sleep(0)
    seen = list(rig.telegram.chat(101).texts)
    await rig.telegram.pass_by(19)
    assert not call.done()
    await rig.telegram.pass_by(1)

    assert seen == ["a"]
    assert await call


async def test_an_error_comes_with_its_own_number_and_words() -> None:
    rig = Rig()
    rig.telegram.faults.set("error", times=1)
    rig.telegram.faults.set("refusal", times=1, words="PEER_FLOOD")
    rig.telegram.faults.set("error_after", times=1, code=502)

    answers = [await rig.calls("sendMessage", chat_id=101, text="a") for _ in range(3)]

    assert [(one.status, one.words) for one in answers] == [
        (500, "Internal Server Error"),
        (400, "Bad Request: PEER_FLOOD"),
        (502, "Bad Gateway"),
    ]
    assert rig.telegram.chat(101).texts == ["a"]


async def test_a_fault_befalls_its_own_chat_and_method_until_it_is_cleared() -> None:
    rig = Rig()
    await rig.telegram.person(102, "Bình").says("chào")
    rig.telegram.faults.set("error", method="sendMessage", chat=102)

    statuses = [(await rig.calls("sendMessage", chat_id=chat, text="a")).status for chat in (101, 102, 102)]
    typing = (await rig.calls("sendChatAction", chat_id=102, action="typing")).status
    rig.telegram.faults.clear(chat=102)

    assert (statuses, typing) == ([200, 500, 500], 200)
    assert (await rig.calls("sendMessage", chat_id=102, text="a")).status == 200


async def test_a_delay_is_done_late() -> None:
    rig = Rig()
    rig.telegram.faults.set("delay", times=1, seconds=3)

    call = asyncio.create_task(rig.sends("muộn"))
    await asyncio.sleep(0)
    before = list(rig.telegram.chat(101).texts)
    await rig.telegram.pass_by(3)

    assert before == []
    assert (await call).text == "muộn"


def test_a_fault_nobody_knows_is_not_set() -> None:
    faults = Rig().telegram.faults

    with pytest.raises(ValueError, match="no such fault"):
        faults.set("nonsense")
    for kind in KINDS:
        faults.set(kind, times=1)
    assert len(faults.all()) == len(KINDS)
    faults.clear()
    assert not faults.all()
