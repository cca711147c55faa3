"""The gallery goes on beyond its first leaf: older pictures, the favourites alone, and a search of the words."""

import pytest

from tests.house import Imagify, Speaker

CHANNELS = pytest.mark.parametrize("channel", ["telegram", "zalo"])
LEAF = 12


async def painter(imagify: Imagify, channel: str, *words: str) -> Speaker:
    """Somebody with these pictures, the last one the newest."""
    somebody = await imagify.meets(channel, paid=200)
    for one in words:
        await somebody.orders(one)
        await imagify.settles()
    return somebody


def hung(somebody: Speaker) -> list[str]:
    return [shown.alt.removeprefix("Ảnh do AI tạo: ") for shown in somebody.heard[-1].wall]


@CHANNELS
async def test_every_picture_is_reached_leaf_by_leaf_and_none_twice(imagify: Imagify, channel: str) -> None:
    words = [f"mèo {number}" for number in range(30)]
    an = await painter(imagify, channel, *words)
    seen: list[str] = []

    await an.says("thư viện")
    seen += hung(an)
    while "➡️ Ảnh cũ hơn" in an.buttons:
        await an.presses("➡️ Ảnh cũ hơn")
        assert 0 < len(hung(an)) <= LEAF
        seen += hung(an)

    assert seen == words[::-1]
    await an.presses("⏮️ Mới nhất")
    assert hung(an) == seen[:LEAF]


@CHANNELS
async def test_deleted_pictures_leave_no_gap_in_a_leaf(imagify: Imagify, channel: str) -> None:
    an = await painter(imagify, channel, *(f"mèo {number}" for number in range(20)))
    for job in (await an.jobs())[-8:]:
        await imagify.house.studio.gallery.discard(an.person.id, job.id, imagify.clock.now())

    await an.says("/gallery")

    assert hung(an) == [f"mèo {number}" for number in range(11, -1, -1)]
    assert "➡️ Ảnh cũ hơn" not in an.buttons


@CHANNELS
async def test_the_favourites_stand_alone(imagify: Imagify, channel: str) -> None:
    an = await painter(imagify, channel, "mèo", "chó", "cá")
    (first, *_) = await an.jobs()
    await an.acts(f"star:{first.id}")

    await an.says("/gallery")
    await an.presses("⭐ Ảnh yêu thích")
    assert (hung(an), an.last_heard.startswith("⭐ Ảnh yêu thích (1 ảnh)")) == (["mèo"], True)
    await an.presses("🖼️ Tất cả")
    assert len(hung(an)) == 3

    for said in ("yêu thích", "yeu thich", "/gallery yêu thích", "/favourites"):
        await an.says(said)
        assert hung(an) == ["mèo"]


@CHANNELS
@pytest.mark.parametrize(
    "said", ["/gallery mèo đen", "/gallery meo den", "tìm ảnh mèo đen", "tim anh MEO", "/gallery đen mèo"]
)
async def test_words_are_found_with_and_without_accents(imagify: Imagify, said: str, channel: str) -> None:
    an = await painter(imagify, channel, "Một con MÈO đen trên mái", "chó trắng", "áo dài")

    await an.says(said)

    assert hung(an) == ["Một con MÈO đen trên mái"]


@CHANNELS
async def test_a_search_goes_on_to_its_next_leaf(imagify: Imagify, channel: str) -> None:
    an = await painter(
        imagify, channel, *(f"{kind} nghễnh ngãng {number}" for number in range(14) for kind in ("mèo", "chó"))
    )

    await an.says("/gallery mèo nghễnh ngãng")
    assert len(hung(an)) == LEAF
    await an.presses("➡️ Ảnh cũ hơn")

    assert hung(an) == ["mèo nghễnh ngãng 1", "mèo nghễnh ngãng 0"]


@CHANNELS
async def test_what_is_not_there_is_said_with_the_way_back(imagify: Imagify, channel: str) -> None:
    an = await painter(imagify, channel, "mèo")

    await an.says("/gallery voi")
    assert an.last_heard.startswith("🔎 Không còn ảnh nào có “voi”")
    await an.presses("🖼️ Tất cả")
    assert hung(an) == ["mèo"]

    await an.says("/favourites")
    assert an.last_heard.startswith("⭐ Không còn ảnh yêu thích nào")
