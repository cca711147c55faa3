"""What those outside the house remember, and how they fail when told to."""

import asyncio

import pytest

from bot.channel import Gone, NotSent, Unsure
from bot.replies import Reply
from core.errors import Unavailable
from core.models import Route
from core.prompts import Prompt
from core.table import Create, Key, TableUnavailable
from payments.orders import Order
from payments.tills import Later, NotKnown, RefundTold
from tests.storms.mortal import Plan
from tests.storms.played import PLAYED, Trouble
from tests.storms.played_till import PlayedTill
from tests.storms.simulation import Hands, World

ROUTE = Route("pocket", "pocket", "pocket", "pocket", "", 0)
DAWN = Prompt("dawn", seed=7)
IMMORTAL = Plan(most=0)


def test_the_painter_bills_what_it_accepted_whoever_is_there_to_hear_the_answer() -> None:
    async def give_up(hands: Hands) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3):
                await hands.painter.paint(DAWN, ROUTE)
        await hands.painter.paint(DAWN, ROUTE)

    async def wait(world: World) -> None:
        await world.start("it", give_up)

    world = World(1, Plan(kill_at=4))
    world.run(wait)

    assert world.report().trace == ("after painter.paint",)
    assert len(world.painter.bill) == 4  # two lives, each gave up once and was answered once


def test_the_painter_does_as_it_is_told_and_then_paints() -> None:
    async def ask(world: World) -> list[str]:
        painter, met = world.painter, []
        painter.will("dawn", "throttle", "outage", "timeout", "broken")
        for _ in range(4):
            with pytest.raises(Unavailable) as caught:
                await painter.paint(DAWN, ROUTE)
            met.append(f"{caught.value.cause} {caught.value.billed}")
        assert (await painter.paint(DAWN, ROUTE)).data.startswith(PLAYED)
        return met

    world = World(1, IMMORTAL)

    assert world.run(ask) == ["throttled no", "outage no", "timeout unknown", "broken unknown"]
    assert len(world.painter.bill) == 3


def test_a_channel_knows_what_the_person_really_sees() -> None:
    async def speak(world: World) -> None:
        telegram, zalo = world.channels["telegram"], world.channels["zalo"]
        telegram.will("an", "lost", "arrived", "fine", "flood", "gone")
        for _ in range(2):
            with pytest.raises(Unsure):
                await telegram.send("an", Reply("drawing"))
        (shown,) = telegram.shown("an")
        assert await telegram.send("an", Reply("ready", picture=b"p"), replaces=shown.message) == shown.message
        with pytest.raises(NotSent):
            await telegram.send("an", Reply("more"))
        with pytest.raises(Gone):
            await telegram.send("an", Reply("more"))
        first = await zalo.send("an", Reply("drawing"))
        await zalo.send("an", Reply("ready"), replaces=first)

    world = World(1, IMMORTAL)
    world.run(speak)

    assert [(shown.text, shown.picture) for shown in world.channels["telegram"].shown("an")] == [("ready", b"p")]
    assert [shown.text for shown in world.channels["zalo"].shown("an")] == ["drawing", "ready"]


def test_a_doubtful_table_gives_no_sure_answer_with_and_without_effect() -> None:
    async def write(hands: Hands) -> None:
        for number in range(50):
            with pytest.raises(TableUnavailable):
                await hands.table.write(Create(Key("row", str(number)), {}))

    world = World(1, IMMORTAL, Trouble(table=1.0))

    async def write_and_count(world: World) -> int:
        await world.start("it", write)
        return len(await world.table.list("row"))

    assert 10 < world.run(write_and_count) < 40


def test_a_bucket_fills_with_virtual_time() -> None:
    async def take(world: World) -> list[float]:
        waits = [await world.cache.take("bucket", 0.5, 2) for _ in range(3)]
        await asyncio.sleep(2)
        return [*waits, await world.cache.take("bucket", 0.5, 2)]

    assert World(1, IMMORTAL).run(take) == [0, 0, 2, 0]


async def test_a_till_tells_what_it_was_shown_and_nothing_while_it_is_silent() -> None:
    till, order = PlayedTill(), Order("R1", "an", 55, 50_000, "vnpay", "PLAYED01", 50_000, "VND", 0, 900_000)
    till.will_not_answer(1, "network")

    silent, _ = await till.query("R1", 0)
    unknown, _ = await till.query("R1", 0)
    taken = till.takes(order)
    known, _ = await till.query("R1", 0)

    assert (silent, unknown, known) == (Later("network"), NotKnown(), taken)
    assert till.asked == ["R1"] * 3


async def test_a_till_pays_back_what_it_took_and_tells_so_afterwards() -> None:
    till, order = PlayedTill(), Order("R1", "an", 55, 50_000, "vnpay", "PLAYED01", 50_000, "VND", 0, 900_000)
    taken = till.takes(order)
    till.will_refund("unknown", "accepted")

    said = [(await till.refund("R1", amount, taken.number, 0, "an admin")).verdict for amount in (1, 50_000, 50_000)]
    till.pays_back("R1", "sent")
    _, told = await till.query("R1", 0)

    assert said == ["rejected", "unknown", "accepted"]
    assert told == RefundTold("sent", code="00")
