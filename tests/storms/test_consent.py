"""A yes that the house dies over: the notice, the gift and the prompt that waited, at every point of a death."""

from functools import partial

import pytest

from bot.channel import Heard
from bot.house import House
from core.addresses import Address
from core.audit import audit, every_row
from core.inbox import WAITING
from core.jobs import PAINTING, QUEUED, Sheet
from core.ledger import Purse
from core.limits import Limits
from core.news import Outbox
from core.ports import Wing
from core.supervise import Crew
from core.table import SHELF_INDEX
from tests.house import POCKET, on_trial
from tests.storms.mortal import PACES, Pace, Plan
from tests.storms.simulation import Hands, World

MAI = Address("telegram", "5550123", "5550123")
WORDS = ("/start", "mèo mướp", "agree", "agree")  # the last two are one button, pressed twice
SHORTEST, LONGEST = 100, 1_000  # points of such a life
QUICK = {**PACES, "painter": Pace((0.05, 0.2), (1, 2)), "blobs": Pace((0.01, 0.02))}


def heard(number: int, word: str) -> Heard:
    said = {"action": word} if word == "agree" else {"text": word}
    return Heard(MAI, f"{number:06}", **said)  # type: ignore[arg-type]  # mypy takes every field for each


async def live(said: list[str], hands: Hands) -> None:
    """One life of the whole house, with a mouth that goes on where the last one was stopped."""
    channels = list(hands.channels.values())
    house = House(Wing(hands, "", POCKET, alone=True), on_trial(POCKET, Limits()), channels)
    await house.wake(alone=True)
    async with Crew(hands.clock, hands.chance) as crew:
        house.enlist(crew)
        for number, word in list(enumerate(WORDS)):
            if len(said) <= number:
                await house.inbox.keep(heard(number, word).lane, f"{number:06}", heard(number, word).row())
                said.append(word)
        while await busy(hands):
            await hands.clock.sleep(1)


async def busy(hands: Hands) -> bool:
    shelves = [await hands.table.find(SHELF_INDEX, shelf, limit=1) for shelf in (WAITING, QUEUED, PAINTING)]
    return any(shelves) or not await Outbox(hands.table).empty("telegram")


async def story(world: World) -> tuple[list[Sheet], list[Purse], int]:
    await world.start("house", partial(live, []))
    rows = [row async for row in every_row(world.table)]
    sheets = [Sheet.of(row) for row in rows if row.key.owner.startswith("SHEET#")]
    purses = [Purse.of(row.key.owner, row) for row in rows if row.key.name == "PURSE"]
    report = await audit(world.table, world.blobs)
    assert report.violations == ()
    return sheets, purses, sum(shown.picture is not None for shown in world.channels["telegram"].shown(MAI.chat))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_prompt_that_waited_for_the_yes_is_drawn_once_wherever_the_house_dies(seed: int) -> None:
    for kill_at in range(seed, LONGEST, 4):  # other points of one night than of the other
        world = World(seed, Plan(kill_at=kill_at), alone=True, paces=QUICK)

        sheets, purses, pictures = world.run(story)

        assert len(sheets) == 1
        assert [(purse.free, purse.held) for purse in purses] == [(9, 0)]
        assert pictures == 1
        if not world.fate.deaths:  # it came to its end before that point
            assert kill_at > SHORTEST
            return
    pytest.fail("it never came to its end")
