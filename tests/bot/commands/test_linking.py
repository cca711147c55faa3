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


async def test_each_side_sees_what_moves_with_pictures_orders_and_language(
    imagify: Imagify, mai: Speaker, there: Speaker
) -> None:
    await imagify.opens()
    await there.pays()
    await there.says("mèo mướp")
    await imagify.settles()
    await mai.speaks("en")
    code = await code_of(mai)

    await there.says(f"/link {code}")
    joins = there.last_heard
    await there.presses("Đồng ý")
    await mai.presses("I have typed it there")

    assert "105 credit đã mua, 1 ảnh và 1 đơn hàng" in joins
    assert "2 credit tặng" in joins
    assert "Ngôn ngữ sau đó: tiếng Anh" in joins
    assert "105 bought credits, 1 pictures and 1 orders" in mai.last_heard
    assert "Language of both: English" in mai.last_heard


@pytest.mark.parametrize("words", ["link {code}", "liên kết {code}", "Lien Ket {code}", "LINK {code}"])
async def test_a_code_may_be_said_without_a_slash_and_is_no_prompt(mai: Speaker, there: Speaker, words: str) -> None:
    code = await code_of(mai)

    await there.says(words.format(code=code.lower()))

    assert there.last_heard.startswith("🔗 Gộp chat này vào ví của telegram …")
    assert not await there.jobs()


async def test_words_that_only_begin_like_a_code_are_a_prompt(imagify: Imagify, there: Speaker) -> None:
    await imagify.opens()

    await there.says("link waterfalls")

    assert await there.jobs()


async def test_the_chat_that_made_a_code_cannot_accept_it(mai: Speaker) -> None:
    code = await code_of(mai)

    await mai.says(f"/link {code}")
    assert mai.last_heard.startswith("⏳ Mã này chưa được đồng ý ở kênh kia.")
    await mai.acts(f"link_yes:{code}")

    assert mai.last_heard.startswith("⏳ Mã này chưa được đồng ý ở kênh kia. Không có gì thay đổi")


async def test_a_code_that_has_run_out_was_used_or_went_to_another_says_so(
    imagify: Imagify, mai: Speaker, there: Speaker
) -> None:
    other, code = await imagify.meets(), await code_of(mai)
    await there.acts(f"link_yes:{code}")
    await other.says(f"/link {code}")
    assert other.last_heard.startswith("🚫 Một chat khác đã đồng ý với mã này. Không có gì thay đổi")

    await mai.acts(f"link_yes:{code}")
    await other.says(f"/link {code}")
    assert other.last_heard.startswith("🚫 Mã này đã được dùng. Không có gì thay đổi")

    code = await code_of(mai)
    await imagify.passes(10 * 60)
    await other.says(f"/link {code}")
    assert other.last_heard.startswith("⌛ Mã đã hết hạn. Không có gì thay đổi")


async def test_whoever_guesses_is_told_to_wait_and_not_whether_the_next_was_right(mai: Speaker, there: Speaker) -> None:
    code = await code_of(mai)
    for number in range(5):
        await there.says(f"/link WRONG{number}")
        assert there.last_heard.startswith("🔎 Không có mã này.")

    await there.says(f"/link {code}")

    assert there.last_heard.startswith("✋ Quá nhiều mã sai. Không có gì thay đổi, không trừ credit.")
    assert "60 phút" in there.last_heard


async def test_admins_hear_when_codes_are_tried_out(imagify: Imagify) -> None:
    await imagify.opens()
    boss = await imagify.meets(chat="1")

    for _ in range(20):
        guesser = await imagify.meets("zalo")
        for number in range(5):
            await guesser.says(f"/link WRONG{number}")
    await imagify.settles()

    assert boss.last_heard.startswith("🚨 100 mã liên kết sai trong 10 phút")
