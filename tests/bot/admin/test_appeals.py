"""An appeal against a ban: the banned are heard with it, admins read and answer it, and the person hears of that."""

import pytest

from core.appeals import LONGEST
from tests.house import Imagify, Speaker

YES = "Đúng, làm đi"


@pytest.fixture
async def banned(an: Speaker, moderator: Speaker) -> Speaker:
    await moderator.says(f"/ban {an.person.id} spam")
    await moderator.presses(YES)
    return an


async def test_a_ban_says_how_to_appeal_and_the_appeal_reaches_the_admins(
    imagify: Imagify, banned: Speaker, moderator: Speaker
) -> None:
    await banned.says("mèo")
    assert "/appeal" in banned.last_heard

    await banned.says("/appeal mình bị nhầm với người khác")
    await imagify.settles()
    assert banned.last_heard.startswith("📮 Đã gửi khiếu nại")
    assert moderator.last_heard.startswith("📮 Có người khiếu nại")
    await moderator.says("/appeals")

    assert banned.person.id in moderator.last_heard
    assert "“mình bị nhầm với người khác”" in moderator.last_heard


async def test_an_appeal_that_is_granted_ends_the_ban_and_is_told(
    imagify: Imagify, banned: Speaker, moderator: Speaker
) -> None:
    await banned.says("/appeal nhầm rồi")

    await moderator.says(f"/unban {banned.person.id} đúng là nhầm")
    await moderator.presses(YES)
    await imagify.settles()

    assert banned.last_heard == "✅ Khiếu nại của bạn được chấp nhận, tài khoản chat đã mở lại. đúng là nhầm"
    await moderator.says("/appeals")
    assert moderator.last_heard == "Không có khiếu nại nào đang chờ."


async def test_an_appeal_that_is_turned_down_leaves_the_ban_and_is_told(
    imagify: Imagify, banned: Speaker, moderator: Speaker
) -> None:
    await banned.says("/appeal nhầm rồi")

    await moderator.says(f"/uphold {banned.person.id} đã xem kỹ")
    await moderator.presses(YES)
    await imagify.settles()
    assert banned.last_heard.endswith("giữ nguyên quyết định. Lý do: đã xem kỹ")
    await banned.says("mèo")

    assert banned.last_heard.startswith("🚫")
    await moderator.says(f"/uphold {banned.person.id} lần nữa")
    assert "không có khiếu nại nào đang chờ" in moderator.last_heard


async def test_of_two_appeals_the_newer_words_wait_and_admins_are_told_once(
    imagify: Imagify, banned: Speaker, moderator: Speaker
) -> None:
    for words in ("lời đầu", "lời sau"):
        await banned.says(f"/appeal {words}")
    await imagify.settles()
    told = [one for one in moderator.heard if one.text.startswith("📮 Có người")]

    await moderator.says("/appeals")

    assert len(told) == 1
    assert "“lời sau”" in moderator.last_heard
    assert "lời đầu" not in moderator.last_heard


@pytest.mark.parametrize(
    ("words", "answer"), [("", "📮 Viết lý do"), ("x" * (LONGEST + 1), "✂️ Lời khiếu nại dài 1001")]
)
async def test_an_appeal_without_words_or_with_too_many_is_not_sent(
    words: str, answer: str, banned: Speaker, moderator: Speaker
) -> None:
    await banned.says(f"/appeal {words}")
    assert banned.last_heard.startswith(answer)

    await moderator.says("/appeals")

    assert moderator.last_heard == "Không có khiếu nại nào đang chờ."


@pytest.mark.usefixtures("imagify")
async def test_who_is_not_banned_has_nothing_to_appeal_against(an: Speaker) -> None:
    await an.says("/appeal")

    assert an.last_heard.startswith("📮 Tài khoản chat này không bị khoá")


async def test_the_banned_are_heard_with_nothing_else(imagify: Imagify, banned: Speaker) -> None:
    for said in ("mèo", "cảm ơn", "/balance", "/topup"):
        await banned.says(said)
        assert banned.last_heard.startswith("🚫 Tài khoản chat này đã bị khoá")

    assert await banned.jobs() == []
    assert await imagify.rows_named("APPEAL") == []
