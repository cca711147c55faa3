"""In a group others read along: what is nobody else's business is not shown there, and leads into a private chat."""

from collections.abc import Sequence

import pytest

from bot.replies import Choice
from bot.telegram.buttons import Buttons
from tests.house import Imagify, Speaker

GROUP = "-100"
WAY_IN = "https://t.me/imagify_bot?start=group"


@pytest.fixture
def told(imagify: Imagify) -> Imagify:
    """Telegram has said who we are."""
    imagify.house.desk.ways.known["telegram"] = lambda payload: f"https://t.me/imagify_bot?start={payload}"
    return imagify


@pytest.fixture
async def an(told: Imagify) -> Speaker:
    return await told.meets(gift=5)


@pytest.fixture
async def crowd(told: Imagify, an: Speaker) -> Speaker:
    """The same person, in a group."""
    return await told.newcomer(chat=an.address.id, group=GROUP)


def links(choices: Sequence[Choice]) -> list[str]:
    return [choice.url for choice in choices]


@pytest.mark.parametrize(
    "word",
    [
        "/start",
        "/balance",
        "/gallery",
        "/topup",
        "/settings",
        "/history",
        "/queue",
        "/privacy",
        "/link",
        "/mydata",
        "/deleteme",
    ],
)
async def test_what_is_private_is_answered_with_one_line_and_the_way_to_us(word: str, crowd: Speaker) -> None:
    await crowd.says(word)

    assert crowd.last_heard == "Nhắn riêng cho mình nhé."
    assert links(crowd.heard[-1].choices) == [WAY_IN]


async def test_before_anybody_knows_the_way_the_line_stands_alone(imagify: Imagify) -> None:
    await imagify.meets(chat="700")
    crowd = await imagify.newcomer(chat="700", group=GROUP)

    await crowd.says("/balance")

    assert crowd.last_heard == "Nhắn riêng cho mình nhé."
    assert crowd.buttons == []


@pytest.mark.parametrize("words", ["mèo", "mèo --n 2"])
async def test_a_result_in_a_group_says_nothing_of_what_is_in_the_purse(
    words: str, imagify: Imagify, crowd: Speaker
) -> None:
    await crowd.says(words)
    await imagify.settles()

    assert crowd.last_heard.startswith("✅")
    assert "Ảnh do AI tạo" in crowd.last_heard
    assert "credit" not in crowd.last_heard
    assert not any("còn 4" in shown.text or "còn 3" in shown.text for shown in crowd.heard)


async def test_a_failure_in_a_group_says_what_came_back_and_no_balance(imagify: Imagify, crowd: Speaker) -> None:
    imagify.painter.declines("mèo")

    await crowd.says("mèo")
    await imagify.settles()

    assert "Đã hoàn 1 credit" in crowd.last_heard
    assert "số dư" not in crowd.last_heard


async def test_a_price_in_a_group_is_asked_about_without_the_balance(imagify: Imagify, crowd: Speaker) -> None:
    crowd.person = await imagify.house.people.prefer(crowd.person, "always")

    await crowd.says("mèo")

    assert crowd.buttons[0] == "🎨 Vẽ · 1 credit"


async def test_who_has_too_little_is_told_so_in_private_and_goes_on_there(
    imagify: Imagify, an: Speaker, crowd: Speaker
) -> None:
    await crowd.says("mèo --n 4")
    await imagify.settles()

    await crowd.says("chó --n 4")
    assert "1" not in crowd.last_heard
    assert links(crowd.heard[-1].choices) == [WAY_IN]
    await an.says("/start group")

    assert an.buttons[0] == "▶️ Tiếp tục"


async def test_who_has_not_agreed_is_asked_to_begin_in_private_and_loses_no_word(told: Imagify) -> None:
    crowd = await told.newcomer(chat="700", group=GROUP)
    mai = await told.newcomer(chat="700")

    await crowd.says("mèo")
    assert links(crowd.heard[-1].choices) == [WAY_IN]
    assert crowd.last_heard.endswith("Mình đã giữ lời mô tả của bạn, đồng ý xong là vẽ ngay.")
    await mai.says("/start group")
    assert "Mình đã giữ lời mô tả của bạn" in mai.last_heard
    await mai.presses("Đồng ý")
    await told.settles()

    (job,) = await mai.jobs()
    assert (job.chat, job.words.words) == ("700", "mèo")


async def test_agreeing_is_done_in_private(told: Imagify) -> None:
    crowd = await told.newcomer(chat="700", group=GROUP)

    await crowd.acts("agree")

    assert not (await told.house.people.person(crowd.person.id)).agreed
    assert links(crowd.heard[-1].choices) == [WAY_IN]


async def test_help_in_a_group_names_what_can_be_done_there(crowd: Speaker) -> None:
    await crowd.says("/help")

    assert "/imagine" in crowd.last_heard
    assert "/balance" not in crowd.last_heard


async def test_buttons_in_a_group_are_of_whoever_asked_and_of_nobody_else(imagify: Imagify, crowd: Speaker) -> None:
    await crowd.says("mèo")
    await imagify.settles()
    (job,) = await crowd.jobs()
    image = await imagify.image(job)

    reply = await imagify.house.teller.picture(image, job, None)
    buttons = Buttons([b"a secret"])
    data = buttons.data(GROUP, "again", reply.owner)

    assert buttons.action(GROUP, data, by=crowd.address.id) == "again"
    assert buttons.action(GROUP, data, by="102") == ""


async def test_what_is_asked_in_a_private_chat_has_buttons_for_whoever_sits_there(
    imagify: Imagify, an: Speaker
) -> None:
    await an.says("mèo")
    await imagify.settles()

    (job,) = await an.jobs()

    assert (await imagify.house.teller.picture(await imagify.image(job), job, None)).owner == ""
