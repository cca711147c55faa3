"""A button that orders is one wish, however it is pressed."""

from tests.house import Balance, Imagify


async def test_a_button_pressed_in_two_tabs_at_once_is_one_order(imagify: Imagify) -> None:
    rich = await imagify.meets(paid=10)
    await rich.says("mèo mướp")
    await imagify.settles()
    (job,) = await rich.jobs()

    await rich.acts(f"again:{job.id}:1")
    await rich.acts(f"again:{job.id}:1")
    await imagify.settles()

    assert await imagify.balance(rich) == Balance(free=8, held=0)
    assert rich.last_heard == "Mình đã nhận yêu cầu này rồi."

    await imagify.passes(5)
    await rich.acts(f"again:{job.id}:1")
    await imagify.settles()

    assert await imagify.balance(rich) == Balance(free=7, held=0)
