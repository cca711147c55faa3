"""From a sentence in a chat to a picture in it, and every other way an order may end."""

from tests.house import Balance, Imagify, Speaker


async def test_a_sentence_becomes_a_picture_in_the_chat(imagify: Imagify, an: Speaker) -> None:
    await an.says("mèo mướp đội nón lá")
    assert await imagify.balance(an) == Balance(free=4, held=1)

    await imagify.settles()

    assert len(an.pictures) == 1
    assert await imagify.balance(an) == Balance(free=4, held=0)
    assert [job.state for job in await an.jobs()] == ["delivered"]


async def test_a_refused_prompt_gives_the_credit_back(imagify: Imagify, an: Speaker) -> None:
    imagify.painter.declines("a forbidden thing")

    await an.says("a forbidden thing")
    await imagify.settles()

    assert "1 credit" in an.last_heard
    assert await imagify.balance(an) == Balance(free=5, held=0)
