"""The application that `build` makes: it echoes or hands over, in a chat's order, and is imported only when wanted."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Update
from telegram.ext import ApplicationBuilder

from bot.telegram import build
from infra.sandbox.telegram import Bot, Played, open_telegram
from tests.bot.telegram.rig import TOKEN, says


@pytest.fixture
async def played() -> AsyncIterator[Played]:
    async with open_telegram([Bot(TOKEN)]) as played:
        yield played


@asynccontextmanager
async def running(played: Played, hear: Any = None) -> AsyncIterator[Any]:
    """Started, as its library starts it."""
    application = build(ApplicationBuilder().token(TOKEN).base_url(f"{played.api_url}/bot"), hear)
    async with application:
        await application.start()
        yield application
        await application.stop()


def update(application: Any, number: int, text: str, chat: int = 101) -> Update:
    return Update.de_json(says(number, text, chat), application.bot)


async def test_without_anybody_to_hear_it_echoes(played: Played) -> None:
    an = played.telegram.person(101, "An")
    await an.starts()

    async with running(played) as application:
        application.update_queue.put_nowait(update(application, 1, "chào bạn"))
        async with asyncio.timeout(5):
            await application.update_queue.join()

    assert played.telegram.chat(101).messages[-1].text == "chào bạn"


async def test_whoever_hears_is_handed_everything_and_nothing_is_said_for_them(played: Played) -> None:
    heard: list[int] = []

    async def hear(update: Update) -> None:
        heard.append(update.update_id)

    async with running(played, hear) as application:
        for number in (1, 2, 3):
            await application.process_update(update(application, number, "chào"))

    assert heard == [1, 2, 3]
    assert played.telegram.called("sendMessage") == []


async def test_a_chat_is_heard_in_order_and_does_not_hold_up_another(played: Played) -> None:
    heard: list[tuple[int, str]] = []
    slow, other = asyncio.Event(), asyncio.Event()

    async def hear(update: Update) -> None:
        assert update.message
        if update.message.text == "1":
            await slow.wait()
        heard.append((update.message.chat_id, str(update.message.text)))
        if update.message.chat_id == 102:
            other.set()

    async with running(played, hear) as application:
        for number, text, chat in ((1, "1", 101), (2, "2", 101), (3, "3", 102), (4, "4", 101)):
            application.update_queue.put_nowait(update(application, number, text, chat))
        async with asyncio.timeout(5):
            await other.wait()
            slow.set()
            await application.update_queue.join()

    assert heard == [(102, "3"), (101, "1"), (101, "2"), (101, "4")]


async def test_a_fault_of_whoever_hears_does_not_end_the_chat(played: Played) -> None:
    heard: list[str] = []

    async def hear(update: Update) -> None:
        assert update.message
        if update.message.text == "boom":
            raise RuntimeError
        heard.append(str(update.message.text))

    async with running(played, hear) as application:
        for number, text in ((1, "boom"), (2, "on we go")):
            application.update_queue.put_nowait(update(application, number, text))
        async with asyncio.timeout(5):
            await application.update_queue.join()

    assert heard == ["on we go"]


def test_a_house_without_telegram_never_imports_its_library() -> None:
    look = "import sys, bot.__main__, bot.app, bot.telegram; print('telegram' in sys.modules)"

    told = subprocess.run([sys.executable, "-c", look], check=True, capture_output=True, text=True)  # noqa: S603 - ours

    assert told.stdout.strip() == "False"
