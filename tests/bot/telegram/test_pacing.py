"""Pacing: at a pace at which Telegram stays quiet, the most urgent first, and nobody waits for another's pause."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest

from bot.channel import NotSent
from bot.replies import Urgency
from bot.telegram.pacing import MOST_OF_A_CHAT, MOST_WAITING, SHARED, Flooded, Pacing, Rates, Unneeded
from core.clock import DAY, HOUR
from tests.house import Imagify
from tests.storms.loop import SimClock

TOOK = 0.1  # seconds of a call


class Sent(NamedTuple):
    at: float
    chat: str
    what: str


class Post:
    """Whoever sends through the pacing, and what went out when."""

    def __init__(self, clock: SimClock) -> None:
        self.clock, self.pacing = clock, Pacing(clock)
        self.began = clock.now()
        self.sent: list[Sent] = []
        self.under_way: dict[str, int] = {}
        self.tasks: list[asyncio.Task[bool]] = []

    @property
    def now(self) -> float:
        return (self.clock.now() - self.began) / 1_000

    async def send(self, chat: str, urgency: Urgency = "reply", what: str = "", fault: Exception | None = None) -> bool:
        """Whether it went out."""

        async def call() -> None:
            assert not self.under_way.get(chat), "two calls of one chat at once"
            self.under_way[chat] = 1
            self.sent.append(Sent(self.now, chat, what or urgency))
            await self.clock.sleep(TOOK)
            self.under_way[chat] = 0
            if fault:
                raise fault

        try:
            await self.pacing.through(chat, urgency, call)
        except NotSent:
            return False
        return True

    def posts(self, chat: str, urgency: Urgency = "reply", what: str = "") -> "asyncio.Task[bool]":
        """In the background."""
        self.tasks.append(asyncio.create_task(self.send(chat, urgency, what)))
        return self.tasks[-1]

    async def all(self) -> list[bool]:
        return list(await asyncio.gather(*self.tasks))

    def within(self, seconds: float, chat: str = "") -> int:
        """The most that went out in any span of so many seconds."""
        moments = [one.at for one in self.sent if chat in ("", one.chat)]
        return max((sum(start <= at < start + seconds for at in moments) for start in moments), default=0)


@pytest.fixture
async def post(ruin: Imagify) -> AsyncIterator[Post]:
    post = Post(ruin.clock)
    yield post
    await post.pacing.close()


async def test_a_chat_takes_three_at_once_and_then_one_a_second(post: Post) -> None:
    for _ in range(8):
        post.posts("1")
    await post.all()

    assert post.within(1, "1") <= 4
    assert 4.5 < post.sent[-1].at < 6


async def test_a_group_takes_twenty_a_minute(post: Post) -> None:
    for _ in range(40):
        post.posts("-100")
    await post.all()

    assert post.within(60, "-100") == 20


async def test_all_chats_together_take_thirty_a_second(post: Post) -> None:
    for chat in range(200):
        post.posts(str(chat))
    await post.all()

    assert len(post.sent) == 200
    assert post.within(1) <= 40
    assert 6 < post.sent[-1].at < 7


async def test_a_chat_that_was_told_to_wait_is_left_alone_and_holds_up_nobody(post: Post) -> None:
    assert not await post.send("1", "result", fault=Flooded(60))
    waiting = post.posts("1")
    for chat in range(2, 30):
        post.posts(str(chat))
    await post.all()

    assert await waiting
    ones = [one.at for one in post.sent if one.chat == "1"]
    assert ones[1] - ones[0] >= 60
    assert max(one.at for one in post.sent if one.chat != "1") < 2


async def test_news_do_not_stand_in_line_for_a_pause_they_come_again(post: Post) -> None:
    await post.send("1", "result", fault=Flooded(60))

    before = post.now
    assert not await post.send("1", "result")
    assert post.now == before


async def test_what_was_not_tried_says_when_it_can_be(post: Post) -> None:
    await post.send("1", fault=Flooded(60))

    with pytest.raises(NotSent) as untried:
        await post.pacing.through("1", "result", asyncio.Event().wait)

    assert not untried.value.tried
    assert 59 < untried.value.retry_after <= 60


async def test_progress_goes_unsaid_while_its_chat_is_left_alone(post: Post) -> None:
    await post.send("1", fault=Flooded(2))

    assert not await post.send("1", "progress")
    await post.clock.sleep(2)
    assert await post.send("1", "progress")


async def test_progress_that_waits_when_the_pause_begins_goes_unsaid_too(post: Post) -> None:
    for _ in range(3):
        await post.send("1")
    waiting = post.posts("1", "progress")
    await asyncio.sleep(0)

    post.pacing.cool("1", 30)
    post.posts("2")

    assert await post.all() == [False, True]
    assert not waiting.result()


async def test_the_most_urgent_goes_first(post: Post) -> None:
    for _ in range(3):
        await post.send("1")
    order: list[Urgency] = ["broadcast", "progress", "reply", "payment", "result"]
    for urgency in order:
        post.posts("1", urgency)
    await post.all()

    assert [one.what for one in post.sent[3:]] == ["result", "payment", "reply", "progress", "broadcast"]


async def test_a_result_never_waits_for_progress(post: Post) -> None:
    """Two hundred chats show progress all the time, and a result is on its way within a tenth of a second."""
    for chat in range(200):
        post.posts(str(chat), "progress")
    await post.clock.sleep(1)

    asked = post.now
    await post.send("1000", "result", "the picture")

    (picture,) = (one for one in post.sent if one.what == "the picture")
    assert picture.at - asked < 0.1


async def test_in_its_own_chat_too_progress_leaves_room_for_the_result(post: Post) -> None:
    for _ in range(5):
        post.posts("1", "progress")
    await post.clock.sleep(1.9)

    asked = post.now
    await post.send("1", "result", "the picture")

    (picture,) = (one for one in post.sent if one.what == "the picture")
    assert picture.at - asked <= TOOK + 0.01


async def test_among_equals_the_chat_that_waited_longest_is_next(post: Post) -> None:
    for _ in range(6):
        for chat in range(40):
            post.posts(str(chat), "reply")
    await post.clock.sleep(4)

    counts = [sum(one.chat == str(chat) for one in post.sent) for chat in range(40)]
    assert max(counts) - min(counts) <= 1
    await post.all()


async def test_where_several_chats_are_told_to_wait_at_once_everybody_does_and_then_goes_slower(post: Post) -> None:
    for chat in range(SHARED):
        await post.send(str(chat), "result", fault=Flooded(10))
    began = post.now
    for chat in range(100, 200):
        post.posts(str(chat))
    await post.all()

    later = [one.at for one in post.sent[SHARED:]]
    assert min(later) >= began + 9.5
    assert sum(at < min(later) + 1 for at in later) < 30


async def test_where_others_are_served_between_them_nobody_else_has_to_wait(post: Post) -> None:
    for chat in range(2 * SHARED):
        await post.send(str(chat), "result", fault=Flooded(10))
        await post.send("100")

    asked = post.now
    await post.send("101")

    assert post.sent[-1].at == asked


async def test_few_chats_with_a_pause_slow_nobody(post: Post) -> None:
    for chat in range(SHARED - 1):
        await post.send(str(chat), "result", fault=Flooded(10))

    asked = post.now
    await post.send("100")

    assert post.sent[-1].at == asked


async def test_a_line_has_an_end(post: Post) -> None:
    for number in range(MOST_OF_A_CHAT + 5):
        post.posts("1", what=str(number))

    assert (await post.all()).count(False) in (4, 5)


async def test_where_all_lines_are_full_progress_makes_room_for_a_reply(post: Post) -> None:
    for chat in range(MOST_WAITING + 20):
        post.posts(str(chat), "progress")
    await asyncio.sleep(0)
    await post.clock.sleep(0.01)
    full = post.pacing.waiting

    assert await post.send("x", "reply")
    assert full <= MOST_WAITING
    await post.pacing.close()
    assert not all(await post.all())


async def test_whoever_gives_up_waiting_leaves_no_gap(post: Post) -> None:
    for _ in range(3):
        await post.send("1")
    quitting, staying = post.posts("1"), post.posts("1")
    await asyncio.sleep(0)

    quitting.cancel()
    await asyncio.wait([quitting])

    assert await staying
    assert post.pacing.waiting == 0


async def test_whoever_gives_up_in_the_midst_of_a_call_leaves_the_chat_free(post: Post) -> None:
    quitting = post.posts("1")
    await post.clock.sleep(TOOK / 2)
    quitting.cancel()
    await asyncio.wait([quitting])
    post.under_way["1"] = 0

    assert await post.send("1")


async def test_a_turn_that_had_nothing_to_say_costs_nothing(post: Post) -> None:
    for _ in range(50):
        await post.send("1", "progress", fault=Unneeded())

    asked = post.now
    await post.send("1")

    assert post.sent[-1].at == asked


@pytest.mark.parametrize("leap", [-400 * DAY, -HOUR, HOUR, 400 * DAY])
async def test_a_clock_that_leaps_makes_a_pause_neither_longer_nor_shorter(leap: int, post: Post) -> None:
    await post.send("1", fault=Flooded(60))

    post.clock.offset += leap
    assert not await post.send("1", "result")

    await post.clock.sleep(60)
    assert await post.send("1", "result")


async def test_chats_that_are_quiet_again_are_forgotten(ruin: Imagify) -> None:
    pacing = Pacing(ruin.clock, Rates(overall=100_000, overall_burst=100_000))

    async def nothing() -> None: ...

    for chat in range(12_000):
        await pacing.through(str(chat), "reply", nothing)
        if not chat % 1_000:
            await ruin.passes(10)

    assert len(pacing._lanes) < 7_000
    await pacing.close()
