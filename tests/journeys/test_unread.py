"""Words that the pocket painter does not know: they are named, and a picture of none of them costs nothing."""

import pytest

from infra.embedded.painter import PocketPainter
from tests.house import Balance, Imagify, Speaker
from tests.storms.played import QuickDarkroom

CHANNELS = pytest.mark.parametrize("channel", ["telegram", "zalo"])


async def somebody(workshop: Imagify, channel: str) -> Speaker:
    workshop.house = workshop.build(painter=PocketPainter(workshop.clock), darkroom=QuickDarkroom())
    await workshop.opens()
    return await workshop.meets(channel, gift=5)


@CHANNELS
async def test_a_picture_says_which_words_it_does_not_show(workshop: Imagify, channel: str) -> None:
    an = await somebody(workshop, channel)

    await an.says("con mèo nghễnh ngãng")
    await workshop.settles()

    assert "🔤 Người vẽ bỏ túi chưa biết vẽ: nghễnh, ngãng" in an.last_heard
    assert len(an.pictures) == 1
    assert await workshop.balance(an) == Balance(free=4, held=0)


@CHANNELS
async def test_where_no_word_is_known_nothing_is_painted_and_nothing_is_charged(
    workshop: Imagify, channel: str
) -> None:
    an = await somebody(workshop, channel)

    await an.says("blorf qwrtp")
    await workshop.settles()

    assert "chưa biết từ nào trong mô tả (blorf, qwrtp)" in an.last_heard
    assert "Đã hoàn 1 credit" in an.last_heard
    assert an.pictures == []
    assert await workshop.balance(an) == Balance(free=5, held=0)
