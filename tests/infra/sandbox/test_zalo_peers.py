"""python-zalo-bot, which nobody here wrote, holds a conversation with the played Zalo in a process of its own."""

import pytest

from infra.sandbox.zalo import open_zalo
from tests.infra.sandbox.peers_rig import PYTHON, TALKS, talking, wanted
from tests.infra.sandbox.telegram_rig import png
from tests.infra.sandbox.zalo_rig import BOT, TOKEN, until

pytestmark = pytest.mark.peer


async def test_python_zalo_bot_talks_and_sends_a_photo_back() -> None:
    wanted(PYTHON, "zalo_bot")
    async with open_zalo([BOT]) as played:
        zalo = played.zalo
        zalo.habits.photo_kinds = ("image/jpeg",)
        an = zalo.person(name="An")
        chat = an.chat()
        await an.says("/start")

        async with talking(str(PYTHON), str(TALKS / "zalo_bot_talk.py"), played.api_url, TOKEN) as bot:
            await until(zalo, lambda: len(chat.said) == 2)
            await an.sends_photo(png())
            await until(zalo, lambda: len(chat.said) == 3)
            await an.says("thôi")
            code = await bot.wait()

    assert code == 0
    assert [one.kind for one in chat.said] == ["text", "sticker", "image", "text"]
    assert [one.text for one in chat.said] == ["Chào An, mình là BASIC", "", "của bạn đây", "hết: thôi"]
    assert chat.said[2].rendered
    assert [(call.code, call.status) for call in zalo.calls if not call.ok] == [(400, 200)]
