"""What a link brings along to /start, the terms, and a picture whose words are good for a new one."""

import pytest

from core.ledger import owner_of
from core.people import Language
from core.table import Key
from tests.house import Balance, Imagify, Speaker


@pytest.fixture
async def an(imagify: Imagify) -> Speaker:
    """Somebody who has agreed, in a house where everything runs."""
    return await imagify.meets(gift=5)


# -- links ----------------------------------------------------------------------------------------------------------


async def test_the_way_back_from_paying_shows_how_that_order_stands(imagify: Imagify, an: Speaker) -> None:
    order = await an.pays()
    await imagify.settles()

    await an.says(f"/start pay_{order.ref}")

    assert order.ref in an.last_heard
    assert "Biên nhận" in an.last_heard


async def test_the_order_of_somebody_else_is_nobodys(imagify: Imagify, an: Speaker) -> None:
    order = await (await imagify.meets()).tops_up()

    await an.says(f"/start pay_{order.ref}")

    assert an.last_heard.startswith("🔎 Không tìm thấy")


async def test_who_sent_somebody_is_remembered_from_the_first_time(imagify: Imagify) -> None:
    mai = await imagify.newcomer()

    await mai.says("/start ref_abc")
    assert "phần mềm tự động tạo ảnh bằng AI" in mai.last_heard
    await mai.says("/start ref_xyz")

    row = await imagify.table.get(Key(owner_of(mai.person.id), "CAME"))
    assert row is not None
    assert row.text("by") == "abc"


@pytest.mark.parametrize("payload", ["", "hello", "pay_", "link_", "ref_", "group", "a_b_c"])
async def test_whatever_else_a_link_says_is_a_plain_start(payload: str, an: Speaker) -> None:
    await an.says(f"/start {payload}")

    assert an.last_heard.startswith("👋 Chào bạn trở lại!")


async def test_a_link_takes_nothing_from_a_prompt_that_was_kept(imagify: Imagify) -> None:
    mai = await imagify.newcomer()
    await mai.says("mèo")

    await mai.says("/start ref_abc")
    await mai.presses("Đồng ý")
    await imagify.settles()

    assert [job.words.words for job in await mai.jobs()] == ["mèo"]


# -- terms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["/terms", "điều khoản", "dieu khoan"])
async def test_the_terms_are_read_before_anything_is_agreed_to(said: str, imagify: Imagify) -> None:
    mai = await imagify.newcomer()

    await mai.says(said)

    assert mai.last_heard.startswith("📜 Điều khoản")
    for named in ("/pricing", "/paysupport", "/privacy", "do AI tạo"):
        assert named in mai.last_heard


# -- a picture and words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "button"), [("vi", "🎨 Vẽ lại với lời này · 1"), ("en", "🎨 Paint these words anew · 1")]
)
async def test_words_about_a_picture_that_no_model_can_change_are_offered_as_a_new_one(
    language: Language, button: str, imagify: Imagify, an: Speaker
) -> None:
    await an.speaks(language)
    await an.uploads("thêm một con chim")
    assert "“thêm một con chim”" in an.last_heard
    assert await imagify.balance(an) == Balance(5, 0)

    await an.presses(button)
    await imagify.settles()

    assert [job.words.words for job in await an.jobs()] == ["thêm một con chim"]


async def test_a_picture_without_words_is_answered_with_what_to_do(an: Speaker) -> None:
    await an.uploads()

    assert an.last_heard.startswith("🖼️ Đã nhận ảnh")
    assert an.buttons == []


async def test_a_picture_before_consent_is_answered_with_the_notice_and_draws_nothing_by_itself(
    imagify: Imagify,
) -> None:
    mai = await imagify.newcomer()

    await mai.uploads("đổi nền")
    assert "phần mềm tự động tạo ảnh bằng AI" in mai.last_heard
    await mai.presses("Đồng ý")
    await imagify.settles()

    assert await mai.jobs() == []


async def test_a_command_below_a_picture_is_that_command(an: Speaker) -> None:
    await an.uploads("/balance")

    assert an.last_heard.startswith("💰 5 credit")
