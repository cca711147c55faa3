"""A contact sheet is drawn once, however many look at it, and again where drawing has failed."""

import asyncio

import pytest

from bot.web.drawn import MOST, Drawn
from core.errors import Unavailable


class Easels:
    """Draws when it may, and counts."""

    def __init__(self) -> None:
        self.may, self.drawn, self.fails = asyncio.Event(), 0, False

    async def draw(self) -> bytes:
        self.drawn += 1
        await self.may.wait()
        if self.fails:
            raise Unavailable("throttled", "no")
        return b"sheet"


async def test_many_who_look_at_once_have_it_drawn_once_also_where_the_first_of_them_goes_away() -> None:
    drawn, easel = Drawn(), Easels()
    looks = [asyncio.create_task(drawn.of(("a", "b"), easel.draw)) for _ in range(300)]
    await asyncio.sleep(0)
    looks[0].cancel()
    easel.may.set()

    seen = await asyncio.gather(*looks, return_exceptions=True)

    assert seen[1:] == [b"sheet"] * 299
    assert await drawn.of(("a", "b"), easel.draw) == b"sheet"
    assert easel.drawn == 1
    assert await drawn.of(("a",), easel.draw) == b"sheet"
    assert easel.drawn == 2, "without a picture that was deleted it is another sheet"


async def test_what_has_failed_is_drawn_again_and_only_the_newest_are_kept() -> None:
    drawn, easel = Drawn(), Easels()
    easel.may.set()
    easel.fails = True
    with pytest.raises(Unavailable):
        await drawn.of(("a",), easel.draw)
    easel.fails = False

    assert await drawn.of(("a",), easel.draw) == b"sheet"
    for number in range(2 * MOST):
        await drawn.of((str(number),), easel.draw)
    assert len(drawn.made) == MOST
