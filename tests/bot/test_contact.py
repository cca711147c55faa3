"""Contact: since when nothing is heard of a vendor is told to whoever looks after the house, and nobody is shut out."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pytest
from aiohttp import ClientSession

from bot import alarms
from bot.app import Opened, open_house
from bot.contact import DEAF
from bot.settings import Admin
from bot.texts import Language
from bot.texts.contact import ALARMS
from core.news import ALARM, News
from infra.sandbox.telegram import Bot, Played, open_telegram
from tests.bot.telegram.rig import SECRET, TOKEN
from tests.bot.telegram.test_mouth import answered, settings_for

MODES = [{"mode": "poll"}, {"mode": "webhook", "secret": SECRET}]


async def asked(opened: Opened, path: str) -> str:
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{opened.port}{path}") as answer:
        assert answer.status == 200
        return await answer.text()


async def until(played: Played, method: str, times: int = 1) -> None:
    async with asyncio.timeout(10):
        while len(played.telegram.called(method)) < times:
            played.telegram.stirred.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    await played.telegram.stirred.wait()


@pytest.mark.parametrize("fault", [{"kind": "error"}, {"kind": "flood", "seconds": 86_400}], ids=["error", "flood"])
@pytest.mark.parametrize("mode", MODES, ids=["poll", "webhook"])
async def test_a_menu_that_telegram_does_not_take_leaves_nobody_unheard(
    mode: dict[str, str], fault: dict[str, int], tmp_path: Path
) -> None:
    async with open_telegram([Bot(TOKEN)]) as played:
        for method in ("setMyCommands", "setMyDescription", "setMyShortDescription"):
            played.telegram.faults.set(method=method, **fault)  # type: ignore[arg-type]  # kind and seconds
        async with open_house(settings_for(tmp_path, played, **mode)):
            an = played.telegram.person(101, "An")

            assert "Mình là Imagify" in (await answered(played, an, await an.starts())).text


async def test_a_webhook_of_before_that_cannot_be_taken_away_is_tried_again_and_again(tmp_path: Path) -> None:
    async with open_telegram([Bot(TOKEN)]) as played:
        played.telegram.faults.set("error", method="deleteWebhook", times=2)
        async with open_house(settings_for(tmp_path, played)):
            an = played.telegram.person(101, "An")

            assert "Mình là Imagify" in (await answered(played, an, await an.starts())).text


async def test_a_house_that_hears_names_nobody(tmp_path: Path) -> None:
    async with open_telegram([Bot(TOKEN)]) as played, open_house(settings_for(tmp_path, played)) as opened:
        await until(played, "deleteWebhook")

        assert "deaf" not in await asked(opened, "/readyz")
        assert 'imagify_silence_seconds{channel="telegram"}' in await asked(opened, "/metrics")


@pytest.mark.parametrize(
    ("mode", "method"), list(zip(MODES, ("getUpdates", "getWebhookInfo"), strict=True)), ids=["poll", "webhook"]
)
async def test_a_deaf_house_says_since_when_serves_on_and_tells_its_owner_once(
    mode: dict[str, str], method: str, tmp_path: Path
) -> None:
    async with open_telegram([Bot(TOKEN)]) as played:
        played.telegram.faults.set("error", method=method)
        settings = settings_for(tmp_path, played, **mode).model_copy(
            update={"admins": (Admin("telegram", "101", "owner"),)}
        )
        played.telegram.person(101, "An").chat()
        async with open_house(settings) as opened:
            await until(played, method)
            contact = opened.house.contacts.known["telegram"]
            contact.heard_at -= DEAF  # so long ago

            told = await asked(opened, "/readyz")
            for _ in range(2):
                await opened.house.contacts.look()
            await until(played, "sendMessage")

        assert '"deaf": {"telegram": "20' in told
        said = [str(call.params["text"]) for call in played.telegram.called("sendMessage", 101)]
        assert [text.startswith("🔇 Từ ") for text in said] == [True]


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("what", sorted(ALARMS))
def test_every_alarm_has_its_facts(what: str, language: Language) -> None:
    facts = {"what": what, "vendor": "zalo", "since": 1_795_132_800_000, "code": "description in vi"}
    said = alarms.told(News("1", ALARM, "", "telegram", "1", 0, 0, facts=facts), language).text  # type: ignore[arg-type]  # facts

    assert "{" not in said
    assert "description in vi" in said or ("Zalo" in said and "20/11/2026" in said.replace("2026-11-20", "20/11/2026"))
