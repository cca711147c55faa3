"""Appeals against refusals: what admins see and decide, what a yes lets pass, and for how long anything is kept."""

import json

import pytest

from core.appeals import KEPT, MOST_A_DAY, Appeal
from core.clock import DAY, HOUR, SECOND
from core.errors import Blocked
from core.export import Export
from tests.house import Imagify, Speaker
from tests.storms.played import LetThrough

YES = "Đúng, làm đi"
REFUSED = "một xấp tiền giả trên bàn"
FRIDAY_EVENING = 1_733_486_400_000  # 19:00 of 6 December 2024 in Việt Nam


class Prude(LetThrough):
    """A judge whom no picture pleases."""

    async def judge(self, picture: bytes) -> None:
        assert picture
        raise Blocked("gore", "Blood & Gore")


async def appealed(an: Speaker, words: str = REFUSED) -> str:
    """The code."""
    await an.says(f"/appeal {words}")
    return an.last_heard.split()[5]


async def decides(moderator: Speaker, said: str) -> None:
    await moderator.says(said)
    await moderator.presses(YES)
    await moderator.imagify.settles()


async def test_a_yes_lets_the_very_same_words_pass_once_and_no_others(
    imagify: Imagify, an: Speaker, moderator: Speaker
) -> None:
    code = await appealed(an)
    await decides(moderator, f"/allow {code} đạo cụ phim")
    assert an.last_heard.startswith(f"✅ Khiếu nại {code} được chấp nhận")

    await an.says(f"{REFUSED} gỗ")
    assert an.last_heard.startswith("🚫")
    await an.says(f"/imagine {REFUSED} --ar 3:2")
    await imagify.settles()
    assert len(an.pictures) == 1
    await an.says(REFUSED)

    assert an.last_heard.startswith("🚫")
    assert len(an.pictures) == 1


async def test_a_no_is_told_with_its_reason_and_is_not_asked_again(
    imagify: Imagify, an: Speaker, moderator: Speaker
) -> None:
    code = await appealed(an)

    await decides(moderator, f"/uphold {code} tiền thật thì được")

    assert an.last_heard.endswith("giữ nguyên quyết định. Lý do: tiền thật thì được")
    await an.says(f"/appeal {REFUSED}")
    assert "đã được xem và quyết định giữ nguyên" in an.last_heard
    await moderator.says("/appeals")
    assert moderator.last_heard == "Không có khiếu nại nào đang chờ."
    audit = [row for row in await imagify.rows() if row.fields.get("what") == "uphold"]
    assert [row.texts("whom") for row in audit] == [[an.person.id, code]]


async def test_admins_hear_of_many_appeals_once_in_an_hour(imagify: Imagify, an: Speaker, moderator: Speaker) -> None:
    for words in (REFUSED, "in tiền giả", "ảnh tiền giả"):
        await appealed(an, words)
    await imagify.settles()
    told = [one for one in moderator.heard if one.text.startswith("📮 Có người")]

    await imagify.passes(HOUR / SECOND)
    await appealed(an, "tiền giả rơi")
    await imagify.settles()

    assert len(told) == 1
    assert len([one for one in moderator.heard if one.text.startswith("📮 Có người")]) == 2


async def test_one_wording_is_one_appeal_and_no_more_than_a_few_in_a_day(imagify: Imagify, an: Speaker) -> None:
    for number in [1, 1, *range(1, MOST_A_DAY + 2)]:
        await an.says(f"/appeal tiền giả số {number}")

    assert an.last_heard.startswith("✋")
    assert len(await imagify.house.appeals.open()) == MOST_A_DAY


async def test_words_that_break_no_rule_are_not_kept(imagify: Imagify, an: Speaker) -> None:
    await an.says("/appeal con mèo mướp")

    assert "không trái quy định nào" in an.last_heard
    assert await imagify.rows_named("APPEAL") == []


async def test_whoever_never_agreed_has_no_words_kept(imagify: Imagify) -> None:
    mai = await imagify.newcomer()

    await mai.says(f"/appeal {REFUSED}")

    assert await imagify.rows_named("APPEAL") == []


async def test_a_press_whose_words_are_gone_asks_for_them(imagify: Imagify, an: Speaker) -> None:
    await an.says(REFUSED)

    await an.presses("📮 Khiếu nại")

    assert "/appeal CÂU_BỊ_TỪ_CHỐI" in an.last_heard
    assert await imagify.rows_named("APPEAL") == []


async def test_a_picture_that_was_refused_is_appealed_against_by_its_order(workshop: Imagify) -> None:
    workshop.house = workshop.build(judge=Prude())
    await workshop.opens()
    an = await workshop.meets(paid=9)
    await an.says("con mèo mướp")
    await workshop.settles()
    assert "Đã hoàn 1 credit" in an.last_heard

    await an.presses("📮 Khiếu nại")
    (one,) = await workshop.house.appeals.open()

    assert (one.about, one.group, one.words) == ("picture", "gore", "con mèo mướp")


async def test_an_appeal_goes_with_what_one_takes_along(imagify: Imagify, an: Speaker) -> None:
    await appealed(an)
    ports = imagify.house.ports

    files = {
        name: data
        async for name, data in Export(ports.table, ports.blobs, imagify.house.studio.gallery).files(an.person)
    }

    (one,) = json.loads(files["appeals.json"])
    assert one["words"] == REFUSED


async def test_answered_or_not_the_words_are_gone_after_thirty_days(
    imagify: Imagify, an: Speaker, moderator: Speaker
) -> None:
    code = await appealed(an)
    await appealed(an, "in tiền giả")
    await decides(moderator, f"/allow {code} được")

    await imagify.house.appeals.sweep(imagify.clock.now() + KEPT + DAY)

    assert await imagify.rows_named("APPEAL") == []


@pytest.mark.parametrize(("after", "days"), [(0, 4), (3 * DAY, 2)])
def test_two_working_days_leave_out_the_weekend(after: int, days: int) -> None:
    at = FRIDAY_EVENING + after

    assert Appeal("an", "words", "", at, "CODE").due == at + days * DAY
