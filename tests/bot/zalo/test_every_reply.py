"""Whatever can be asked or picked is answered in a form that Zalo takes."""

from dataclasses import replace

import pytest

from bot.asking import COMMANDS
from bot.channel import Heard
from bot.house import House
from bot.zalo.channel import QUOTA_PAUSE
from bot.zalo.menus import owner
from core.limits import Limits
from core.ports import Wing
from infra.sandbox.zalo.people import Person
from tests.bot.zalo.rig import Phone
from tests.house import DOOR, POCKET, Imagify, on_trial
from tests.speaker import Speaker
from tests.storms.played_till import PlayedTill

WORDS = ("", "1", "telegram:101 5 vì vui", "01ABC", "x" * 5_000)
PRESSES = 120


class Chatter:
    """Somebody with credits, and the house that they write to."""

    def __init__(self, phone: Phone, known: Person, speaker: Speaker) -> None:
        self.phone, self.known, self.speaker = phone, known, speaker

    async def hears(self, heard: Heard) -> None:
        inbox = self.phone.imagify.house.inbox
        await inbox.keep(heard.lane, heard.update, heard.row())

        async def answered() -> bool:
            return not await inbox.waiting(heard.lane)

        await self.phone.imagify.until(answered)

    async def actions(self) -> list[str]:
        """What stands behind the numbers of every list in the chat."""
        rows = await self.phone.ports.table.list(owner(self.known.id), "MENU#", limit=1_000)
        items = [item for row in rows for item in row.items("items") if isinstance(item, dict)]
        return list(dict.fromkeys(str(item["act"]) for item in items if item["act"]))

    def refused(self) -> list[str]:
        return [f"{call.method}: {call.result}" for call in self.phone.zalo.calls if not call.ok]


@pytest.fixture
async def an(workshop: Imagify) -> Chatter:
    phone = Phone(workshop, users=0, messages=0, daily=0)
    plan = on_trial(POCKET, Limits(open_sheets=50, prompts_per_minute=10_000, prompts_at_once=10_000))
    workshop.house = House(Wing(phone.ports, "", POCKET, alone=False), plan, (phone.channel,), (PlayedTill(),))
    workshop.house.counter.base = DOOR
    phone.postcards.studio = workshop.house.studio
    await workshop.opens(workshop.house)
    known = await phone.meets()
    return Chatter(phone, known, await workshop.meets("zalo", paid=200, chat=known.id))


async def test_what_zalo_has_no_room_for_comes_when_it_has_and_is_paid_for_once(an: Chatter) -> None:
    an.phone.zalo.faults.set("quota", method="sendPhoto", times=2)
    began = an.phone.clock.now()

    await an.hears(an.speaker.word(text="một con mèo"))
    await an.phone.imagify.settles()

    assert [call.code for call in an.phone.zalo.called("sendPhoto")] == [429, 429, 0]
    assert an.phone.clock.now() - began >= 3 * QUOTA_PAUSE  # once, and then twice as long
    assert await an.phone.imagify.balance(an.speaker) == (199, 0)
    assert set(an.phone.alarms) == {"zalo quota"}


async def test_every_command_with_any_words_is_answered(an: Chatter) -> None:
    for name in dict.fromkeys(one.name for one in COMMANDS.values()):
        for words in WORDS:
            before = len(an.phone.zalo.calls)
            await an.hears(an.speaker.word(text=f"/{name} {words}".strip()))
            await an.phone.imagify.settles()
            assert len(an.phone.zalo.calls) > before, f"/{name} {words[:20]} is met with silence"
    await an.phone.imagify.settles()

    assert an.refused() == []


async def test_every_choice_that_stands_anywhere_is_answered(an: Chatter) -> None:
    for text in ("mèo 🐱", "hai con mèo --n 4", "/topup", "/settings", "/gallery", "/balance", "/help", "/privacy"):
        await an.hears(an.speaker.word(text=text))
        await an.phone.imagify.settles()
    picked: set[str] = set()
    while todo := [one for one in await an.actions() if one.partition(":")[0] not in picked][:PRESSES]:
        picked.add(todo[0].partition(":")[0])
        before = len(an.phone.zalo.calls)
        await an.hears(replace(an.speaker.word(), action=todo[0]))
        assert len(an.phone.zalo.calls) > before, f"{todo[0]} is met with silence"
        await an.phone.imagify.settles()

    assert an.refused() == []
    assert all(message.rendered for message in an.phone.chat(an.known).said)
    assert len(picked) >= 10
