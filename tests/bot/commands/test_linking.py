"""One wallet for several chats: a code from here, typed over there, two yeses, and what a person reads on the way."""

import re

import pytest

from tests.house import Balance, Imagify, Speaker


@pytest.fixture
async def mai(imagify: Imagify) -> Speaker:
    """At Telegram, with the wallet that is to stay."""
    return await imagify.meets(gift=5)


@pytest.fixture
async def there(imagify: Imagify) -> Speaker:
    """The same person in another chat, where nobody knows that yet."""
    return await imagify.meets("zalo", gift=3, paid=50)


async def code_of(speaker: Speaker) -> str:
    await speaker.says("/link")
    found = re.search(r"/link (\w+)\n", speaker.last_heard)
    assert found, speaker.last_heard
    return found[1]


async def test_two_yeses_make_two_chats_one_wallet(imagify: Imagify, mai: Speaker, there: Speaker) -> None:
    code = await code_of(mai)
    await there.says(f"/link {code}")
    assert "telegram …" in there.last_heard
    assert "50 credit đã mua" in there.last_heard
    await there.presses("Đồng ý")
    await mai.presses("Đã gõ ở kênh kia")
    assert "zalo …" in mai.last_heard
    assert "3 credit tặng" in mai.last_heard

    await mai.presses("Đồng ý")

    assert mai.last_heard == "✅ Xong: 2 kênh chat dùng chung ví này. Bạn có 55 credit."
    assert await imagify.balance(mai) == Balance(free=55, held=0)
    await there.says("/balance")
    assert there.last_heard.startswith("💰 55 credit")


async def test_without_the_second_yes_nothing_moves(imagify: Imagify, mai: Speaker, there: Speaker) -> None:
    code = await code_of(mai)

    await there.says(f"/link {code}")
    await there.presses("Không")
    await mai.presses("Đã gõ ở kênh kia")

    assert mai.last_heard.startswith("⏳ Mã này chưa được đồng ý")
    assert (await imagify.balance(mai), await imagify.balance(there)) == (Balance(5, 0), Balance(53, 0))


async def test_the_second_chat_cannot_have_the_last_word(imagify: Imagify, mai: Speaker, there: Speaker) -> None:
    code = await code_of(mai)

    await there.acts(f"link_yes:{code}")
    await there.acts(f"link_yes:{code}")

    assert there.last_heard.startswith("👍 Đã ghi nhận")
    assert await imagify.balance(mai) == Balance(5, 0)


async def test_a_wrong_code_shows_nothing_of_anybody(there: Speaker) -> None:
    await there.says("/link ABCDEFGH")

    assert there.last_heard.startswith("🔎 Không có mã này. Không có gì thay đổi, không trừ credit.")


async def test_a_link_pressed_twice_says_that_it_is_done(mai: Speaker, there: Speaker) -> None:
    code = await code_of(mai)
    await there.acts(f"link_yes:{code}")
    await mai.acts(f"link_yes:{code}")
    before = mai.last_heard

    await mai.acts(f"link_yes:{code}")

    assert mai.last_heard == before


async def test_a_link_that_was_opened_brings_its_code_along(mai: Speaker, there: Speaker) -> None:
    code = await code_of(there)

    await mai.says(f"/start link_{code}")

    assert mai.last_heard.startswith("🔗 Gộp chat này vào ví của zalo …")


async def test_a_code_that_came_before_consent_is_shown_after_it(imagify: Imagify, there: Speaker) -> None:
    code, new = await code_of(there), await imagify.newcomer()

    await new.says(f"/start link_{code}")
    assert "phần mềm tự động tạo ảnh bằng AI" in new.last_heard
    await new.presses("Đồng ý")

    assert new.last_heard.startswith("🔗 Gộp chat này vào ví của zalo …")


async def test_elsewhere_a_button_opens_telegram_with_the_code(imagify: Imagify, there: Speaker) -> None:
    imagify.house.desk.ways.known["telegram"] = lambda payload: f"https://t.me/imagify_bot?start={payload}"

    code = await code_of(there)

    assert there.button("Mở Telegram").url == f"https://t.me/imagify_bot?start=link_{code}"
