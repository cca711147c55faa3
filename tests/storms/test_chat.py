"""Many people chat while the house is killed; the full-size run is ./dev storm --only chat."""

from tests.storms import chat


async def test_every_prompt_ends_in_one_picture_though_the_house_is_killed() -> None:
    verdict = await chat.run(people=8, prompts=4, kills=1)

    assert verdict.clean, str(verdict)
    assert verdict.pictures == 8 * 4
    assert not verdict.refused


async def test_with_the_houses_own_limits_every_prompt_ends_in_one_picture_or_one_clear_refusal() -> None:
    verdict = await chat.run(people=4, prompts=8, kills=0, wide=False)

    assert verdict.clean, str(verdict)
    assert verdict.refused
    assert verdict.pictures + verdict.refused == 4 * 8
