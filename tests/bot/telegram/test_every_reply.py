"""Whatever can be asked or pressed is answered in a form that Telegram takes."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.asking import COMMANDS
from bot.channel import Heard
from bot.house import House
from core.limits import Limits
from core.ports import Wing
from infra.sandbox.telegram.telegram import Call
from tests.bot.telegram.line import Phone
from tests.house import DOOR, POCKET, Imagify, on_trial
from tests.storms.played_till import PlayedTill

WORDS = ("", "1", "telegram:101 5 vì vui", "01ABC", "x" * 5_000)
PRESSES = 120


@pytest.fixture
async def phone(workshop: Imagify) -> AsyncIterator[Phone]:
    phone = Phone(workshop)
    plan = on_trial(POCKET, Limits(open_sheets=50, prompts_per_minute=10_000, prompts_at_once=10_000))
    workshop.house = House(Wing(phone.ports, "", POCKET, alone=False), plan, (phone.channel,), (PlayedTill(),))
    workshop.house.counter.base = DOOR
    await workshop.opens(workshop.house)
    yield phone
    await phone.channel.close()


async def hears(phone: Phone, heard: Heard) -> None:
    inbox = phone.imagify.house.inbox
    await inbox.keep(heard.lane, heard.update, heard.row())

    async def answered() -> bool:
        return not await inbox.waiting(heard.lane)

    await phone.imagify.until(answered)


def refused(phone: Phone) -> list[Call]:
    """An edit may find that it changes nothing; whatever else is refused is a mistake of ours."""
    calls = [call for call in phone.calls() if call.status >= 400]
    return [call for call in calls if "not modified" not in str(call.result) and "no text" not in str(call.result)]


def actions(phone: Phone, chat: str) -> list[str]:
    """What stands behind the buttons of the chat."""
    rows = [row for one in phone.messages(chat) for row in one.body.get("reply_markup", {}).get("inline_keyboard", [])]
    data = [button["callback_data"] for row in rows for button in row if "callback_data" in button]
    return list(dict.fromkeys(one.partition("|")[2] for one in data))


@pytest.mark.parametrize("number", [1, 101])
async def test_every_command_with_any_words_is_answered(number: int, phone: Phone) -> None:
    """By an owner, and by somebody else."""
    an = await phone.imagify.meets(paid=30, chat=phone.meets(number))
    for name in dict.fromkeys(one.name for one in COMMANDS.values()):
        for words in WORDS:
            before = len(phone.calls())
            await hears(phone, an.word(text=f"/{name} {words}".strip()))
            assert len(phone.calls()) > before, f"/{name} {words[:20]} is met with silence"
    await phone.imagify.settles()

    assert refused(phone) == []


async def test_every_button_that_stands_anywhere_is_answered(phone: Phone) -> None:
    an = await phone.imagify.meets(paid=200, chat=phone.meets(101))
    for text in ("mèo 🐱", "hai con mèo --n 4", "/topup", "/settings", "/gallery", "/balance", "/help", "/privacy"):
        await hears(phone, an.word(text=text))
        await phone.imagify.settles()
    pressed: set[str] = set()
    while todo := [one for one in actions(phone, an.chat) if one.partition(":")[0] not in pressed][:PRESSES]:
        pressed.add(todo[0].partition(":")[0])
        before = len(phone.calls())
        await hears(phone, replace(an.word(), action=todo[0], message=str(phone.messages(an.chat)[-1].id)))
        assert len(phone.calls()) > before, f"{todo[0]} is met with silence"
        await phone.imagify.settles()

    assert refused(phone) == []
    assert len(pressed) >= 12
