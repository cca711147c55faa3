"""Clients nobody here wrote hold a conversation with the played Telegram, each in a process of its own."""

from pathlib import Path

import pytest

from infra.sandbox.telegram import Message, Telegram, open_telegram
from tests.infra.sandbox.peers_rig import PYTHON, ROOT, TALKS, talking, wanted
from tests.infra.sandbox.telegram_rig import BOT, TOKEN, png, until

GRAMMY = ROOT / ".peers/node_modules/grammy"

pytestmark = pytest.mark.peer


def said(telegram: Telegram) -> list[Message]:
    """What the bot has said to An."""
    return [one for one in telegram.chat(101).messages if one.by_bot]


async def test_aiogram_with_its_strict_models_talks_draws_and_is_paid() -> None:
    wanted(PYTHON, "aiogram")
    async with open_telegram([BOT], limits=False) as played:
        telegram = played.telegram
        an = telegram.person(101, "An")
        await an.starts("r_abc")

        async with talking(str(PYTHON), str(TALKS / "aiogram_talk.py"), played.api_url, TOKEN) as bot:
            await until(telegram, lambda: len(said(telegram)) == 1)
            greeting = said(telegram)[0]
            pressed = await an.presses("Vẽ", greeting)
            await until(telegram, lambda: any("invoice" in one.body for one in said(telegram)))
            payment = await an.pays(said(telegram)[-1])
            await payment.over.wait()
            code = await bot.wait()

    assert code == 0
    assert (pressed.text, payment.state, an.stars) == ("đang vẽ", "paid", 10_000)
    assert (greeting.edits[0].body["text"], greeting.text) == ("Chào An @imagify_bot", "xong")
    assert [bool(one.photo) for one in said(telegram)] == [True, True, False, True, True, False, False, False]
    assert said(telegram)[-1].text == "2 dòng"
    assert 401 not in {call.status for call in telegram.calls}


async def test_grammy_talks_and_draws(tmp_path: Path) -> None:
    wanted(GRAMMY)
    picture = tmp_path / "a.png"
    picture.write_bytes(png())
    async with open_telegram([BOT], limits=False) as played:
        telegram = played.telegram
        an = telegram.person(101, "An")
        await an.starts()

        talk = (str(TALKS / "grammy_talk.mjs"), played.api_url, TOKEN, str(picture))
        async with talking("node", *talk) as bot:
            await until(telegram, lambda: len(said(telegram)) == 1)
            pressed = await an.presses("Vẽ")
            await until(telegram, lambda: len(said(telegram)) == 3)
            await an.says("/stop")
            code = await bot.wait()

    assert code == 0
    assert pressed.text == "đang vẽ"
    assert [one.text for one in said(telegram)] == ["đang vẽ 50%", "xong", f"{len(png())} bytes", "hết"]
