"""What was heard: kept once, handled in order within a chat, never lost with a process and never stuck on one word."""

import asyncio
from dataclasses import dataclass, field

import pytest

from core.clock import DAY, MINUTE, SECOND
from core.inbox import LEASE, MOST_AT_ONCE, MOST_TRIES, Inbox, Kept, lane_key
from core.leases import Leases
from core.table import Write
from tests.core.rig import Crowded
from tests.house import Imagify

AN, BINH = "telegram:5550123", "telegram:5550456"


@dataclass
class Ear:
    """Hears, and remembers what was handed to it."""

    imagify: Imagify
    seconds: float = 0.1
    heard: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    breaks_on: str = ""
    apologies: int = 0  # words it was handed once more, only to say that they were laid aside

    async def __call__(self, kept: Kept, key: str) -> None:
        self.keys.append(key)
        self.heard.append(str(kept.words["text"]))
        await self.imagify.passes(self.seconds)
        if kept.laid_aside:
            self.apologies += 1
        elif kept.words["text"] == self.breaks_on:
            raise ValueError(kept)


@pytest.fixture
def ear(workshop: Imagify) -> Ear:
    return Ear(workshop)


class Slow(Crowded):
    """A table on a busy disk."""

    def __init__(self, imagify: Imagify) -> None:
        super().__init__(imagify.table)
        self._imagify = imagify

    async def write(self, *writes: Write) -> None:
        await self._imagify.passes(0.03)
        await super().write(*writes)


def a_process(imagify: Imagify, ear: Ear, name: str = "one") -> Inbox:
    leases = Leases(imagify.table, imagify.clock, name)
    ports = imagify.house.ports
    return Inbox(imagify.table, ports.clock, ports.chance, leases, imagify.house.addresses.digest, ear)


async def says(inbox: Inbox, lane: str, *words: str) -> list[bool]:
    return [await inbox.keep(lane, f"{int(word):06}", {"text": word}) for word in words]


async def running(inbox: Inbox) -> "asyncio.Task[None]":
    return asyncio.create_task(inbox.run())


async def end(life: "asyncio.Task[None]") -> None:
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)


async def test_what_was_heard_twice_is_kept_once(workshop: Imagify, ear: Ear) -> None:
    inbox = a_process(workshop, ear)

    assert await says(inbox, AN, "1", "1") == [True, False]

    assert [kept.words for kept in await inbox.waiting(AN)] == [{"text": "1"}]


async def test_of_many_deliveries_at_once_one_is_kept(workshop: Imagify, ear: Ear) -> None:
    inbox = a_process(workshop, ear)

    kept = await asyncio.gather(*(inbox.keep(AN, "1", {"text": "1"}) for _ in range(16)))

    assert sum(kept) == 1


async def test_a_chat_is_handled_in_order_and_at_once(workshop: Imagify, ear: Ear) -> None:
    inbox = a_process(workshop, ear)
    life = await running(inbox)
    await workshop.passes(10)
    began = workshop.loop.time()

    await says(inbox, AN, *"123456789")
    await workshop.until(lambda: all_handled(inbox, AN))

    assert ear.heard == list("123456789")
    assert workshop.loop.time() - began < 1.5
    await end(life)


@pytest.mark.parametrize("after", range(150, 300, 10))
async def test_a_word_that_comes_while_the_last_one_is_put_away_does_not_wait_for_the_next_look(
    after: int, workshop: Imagify, ear: Ear
) -> None:
    workshop.table = Slow(workshop)
    inbox = a_process(workshop, ear)
    life = await running(inbox)
    await says(inbox, AN, "1")
    await workshop.passes(after / 1_000)

    await says(inbox, AN, "2")
    began = workshop.loop.time()
    await workshop.until(lambda: all_handled(inbox, AN))

    assert workshop.loop.time() - began < 1
    await end(life)


async def all_handled(inbox: Inbox, *lanes: str) -> bool:
    return not any([await inbox.waiting(lane) for lane in lanes])


async def test_however_many_wait_in_a_chat_the_oldest_is_first(workshop: Imagify, ear: Ear) -> None:
    inbox = a_process(workshop, ear)
    words = [str(number) for number in range(100)]
    await says(inbox, AN, *words)

    life = await running(inbox)
    await workshop.until(lambda: all_handled(inbox, AN))

    assert ear.heard == words
    await end(life)


async def test_chats_do_not_wait_for_each_other(workshop: Imagify, ear: Ear) -> None:
    inbox = a_process(workshop, ear)
    ear.seconds = 10
    await says(inbox, AN, "1", "2", "3")
    await says(inbox, BINH, "7")

    life = await running(inbox)
    await workshop.passes(1)

    assert sorted(ear.heard) == ["1", "7"]
    await end(life)


async def test_two_processes_handle_every_word_once_and_in_order(workshop: Imagify, ear: Ear) -> None:
    one, other = a_process(workshop, ear, "one"), a_process(workshop, ear, "other")
    lives = [await running(one), await running(other)]

    for word in "123456789":
        await says(one if int(word) % 2 else other, AN, word)
        await workshop.passes(0.3)
    await workshop.until(lambda: all_handled(one, AN))

    assert ear.heard == list("123456789")
    for life in lives:
        await end(life)


async def test_what_a_dead_process_was_at_is_heard_again_under_the_same_key(workshop: Imagify, ear: Ear) -> None:
    ear.seconds = 5
    dead = a_process(workshop, ear, "dead")
    await says(dead, AN, "1")
    life = await running(dead)
    await workshop.passes(1)
    await end(life)

    living = a_process(workshop, ear, "living")
    life = await running(living)
    await workshop.passes(LEASE / SECOND + 10)

    assert ear.heard == ["1", "1"]
    assert ear.keys[0] == ear.keys[1]
    assert await all_handled(living, AN)
    await end(life)


async def test_a_word_that_breaks_us_is_laid_aside_and_the_chat_goes_on(
    workshop: Imagify, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    ear.breaks_on = "1"
    inbox = a_process(workshop, ear)
    await says(inbox, AN, "1", "2")

    life = await running(inbox)
    await workshop.until(lambda: all_handled(inbox, AN))

    row = await workshop.table.get(lane_key(AN, "000001"))
    assert row
    assert ear.heard == ["1"] * (MOST_TRIES + 1) + ["2"]
    assert ear.apologies == 1
    assert row.flag("laid_aside")
    assert len(caplog.records) == MOST_TRIES
    await end(life)


async def killed_at(workshop: Imagify, ear: Ear, name: str, *, after: float = 1) -> None:
    """A process that dies with what it has in hand."""
    life = await running(a_process(workshop, ear, name))
    await workshop.passes(after)
    await end(life)
    workshop.clock.skip(2 * LEASE)  # nobody else speaks for its chats any more


async def test_a_house_that_dies_three_times_lays_no_word_aside(workshop: Imagify, ear: Ear) -> None:
    ear.seconds = 5
    await says(a_process(workshop, ear), AN, "1")
    await says(a_process(workshop, ear), BINH, "2")
    for number in range(MOST_TRIES):
        await killed_at(workshop, ear, f"dead {number}", after=4)

    ear.seconds = 0.1
    living = a_process(workshop, ear, "living")
    life = await running(living)
    await workshop.until(lambda: all_handled(living, AN, BINH))

    assert ear.apologies == 0
    await end(life)


class Deadly(Ear):
    """A process dies of one word, whatever else it has in hand."""

    died: asyncio.Event

    async def __call__(self, kept: Kept, key: str) -> None:
        if kept.words["text"] == self.breaks_on and not kept.laid_aside:
            self.died.set()
            await asyncio.Event().wait()
        await super().__call__(kept, key)


async def test_of_all_words_in_hand_only_the_one_that_kills_the_house_is_laid_aside(workshop: Imagify) -> None:
    ear, lanes = Deadly(workshop, breaks_on="13"), [f"telegram:{number}" for number in range(20)]
    for number, lane in enumerate(lanes):
        await says(a_process(workshop, ear), lane, str(number))

    lives = 0
    while not await all_handled(a_process(workshop, ear), *lanes):
        lives, ear.died = lives + 1, asyncio.Event()
        life = await running(a_process(workshop, ear, f"life {lives}"))
        await asyncio.wait((life, asyncio.create_task(ear.died.wait())), timeout=60, return_when="FIRST_COMPLETED")
        await end(life)
        workshop.clock.skip(2 * LEASE)

    assert lives == 1 + MOST_TRIES + 1  # in the crowd, alone, and the one that says so
    assert ear.apologies == 1
    assert {*ear.heard} == {str(number) for number in range(20)}


async def test_what_was_handled_stays_as_a_guard_without_its_words(workshop: Imagify, ear: Ear) -> None:
    inbox = a_process(workshop, ear)
    life = await running(inbox)
    await says(inbox, AN, "1")
    await workshop.passes(1)

    row = await workshop.table.get(lane_key(AN, "000001"))

    assert row
    assert "words" not in row.fields
    assert await says(inbox, AN, "1") == [False]
    assert ear.heard == ["1"]
    await end(life)


async def test_the_guard_goes_when_no_channel_can_send_it_again(workshop: Imagify, ear: Ear) -> None:
    inbox = a_process(workshop, ear)
    life = await running(inbox)
    await says(inbox, AN, "1")
    await workshop.passes(1)
    await end(life)

    workshop.clock.skip(2 * DAY)
    assert await inbox.sweep() == 0
    workshop.clock.skip(DAY)
    assert await inbox.sweep() == 1

    assert await workshop.table.get(lane_key(AN, "000001")) is None


async def test_the_key_of_what_follows_tells_nobody_the_chat(workshop: Imagify, ear: Ear) -> None:
    inbox = a_process(workshop, ear)
    life = await running(inbox)

    await says(inbox, AN, "1", "2")
    await says(inbox, BINH, "1")
    await workshop.passes(1)

    assert len(set(ear.keys)) == 3
    assert not any("5550123" in key for key in ear.keys)
    await end(life)


@pytest.mark.parametrize("leap", [-400 * DAY, -DAY, -MINUTE, DAY, 400 * DAY])
async def test_a_clock_that_leaps_keeps_no_chat_waiting_longer_than_twice_a_lease(
    leap: int, workshop: Imagify, ear: Ear
) -> None:
    dead = Leases(workshop.table, workshop.clock, "dead")
    await dead.take(lane_key(AN, "LEASE"), LEASE)
    inbox = a_process(workshop, ear)
    await says(inbox, AN, "1")

    workshop.clock.offset = leap
    life = await running(inbox)
    await workshop.passes(2 * LEASE / SECOND)

    assert ear.heard == ["1"]
    await end(life)


async def test_a_word_in_hand_while_the_secret_is_changed_causes_its_moves_under_the_same_key(
    workshop: Imagify, ear: Ear
) -> None:
    async def in_hand() -> bool:
        return bool(ear.keys)

    before, ear.breaks_on = a_process(workshop, ear), "1"
    await says(before, AN, "1")
    life = await running(before)
    await workshop.until(in_hand)
    await end(life)

    ear.breaks_on, ports = "", workshop.house.ports
    leases = Leases(workshop.table, workshop.clock, "two")
    after = Inbox(workshop.table, ports.clock, ports.chance, leases, lambda word: f"another {word}", ear)
    life = await running(after)
    await workshop.until(lambda: all_handled(after, AN))

    assert len(ear.keys) > 1
    assert len(set(ear.keys)) == 1
    await end(life)


async def test_a_word_that_a_clock_set_back_names_lower_than_handled_ones_is_handled_all_the_same(
    workshop: Imagify, ear: Ear
) -> None:
    inbox = a_process(workshop, ear)
    life = await running(inbox)
    await says(inbox, AN, *map(str, range(1_000, 1_000 + 2 * MOST_AT_ONCE)))
    await workshop.until(lambda: all_handled(inbox, AN))

    await says(inbox, AN, "7")
    await workshop.passes(10)

    assert ear.heard[-1] == "7"
    await end(life)


async def test_a_clock_that_leaps_ahead_makes_nobody_forget_what_a_channel_may_send_again(
    workshop: Imagify, ear: Ear
) -> None:
    inbox = a_process(workshop, ear)
    life = await running(inbox)
    await says(inbox, AN, "1")
    await workshop.passes(1)

    workshop.clock.offset = 400 * DAY
    assert await inbox.sweep() == 0
    assert await says(inbox, AN, "1") == [False]

    await end(life)
