"""The house with Telegram played in it: it opens as one, answers on the telephone, and tells its token to nobody."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot import logs
from bot.app import Opened, open_house, open_in, played_token
from bot.settings import Settings
from bot.telegram import WEBHOOK
from bot.vendors import Telegram
from infra import embedded
from infra.sandbox.telegram import Bot, Message, Person, Played, open_telegram
from tests.bot.homes import settings_of
from tests.bot.telegram.rig import SECRET, TOKEN
from tests.storms.hurried import Hurried


def settings_for(home: Path, played: Played, **more: str) -> Settings:
    own = {"token": TOKEN, "api": played.api_url, "files": played.files_url, **more}
    return settings_of(home, telegram=Telegram.model_validate(own), pace=0)


async def answered(played: Played, an: Person, after: Message) -> Message:
    async with asyncio.timeout(10):
        while True:
            played.telegram.stirred.clear()
            for message in played.telegram.chat(an.id).messages:
                if message.id > after.id and message.sender["is_bot"]:
                    return message
            await played.telegram.stirred.wait()


class Said(io.StringIO):
    """A log that tells when the last thing of a start has gone wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.came_to_the_end = asyncio.Event()

    def write(self, line: str) -> int:
        if "a method is not known" in line:
            self.came_to_the_end.set()
        return super().write(line)


@contextmanager
def logged() -> Iterator[Said]:
    """Everything the house logs, as it stands in the log, of every level."""
    said = Said()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.open_log([TOKEN, SECRET], said, logging.DEBUG)
    yield said
    root.handlers[:] = before
    root.setLevel(level)


@asynccontextmanager
async def hurried_house(settings: Settings) -> AsyncIterator[Opened]:
    """Its pauses are over in no time."""
    async with embedded.open(settings.home) as wing:
        hurried = replace(wing, ports=replace(wing.ports, clock=Hurried(50)))
        async with open_in(hurried, settings) as opened:
            yield opened


@pytest.mark.parametrize("mode", [{"mode": "poll"}, {"mode": "webhook", "secret": SECRET}])
async def test_whoever_begins_is_told_whom_they_talk_to(mode: dict[str, str], tmp_path: Path) -> None:
    async with open_telegram([Bot(TOKEN)]) as played, open_house(settings_for(tmp_path, played, **mode)):
        an = played.telegram.person(101, "An")

        notice = await answered(played, an, await an.starts("ref_102"))

        assert "Mình là Imagify" in notice.text
        pressed = await an.presses("Đồng ý")
        async with asyncio.timeout(10):
            await pressed.answered.wait()
        assert "10 credit" in (await answered(played, an, notice)).text


async def test_a_house_that_plays_telegram_has_a_telephone_and_a_bot_of_its_own(tmp_path: Path) -> None:
    async with (
        open_house(settings_of(tmp_path, sandbox="telegram")) as opened,
        ClientSession() as session,
        session.get(opened.phone) as page,
    ):
        assert page.status == 200

    async with embedded.open(tmp_path) as wing, embedded.open(tmp_path / "other") as other:
        assert played_token(wing) == played_token(wing) != played_token(other)


async def test_without_webhook_mode_there_is_no_webhook(tmp_path: Path) -> None:
    async with (
        open_telegram([Bot(TOKEN)]) as played,
        embedded.open(tmp_path) as wing,
        open_in(wing, settings_for(tmp_path, played)) as opened,
        ClientSession() as session,
        session.post(f"http://127.0.0.1:{opened.port}{WEBHOOK}") as answer,
    ):
        assert answer.status == 404


async def test_no_log_holds_a_secret_whatever_goes_wrong(tmp_path: Path) -> None:
    with logged() as said:
        async with open_telegram([Bot(TOKEN)]) as played:
            for kind in ("reset_before", "reset_after", "torn", "error"):
                played.telegram.faults.set(kind, times=1)
            played.telegram.faults.set("error", method="setWebhook", times=1, code=404)
            settings = settings_for(tmp_path, played, mode="webhook", secret=SECRET)
            async with hurried_house(settings) as opened, ClientSession() as session:
                an = played.telegram.person(101, "An")
                await an.starts()
                for secret in ("wrong", SECRET):
                    url = f"http://127.0.0.1:{opened.port}{WEBHOOK}"
                    head = {"X-Telegram-Bot-Api-Secret-Token": secret}
                    async with session.post(url, data=b"{", headers=head):
                        pass
                async with asyncio.timeout(10):
                    await said.came_to_the_end.wait()

    text = said.getvalue()
    assert "Telegram does not answer" in text
    assert [secret for secret in (TOKEN, TOKEN.partition(":")[2], SECRET) if secret in text] == []
