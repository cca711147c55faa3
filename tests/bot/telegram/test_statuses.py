"""Statuses: the message under a prompt says how far the picture is, never too often, and never over the picture."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.channel import Heard
from bot.house import House
from bot.progress import Progress
from bot.replies import Reply
from bot.statuses import bar, status
from core.limits import Limits
from core.models import Route
from core.painter import Picture
from core.ports import Wing
from core.prompts import Prompt
from core.studio import Ordered
from core.table import Index, Row, Rows
from tests.bot.telegram.line import Phone, said
from tests.core.rig import Crowded
from tests.house import POCKET, Imagify, on_trial
from tests.speaker import Speaker
from tests.storms.loop import SimClock
from tests.storms.played import PlayedPainter, painted


class Slow(PlayedPainter):
    """Takes as many seconds as the prompt says."""

    def __init__(self, clock: SimClock, lot: random.Random) -> None:
        super().__init__(lot)
        self._clock = clock

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        await super().paint(prompt, route, source)
        await self._clock.sleep(int(prompt.words.split()[0]))
        return Picture(painted(prompt.words, prompt.seed), "image/png", prompt.seed)


class Watched(Crowded):
    """Counts how often the shelves are looked at."""

    looks = 0

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        self.looks += value.startswith("JOBS#")
        return await super().find(index, value, until=until, after=after, limit=limit)


class Shop:
    """A whole house whose only mouth is Telegram's."""

    def __init__(self, imagify: Imagify, hands: int = 4) -> None:
        self.table = Watched(imagify.table)
        self.phone = Phone(imagify, painter=Slow(imagify.clock, imagify.lot), table=self.table)
        self.imagify = imagify
        plan = replace(on_trial(POCKET, Limits(open_sheets=9)), hands=hands)
        self.house = House(Wing(self.phone.ports, "", POCKET, alone=False), plan, (self.phone.channel,))
        imagify.house = self.house

    async def meets(self, number: int = 101, paid: int = 30) -> Speaker:
        return await self.imagify.meets(paid=paid, chat=self.phone.meets(number))

    async def hears(self, heard: Heard) -> None:
        """Until it is answered."""
        await self.house.inbox.keep(heard.lane, heard.update, heard.row())

        async def answered() -> bool:
            return not await self.house.inbox.waiting(heard.lane)

        await self.imagify.until(answered)

    def edits(self, chat: str) -> list[tuple[float, str]]:
        """When a text was edited, and to what."""
        calls = [call for call in self.phone.calls("editMessageText") if str(call.chat) == chat and call.status == 200]
        return [(call.at, str(call.params["text"])) for call in calls]

    def texts(self, chat: str) -> list[str]:
        return [said(one) for one in self.phone.messages(chat)]


@pytest.fixture
async def shop(workshop: Imagify) -> AsyncIterator[Shop]:
    shop = Shop(workshop)
    await workshop.opens(shop.house)
    yield shop
    await shop.phone.channel.close()


# --- what it says


async def ordered(speaker: Speaker) -> Ordered:
    (job,) = await speaker.orders("mèo")
    return await speaker.imagify.house.studio.ordered(job.sheet)


@pytest.mark.parametrize(
    ("share", "cells"), [(0, "▱" * 10), (9, "▱" * 10), (42, "▰" * 4 + "▱" * 6), (98, "▰" * 9 + "▱")]
)
def test_a_bar_is_never_full_before_the_picture_is_there(share: int, cells: str) -> None:
    assert bar(share) == cells


async def test_while_it_is_painted_the_share_and_what_is_left_are_said(an: Speaker) -> None:
    order = await ordered(an)

    reply = status(order, Progress(0, 12, 42), "vi", 300)

    assert reply.text == "🎨 Đang vẽ… ▰▰▰▰▱▱▱▱▱▱ 42% · còn ~12 giây"
    assert [choice.action for choice in reply.choices] == [f"cancel:{order.jobs[0].id}"]


async def test_a_slow_one_is_said_to_be_slow(an: Speaker) -> None:
    order = await ordered(an)

    assert status(order, Progress(0, 12, 42, slow=True), "en", 300).text.splitlines()[1].startswith("🐢 A little")


async def test_while_it_waits_its_place_is_said(an: Speaker) -> None:
    order = await ordered(an)

    assert (
        status(order, Progress(3, 20, 0), "vi", 300).text == "⏳ Bạn đang ở vị trí 3, chờ khoảng 20 giây. Giữ 1 credit."
    )


# --- when


async def test_the_status_answers_the_prompt_moves_on_and_becomes_the_picture(shop: Shop) -> None:
    an = await shop.meets()
    prompt = await shop.phone.channel.send(an.chat, Reply("12 mèo"))
    await shop.hears(an.word(text="12 mèo", own=prompt))
    await shop.imagify.settles()

    _, picture = shop.phone.messages(an.chat)
    assert picture.reply_to is not None
    assert str(picture.reply_to.id) == prompt
    assert "photo" in picture.body
    assert said(picture).startswith("✅ Xong trong")
    assert {text[0] for _, text in shop.edits(an.chat)} <= {"🎨", "⏳"}
    assert len(shop.edits(an.chat)) >= 2


async def test_a_quick_picture_is_there_before_anything_is_said(shop: Shop) -> None:
    an = await shop.meets()

    await an.says("0 mèo")
    await shop.imagify.settles()

    assert shop.edits(an.chat) == []


async def test_in_private_three_seconds_lie_between_two_edits(shop: Shop) -> None:
    an = await shop.meets()

    await an.says("40 mèo")
    await shop.imagify.settles()

    moments = [at for at, _ in shop.edits(an.chat)]
    assert len(moments) >= 5
    assert min(later - sooner for sooner, later in pairwise(moments)) >= 2.8


async def test_in_a_group_five_seconds_do(shop: Shop) -> None:
    an = await shop.meets()
    group = shop.phone.telegram.group("Xưởng", [shop.phone.telegram.person(101)])
    there = replace(an, address=replace(an.address, chat=str(group.id)))

    await there.says("60 mèo")
    await shop.imagify.settles()

    moments = [at for at, _ in shop.edits(str(group.id))]
    assert len(moments) >= 5
    assert min(later - sooner for sooner, later in pairwise(moments)) >= 4.8
    assert not shop.phone.calls("sendChatAction")


async def test_what_would_say_the_same_again_is_not_sent(workshop: Imagify) -> None:
    """Nobody paints, so the place in the queue stays what it is."""
    shop = Shop(workshop, hands=0)
    an = await shop.meets()
    await workshop.opens(shop.house)

    await an.says("1 mèo")
    await workshop.passes(60)

    assert len(shop.phone.calls("editMessageText")) == 1
    await shop.phone.channel.close()


async def test_it_never_says_more_than_98_percent(shop: Shop) -> None:
    an = await shop.meets()

    await an.says("100 mèo")
    await shop.imagify.settles()

    texts = [text for _, text in shop.edits(an.chat)]
    assert not any("99%" in text or "100%" in text for text in texts)
    assert any("🐢" in text for text in texts)


async def test_after_a_long_wait_a_bell_rings_for_the_picture(shop: Shop) -> None:
    an = await shop.meets()

    await an.says("25 mèo")
    await shop.imagify.settles()
    await shop.imagify.passes(2)

    picture, bell = shop.phone.messages(an.chat)
    assert said(bell).startswith("🔔")
    assert bell.reply_to is picture


async def test_after_a_short_one_none_does(shop: Shop) -> None:
    an = await shop.meets()

    await an.says("8 mèo")
    await shop.imagify.settles()
    await shop.imagify.passes(2)

    assert len(shop.phone.messages(an.chat)) == 1


async def test_a_status_that_was_deleted_is_left_alone_and_the_picture_comes_anew(shop: Shop) -> None:
    an = await shop.meets()
    await an.says("30 mèo")
    await shop.imagify.passes(5)
    shop.phone.telegram.chat(101).remove(shop.phone.messages(an.chat)[-1])
    before = len(shop.phone.calls("editMessageText"))

    await shop.imagify.settles()

    assert len(shop.phone.calls("editMessageText")) <= before + 1
    assert "photo" in shop.phone.messages(an.chat)[0].body


async def test_an_order_called_off_says_nothing_of_progress_any_more(shop: Shop) -> None:
    an = await shop.meets()
    await an.says("60 mèo")
    await shop.imagify.passes(8)

    await an.acts(f"cancel:{(await an.jobs())[0].id}")
    await shop.imagify.passes(20)

    assert shop.texts(an.chat)[0].startswith("❌")


async def test_four_together_show_one_bar(shop: Shop) -> None:
    an = await shop.meets()

    await an.says("20 mèo --n 4")
    await shop.imagify.settles()

    first = shop.phone.messages(an.chat)[0]
    assert "photo" in first.body
    assert shop.edits(an.chat)
    assert len({call.params["message_id"] for call in shop.phone.calls("editMessageText")}) == 1


async def test_a_process_that_does_not_speak_for_the_channel_edits_nothing(shop: Shop) -> None:
    an = await shop.meets()
    other = Phone(shop.imagify, table=shop.table)
    wing, plan = Wing(other.ports, "", POCKET, alone=False), replace(on_trial(POCKET, Limits()), hands=0)
    another = House(wing, plan, (other.channel,))
    await shop.imagify.passes(1)
    await shop.imagify.opens(another)

    await an.says("15 mèo")
    await shop.imagify.settles()

    assert not other.calls("editMessageText")


async def test_what_it_costs_to_know_who_waits_does_not_grow_with_the_queue(workshop: Imagify) -> None:
    shop = Shop(workshop, hands=0)
    for number in range(30):
        await (await shop.meets(200 + number)).orders("1 mèo")
    await workshop.opens(shop.house)
    await workshop.passes(2)

    before = shop.table.looks
    await workshop.passes(30)

    assert shop.table.looks - before <= 2 * 30 / 1.5 + 30 / 2 + 30 / 5 + 4  # and the places' own, and the bells'
    await shop.phone.channel.close()
