"""A prompt that waits: one for a person, known by the word that brought it, and answered once."""

from core.clock import DAY
from core.drafts import Draft, Drafts
from core.prompts import read
from tests.house import Imagify

NOON = 1_800_000_000_000
CAT = Draft(read("mèo --ar 16:9"), 4, "key 1", NOON, short=True)
DOG = Draft(read("chó"), 0, "key 2", NOON)


async def test_the_newest_prompt_waits_in_place_of_the_one_before(workshop: Imagify) -> None:
    drafts = Drafts(workshop.table)

    await drafts.keep("an", CAT)
    await drafts.answer("an", CAT)
    await drafts.keep("an", DOG)

    assert await drafts.of("an") == DOG
    assert await drafts.of("binh") is None


async def test_an_answer_is_for_the_prompt_it_was_given_to(workshop: Imagify) -> None:
    drafts = Drafts(workshop.table)
    await drafts.keep("an", CAT)

    await drafts.answer("an", DOG)
    await drafts.forget("an", DOG)
    standing = await drafts.of("an")
    await drafts.answer("an", CAT)
    answered = await drafts.of("an")
    await drafts.forget("an", CAT)

    assert (standing, answered and answered.waits, await drafts.of("an")) == (CAT, False, None)


def test_it_waits_for_a_yes_to_its_price_and_goes_on_by_itself_only_for_a_day() -> None:
    assert (CAT.waits, DOG.waits) == (True, False)
    assert CAT.runs_by_itself(NOON + DAY - 1)
    assert not CAT.runs_by_itself(NOON + DAY)
    assert not Draft(CAT.prompt, 4, "key 3", NOON).runs_by_itself(NOON)
